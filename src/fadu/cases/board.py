"""What is open and late at a glance: counts by procedure, kind and unit, what came and went by week, the latest late.

Counts are exact, and read indexes alone: of open cases `case_board`, of a bounded time `case_opened` and `case_closed`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from fadu.cases.models import Case
from fadu.cases.moments import stored


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases: the procedures somebody works on in a government, narrowed to one of them, a kind or a unit."""

    government: str
    procedures: tuple[str, ...]
    kind: str | None = None
    unit: str | None = None  # its code; empty for none

    @property
    def cases(self) -> "QuerySet[Case]":
        found = Case.objects.filter(government__code=self.government, procedure__in=self.procedures)
        if self.kind is not None:
            found = found.filter(kind=self.kind)
        if self.unit is not None:
            found = found.filter(handling__code=self.unit) if self.unit else found.filter(handling=None)
        return found


@dataclass(slots=True)
class Load:
    """Open cases by their light; `since` is when the first of those that are red turned red."""

    open: int = 0
    red: int = 0
    amber: int = 0
    grey: int = 0
    since: datetime | None = None

    @property
    def green(self) -> int:
        return self.open - self.red - self.amber - self.grey

    def add(self, other: "Load") -> None:
        self.open += other.open
        self.red += other.red
        self.amber += other.amber
        self.grey += other.grey
        self.since = min(filter(None, (self.since, other.since)), default=None)


@dataclass(slots=True)
class Board:
    """The same open cases counted three ways; each way adds up to `total`, because all come from one statement."""

    total: Load = field(default_factory=Load)
    procedures: dict[str, Load] = field(default_factory=dict)
    kinds: dict[tuple[str, str], Load] = field(default_factory=dict)
    units: dict[str, Load] = field(default_factory=dict)


def board(scope: Scope, at: datetime) -> Board:
    """The open cases of a scope at a moment."""
    moment = stored(at)
    red = Q(grey=False, red_at__lte=moment)
    amber = Q(grey=False, amber_at__lte=moment) & (Q(red_at=None) | Q(red_at__gt=moment))
    groups = (
        scope.cases.filter(is_open=True)
        .order_by()
        .values_list("procedure", "kind", "handling")
        .annotate(
            all_open=Count("*"),
            all_red=Count("pk", filter=red),
            all_amber=Count("pk", filter=amber),
            all_grey=Count("pk", filter=Q(grey=True)),
            red_since=Min("red_at", filter=red),
        )
    )
    found = Board()
    for procedure, kind, unit, *numbers in groups:
        load = Load(*numbers)
        found.total.add(load)
        found.procedures.setdefault(procedure, Load()).add(load)
        found.kinds.setdefault((procedure, kind), Load()).add(load)
        found.units.setdefault(unit or "", Load()).add(load)
    return found


def late(scope: Scope, at: datetime, most: int) -> list[Case]:
    """The red ones, those that have been red longest first."""
    red = scope.cases.filter(is_open=True, grey=False, red_at__lte=stored(at))
    parts = [red.filter(procedure=procedure) for procedure in scope.procedures]
    return first(parts, ("red_at", "pk"), most)


def first(parts: Iterable["QuerySet[Case]"], order: tuple[str, str], most: int) -> list[Case]:
    """The first rows over several questions: each walks its own index, and few are sorted."""
    asked, params = [], list[Any]()
    for rows in parts:
        try:
            columns = [name.removeprefix("-") for name in order]
            sql, values = rows.order_by(*order).values(*columns)[:most].query.sql_with_params()
        except EmptyResultSet:  # who holds no post asks for nothing at all
            continue
        asked.append(f"SELECT * FROM ({sql}) AS rows")  # noqa: S608  # Django's own SQL
        params += values
    if not asked:
        return []
    way = "DESC" if order[0].startswith("-") else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(asked)} ORDER BY 1 {way}, 2 {way} LIMIT {int(most)}", params)
        keys = [key for _, key in cursor.fetchall()]
    found = Case.objects.filter(pk__in=keys).select_related("handling", "unit").defer("tokens")
    return sorted(found, key=lambda case: keys.index(case.pk))


@dataclass(frozen=True, slots=True)
class Week:
    """What was opened and closed in it, and how many of those that are red now turned red in it."""

    start: datetime
    opened: int
    closed: int
    turned_red: int


def weeks(scope: Scope, starts: Sequence[datetime], at: datetime) -> list[Week]:
    """`starts` are the first moments of weeks that follow each other; the last runs until `at`."""
    ends = [*starts[1:], at]
    asked: list[QuerySet[Case]] = []
    for start, end in zip(starts, ends, strict=True):
        since, until = stored(start), stored(end)
        asked += [
            scope.cases.filter(opened__gte=since, opened__lt=until),
            scope.cases.filter(closed__gte=since, closed__lt=until),
            scope.cases.filter(is_open=True, grey=False, red_at__gte=since, red_at__lt=until),
        ]
    found = _counts(asked)
    return [Week(start, *found[3 * n : 3 * n + 3]) for n, start in enumerate(starts)]


def _counts(asked: Iterable["QuerySet[Case]"]) -> list[int]:
    """How many rows each question has, in one statement."""
    parts, params = [], list[Any]()
    for number, rows in enumerate(asked):
        sql, values = rows.order_by().values("pk").query.sql_with_params()
        parts.append(f"SELECT {number} AS place, count(*) FROM ({sql}) AS rows")  # noqa: S608  # Django's own SQL
        params += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return [number for _, number in sorted(cursor.fetchall())]
