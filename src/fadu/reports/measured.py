"""The figures of a chapter in its year and the year before, as sentences say them: value with unit, change, evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fadu.figures import present
from fadu.figures.declared import find
from fadu.figures.present import FigureLine, SnapshotLine
from fadu.figures.span import Span
from fadu.kernel.chapter import Chapter, named
from fadu.kernel.law import Text
from fadu.units.models import Person

Number = int | float
LAST_YEAR, CHANGE = Text("（上年）", " (the year before)"), Text("（比上年）", " (against the year before)")
UP, DOWN, EVEN = Text("增加 {}", "up {}"), Text("减少 {}", "down {}"), Text("持平", "unchanged")
POINTS = Text("{} 个百分点", "{} points")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a sentence: its words, what it is, and the query that opens its evidence. `number` None: nothing to say."""

    key: str
    number: Number | None
    words: Text
    value: str
    title: Text
    definition: Text
    query: Mapping[str, str]
    snapshot: SnapshotLine | None = None
    is_change: bool = False
    now: str = ""  # what is counted today, where that differs from what was published


class Measured:
    """Everything a chapter asks of a year, counted once for one reader (None: the whole office)."""

    def __init__(self, chapter: Chapter, year: Span, person: Person | None = None) -> None:
        self.year = year
        asked = [one for section in chapter.sections for text in section.text for one in named(text)]
        tabled = [key for section in chapter.sections for grid in section.tables for key in grid.figures]
        self.lines = present.chosen(person, year, dict.fromkeys([key for key, _ in asked] + tabled))
        self.before = present.chosen(person, year.previous, dict.fromkeys(key for key, aspect in asked if aspect))

    @property
    def is_partial(self) -> bool:
        """Whether the reader sees only part of what is counted."""
        return any(line.partial for line in self.lines.values())

    @property
    def said(self) -> Iterable[FigureLine]:
        return self.lines.values()

    def is_over(self, today: date) -> bool:
        return self.year.last < today

    def measure(self, key: str, aspect: str) -> Measure:
        """Raises KeyError for a figure the chapter does not name."""
        if aspect == "change":
            return self._change(key)
        line = self.before[key] if aspect else self.lines[key]
        number, value = _frozen(line)
        if aspect and not line.number:  # nothing is known of that year
            number = None
        unit = Text(f" {line.unit.zh}", f" {_singular(line.unit.en, number)}")
        words = Text(f"{value}%", f"{value}%") if find(key).is_percent else Text(value + unit.zh, value + unit.en)
        snapshot = line.snapshot
        differs = snapshot is not None and not line.partial and snapshot.value != line.value
        return Measure(
            key=key,
            number=number,
            words=words,
            value=value,
            title=_joined(line.title, LAST_YEAR) if aspect else line.title,
            definition=line.definition,
            query=line.query,
            snapshot=snapshot,
            now=line.value if differs else "",
        )

    def _change(self, key: str) -> Measure:
        now, before = self.measure(key, ""), self.measure(key, "last_year")
        difference = None if now.number is None or before.number is None else round(now.number - before.number, 1)
        words = _changed(difference, self.lines[key], percent=find(key).is_percent)
        counted = Text(f"{now.value} － {before.value}", f"{now.value} − {before.value}")
        return Measure(
            key, difference, words, words.zh, _joined(self.lines[key].title, CHANGE), counted, now.query, is_change=True
        )


def _frozen(line: FigureLine) -> tuple[Number | None, str]:
    """What was published stands; what was not is counted."""
    if line.snapshot is None:
        return line.number, line.value
    return _parsed(line.snapshot.value), line.snapshot.value


def _parsed(shown: str) -> Number | None:
    plain = shown.replace(",", "")
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return None


def _changed(difference: Number | None, line: FigureLine, *, percent: bool) -> Text:
    if not difference:
        return EVEN
    amount = f"{abs(difference):,g}" if isinstance(difference, float) else f"{abs(difference):,}"
    said = Text(f"{amount} {line.unit.zh}", f"{amount} {_singular(line.unit.en, abs(difference))}")
    if percent:
        said = Text(POINTS.zh.format(amount), POINTS.en.format(amount))
    way = UP if difference > 0 else DOWN
    return Text(way.zh.format(said.zh), way.en.format(said.en))


def _joined(one: Text, other: Text) -> Text:
    return Text(one.zh + other.zh, one.en + other.en)


def _singular(unit: str, number: Number | None) -> str:
    return unit.removesuffix("s") if number == 1 else unit
