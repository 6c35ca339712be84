"""Courses: how cases of a procedure usually go, declared in courses/*.yaml, drawn by their share and made into scripts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.replay.cast import Cast
from fadu.replay.city import FOLDER, City, read
from fadu.replay.papers import Papers
from fadu.replay.span import Span
from fadu.replay.words import Words


def starts() -> dict[str, str]:
    """Procedure -> the action from which its cases count, for every procedure that has courses."""
    return {raw["course_for"]: raw["start"] for raw in _files()}


def met_by_all() -> frozenset[str]:
    """The figures whose condition every counted case of a course meets."""
    return frozenset(figure for raw in _files() for figure in raw.get("meets", ()))


def _files() -> list[Mapping[str, Any]]:
    return [read(f"courses/{path.name}") for path in sorted((FOLDER / "courses").glob("*.yaml"))]


@dataclass(slots=True)
class Courses:
    """The courses of one procedure in one city."""

    raw: Mapping[str, Any]
    city: City
    cast: Cast
    calendar: Calendar
    rng: Random
    words: Words
    papers: Papers
    procedure: Procedure

    @classmethod
    def of(
        cls, procedure: Procedure, city: City, cast: Cast, calendar: Calendar, rng: Random, papers: Papers
    ) -> "Courses":
        raw = read(f"courses/{procedure.key}.yaml")
        return cls(raw, city, cast, calendar, rng, Words(city, raw["texts"], rng), papers, procedure)

    def pick(self) -> str:
        """A course by its share."""
        shares = {str(name): float(course["share"]) for name, course in self.raw["courses"].items()}
        return self.rng.choices(list(shares), list(shares.values()))[0]

    def counts(self, course: str) -> bool:
        return bool(self.raw["courses"][course].get("counts", True))

    def steps_of(self, course: str) -> Iterator[Mapping[str, Any]]:
        """The steps of a course, the shared beginnings and ends spelt out."""
        yield from self._spelt_out(self.raw["courses"][course]["steps"])

    def _spelt_out(self, steps: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
        """A beginning may begin with another."""
        for step in steps:
            if isinstance(step, str):
                yield from self._spelt_out(self.raw["beginnings"][step])
            else:
                yield step

    def window(self, first: date, last: date) -> tuple[date, date]:
        """The part of a time in which cases of these courses begin; `window: 0.1..0.6` of it."""
        part = Span.parse(self.raw.get("window", "0..1"))
        days = (last - first).days
        return first + timedelta(days=int(days * part.low)), first + timedelta(days=int(days * part.high))

    def length_of(self, course: str) -> Span:
        return Span.parse(self.raw["courses"][course]["length"])
