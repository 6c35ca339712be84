"""Tables to which lines are only added: the database itself refuses their change or removal, as a migration operation."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE = (
    (
        "CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t} {when}"
        " BEGIN SELECT RAISE(ABORT, 'lines of {t} are never changed'); END"
    ),
    (
        "CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t} {when}"
        " BEGIN SELECT RAISE(ABORT, 'lines of {t} are never removed'); END"
    ),
)
_SQLITE_BACK = ("DROP TRIGGER {t}_no_update", "DROP TRIGGER {t}_no_delete")
_POSTGRES = (
    (
        "CREATE FUNCTION {t}_is_final() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'lines of {t} are never changed or removed'; END $$"
    ),
    "CREATE TRIGGER {t}_no_change BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW {when} EXECUTE FUNCTION {t}_is_final()",
)
_POSTGRES_BACK = ("DROP TRIGGER {t}_no_change ON {t}", "DROP FUNCTION {t}_is_final()")


class AppendOnly(Operation):
    """Forbid UPDATE and DELETE on a table, or on those of its rows for which `when` (of the old row) holds.

    SQLite drops the triggers of a table that Django rebuilds, so a migration that alters its columns runs this again.
    """

    reversible = True

    def __init__(self, table: str, when: str = "") -> None:
        self.table, self.when = table, when

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing of Django's own changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(schema_editor, _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(schema_editor, _POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK)

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
        when = f"WHEN ({self.when})" if self.when else ""
        for statement in statements:
            schema_editor.execute(statement.format(t=self.table, when=when))

    def describe(self) -> str:
        return f"Only add to {self.table}"
