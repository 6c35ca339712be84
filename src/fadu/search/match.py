"""A search as a filter on any model with a `tokens` column and a full-text index made by `search.index`."""

from typing import TypeVar

from django.db import connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

from fadu.search.tokens import phrases

M = TypeVar("M", bound=Model)


def matching(rows: "QuerySet[M]", query: str) -> "QuerySet[M]":
    """The rows whose text holds every phrase of the query; none when the query has nothing to look for."""
    asked = phrases(query)
    if not asked:
        return rows.none()
    table = rows.model._meta.db_table  # noqa: SLF001  # Django's documented way to a model's table
    # The table is one of our own; the query travels as a parameter, never in the text.
    if connection.vendor == "postgresql":
        sql = f"to_tsvector('simple', {table}.tokens) @@ to_tsquery('simple', %s)"
        return rows.filter(RawSQL(sql, [_tsquery(asked)], output_field=BooleanField()))  # noqa: S611  # see above
    sql = f"SELECT rowid FROM {table}_text WHERE {table}_text MATCH %s"  # noqa: S608  # a table name of our own
    ids = RawSQL(sql, [_fts5(asked)])  # noqa: S611  # the query travels as a parameter
    return rows.filter(pk__in=ids)


def _tsquery(asked: list[list[str]]) -> str:
    return " & ".join(" <-> ".join(_lexeme(token) for token in phrase) for phrase in asked)


def _lexeme(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _fts5(asked: list[list[str]]) -> str:
    return " AND ".join(_phrase(phrase) for phrase in asked)


def _phrase(phrase: list[str]) -> str:
    if phrase[-1].endswith("*"):
        return f'"{phrase[0][:-1]}"*'
    return '"' + " ".join(phrase) + '"'
