"""All it takes to play a city: its units and people founded, its papers stored, the courses of each procedure at hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from random import Random

from fadu.cases import definitions
from fadu.cases.bulk import BulkDocket
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.replay.cast import Cast
from fadu.replay.city import City
from fadu.replay.course import Courses
from fadu.replay.papers import Papers
from fadu.replay.progress import Progress
from fadu.replay.script import Script
from fadu.replay.stage import play
from fadu.units.models import Person

BATCH = 2000  # families: the year of a demo or a scaled replay in one, so that all its numbers run in the order of days


def earliest(key: str, day: str) -> Procedure:
    """The procedure in force on a day; for days before its first version, that one: older work is taken over under it."""
    versions = [item for item in definitions.library().versions.values() if item.key == key]
    if any(item.in_force <= day for item in versions):
        return definitions.in_force(key, day)
    if not versions:
        raise KeyError(key)
    return min(versions, key=lambda item: (item.in_force, item.version))


@dataclass
class Troupe:
    """A city that plays from a first day on; the seed makes the same play every time."""

    city: City
    first: date
    seed: str
    calendar: Calendar = field(default_factory=definitions.calendar)

    @cached_property
    def rng(self) -> Random:
        return Random(self.seed)

    @cached_property
    def cast(self) -> Cast:
        return Cast.of(self.city.code, self.first, self.rng)

    @cached_property
    def papers(self) -> Papers:
        return Papers(Person.objects.filter(posts__unit__path__startswith=f"/{self.city.code}/").order_by("pk")[0])

    def courses(self, procedure: str) -> Courses:
        found = earliest(procedure, self.first.isoformat())
        return Courses.of(found, self.city, self.cast, self.calendar, self.rng, self.papers)

    def play(self, title: str, scripts: Iterable[Script], number: int, now: datetime) -> BulkDocket:
        """Perform the scripts up to now, with progress; what was written stands in the docket's counts."""
        docket, progress = BulkDocket(self.calendar, self.city.code, earliest), Progress(title, number)
        play(docket, self.cast, scripts, now, progress.tell, BATCH)
        self.papers.hand_out(Person.objects.filter(posts__unit__path__startswith=f"/{self.city.code}/").distinct())
        progress.done(f"{docket.cases:,} cases, {docket.lines:,} entries")
        return docket
