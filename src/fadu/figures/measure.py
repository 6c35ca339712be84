"""Figures counted: one statement groups a figure by all its splits at once; the evidence is the list of cases behind it.

Only the cases somebody may see are counted for them; `person=None` counts the whole office.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from fadu.cases.access import visible
from fadu.cases.models import Case
from fadu.figures import moments
from fadu.figures.amounts import Number, amount, amount_of, text_of, tidy, word
from fadu.figures.declared import find
from fadu.figures.question import Narrowed, Question
from fadu.figures.span import Span
from fadu.figures.sql import NO, listed
from fadu.kernel.figure import Figure
from fadu.kernel.state import State
from fadu.units.models import Person

Group = tuple[str, ...]  # one value for each split field


@dataclass(slots=True)
class Cell:
    """What the cases of one group add up to: how many, the sum of their amounts, their different values."""

    number: int = 0
    total: Number = 0
    values: frozenset[str] = frozenset()

    def add(self, other: "Cell") -> None:
        self.number += other.number
        self.total += other.total
        self.values |= other.values

    def value(self, figure: Figure) -> Number | None:
        if figure.kind == "count":
            return self.number
        if figure.kind == "distinct":
            return len(self.values)
        if figure.kind == "sum":
            return tidy(self.total)
        return tidy(self.total / self.number) if self.number else None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure in a period. A ratio has a numerator and a denominator, and no value when there is nothing to divide by.

    `splits` gives the value for each value of each split field.
    """

    figure: Figure
    period: Span
    value: Number | None
    counter: "Counter" = field(repr=False)
    numerator: Number | None = None
    denominator: Number | None = None
    splits: Mapping[str, Mapping[str, Number | None]] = field(default_factory=dict)

    @property
    def cases(self) -> "QuerySet[Case]":
        """Those behind the figure, unordered. Made when asked for: a page of figures counts and does not list."""
        return self.counter.cases(self.figure, self.period)


def value(figure: Figure, period: Span, *, split: Narrowed | None = None, person: Person | None = None) -> Measured:
    """A figure in a period, narrowed to one value of a split, as one person may see it."""
    return Counter(person, split).measure(figure, period)


