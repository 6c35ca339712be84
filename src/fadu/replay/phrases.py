"""What stands for a value in a course beyond a word: `$case rail`, `$field cap year`, `$some supervision-item.approve 3..6`,
`$one research-report.issue`, `$of item lead_unit`, `$unit openness`, `$id leader`, `$ids leader 2..4`, `$in 20..30`, `$milestones`.
"""

from collections.abc import Callable
from typing import Any

from fadu.replay.course import Courses
from fadu.replay.milestones import Milestones
from fadu.replay.picks import FieldOf, Named, Of, Some
from fadu.replay.span import Span
from fadu.replay.timing import Timing


class Phrases:
    """The phrases of one case: `who` is the username of an alias, picked once for the case."""

    def __init__(self, courses: Courses, time: Timing, who: Callable[[str], str]) -> None:
        self.courses, self.time, self.who = courses, time, who
        self.milestones = Milestones(time, courses.words)
        self.known: dict[str, Callable[[str], Any]] = {
            "case": Named,
            "field": lambda rest: FieldOf(*rest.split()),
            "some": lambda rest: self._some(rest, alone=False),
            "one": lambda rest: self._some(f"{rest} 1..1", alone=True),
            "of": lambda rest: Of(*rest.split()),
            "unit": courses.city.unit,
            "id": lambda alias: self._id(who(alias)),
            "ids": self._ids,
            "in": self._in,
            "milestones": lambda rest: self.milestones.at(time.at, behind=rest == "behind"),
        }

    def meant(self, phrase: str) -> tuple[bool, Any]:
        """Whether it is a phrase, and what it means now."""
        head, _, rest = phrase.partition(" ")
        if head not in self.known or (not rest and head != "milestones"):
            return False, None
        return True, self.known[head](rest)

    def _some(self, rest: str, *, alone: bool) -> Some:
        place, _, span = rest.partition(" ")
        procedure, _, action = place.partition(".")
        return Some(procedure, action, Span.parse(span).draw(self.courses.rng), alone)

    def _id(self, username: str) -> str:
        return self.courses.cast.actor(username)[0].id

    def _ids(self, rest: str) -> list[str]:
        """Some holders of a role."""
        role, _, span = rest.partition(" ")
        holders = sorted(
            {name for (held, _), names in self.courses.cast.holders.items() if held == role for name in names}
        )
        number = min(Span.parse(span).draw(self.courses.rng), len(holders))
        return [self._id(name) for name in self.courses.rng.sample(holders, number)]

    def _in(self, span: str) -> str:
        """A day so many workdays on."""
        number = Span.parse(span).draw(self.courses.rng)
        return self.courses.calendar.add_workdays(self.time.at.date(), number).isoformat()
