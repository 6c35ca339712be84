"""A city of three bureaux with random cases, at a fixed present."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from fadu.cases.models import Case, File
from fadu.units.models import Person, Post, Unit
from tests.figures.walks import PAPER, UNITS, Walker, is_varied

PRESENT = datetime(2026, 10, 20, 16, 20)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the present."""

    def put(present: datetime) -> None:
        aware = present.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        monkeypatch.setattr(timezone, "now", lambda: aware)

    put(PRESENT)
    return put


@pytest.fixture
def city(db: None, clock: Callable[[datetime], None]) -> Unit:
    government = Unit.objects.create(code="yz", name_zh="云州市", name_en="Yunzhou", kind="government")
    for code in ("yz-gov", "yz-sup", *UNITS):
        Unit.objects.create(code=code, name_zh=f"单位{code}", name_en=code, kind="bureau", parent=government)
    officer = Person.objects.create_user("he", name="何以宁")
    paper = {"sha256": PAPER["sha256"], "size": 1024, "media_type": PAPER["type"], "name": PAPER["name"]}
    File.objects.create(**paper, uploaded_by=officer).holders.add(officer)
    return government


@pytest.fixture
def officers(city: Unit) -> dict[str, Person]:
    """Who works here: supervision (he), a leader (gu), the water bureau (shen); mo holds no post."""
    people = {"he": Person.objects.get(username="he")}
    for username, name in (("gu", "顾长川"), ("shen", "沈知远"), ("mo", "莫相识")):
        people[username] = Person.objects.create_user(username, name=name)
    posts = {"he": ("supervision_officer", "yz-sup"), "gu": ("leader", "yz-gov"), "shen": ("unit_officer", "yz-water")}
    for username, (role, unit) in posts.items():
        since, at = date(2020, 1, 1), Unit.objects.get(code=unit)
        Post.objects.create(person=people[username], role=role, unit=at, since=since)
    return people


@pytest.fixture
def walked(city: Unit) -> None:
    """Supervised items in every stage, some with parts of other units: as many as it takes to prove something."""
    walker = Walker(7, PRESENT)
    walker.walk(40)
    while not (varied := is_varied(PRESENT)) and Case.objects.count() < 1000:
        walker.walk(20)
    assert varied
