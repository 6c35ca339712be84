"""A chapter composed for a year: sentences with their numbers, tables, where each number comes from, and what is not counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from fadu.cases.moments import now
from fadu.figures.declared import find as find_figure
from fadu.figures.declared import procedure_of
from fadu.figures.present import SplitValue
from fadu.figures.span import Span
from fadu.kernel.chapter import Chapter, Grid, named, pieces
from fadu.kernel.definition import Procedure
from fadu.kernel.figure import Figure
from fadu.kernel.law import Text
from fadu.reports.measured import Measure, Measured
from fadu.units.models import Person
from fadu.words import day, language, say, t


@dataclass(frozen=True, slots=True)
class Note:
    """Where a number comes from; `number` counts up in the order of the text."""

    number: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a sentence, with its note."""

    words: str
    note: Note


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table; `query` opens its evidence."""

    words: str
    key: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by the values of a field, and over all."""

    title: str
    by: str
    figures: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    total: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: tuple[str | Said, ...]
    tables: tuple[Table, ...]


@dataclass
class Composed:
    """A chapter in one language, as one reader may see it."""

    chapter: Chapter
    year: Span
    sections: list[Section] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    uncounted: list[str] = field(default_factory=list)
    is_partial: bool = False
    is_over: bool = True

    @property
    def published(self) -> int:
        return sum(note.measure.snapshot is not None for note in self.notes)

    @property
    def is_published(self) -> bool:
        """Whether every number was published and still stands."""
        figures = [note.measure for note in self.notes if not note.measure.is_change]
        return bool(figures) and all(one.snapshot is not None and not one.now for one in figures)


def compose(chapter: Chapter, year: Span, person: Person | None = None, today: date | None = None) -> Composed:
    """`person` None counts the whole office."""
    measured = Measured(chapter, year, person)
    writing = _Writing(measured)
    made = Composed(chapter, year, is_partial=measured.is_partial, is_over=measured.is_over(today or now().date()))
    for section in chapter.sections:
        text, tables = tuple(writing.text(section.text)), tuple(writing.tables(section.tables))
        if text or tables:
            title = numbered(len(made.sections) + 1, say(section.title))
            made.sections.append(Section(title, text, tables))
    made.notes = list(writing.notes.values())
    made.uncounted = list(_uncounted(chapter, made, writing.silent, today or now().date()))
    return made


class _Writing:
    """Puts numbers into sentences and keeps their notes."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured
        self.notes: dict[tuple[str, str], Note] = {}
        self.silent: list[Text] = []

    def text(self, sentences: tuple[Text, ...]) -> Iterator[str | Said]:
        """The sentences of a section as one paragraph; those with a gap, or of nothing but zeros, are left out."""
        for sentence in sentences:
            found = {one: self.measured.measure(*one) for one in named(sentence)}
            if self._is_silent(found):
                continue
            if language() == "en":
                yield " "
            for piece in pieces(say(sentence)):
                yield piece if isinstance(piece, str) else self._said(piece, found[piece])

    def _is_silent(self, found: Mapping[tuple[str, str], Measure]) -> bool:
        own = [one for (_, aspect), one in found.items() if not aspect]
        if found and all(one.number in (0, None) for one in own) and own:
            self.silent += [one.title for one in own]
            return True
        return any(one.number is None for one in found.values())

    def _said(self, piece: tuple[str, str], measure: Measure) -> Said:
        note = self.notes.setdefault(piece, Note(len(self.notes) + 1, measure))
        return Said(say(measure.words), note)

    def tables(self, grids: tuple[Grid, ...]) -> Iterator[Table]:
        for grid in grids:
            table = self._table(grid)
            if table.rows:
                yield table

    def _table(self, grid: Grid) -> Table:
        lines = [self.measured.lines[key] for key in grid.figures]
        splits = [
            {value.value: value for split in line.splits if split.field == grid.by for value in split.values}
            for line in lines
        ]
        titles = {value: one.title for split in splits for value, one in split.items()}
        rows = (
            (
                say(titles[value]),
                tuple(_cell(key, split.get(value)) for key, split in zip(grid.figures, splits, strict=True)),
            )
            for value in _in_order(find_figure(grid.figures[0]), grid.by, titles, splits[0])
        )
        return Table(
            title=say(grid.title),
            by=_field_title(find_figure(grid.figures[0]), grid.by),
            figures=tuple(f"{_short(say(line.title))}{_of(line.unit)}" for line in lines),
            rows=tuple(rows),
            total=tuple(Cell(self.measured.measure(line.key, "").value, line.key, line.query) for line in lines),
        )


def _in_order(figure: Figure, by: str, titles: Mapping[str, Text], first: Mapping[str, SplitValue]) -> list[str]:
    """Choices as the definition lists them; units by how many they have."""
    choices = list(_counted(figure).fields[by].choices)
    if choices:
        return [value for value in choices if value in titles] + [value for value in titles if value not in choices]
    return sorted(titles, key=lambda value: (-(first[value].number if value in first else 0), value))


def _counted(figure: Figure) -> Procedure:
    return _counted(find_figure(figure.parts[0])) if figure.is_of_figures else procedure_of(figure)


def _field_title(figure: Figure, by: str) -> str:
    return say(_counted(figure).fields[by].title)


def _cell(key: str, value: SplitValue | None) -> Cell:
    return Cell(value.text, key, value.query) if value is not None else Cell("—", key, {})


def _short(title: str) -> str:
    """A title without what it adds in brackets or behind a dash; the notes give it in full."""
    return title.partition("（")[0].partition(" – ")[0]


def _of(unit: Text) -> str:
    return f"（{unit.zh}）" if language() != "en" else f" ({unit.en})"


def numbered(number: int, title: str) -> str:
    return f"（{'一二三四五六七八九十'[number - 1]}）{title}" if language() != "en" else f"{number}. {title}"


def _uncounted(chapter: Chapter, made: Composed, silent: list[Text], today: date) -> Iterator[str]:
    """What a reader must know of the numbers before relying on them."""
    if not made.is_over:
        yield t(
            "本年度尚未结束，数字截至{day}。 | The year is not over; numbers are as of {day}.",
            day=day(today, full=True),
        )
    if made.is_partial:
        yield t(
            "您只看得到部分事项，这里只算您看得到的。 | You may see only part of the cases; only those are counted here."
        )
    if silent:
        titles = ("、" if language() != "en" else ", ").join(dict.fromkeys(map(say, silent)))
        yield t(
            "本年度没有记录，未写入正文：{titles}。 | Nothing is on record for the year, so the text leaves out: {titles}.",
            titles=titles,
        )
    moved = [note.measure for note in made.notes if note.measure.now]
    for one in moved:
        yield t(
            "“{title}”公布后记录有变化：公布为 {then}，现在是 {now}。 | The records of '{title}' have changed since: published {then}, now {now}.",
            title=say(one.title), then=one.value, now=one.now,
        )  # fmt: skip
    yield from map(say, chapter.uncounted)
