"""A city's published year, built from its numbers through the same actions on their legal days: the accounting proof."""

from datetime import date

from fadu.cases.bulk import BulkDocket
from fadu.cases.moments import now
from fadu.figures.declared import declared
from fadu.figures.models import ReplayMark
from fadu.figures.published import names
from fadu.replay.city import City, found_city, read
from fadu.replay.course import starts
from fadu.replay.troupe import Troupe
from fadu.replay.volumes import Volume, volumes
from fadu.replay.year import year_of_work
from fadu.units.models import Unit

ROOM = 4  # workdays kept free at the end of the year, so that what is proposed in it is opened in it


def built(name: str, domain: str, *, full: bool = False) -> list[Volume]:
    """What can be built of a published year."""
    return volumes(name, domain, starts(), full=full)


def available() -> list[tuple[str, str]]:
    """Every (name, domain) of which something can be built."""
    domains = sorted({figure.domain for figure in declared().values()})
    return [(name, domain) for name in names() for domain in domains if built(name, domain)]


def refusal(name: str) -> str:
    """Why a year cannot be built in this database: it is there, whole or cut short. Empty when it can."""
    advice = "give it an empty data folder with FADU_HOME, or another database"
    mark = ReplayMark.objects.filter(name=name).first()
    if mark is not None:
        return f"{name} is in this database already, built {mark.created_at:%Y-%m-%d %H:%M} UTC; {advice}"
    if Unit.objects.filter(code=city_of(name)).exists():
        return f"the units of {city_of(name)} are in this database already, from a replay that was cut short; {advice}"
    return ""


def city_of(name: str) -> str:
    return name.partition("-")[0]


def replay(name: str, found: list[Volume]) -> list[BulkDocket]:
    """Build the year; the mark is set last, so that a year cut short is known as one."""
    year = int(name.partition("-")[2])
    raw = read("cities/replayed.yaml")
    code = city_of(name)
    shared = {key: raw[key] for key in ("districts", "sections")}
    people = {f"{code}-{key}": person for key, person in raw["people"].items()}
    city = City.of({**shared, "people": people, "city": code, **raw["cities"][code]}, invented=False)
    found_city(city)
    troupe = Troupe(city, date(year, 1, 1), name)
    dockets = [_play(troupe, name, volume, year) for volume in found]
    ReplayMark.objects.create(name=name, year=year, scale=min(volume.scale for volume in found))
    return dockets


def _play(troupe: Troupe, name: str, volume: Volume, year: int) -> BulkDocket:
    courses = troupe.courses(volume.figure.procedure)
    last = troupe.calendar.add_workdays(date(year + 1, 1, 1), -ROOM)
    scripts = list(year_of_work(courses, volume.number, troupe.first, last))
    return troupe.play(name, scripts, len(scripts), now())
