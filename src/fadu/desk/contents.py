"""What a case holds, by its shape: short facts, the units and people it names, tables of rows, shares, long texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fadu.cases.models import Case
from fadu.desk.attached import url_of
from fadu.desk.paragraphs import Paragraph, drawn_from, made_of, paragraphs
from fadu.desk.reader import Reader
from fadu.desk.values import Anchor, Names, Shown, in_words, shown
from fadu.kernel.clock import end_of
from fadu.kernel.definition import CASE, Aggregate, Field, Procedure
from fadu.kernel.predicate import RowFacts
from fadu.kernel.state import State
from fadu.words import say, t

LONG_TITLE = 80  # characters; a longer one is cut above and stands in full among the facts
PEOPLE = frozenset({"unit", "person", "party"})
NUMBERS = frozenset({"number", "money"})


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    title: str  # of its column, said beside it on a phone
    css: str = ""
    link: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `late` says that what it waits for is past its day."""

    cells: tuple[Cell, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Cell, ...]
    lines: tuple[Line, ...]

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines)


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage, as a bar beside its number."""

    title: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class LongText:
    """A text whose paragraphs lead to cases: numbered, each with what was made of it."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(slots=True)
class Contents:
    facts: list[Shown] = field(default_factory=list)
    people: list[Shown] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    texts: list[LongText] = field(default_factory=list)


def contents(reader: Reader, case: Case, fields: Mapping[str, Field], procedure: Procedure, state: State) -> Contents:
    """`fields` are those the reader may see; the title stands above already."""
    found = Contents()
    named = {key: state.data[key] for key in fields if key in state.data and not _is_said(key, procedure, state)}
    reader.names.load((fields[key], value) for key, value in named.items())
    drawn = drawn_from(procedure) & named.keys()
    made = made_of(reader, case) if drawn else {}
    for key, value in named.items():
        if key in drawn:
            found.texts.append(LongText(say(fields[key].title), paragraphs(str(value), made)))
        else:
            _put(found, fields[key], value, reader.names, case)
    found.tables = [_marked(one, procedure, state.data, reader.local) for one in found.tables]
    found.people.append(Shown(t("立项单位 | Opened at"), reader.names.unit(state.unit)))
    return found


def _is_said(key: str, procedure: Procedure, state: State) -> bool:
    value = state.data.get(key)
    shown_above = key == procedure.shows.title and len(str(value)) <= LONG_TITLE
    field = procedure.fields[key]
    listed = field.of == CASE or field.draws_from  # stands further down, with lights and counts
    return value in (None, "", []) or value is False or shown_above or bool(listed)


def _put(found: Contents, defined: Field, value: Any, names: Names, case: Case) -> None:
    if is_share(defined) and isinstance(value, int | float):
        found.shares.append(Share(say(defined.title), value, f"{value:g}%"))
    elif defined.rows and isinstance(value, list):
        found.tables.append(table(defined, value, names, case))
    else:
        made = replace(shown(defined, value, names), links=tuple(_links(defined, value, names, case)))
        is_named = defined.kind in PEOPLE or (defined.kind == "list" and defined.of in PEOPLE)
        (found.people if is_named else found.facts).append(made)


def is_share(defined: Field) -> bool:
    """A number whose title says so is a percentage."""
    return defined.kind == "number" and "%" in defined.title.zh


def _marked(one: Table, procedure: Procedure, data: Mapping[str, Any], now: datetime) -> Table:
    """With the rows marked that are past the day the case itself waits for: a date it derives as the earliest of them."""
    waits = [
        field.aggregate
        for field in procedure.fields.values()
        if field.aggregate and field.aggregate.how == "earliest" and field.aggregate.rows == one.key
    ]
    rows = [row for row in data[one.key] if isinstance(row, Mapping)]
    lines = (
        replace(line, late=any(_is_past(wait, row, now) for wait in waits))
        for line, row in zip(one.lines, rows, strict=True)
    )
    return replace(one, lines=tuple(lines))


def _is_past(wait: Aggregate, row: Mapping[str, Any], now: datetime) -> bool:
    day = str(row.get(wait.column) or "")
    return bool(day) and (wait.where is None or wait.where.holds(RowFacts(row))) and end_of(day) <= now


def table(defined: Field, rows: Iterable[Any], names: Names, case: Case) -> Table:
    """A list of rows under the titles of its columns; columns that nobody filled are left out."""
    given = [row for row in rows if isinstance(row, Mapping)]
    columns = [
        column for column in defined.rows.values() if any(row.get(column.key) not in (None, "") for row in given)
    ]
    heads = tuple(Cell(say(column.title), "", _css(column)) for column in columns)
    lines = tuple(Line(tuple(_cell(column, row.get(column.key), names, case) for column in columns)) for row in given)
    return Table(defined.key, say(defined.title), heads, lines)


def _cell(column: Field, value: Any, names: Names, case: Case) -> Cell:
    links = list(_links(column, value, names, case))
    return Cell(in_words(column, value, names), say(column.title), _css(column), links[0] if links else None)


def _css(column: Field) -> str:
    return "n" if column.kind in NUMBERS else "nowrap" if column.kind in ("date", "moment") else ""


def _links(defined: Field, value: Any, names: Names, case: Case) -> Iterator[Anchor]:
    kind = defined.of if defined.kind == "list" else defined.kind
    for item in value if isinstance(value, list) else [value]:
        if kind == "document" and isinstance(item, Mapping):
            yield Anchor(str(item.get("name", "")), url_of(case, item))
        elif kind == "case" and item:
            yield names.case(item)