class Counter:
    """Counts figures for one reader and remembers what it counted: a ratio costs nothing beside its parts."""

    def __init__(self, person: Person | None = None, split: Narrowed | None = None) -> None:
        self.person, self.split = person, split
        self._asked: dict[tuple[str, Span], Question] = {}
        self._cells: dict[tuple[str, Span], dict[Group, Cell]] = {}
        self._found: dict[tuple[str, Span], list[tuple[int, State]]] = {}
        self._past: dict[tuple[str, datetime], dict[int, State]] = {}

    @cached_property
    def _seen(self) -> "QuerySet[Case]":
        return Case.objects.all() if self.person is None else visible(self.person)

    def measure(self, figure: Figure, span: Span) -> Measured:
        if figure.is_of_figures:
            return self._of_figures(figure, span)
        cells = self.cells(figure, span)
        splits = {name: _split(figure, cells, place) for place, name in enumerate(figure.split)}
        return Measured(figure, span, _together(cells.values()).value(figure), self, splits=splits)

    def _of_figures(self, figure: Figure, span: Span) -> Measured:
        parts = [self.measure(find(key), span) for key in figure.parts]
        numbers = [part.value for part in parts]
        shared = [name for name in parts[0].splits if all(name in part.splits for part in parts)]
        splits = {name: _joined(figure, [part.splits[name] for part in parts]) for name in shared}
        above, below = numbers if figure.kind == "ratio" else (None, None)
        return Measured(figure, span, _combined(figure, numbers), self, above, below, splits)

    def _question(self, figure: Figure, span: Span) -> Question:
        key = (figure.key, span)
        if key not in self._asked:
            self._asked[key] = Question(figure, span, self.split)
        return self._asked[key]

    # -- the cases behind a figure -------------------------------------------------------------------------------------

    def cases(self, figure: Figure, span: Span) -> "QuerySet[Case]":
        """The evidence; a ratio and a total stand on the cases of all their parts."""
        return self._seen.filter(self._which(figure, span))

    def _which(self, figure: Figure, span: Span) -> Q:
        if figure.is_of_figures:
            q = NO
            for key in figure.parts:
                q |= self._which(find(key), span)
            return q
        asked = self._question(figure, span)
        ids = [case_id for case_id, _ in self._in_python(asked)]
        q = asked.filter.q if asked.filter.exact else NO
        return q | listed(ids) if ids else q

    # -- counting ------------------------------------------------------------------------------------------------------

    def cells(self, figure: Figure, span: Span) -> dict[Group, Cell]:
        """What each combination of split values adds up to: one statement when SQL can say it all."""
        key = (figure.key, span)
        if key not in self._cells:
            asked = self._question(figure, span)
            cells: dict[Group, Cell] = defaultdict(Cell)
            for group, cell in (*self._in_sql(asked), *_grouped(figure, self._in_python(asked))):
                cells[group].add(cell)
            self._cells[key] = dict(cells)
        return self._cells[key]

    def _in_sql(self, asked: Question) -> Iterator[tuple[Group, Cell]]:
        if not asked.filter.exact:
            return
        figure, rows = asked.figure, self._seen.filter(asked.filter.q).order_by()
        names = [*figure.split, *([figure.of] if figure.kind == "distinct" else [])]
        keys: Any = {f"key_{place}": text_of(name) for place, name in enumerate(names)}
        adds = amount(figure)
        sums: Any = {"number": Count("pk"), **({"total": Sum(adds)} if adds is not None else {})}
        found: Any = rows.values(**keys).annotate(**sums) if keys else [rows.aggregate(**sums)]
        for row in found:
            group = tuple(word(row[key]) for key in keys)
            yield (
                group[: len(figure.split)],
                Cell(row["number"], row.get("total") or 0, frozenset(group[len(figure.split) :])),
            )

    def _in_python(self, asked: Question) -> list[tuple[int, State]]:
        """The cases that SQL alone cannot decide and that count, each with the state to read."""
        key = (asked.figure.key, asked.span)
        if key not in self._found:
            self._found[key] = [*self._decided(asked), *self._moved(asked)]
        return self._found[key]

    def _decided(self, asked: Question) -> Iterator[tuple[int, State]]:
        if asked.filter.exact:
            return
        for case_id, raw in self._seen.filter(asked.filter.q).values_list("pk", "state").iterator(chunk_size=2000):
            state = State.from_json(raw)
            if asked.holds(state):
                yield case_id, state

    def _moved(self, asked: Question) -> Iterator[tuple[int, State]]:
        """Cases that have moved on since a past moment, as they stood then; folded once for all figures of a page."""
        if not asked.looks_back:
            return
        key = (asked.procedure.key, asked.at)
        if key not in self._past:
            cases = self._seen.filter(moments.moved(asked.at), procedure=asked.procedure.key)
            self._past[key] = dict(moments.states_at(cases, asked.at))
        for case_id, state in self._past[key].items():
            if asked.was_counted(state):
                yield case_id, state


def _grouped(figure: Figure, cases: Iterable[tuple[int, State]]) -> Iterator[tuple[Group, Cell]]:
    for _, state in cases:
        group = tuple(word(state.data.get(name)) for name in figure.split)
        values = frozenset([word(state.data.get(figure.of))] if figure.kind == "distinct" else [])
        yield group, Cell(1, amount_of(figure, state), values)


def _split(figure: Figure, cells: Mapping[Group, Cell], place: int) -> dict[str, Number | None]:
    found: dict[str, Cell] = defaultdict(Cell)
    for group, cell in cells.items():
        found[group[place]].add(cell)
    return {name: cell.value(figure) for name, cell in found.items()}


def _together(cells: Iterable[Cell]) -> Cell:
    found = Cell()
    for cell in cells:
        found.add(cell)
    return found


def _combined(figure: Figure, numbers: list[Number | None]) -> Number | None:
    if figure.kind == "total":
        return tidy(sum(number or 0 for number in numbers))
    above, below = numbers
    if not below or above is None:
        return None
    return tidy(above / below * (100 if figure.is_percent else 1))


def _joined(figure: Figure, parts: list[Mapping[str, Number | None]]) -> dict[str, Number | None]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _combined(figure, [part.get(name, 0) for part in parts]) for name in names}
