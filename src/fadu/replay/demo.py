"""The demo city: twelve months of invented work up to today, so that every demo account has something on its desk."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from fadu.cases import definitions
from fadu.cases.bulk import BulkDocket
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.replay.cast import Cast
from fadu.replay.city import City, found_city, read
from fadu.replay.course import Courses, Span, Wish
from fadu.replay.office_hours import some_time
from fadu.replay.papers import Papers
from fadu.replay.progress import Progress
from fadu.replay.script import Script
from fadu.replay.stage import play
from fadu.replay.year import year_of_work
from fadu.units.models import Person, Unit

CITY = "cities/yunzhou.yaml"
PASSWORD = "yunzhou-2026"  # only ever set by `fadu demo`, which asks for FADU_DEMO=1
MONTHS = timedelta(days=365)
MAIN = "supervision-item"


def is_built() -> bool:
    """Whether the demo city is in this database."""
    return Unit.objects.filter(code=read(CITY)["city"]).exists()


def is_empty() -> bool:
    return not Unit.objects.exists() and not Case.objects.exists()


@transaction.atomic
def build() -> None:
    """Make the city and its year; all of it or nothing."""
    raw, at = read(CITY), now()
    city = City.of(raw)
    found_city(city, make_password(PASSWORD), tuple(raw["accounts"]))
    first = (at - MONTHS).date()
    cast = Cast.of(city.code, first)
    calendar = definitions.calendar()
    papers = Papers(Person.objects.get(username=raw["accounts"][0]))
    scripts = sorted(_scripts(raw, city, cast, calendar, at, papers), key=lambda script: script.steps[0].at)
    papers.hand_out(Person.objects.all())
    docket = BulkDocket(calendar, city.code, earliest)
    progress = Progress("模拟数据：督办事项和企业接待 | simulated cases", len(scripts))
    play(docket, cast, scripts, at, progress.tell)
    progress.done(f"{docket.cases:,} cases, {docket.lines:,} entries")


def earliest(key: str, day: str) -> Procedure:
    """The procedure in force on a day, or the first one for days before it: what was taken over from earlier years."""
    try:
        return definitions.in_force(key, day)
    except KeyError:
        versions = [item for item in definitions.library().versions.values() if item.key == key]
        if not versions:
            raise
        return min(versions, key=lambda item: (item.in_force, item.version))


def _scripts(
    raw: Mapping[str, Any], city: City, cast: Cast, calendar: Calendar, at: datetime, papers: Papers
) -> Iterator[Script]:
    rng = Random(raw["city"])
    courses = {key: Courses.of(earliest(key, ""), city, cast, calendar, rng, papers) for key in raw["year"]}
    scenes = [(courses[scene.get("procedure", MAIN)], scene) for scene in raw["scenes"]]
    last = calendar.add_workdays(at.date(), -3)
    for key, number in raw["year"].items():
        played = sum(own is courses[key] and scene["course"] != "to_open" for own, scene in scenes)
        yield from year_of_work(courses[key], number - played, (at - MONTHS).date(), last)
    yield from (_scene(own, scene, calendar, at) for own, scene in scenes)


def _scene(courses: Courses, scene: Mapping[str, Any], calendar: Calendar, at: datetime) -> Script:
    opens, due = _when(courses, scene, calendar, at)
    fixed = {key: value for key, value in scene.items() if key not in ("course", "due", "opened", "hours_left")}
    return courses.script(scene["course"], Wish(opens, due, fixed))


def _when(
    courses: Courses, scene: Mapping[str, Any], calendar: Calendar, at: datetime
) -> tuple[datetime, date | datetime | None]:
    """When a scene's case is opened and due, from today."""
    length = Span.parse(courses.raw["courses"][scene["course"]]["length"]).draw(courses.rng)
    if "hours_left" in scene:
        due = (at + timedelta(hours=scene["hours_left"])).replace(minute=0)
        return due - timedelta(hours=length), due
    if "opened" in scene:
        return some_time(calendar.add_workdays(at.date(), -scene["opened"]), courses.rng), None
    on = _year_end(calendar, at) if scene["due"] == "year_end" else _workday(calendar, at.date(), scene["due"])
    return some_time(calendar.add_workdays(on, -length), courses.rng), on


def _workday(calendar: Calendar, today: date, number: int) -> date:
    return calendar.add_workdays(today, number) if number else today


def _year_end(calendar: Calendar, at: datetime) -> date:
    """The last workday of the last year with a notice, so that a pause carries the date beyond; else in five weeks."""
    end = calendar.add_workdays(date(max(calendar.years) + 1, 1, 1), -1)
    return end if end > at.date() + timedelta(days=20) else calendar.add_workdays(at.date(), 25)


def accounts() -> list[Person]:
    """The people who may sign in, as declared."""
    names = read(CITY)["accounts"]
    found = {person.username: person for person in Person.objects.filter(username__in=names)}
    return [found[name] for name in names]
