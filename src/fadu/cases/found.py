"""Looking for other cases in the database: the kernel's questions as queries, and the names of what a case names.

A case that the deed itself has in hand is read there, all others where they are stored; both readings agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from fadu.cases import definitions
from fadu.cases.models import Case, Concern, Link
from fadu.cases.projection import names_units
from fadu.kernel.definition import CASE, Field
from fadu.kernel.law import Text
from fadu.kernel.perform import Folder
from fadu.kernel.seeking import Query, Test, answers, gathered, listed, nothing
from fadu.kernel.values import LONGEST_LIST
from fadu.units.models import Person, Unit

COLUMNS = {"open": "is_open", "case": "pk"}  # the others of OF_A_CASE are columns of their own name
UNWRITTEN = {"number": ("",)}
DAY_ENDS = "T99"  # after every moment of a day


def reserve(government: str, procedures: Iterable[str]) -> None:
    """Until the deed is stored, no other deed looks for cases of these procedures: two approvals under one cap come
    one after the other. SQLite lets only one write at a time anyhow.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for procedure in sorted(set(procedures)):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{government}/{procedure}"])


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a case of a government sees around it. `folders` are the cases in hand, whose state may not be stored yet."""

    government: str
    folders: dict[int, Folder] = field(default_factory=dict)

    def found(self, queries: Sequence[Query]) -> list[Any]:
        return [nothing(query.found) if query.hopeless else self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Any:
        near = [
            (folder.id, folder.state.data.get(query.found.field))
            for folder in self.folders.values()
            if answers(query, folder)
        ]
        rows = sought(query, self.government).exclude(pk__in={query.case_id, *self.folders})
        if query.found.how == "count":
            return rows.count() + len(near)
        return gathered(query, [*_read(rows, query), *near])

    def named(self, kind: str, value: Any) -> Text:
        return name_of(kind, value)


def _read(rows: QuerySet[Case], query: Query) -> Iterable[tuple[int, Any]]:
    """The cases with the value wanted of each: of a `value` the newest alone, of `cases` no more than a list may hold."""
    path = f"state__data__{query.found.field}"
    if query.found.how == "values":
        return ((0, value) for value in rows.order_by().values_list(path, flat=True).distinct())
    limits = {"value": 1, "cases": LONGEST_LIST}
    wanted = path if query.found.field else "seq"
    return rows.order_by("-pk").values_list("pk", wanted)[: limits.get(query.found.how)]


def sought(query: Query, government: str) -> QuerySet[Case]:
    """The stored cases that answer a question."""
    found = Case.objects.filter(Q(procedure=query.found.procedure, government=government))
    fields = definitions.library().in_force(query.found.procedure).fields
    for test in query.tests:
        found = found.filter(_test(test, fields.get(test.name)))
    return found


def _test(test: Test, one: Field | None) -> Q:
    wanted = list(test.value) if test.how == "in" else listed(test.value)
    if one is None:
        column = COLUMNS.get(test.name, test.name)
        if test.how == "differs_from":
            return Q(**{f"{column}__isnull": False}) & ~Q(**{f"{column}__in": [*wanted, *UNWRITTEN.get(test.name, ())]})
        return Q(**{f"{column}__in": wanted})
    path = f"state__data__{one.key}"
    if test.how in ("not_after", "not_before"):
        return Q(**{f"{path}__{_WAYS[test.how]}": _edge(test)})
    if test.how == "covers":
        return Q(*(_holds_one(one, [value]) for value in wanted))
    if test.how == "differs_from":
        return Q(**{f"{path}__isnull": False}) & ~_holds_one(one, wanted)
    return _holds_one(one, wanted)


_WAYS = {"not_after": "lte", "not_before": "gte"}


def _edge(test: Test) -> Any:
    """What a date or number is compared with: days compare by day."""
    if not isinstance(test.value, str):
        return test.value
    return test.value[:10] + (DAY_ENDS if test.how == "not_after" else "")


def _holds_one(one: Field, wanted: list[Any]) -> Q:
    """Whether a field is, or its list holds, one of some plain values."""
    if one.holds == CASE:
        return Q(pk__in=Link.objects.filter(other__in=wanted, kind=one.key).values("case"))
    if one.kind != "list":
        return Q(**{f"state__data__{one.key}__in": wanted})
    if names_units(one):  # units once named in a case are indexed: few of many remain to be looked into
        return Q(pk__in=Concern.objects.filter(unit__in=wanted).values("case")) & Q(_in_list(one.key, wanted))
    return Q(_in_list(one.key, wanted))


def _in_list(key: str, wanted: list[Any]) -> RawSQL:
    marks = ", ".join(["%s"] * len(wanted))
    if connection.vendor == "postgresql":
        sql = f"(cases_case.state -> 'data' -> %s) ?| ARRAY[{marks}]"  # marks only
        return RawSQL(sql, [key, *map(str, wanted)], output_field=BooleanField())  # noqa: S611  # parameters
    inside = f"SELECT 1 FROM json_each(cases_case.state, %s) WHERE value IN ({marks})"  # noqa: S608  # marks only
    return RawSQL(f"EXISTS ({inside})", [f'$.data."{key}"', *wanted], output_field=BooleanField())  # noqa: S611  # parameters


# -- names --------------------------------------------------------------------------------------------------------------


def name_of(kind: str, value: Any) -> Text:
    """A unit or a person by name, a case by its number; whoever reads it may not be allowed its title."""
    if kind == "unit":
        unit = Unit.objects.filter(code=value).first()
        return Text(unit.name_zh, unit.name_en or unit.name_zh) if unit else Text(str(value), str(value))
    if kind == "person":
        found = Person.objects.filter(pk=value).values_list("name", flat=True).first()
    else:
        found = Case.objects.filter(pk=value).values_list("number", flat=True).first()
    return Text(found or str(value), found or str(value))
