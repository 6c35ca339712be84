"""Courses planned into scripts: times in order, urgent ones in hours, and every course lawful."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.data.calendars import state_council
from fadu.replay.city import City, found_city, read
from fadu.replay.course import Courses, starts
from fadu.replay.demo import CITY
from fadu.replay.office_hours import EVENING, MORNING, later, some_time
from fadu.replay.plan import script
from fadu.replay.span import Span, Wish
from fadu.replay.troupe import Troupe

NOON = datetime(2026, 12, 31, 12, 0)


@pytest.fixture
def troupe(db: None) -> Troupe:
    city = City.of(read(CITY))
    found_city(city)
    return Troupe(city, date(2025, 1, 2), "test")


@pytest.fixture
def busy(troupe: Troupe) -> Troupe:
    """With some items, chased ones among them, a report and a total for inspections: what other courses point to."""
    began = Wish(datetime(2025, 1, 6, 9, 0))
    cap = Wish(datetime(2025, 1, 3, 9, 0), fixed={"with": {"set": {"year": 2025, "cap": 100}}})
    known = [("supervision-item", "late"), ("supervision-item", "chased"), ("research-report", "sent")]
    scripts = [script(troupe.courses(key), course, began) for key, course in known for _ in range(5)]
    scripts.append(script(troupe.courses("inspection-cap"), "set", cap))
    troupe.play("before", sorted(scripts, key=lambda one: one.steps[0].at), len(scripts), datetime(2025, 3, 2, 12, 0))
    return troupe


@pytest.mark.parametrize("procedure", starts())
def test_every_course_is_lawful_and_in_order(busy: Troupe, procedure: str) -> None:
    courses = busy.courses(procedure)
    days = [date(2025, 3, 3), date(2025, 9, 29), date(2025, 12, 31)]
    wishes = [Wish(some_time(day, busy.rng)) for day in days]
    scripts = [script(courses, name, wish) for name in courses.raw["courses"] for wish in wishes]
    for one in scripts:
        moments = [step.at for step in one.steps]
        assert moments == sorted(moments)
    busy.play("test", scripts, len(scripts), NOON)


def test_an_urgent_item_is_due_within_hours(troupe: Troupe) -> None:
    one = script(troupe.courses("supervision-item"), "urgent", Wish(datetime(2025, 3, 3, 9, 0)))
    due = datetime.fromisoformat(one.steps[1].data["due"])
    assert due - one.steps[1].at <= timedelta(hours=60)


def test_whoever_verifies_did_nothing_else_in_the_item(troupe: Troupe) -> None:
    courses = troupe.courses("supervision-item")
    for _ in range(30):
        steps = script(courses, "plain", Wish(datetime(2025, 3, 3, 9, 0))).steps
        (verifier,) = [step.by for step in steps if step.action == "verify"]
        assert verifier not in {step.by for step in steps if step.action != "verify"}


def test_a_scene_fixes_its_people_units_and_title(troupe: Troupe) -> None:
    fixed = {"officer": "heyining", "leader": "zhoumu", "lead_unit": "housing", "matter": "城镇危房排查"}
    steps = script(troupe.courses("supervision-item"), "in_hand", Wish(datetime(2025, 3, 3, 9, 0), fixed=fixed)).steps
    assert [step.by for step in steps[:3]] == ["heyining", "zhoumu", "shenzhiyuan"]
    assert steps[0].data["matter"] == "城镇危房排查"
    assert steps[0].data["lead_unit"] == "yz-housing"


def test_courses_are_drawn_by_their_share(troupe: Troupe) -> None:
    courses: Courses = troupe.courses("supervision-item")
    drawn = [courses.pick() for _ in range(500)]
    assert "to_verify" not in drawn
    assert drawn.count("plain") > 150


@given(st.integers(0, 10_000), st.integers(0, 30), st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)))
def test_the_next_deed_is_always_later_and_in_office_hours(seed: int, workdays: int, start: datetime) -> None:
    found = later(start, workdays, state_council(), Random(seed))
    assert found > start
    assert MORNING <= found.time() <= EVENING
    assert state_council().is_workday(found.date())


def test_a_range_says_how_it_is_written() -> None:
    assert Span.parse("+10..25 workdays") == Span(10, 25, "workdays")
    assert Span.parse("0.5..0.9") == Span(0.5, 0.9)
    with pytest.raises(ValueError, match="'soon' is no range"):
        Span.parse("soon")
