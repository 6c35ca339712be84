"""What somebody with the database's password could do: the triggers of the ledger put aside, rows changed by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def unguarded(table: str = "cases_entry") -> Iterator[None]:
    """The own triggers of a table (the ledger's) are out of the way inside; they are back afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is rolled back, triggers too, and no constraint is checked at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: Any) -> int:
    """One statement by hand; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


GUARDED = {
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'",
    "postgresql": "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE event_manipulation = 'DELETE'",
}


def clear_guarded() -> None:
    """Empty every table that refuses it, so that a test that committed can be cleared away. Outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDED[connection.vendor])
        tables = [table for (table,) in cursor.fetchall()]
    if connection.vendor == "postgresql":
        sql(f"TRUNCATE {', '.join(tables)} CASCADE")
        return
    with connection.constraint_checks_disabled():
        for table in tables:
            with unguarded(table):
                sql(f"DELETE FROM {table}")
