"""The database refuses to change or remove a ledger entry, and keeps the full-text index of cases.

Both are triggers. SQLite drops the triggers of a table that Django rebuilds (any changed column), so a later migration
that alters a column of cases_case or cases_entry must run these operations again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from fadu.search.index import TextIndex

SQLITE = (
    "CREATE TRIGGER cases_entry_no_update BEFORE UPDATE ON cases_entry"
    " BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END",
    "CREATE TRIGGER cases_entry_no_delete BEFORE DELETE ON cases_entry"
    " BEGIN SELECT RAISE(ABORT, 'ledger entries are never removed'); END",
)
POSTGRES = (
    "CREATE FUNCTION cases_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'ledger entries are never changed or removed'; END $$",
    "CREATE TRIGGER cases_entry_no_change BEFORE UPDATE OR DELETE ON cases_entry"
    " FOR EACH ROW EXECUTE FUNCTION cases_entry_is_final()",
)


def forbid_change(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunPython(forbid_change, migrations.RunPython.noop),
        TextIndex("cases_case"),
    ]
