"""The full-text index of a table, kept by the database itself, as a migration operation."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE = (
    "CREATE VIRTUAL TABLE {t}_text USING fts5(tokens, content='{t}', content_rowid='id', tokenize='unicode61')",
    (
        "CREATE TRIGGER {t}_text_in AFTER INSERT ON {t} BEGIN"
        " INSERT INTO {t}_text(rowid, tokens) VALUES (new.id, new.tokens); END"
    ),
    (
        "CREATE TRIGGER {t}_text_out AFTER DELETE ON {t} BEGIN"
        " INSERT INTO {t}_text({t}_text, rowid, tokens) VALUES ('delete', old.id, old.tokens); END"
    ),
    (
        "CREATE TRIGGER {t}_text_change AFTER UPDATE OF tokens ON {t} WHEN old.tokens IS NOT new.tokens BEGIN"
        " INSERT INTO {t}_text({t}_text, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
        " INSERT INTO {t}_text(rowid, tokens) VALUES (new.id, new.tokens); END"
    ),
)
_SQLITE_BACK = (
    "DROP TRIGGER {t}_text_in",
    "DROP TRIGGER {t}_text_out",
    "DROP TRIGGER {t}_text_change",
    "DROP TABLE {t}_text",
)
_POSTGRES = ("CREATE INDEX {t}_text ON {t} USING gin (to_tsvector('simple', tokens))",)
_POSTGRES_BACK = ("DROP INDEX {t}_text",)


class TextIndex(Operation):
    """Index the `tokens` column of a table: FTS5 over its rows on SQLite, GIN over a tsvector on PostgreSQL."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

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
        for statement in statements:
            schema_editor.execute(statement.format(t=self.table))

    def describe(self) -> str:
        return f"Index the text of {self.table}"
