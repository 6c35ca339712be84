"""Rows written without the query builder: one prepared statement for a deed, COPY for many on PostgreSQL.

Built anew for every deed, the statements cost more than the database takes to run them; `bulk_create` also cuts its
statements at 999 values on SQLite. Triggers, constraints and the text index work as for any other insert.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import AutoField, DateTimeField, Field, JSONField, Model

Convert = Callable[[Any], Any]


class Plan:
    """How the rows of a model are written on the database in use; keys made by the database are left to it."""

    def __init__(self, model: type[Model], names: tuple[str, ...], *, postgres: bool) -> None:
        known = model._meta.concrete_fields  # noqa: SLF001  # Django's documented way to a model's columns
        fields = [item for item in known if (item.name in names if names else not isinstance(item, AutoField))]
        quote = connection.ops.quote_name
        self.table = quote(model._meta.db_table)  # noqa: SLF001  # see above
        self.columns = [quote(str(item.column)) for item in fields]
        self.read = attrgetter(*(item.attname for item in fields))
        converts = ((place, _convert(item, postgres=postgres)) for place, item in enumerate(fields))
        self.converts = [(place, convert) for place, convert in converts if convert is not None]

    def values(self, rows: Iterable[Model]) -> Iterator[list[Any]]:
        for row in rows:
            values = list(self.read(row))
            for place, convert in self.converts:
                values[place] = convert(values[place])
            yield values

    def insert_sql(self, *, ignore: bool) -> str:
        marks = ", ".join(["%s"] * len(self.columns))
        tail = " ON CONFLICT DO NOTHING" if ignore else ""
        return f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES ({marks}){tail}"  # noqa: S608  # our own names

    def update_sql(self) -> str:
        pairs = ", ".join(f"{column} = %s" for column in self.columns)
        return f"UPDATE {self.table} SET {pairs} WHERE id = %s"  # noqa: S608  # our own names


@cache
def _plan(model: type[Model], names: tuple[str, ...], vendor: str) -> Plan:
    return Plan(model, names, postgres=vendor == "postgresql")


def insert(rows: Sequence[Model], *, ignore: bool = False) -> None:
    """Insert the few rows of a deed, all of one model; `ignore` leaves those that are there already."""
    if not rows:
        return
    plan = _plan(type(rows[0]), (), connection.vendor)
    with connection.cursor() as cursor:
        cursor.executemany(plan.insert_sql(ignore=ignore), list(plan.values(rows)))


def amend(row: Model, names: tuple[str, ...]) -> None:
    """Write some columns of one row."""
    plan = _plan(type(row), names, connection.vendor)
    (values,) = plan.values([row])
    with connection.cursor() as cursor:
        cursor.execute(plan.update_sql(), [*values, row.pk])


def pour(model: type[Model], rows: Iterable[Model]) -> None:
    """Insert many new rows: COPY on PostgreSQL, several times quicker than any statement."""
    pour_values(model, values(model, rows))


def values(model: type[Model], rows: Iterable[Model]) -> Iterator[list[Any]]:
    """Rows as the database takes them."""
    return _plan(model, (), connection.vendor).values(rows)


def pour_values(model: type[Model], rows: Iterable[list[Any]]) -> None:
    """The same for rows made ready earlier."""
    plan = _plan(model, (), connection.vendor)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {plan.table} ({', '.join(plan.columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:  # past Django's cursor, which keeps a second copy of all values while it writes
            connection.connection.executemany(plan.insert_sql(ignore=False).replace("%s", "?"), rows)


def _convert(item: Field[Any, Any], *, postgres: bool) -> Convert | None:
    if isinstance(item, JSONField):
        return _json
    if isinstance(item, DateTimeField) and not postgres:
        return _sqlite_moment
    return None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite_moment(value: datetime | None) -> str | None:
    """As Django writes it: UTC, without its offset."""
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
