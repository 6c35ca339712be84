"""Conditions as SQL over the present state of cases; the kernel's Python reading of them is the measure of exactness.

What SQL cannot say exactly (a share of time left, a digest, the rows of a list) becomes a wider filter marked as not
exact; whoever asks then decides each of the cases found in Python.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan

from fadu.cases.models import Case
from fadu.kernel.condition import (
    All,
    AnyOf,
    ClockTest,
    Condition,
    Count,
    Current,
    Done,
    FieldTest,
    Not,
    RowTest,
)
from fadu.kernel.definition import Procedure

EVERY, NO = ~Q(pk__in=()), Q(pk__in=())
COLUMNS = {"stage": "stage", "outcome": "outcome", "case_unit": "unit_id"}
CHILD_COLUMNS = {"outcome": "outcome", "open": "is_open"}
PLAIN = frozenset("text long_text number money date moment yes_no choice unit person item case".split())
STORED_ENDS = frozenset({"met", "late", "void", "kept", "missed"})


@dataclass(frozen=True, slots=True)
class Filter:
    """`q` holds for the cases wanted; unless `exact`, for others too."""

    q: Q
    exact: bool = True


WIDE = Filter(EVERY, exact=False)


def both(parts: Iterable[Filter]) -> Filter:
    q, exact = EVERY, True
    for part in parts:
        q, exact = q & part.q, exact and part.exact
    return Filter(q, exact)


def either(parts: Iterable[Filter]) -> Filter:
    q, exact = NO, True
    for part in parts:
        q, exact = q | part.q, exact and part.exact
    return Filter(q, exact)


def negated(q: Q) -> Q:
    """True where `q` is false or unknown: SQL's third truth value does not survive a CASE."""
    return Q(
        models.Case(When(q, then=Value(value=False)), default=Value(value=True), output_field=models.BooleanField())
    )


def listed(ids: Sequence[int]) -> Q:
    """The cases of these ids: one parameter, however many they are."""
    turned = {"sqlite": "SELECT value FROM json_each(%s)"}
    sql = turned.get(connection.vendor, "SELECT value::bigint FROM json_array_elements_text(%s::json)")
    return Q(pk__in=RawSQL(sql, [json.dumps(list(ids))]))  # noqa: S611  # our own text, the ids are a parameter


def compiled(condition: Condition | None, procedure: Procedure, at: datetime) -> Filter:
    """A condition over the cases of a procedure; clocks are read at `at`, everything else as it stands now."""
    return Filter(EVERY) if condition is None else _Compiler(procedure, at).of(condition)


