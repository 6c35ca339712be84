"""The database refuses to change or remove what was published."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("figures_snapshot", "figures_snapshotrecord")


def forbid_change(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = _postgres() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    for statement in statements:
        schema_editor.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'published figures are never changed or removed'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def _postgres() -> list[str]:
    function = (
        "CREATE FUNCTION figures_snapshot_is_final() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'published figures are never changed or removed'; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION figures_snapshot_is_final()"
            for table in TABLES
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]
    operations = [migrations.RunPython(forbid_change, migrations.RunPython.noop)]
