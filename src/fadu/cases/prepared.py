"""One row read by its key with a statement built once: the query builder costs more than the database here.

Every deed begins by locking its case; built anew each time, that statement alone takes a third of the deed.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class ByKey(Generic[M]):
    """A question for one row by primary key. `rows` makes the queryset, locks and all, filtered to a key."""

    def __init__(self, rows: Callable[[Any], "QuerySet[M]"]) -> None:
        self.rows = rows
        self.built: dict[str, tuple[type[M], str, list[str], dict[int, Any]]] = {}

    def get(self, key: int) -> M:
        """The row; raises the model's DoesNotExist."""
        model, sql, names, converters = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, [key])
            row = cursor.fetchone()
        if row is None:
            raise model.DoesNotExist(key)  # type: ignore[attr-defined]  # every model has it
        return model.from_db("default", names, _converted(list(row), converters))

    def _statement(self) -> tuple[type[M], str, list[str], dict[int, Any]]:
        vendor = connection.vendor
        if vendor not in self.built:
            rows = self.rows(0)
            compiler = rows.query.get_compiler(connection=connection)
            sql, _ = compiler.as_sql()
            columns = [column for column, _, _ in compiler.select]
            names = [str(column.target.attname) for column in columns]
            self.built[vendor] = (rows.model, sql, names, compiler.get_converters(columns))
        return self.built[vendor]


def _converted(values: list[Any], converters: dict[int, Any]) -> Sequence[Any]:
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return values
