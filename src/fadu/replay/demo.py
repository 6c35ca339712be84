"""The demo city: twelve months of invented work up to today, so that every demo account has something on its desk."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from fadu.cases.models import Case, Entry
from fadu.cases.moments import now, stored
from fadu.kernel.calendar import Calendar
from fadu.notify.models import Notice
from fadu.notify.reading import begin, read_lights, tell
from fadu.replay.city import City, found_city, read
from fadu.replay.course import Courses
from fadu.replay.office_hours import some_time
from fadu.replay.plan import script
from fadu.replay.quarters import quarter_end
from fadu.replay.script import Script
from fadu.replay.span import Wish
from fadu.replay.troupe import Troupe
from fadu.replay.year import year_of_work
from fadu.units.models import Person, Unit

CITY = "cities/yunzhou.yaml"
PASSWORD = "yunzhou-2026"  # only ever set by `fadu demo`, which asks for FADU_DEMO=1
YEAR = timedelta(days=365)
FRESH = timedelta(days=3)
MAIN = "supervision-item"
BEFORE_THE_END = 8  # workdays before the end of a quarter its round is planned


def is_built() -> bool:
    """Whether the demo city is in this database."""
    return Unit.objects.filter(code=read(CITY)["city"]).exists()


def is_empty() -> bool:
    """Whether nothing is in this database."""
    return not Unit.objects.exists() and not Case.objects.exists()


def accounts() -> list[Person]:
    """The people who may sign in, as declared."""
    names = read(CITY)["accounts"]
    found = {person.username: person for person in Person.objects.filter(username__in=names)}
    return [found[name] for name in names]


@transaction.atomic
def build(at: datetime | None = None, share: float = 1.0) -> None:
    """Make the city and its year up to `at` (now), or a share of it; all or nothing."""
    raw, today = read(CITY), at or now()
    city = City.of(raw)
    found_city(city, make_password(PASSWORD), tuple(raw["accounts"]))
    troupe = Troupe(city, (today - YEAR).date(), city.code)
    year = {key: int(number * share) for key, number in raw["year"].items()}
    scripts = sorted(_scripts(troupe, year, raw["scenes"], today), key=lambda script: script.steps[0].at)
    troupe.play("模拟数据：一年的督办和接待 | a simulated year", scripts, len(scripts), today)
    _tell(today)


def _tell(today: datetime) -> None:
    """What the last days would have told: the bell rings for what is fresh, not for a whole year."""
    since = stored(today - FRESH)
    begin(moment=since)
    tell(list(Entry.objects.filter(day__gte=since).order_by("day")))
    read_lights()
    Notice.objects.update(is_written=True)


def _scripts(
    troupe: Troupe, year: Mapping[str, int], scenes: list[Mapping[str, Any]], at: datetime
) -> Iterator[Script]:
    """The scenes, and around them so much of a year that each procedure comes to the number declared."""
    keys = [scene.get("procedure", MAIN) for scene in scenes]
    courses = {key: troupe.courses(key) for key in {**year, **dict.fromkeys(keys)}}
    found = [_scene(courses[key], scene, troupe.calendar, at) for key, scene in zip(keys, scenes, strict=True)]
    staged = Counter(key for key, scene in zip(keys, scenes, strict=True) if courses[key].counts(scene["course"]))
    last = troupe.calendar.add_workdays(at.date(), -3)
    for key in sorted(year, key=lambda key: key == MAIN):  # its cases come last, for others lead to some of them
        led = sum(_led_to(one, key, courses[key].raw["start"], at) for one in found)
        found += year_of_work(courses[key], max(year[key] - staged[key] - led, 0), troupe.first, last)
    yield from found


def _led_to(one: Script, key: str, start: str, at: datetime) -> int:
    """How many cases of a procedure, counted from their starting action, a script leads to by now."""
    return sum(
        step.child is not None and step.child[0] == key and step.action == start for step in one.steps if step.at <= at
    )


def _scene(courses: Courses, scene: Mapping[str, Any], calendar: Calendar, at: datetime) -> Script:
    opens, due = _when(courses, scene, calendar, at)
    fixed = {
        key: value for key, value in scene.items() if key not in ("course", "due", "opened", "hours_left", "quarter")
    }
    return script(courses, scene["course"], Wish(opens, due, fixed))


def _when(
    courses: Courses, scene: Mapping[str, Any], calendar: Calendar, at: datetime
) -> tuple[datetime, date | datetime | None]:
    """When a scene's case is opened and due, from today."""
    length = courses.length_of(scene["course"]).draw(courses.rng)
    if "hours_left" in scene:
        due = (at + timedelta(hours=scene["hours_left"])).replace(minute=0, second=0, microsecond=0)
        return due - timedelta(hours=length), due
    on = _due(scene["due"], calendar, at) if "due" in scene else None
    begun = calendar.add_workdays(at.date(), -scene["opened"]) if "opened" in scene else None
    if "quarter" in scene:
        begun = calendar.add_workdays(quarter_end(at.date(), scene["quarter"]), -BEFORE_THE_END)
    day = begun or calendar.add_workdays(on or at.date(), -length)
    return some_time(day, courses.rng), on


def _due(said: int | str, calendar: Calendar, at: datetime) -> date:
    """So many workdays from today (0: today, whatever day it is), or the end of the year."""
    if isinstance(said, str):
        return _year_end(calendar, at)
    return calendar.add_workdays(at.date(), said)


def _year_end(calendar: Calendar, at: datetime) -> date:
    """The last workday of the last year with a notice, so that a pause carries the date beyond; else in five weeks."""
    end = calendar.add_workdays(date(max(calendar.years) + 1, 1, 1), -1)
    return end if end > at.date() + timedelta(days=20) else calendar.add_workdays(at.date(), 25)
