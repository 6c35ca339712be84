"""A search as a filter on any model with a `tokens` column and a full-text index made by `search.index`."""

from typing import TypeVar

from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.expressions import RawSQL

from fadu.search.tokens import phrases

M = TypeVar("M", bound=Model)


class _Holds(Func):
    """Written as the index is, so that PostgreSQL uses it; a column by its field, so that it may stand in a subquery."""

    template = "to_tsvector('simple', %(expressions)s)"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


def matching(rows: "QuerySet[M]", query: str) -> "QuerySet[M]":
    """The rows whose text holds every phrase of the query; none when the query has nothing to look for."""
    asked = phrases(query)
    if not asked:
        return rows.none()
    if connection.vendor == "postgresql":
        return rows.filter(_Holds(F("tokens"), Value(_tsquery(asked))))
    table = rows.model._meta.db_table  # noqa: SLF001  # Django's documented way to a model's table
    sql = f"SELECT rowid FROM {table}_text WHERE {table}_text MATCH %s"  # noqa: S608  # a table name of our own
    return rows.filter(pk__in=RawSQL(sql, [_fts5(asked)]))  # noqa: S611  # the query travels as a parameter


def _tsquery(asked: list[list[str]]) -> str:
    return " & ".join(" <-> ".join(_lexeme(token) for token in phrase) for phrase in asked)


def _lexeme(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _fts5(asked: list[list[str]]) -> str:
    return " AND ".join(_phrase(phrase) for phrase in asked)


def _phrase(phrase: list[str]) -> str:
    prefix = "*" if phrase[-1].endswith("*") else ""
    return '"' + " ".join(phrase).removesuffix("*") + '"' + prefix
