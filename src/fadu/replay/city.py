"""A city to play in: its government, bureaux, districts, people and posts, from a short declaration and a common list.

Codes are invented but well-formed: unit codes begin with the city's, credit codes carry a valid check digit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from fadu.kernel.source import Source
from fadu.units.codes import uscc_check_digit
from fadu.units.models import Person, Post, Unit

FOLDER = Path(__file__).parent
NO_SIGN_IN = "!"  # no password ever matches
IN_OFFICE_SINCE = date(2019, 1, 1)
PUBLIC_BODY = "11"  # GB 32100: registered by the staffing office, a state organ


def read(name: str) -> Any:
    """One of the YAML files beside this module."""
    return Source(name).read((FOLDER / name).read_text(encoding="utf-8"))


@cache
def lists() -> Any:
    """The departments every city has, and the words matters and people are named with."""
    return read("bureaux.yaml")


@dataclass(slots=True)
class City:
    """The declaration of a city, see cities/yunzhou.yaml. `note` marks it as simulated wherever its name stands."""

    code: str
    name: str
    en: str
    division: str
    districts: Mapping[str, Mapping[str, str]]
    sections: Mapping[str, Mapping[str, str]]
    people: Mapping[str, Mapping[str, Any]]
    invented: bool = True
    busy: Mapping[str, int] = field(default_factory=dict)
    matters: dict[str, tuple[str, ...]] = field(default_factory=dict)  # unit code -> what it has on its hands

    @classmethod
    def of(cls, raw: Mapping[str, Any], *, invented: bool = True) -> "City":
        """A city from its declaration; one that exists gets no credit codes, which could be somebody's."""
        named = {key: raw[key] for key in ("name", "en", "division", "districts", "sections", "people")}
        city = cls(code=raw["city"], invented=invented, busy=raw.get("busy", {}), **named)
        for key, bureau in lists()["bureaux"].items():
            city.matters[city.unit(key)] = tuple(bureau["matters"])
        for key in city.districts:
            city.matters[city.unit(key)] = tuple(lists()["district_matters"])
        return city

    def unit(self, key: str) -> str:
        return f"{self.code}-{key}" if key else self.code

    def short(self, code: str) -> str:
        """How a bureau or district is called within the city."""
        key = code.removeprefix(f"{self.code}-")
        return str(self.districts[key]["short"]) if key in self.districts else f"市{lists()['bureaux'][key]['short']}"

    def load(self, code: str) -> int:
        """How much falls to a unit, compared with the others."""
        return self.busy.get(code.removeprefix(f"{self.code}-"), 1)

    @property
    def leaders(self) -> list[str]:
        """The names of the leaders."""
        return [raw["name"] for raw in self.people.values() if raw["posts"][0]["role"] == "leader"]

    @property
    def places(self) -> list[str]:
        return [district["short"] for district in self.districts.values()]


@transaction.atomic
def found_city(city: City, password_hash: str = "", accounts: tuple[str, ...] = ()) -> None:
    """Store units, people and posts; the named accounts may sign in with the password of the hash."""
    units = {unit.code: unit for unit in _units(city)}
    _store_units(list(units.values()))
    people = list(_people(city, password_hash, accounts))
    Person.objects.bulk_create([person for person, _ in people])
    posts = [
        Post(
            person=person,
            unit=units[city.unit(post["unit"])],
            role=post["role"],
            title=post["title"],
            since=IN_OFFICE_SINCE,
        )
        for person, held in people
        for post in held
    ]
    for post in posts:
        post.clean_fields()
    Post.objects.bulk_create(posts)


def _store_units(units: list[Unit]) -> None:
    for unit in units:
        unit.save()


def _units(city: City) -> Iterator[Unit]:
    numbers = iter(range(1, 1000))
    simulated = " (simulated)"

    def unit(key: str, kind: str, raw: Mapping[str, str], parent: Unit | None) -> Unit:
        number = next(numbers)
        return Unit(
            code=city.unit(key), name_zh=raw["name"], short_zh=raw["short"], name_en=raw["en"] + simulated,
            kind=raw.get("kind", kind), parent=parent, order=number, division=raw.get("division", ""),
            uscc=_uscc(city.division, number) if city.invented and kind != "section" else None,
        )  # fmt: skip

    top = {
        "name": f"{city.name}市人民政府（模拟数据）", "short": f"{city.name}市政府", "en": f"{city.en} Government",
        "division": city.division,
    }  # fmt: skip
    root = unit("", "government", top, None)
    yield root
    office = unit(
        "office", "office", {"name": f"{city.name}市人民政府办公室", "short": "市政府办", "en": "General Office"}, root
    )
    yield office
    for key, raw in city.sections.items():
        yield unit(key, "section", raw, office)
    for key, raw in lists()["bureaux"].items():
        yield unit(key, "bureau", {**raw, "name": f"{city.name}市{raw['name']}", "short": f"市{raw['short']}"}, root)
    for number, (key, raw) in enumerate(city.districts.items(), start=1):
        division = f"{city.division[:4]}{number:02}"
        yield unit(key, "government", {**raw, "division": division}, root)


def _uscc(division: str, number: int) -> str:
    body = f"{PUBLIC_BODY}{division}MB{number:07}"
    return body + uscc_check_digit(body)


def _people(
    city: City, password_hash: str, accounts: tuple[str, ...]
) -> Iterator[tuple[Person, list[Mapping[str, Any]]]]:
    for username, raw in city.people.items():
        password = password_hash if username in accounts else NO_SIGN_IN
        yield Person(username=username, name=raw["name"], password=password), raw["posts"]
    names = _names(Random(city.code))
    staffed = {post["unit"] for raw in city.people.values() for post in raw["posts"] if post["role"] == "unit_officer"}
    for key in (*lists()["bureaux"], *city.districts):
        if key not in staffed:
            post = {"unit": key, "role": "unit_officer", "title": "办公室"}
            yield Person(username=city.unit(key), name=next(names), password=NO_SIGN_IN), [post]
        head = {"unit": key, "role": "unit_head", "title": "主要负责人"}
        yield Person(username=city.unit(key) + "-head", name=next(names), password=NO_SIGN_IN), [head]


def _names(rng: Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        name = rng.choice(lists()["surnames"]) + rng.choice(lists()["given"])
        if name not in seen:
            seen.add(name)
            yield name
