"""Figures as pages show them: value, unit, definition in plain words, splits, the way to the evidence, published state.

A page asks `lines` for a whole domain (a bounded number of statements) or `sheet` for one figure; both raise
`figures.UnknownFigure` for a key nobody declares. What a person may not see is not counted for them: `partial` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from fadu.cases.models import Case
from fadu.figures.span import Span
from fadu.kernel.law import Text
from fadu.units.models import Person


@dataclass(frozen=True, slots=True)
class SplitValue:
    """One value of a split field. `query` narrows the evidence to it: {"period", "split", "value"}."""

    title: Text
    number: int
    value: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Split:
    """A figure by the values of one field, the largest first."""

    field: str
    title: Text
    values: tuple[SplitValue, ...]


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A published value. `differs` is None until asked for (`sheet` asks, `lines` does not)."""

    id: int
    value: str
    published_by: str
    published_at: datetime
    digest: str
    note: str
    differs: bool | None = None
    came: int = 0
    went: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure in one period. `kwargs` and `query` build the link: reverse("…", kwargs=kwargs) + "?" + query."""

    key: str
    domain: str
    title: Text
    value: str
    unit: Text
    definition: Text
    cites: Text
    splits: tuple[Split, ...]
    kwargs: Mapping[str, str]
    query: Mapping[str, str]
    snapshot: SnapshotLine | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One figure with the cases behind it (page them with cases.listing.page) and everything published of it."""

    line: FigureLine
    cases: QuerySet[Case]
    parts: tuple[FigureLine, ...]
    snapshots: tuple[SnapshotLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A period to choose: its name for `?period=`, its title, and whether it is the one shown."""

    name: str
    title: Text
    chosen: bool


def lines(person: Person | None, period: Span, domain: str = "") -> list[FigureLine]:
    """Every declared figure (of one domain), in the order declared."""
    raise NotImplementedError


def sheet(person: Person | None, key: str, period: Span, split: tuple[str, str] | None = None) -> Sheet:
    """One figure; `split` = (field, value) of a SplitValue's query narrows the cases (and nothing else)."""
    raise NotImplementedError


def domains() -> tuple[str, ...]:
    """The domain codes that declare figures, in the order declared."""
    raise NotImplementedError


def periods(chosen: Span) -> list[Choice]:
    """This year, last year, the halves, quarters and the last months up to now, and the one chosen."""
    raise NotImplementedError