class _Compiler:
    def __init__(self, procedure: Procedure, at: datetime) -> None:
        self.procedure, self.at = procedure, at

    def of(self, condition: Condition) -> Filter:
        if isinstance(condition, All):
            return both(self.of(part) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return either(self.of(part) for part in condition.parts)
        if isinstance(condition, Not):
            inner = self.of(condition.part)
            return Filter(negated(inner.q)) if inner.exact else WIDE
        return self._leaf(condition)

    def _leaf(self, leaf: FieldTest | Done | ClockTest | RowTest | Count | Current) -> Filter:
        if isinstance(leaf, FieldTest):
            return self._field(leaf)
        if isinstance(leaf, Done):
            return Filter(_done(leaf))
        if isinstance(leaf, ClockTest):
            return self._clock(leaf)
        if isinstance(leaf, Current):
            return Filter(negated(_empty(f"state__data__{leaf.name}")), exact=False)
        if leaf.name not in self.procedure.children:
            return WIDE
        return _counted(leaf) if isinstance(leaf, Count) else _children(leaf)

    # -- fields --------------------------------------------------------------------------------------------------------

    def _field(self, test: FieldTest) -> Filter:
        if test.name not in self.procedure.fields:
            return _column(test, COLUMNS.get(test.name, ""))
        path = f"state__data__{test.name}"
        if test.operator in ("same_as", "differs_from", "not_above"):
            return self._beside(test, path)
        return Filter(_value(test, path))

    def _beside(self, test: FieldTest, path: str) -> Filter:
        """Two fields of one kind. Documents, parties and unlike kinds are compared in Python, databases order them unlike it."""
        fields = self.procedure.fields
        kinds = {fields[name].kind for name in (test.name, str(test.operand)) if name in fields}
        if test.operand not in fields or len(kinds) > 1 or kinds - PLAIN:
            return WIDE
        other = f"state__data__{test.operand}"
        if test.operator == "not_above":
            above = Q(GreaterThan(F(path), F(other)))
            return Filter(negated(above & negated(_empty(path)) & negated(_empty(other))))
        same = Q(Exact(F(path), F(other))) | (_missing(path) & _missing(other))
        return Filter(same if test.operator == "same_as" else negated(same))

    # -- clocks --------------------------------------------------------------------------------------------------------

    def _clock(self, test: ClockTest) -> Filter:
        path = f"state__clocks__{test.name}"
        running = Q(**{f"{path}__isnull": False, f"{path}__status__isnull": True})  # a run says its status once it ends
        if not test.words:
            return Filter(running, exact=False)
        held = running & Q(**{f"{path}__holds__icontains": "null]"})  # only the last pause can be without an end
        free, past = running & negated(held), self._past(path)
        over = {"at_least": "elapsed", "before": "missed"}.get(self.procedure.clocks[test.name].shape, "overdue")
        q = NO
        for word in sorted(test.words):
            if word == "none":
                q |= Q(**{f"{path}__isnull": True})
            if word in STORED_ENDS:
                q |= Q(**{f"{path}__status__exact": word})
            if word == "paused":
                q |= held
            if word == "running":
                q |= free & negated(past)
            if word == over:
                q |= free & past
        return Filter(q)

    def _past(self, path: str) -> Q:
        """A due day ends at its 24:00, a due moment at itself. ISO texts order as the days and moments they name."""
        day, moment = self.at.date().isoformat(), _shortest(self.at)
        today = Q(**{f"{path}__due__gte": f"{day}T", f"{path}__due__lt": moment})
        return Q(**{f"{path}__due__lt": day}) | today


def _shortest(at: datetime) -> str:
    """A moment as due dates are written: with seconds only where there are any."""
    whole = not (at.second or at.microsecond)
    return at.isoformat(timespec="minutes") if whole else at.isoformat()


# -- values ------------------------------------------------------------------------------------------------------------


def _missing(path: str) -> Q:
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__exact": None})


def _empty(path: str) -> Q:
    return _missing(path) | Q(**{f"{path}__exact": ""}) | Q(**{f"{path}__exact": []})


def filled(field: str) -> Q:
    """The cases with a value in a field."""
    return negated(_empty(f"state__data__{field}"))


def _value(test: FieldTest, path: str) -> Q:
    if test.operator == "in":
        values = [value for value in test.operand if value is not None]
        q = Q(**{f"{path}__in": values}) if values else NO
        return q | _missing(path) if None in test.operand else q
    if test.operator == "empty":
        return _empty(path)
    if test.operator == "filled":
        return negated(_empty(path))
    way = {"more_than": "gt", "at_least": "gte", "at_most": "lte"}[test.operator]
    return Q(**{f"{path}__{way}": test.operand}) & negated(_empty(path))


def _column(test: FieldTest, column: str) -> Filter:
    """`stage`, `outcome` and the office; what else a condition might ask of them, SQL leaves to Python."""
    if not column:
        return WIDE
    if test.operator == "in":
        known = [value for value in test.operand if value is not None]
        q = Q(**{f"{column}__in": known}) if known else NO
        return Filter(q | Q(**{f"{column}__isnull": True}) if None in test.operand else q)
    if test.operator in ("filled", "empty"):
        empty = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__exact": ""})
        return Filter(empty if test.operator == "empty" else negated(empty))
    return WIDE


def _done(test: Done) -> Q:
    mine, theirs = f"state__done__{test.name}", f"state__done__{test.since}"
    if test.since:
        later = Q(GreaterThan(F(f"{mine}__2"), F(f"{theirs}__2")))  # [times, first, last, day, by]
        return Q(**{f"{mine}__isnull": False}) & (Q(**{f"{theirs}__isnull": True}) | later)
    if not test.least:
        return Q(**{f"{mine}__isnull": True})
    return Q(**{f"{mine}__0__gte": test.least})


# -- children ----------------------------------------------------------------------------------------------------------


def _of_key(name: str) -> Any:
    return Case.objects.filter(parent=OuterRef("pk"), child_key=name)


def _counted(test: Count) -> Filter:
    children = _of_key(test.name)
    if test.open_only:
        children = children.filter(is_open=True)
    if test.most == 0:
        return Filter(Q(~Exists(children)) if not test.least else NO)
    if test.most is None and test.least <= 1:
        return Filter(Q(Exists(children)) if test.least else EVERY)
    number = Coalesce(
        models.Subquery(children.order_by().values("parent").annotate(n=models.Count("pk")).values("n")), 0
    )
    q = Q(GreaterThan(number, test.least - 1))
    return Filter(q if test.most is None else q & negated(Q(GreaterThan(number, test.most))))


def _children(test: RowTest) -> Filter:
    """What a child wrote into its parent's ledger is what stands in its own row."""
    inner = _row(test.of)
    some = Q(Exists(_of_key(test.name).filter(inner.q)))
    if test.quantifier == "some":
        return Filter(some, inner.exact)
    if test.quantifier == "every" and inner.exact:
        return Filter(some & Q(~Exists(_of_key(test.name).filter(negated(inner.q)))))
    return Filter(some, exact=False)


def _row(condition: Condition) -> Filter:
    if isinstance(condition, All):
        return both(_row(part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return either(_row(part) for part in condition.parts)
    if isinstance(condition, Not):
        inner = _row(condition.part)
        return Filter(negated(inner.q)) if inner.exact else WIDE
    if isinstance(condition, FieldTest):
        return _column(condition, CHILD_COLUMNS.get(condition.name, ""))
    return WIDE
