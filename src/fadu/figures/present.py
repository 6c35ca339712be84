"""Figures as pages show them: value, unit, definition in plain words, splits, the way to the evidence, published state.

A page asks `lines` for a whole domain (a bounded number of statements) or `sheet` for one figure; both raise
`declared.UnknownFigure` for a key nobody declares. What a person may not see is not counted for them: `partial` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from fadu.cases.access import working_roles
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.figures.amounts import Number
from fadu.figures.declared import declared, find, procedure_of
from fadu.figures.measure import Counter, Measured
from fadu.figures.models import Snapshot
from fadu.figures.plain import cites, definition
from fadu.figures.publish import Difference, differences, latest
from fadu.figures.question import Narrowed
from fadu.figures.span import Span
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.figure import Figure
from fadu.kernel.law import Text
from fadu.units.models import Person, Post, Unit
from fadu.units.posts import HeldPost, posts_of


@dataclass(frozen=True, slots=True)
class SplitValue:
    """One value of a split field. `query` narrows the evidence to it: {"period", "split", "value"}."""

    title: Text
    number: Number
    text: str
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
    """A published value. `differs` is None until asked for (`sheet` asks, `lines` does not); then `now` is the value
    counted today, and the cases that came, went or changed since are listed by their ids.
    """

    id: int
    value: str
    published_by: str
    published_at: datetime
    digest: str
    note: str
    differs: bool | None = None
    now: str = ""
    came: tuple[int, ...] = ()
    went: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure in one period: `value` as shown, `number` as counted. `kwargs` and `query` build the link: reverse("…", kwargs=kwargs) + "?" + query."""

    key: str
    domain: str
    title: Text
    value: str
    number: Number | None
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
    desk = _Desk(person, period)
    return [desk.line(figure) for figure in declared(domain).values()]


def chosen(person: Person | None, period: Span, keys: Iterable[str]) -> dict[str, FigureLine]:
    """Some figures by their keys, counted together."""
    desk = _Desk(person, period)
    return {key: desk.line(find(key)) for key in keys}


def sheet(person: Person | None, key: str, period: Span, split: Narrowed | None = None) -> Sheet:
    """One figure; `split` = (field, value) of a SplitValue's query narrows the cases (and nothing else)."""
    desk, figure = _Desk(person, period), find(key)
    return Sheet(
        line=desk.line(figure),
        cases=Counter(person, split).cases(figure, period),
        parts=tuple(desk.line(find(part)) for part in figure.parts),
        snapshots=_compared(figure, list(_published(figure, period))),
    )


def domains() -> tuple[str, ...]:
    """The domain codes that declare figures, in the order declared."""
    return tuple(dict.fromkeys(figure.domain for figure in declared().values()))


def periods(chosen: Span) -> list[Choice]:
    """This year and last, their halves and quarters and the last months up to now, and the one chosen."""
    today = now().date()
    year, before = Span.holding(today), Span.holding(today).previous
    found = [year, before, *_back(Span.holding(today, "half"), 2), *_back(Span.holding(today, "quarter"), 4)]
    found += _back(Span.holding(today, "month"), 6)
    if chosen not in found:
        found.insert(0, chosen)
    return [Choice(str(span), span.text, span == chosen) for span in found]


def shown(figure: Figure, number: Number | None) -> str:
    """`1,270`, `96.4`, or a dash where there is nothing to divide by."""
    if number is None:
        return "—"
    return f"{number:,}" if isinstance(number, int) and figure.kind != "ratio" else f"{number:,.1f}"


def _back(span: Span, number: int) -> list[Span]:
    found = [span]
    while len(found) < number:
        found.append(found[-1].previous)
    return found


class _Desk:
    """What all lines of one page share: the counter, what was published, the names of units."""

    def __init__(self, person: Person | None, period: Span) -> None:
        self.person, self.period, self.counter = person, period, Counter(person)
        self.published = latest(period)

    @cached_property
    def units(self) -> Mapping[str, Text]:
        rows = Unit.objects.values_list("code", "name_zh", "name_en")
        return {code: Text(zh, en or zh) for code, zh, en in rows}

    @cached_property
    def posts(self) -> tuple[HeldPost, ...]:
        return posts_of(self.person, now().date()) if self.person else ()

    @cached_property
    def offices(self) -> Mapping[str, set[str]]:
        """The governments in which a role was ever held: only there may be cases it works on."""
        found: dict[str, set[str]] = {}
        for role, government in Post.objects.values_list("role", "unit__government__code").distinct().order_by():
            found.setdefault(role, set()).add(government)
        return found

    def is_partial(self, figure: Figure) -> bool:
        """Whether there may be cases this reader does not see: those of a government where no role of theirs works on them."""
        if self.person is None:
            return False
        roles = working_roles(_procedure(figure))
        covered = {post.unit.government.code for post in self.posts if post.role in roles and post.unit.government}
        owner = _procedure(figure).owner
        return bool(self.offices.get(owner.name, set()) - covered)

    def line(self, figure: Figure) -> FigureLine:
        measured = self.counter.measure(figure, self.period)
        snapshot = self.published.get(figure.key)
        return FigureLine(
            key=figure.key,
            domain=figure.domain,
            title=figure.title,
            value=shown(figure, measured.value),
            number=measured.value,
            unit=figure.unit,
            definition=definition(figure),
            cites=cites(figure),
            splits=tuple(self._split(measured, field) for field in measured.splits),
            kwargs={"key": figure.key},
            query={"period": str(self.period)},
            snapshot=snapshot_line(figure, snapshot) if snapshot else None,
            partial=self.is_partial(figure),
        )

    def _split(self, measured: Measured, field: str) -> Split:
        defined = _procedure(measured.figure).fields[field]
        numbers = [(word, number) for word, number in measured.splits[field].items() if number is not None]
        values = (
            SplitValue(
                title=self._word(defined, word),
                number=number,
                text=shown(measured.figure, number),
                value=word,
                query={"period": str(self.period), "split": field, "value": word},
            )
            for word, number in sorted(numbers, key=lambda pair: (-pair[1], pair[0]))
        )
        return Split(field, defined.title, tuple(values))

    def _word(self, defined: Field, word: str) -> Text:
        if not word:
            return Text("未填写", "not given")
        if defined.kind == "yes_no":
            return Text("是", "yes") if word == "true" else Text("否", "no")
        return (defined.choices or self.units).get(word, Text(word, word))


def _procedure(figure: Figure) -> Procedure:
    """The procedure whose cases a figure reads: of a ratio, that of its first part."""
    return _procedure(find(figure.parts[0])) if figure.is_of_figures else procedure_of(figure)


def snapshot_line(figure: Figure, row: Snapshot) -> SnapshotLine:
    by, value = str(row.published_by.name), shown(figure, row.value["value"])
    return SnapshotLine(row.pk, value, by, row.published_at, row.digest, row.note)


def _published(figure: Figure, period: Span) -> "QuerySet[Snapshot]":
    return Snapshot.objects.filter(figure=figure.key, period=str(period)).select_related("published_by")


def _compared(figure: Figure, rows: list[Snapshot]) -> tuple[SnapshotLine, ...]:
    return tuple(compared(figure, row, found) for row, found in zip(rows, differences(rows), strict=True))


def compared(figure: Figure, row: Snapshot, found: Difference) -> SnapshotLine:
    return replace(
        snapshot_line(figure, row),
        differs=not found.is_none,
        now=shown(figure, found.now["value"]),
        came=found.came,
        went=found.went,
        changed=found.changed,
    )
