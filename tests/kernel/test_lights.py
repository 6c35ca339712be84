"""Lights: grey, red, yellow, green; and from which moment on."""

from datetime import datetime

import pytest

from fadu.kernel.facts import CaseFacts
from fadu.kernel.lights import light_of, plan
from tests.kernel.small import FIRST, LEADER, MATTER, OFFICER, City, assigned


def light(city: City, day: str) -> str:
    return light_of(city.procedure, city.facts(day))


@pytest.mark.parametrize(
    ("day", "colour"),
    [
        ("2026-03-04", "green"),
        ("2026-03-16T23:59", "green"),
        ("2026-03-17", "red"),  # the whole matter is over its ten workdays
    ],
)
def test_red_shines_from_the_first_instant_after_the_last_day(day: str, colour: str) -> None:
    assert light(assigned(), day) == colour


def test_yellow_shines_when_less_than_the_share_is_left() -> None:
    city = assigned()
    planned = plan(city.procedure, city.facts("2026-03-04"))
    assert planned.amber == datetime(2026, 4, 13), "17 of the 58 days are less than three tenths"
    assert planned.red == datetime(2026, 3, 17)
    assert planned.at(datetime(2026, 4, 20)) == "red", "red comes before yellow, whichever turns first"


def test_grey_comes_first_and_stands_still() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-05")
    for day in ("2026-03-05", "2027-03-05"):
        assert light(city, day) == "grey"


def test_an_overdue_hour_turns_yellow_at_the_minute() -> None:
    city = City(data={**FIRST, "urgent": True, "why": "汛期"})
    city.act(LEADER, "assign", "2026-03-03T08:00", due="2026-04-30")
    assert [light(city, f"2026-03-03T{minute}") for minute in ("09:59", "10:00", "10:01")] == [
        "green",
        "green",
        "yellow",
    ]
    city.act(OFFICER, "work", "2026-03-03T11:00")
    assert light(city, "2026-03-03T11:00") == "green"


def test_a_condition_of_facts_alone_holds_always_or_never() -> None:
    text = MATTER.replace("  red:    {any: [{term: overdue}, {whole: overdue}]}", "  red:    {stage: new}")
    assert light(City(text), "2030-01-01") == "red"
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2030-04-30")
    assert plan(city.procedure, city.facts("2026-03-03")).red is None


def test_all_of_several_turns_with_the_last_and_any_with_the_first() -> None:
    both = MATTER.replace("{any: [{term: overdue}, {whole: overdue}]}", "{term: overdue, whole: overdue}")
    city = City(both)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert plan(city.procedure, city.facts("2026-03-03")).red == datetime(2026, 5, 1)
    assert plan(assigned().procedure, assigned().facts("2026-03-03")).red == datetime(2026, 3, 17)


def test_a_clock_that_ended_late_keeps_what_waits_for_it() -> None:
    text = MATTER.replace("{any: [{term: overdue}, {whole: overdue}]}", "{whole: [overdue, late]}")
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert plan(city.procedure, city.facts("2026-03-03")).red == datetime(2026, 3, 17)
    city.act(LEADER, "cancel", "2026-03-20", remark="不办")
    assert light(city, "2026-03-21") == "red"


def test_without_lights_everything_is_green() -> None:
    text = MATTER[: MATTER.index("lights:")] + MATTER[MATTER.index("letters:\n") :]
    city = City(text)
    facts = CaseFacts(city.procedure, city.case.state, datetime(2030, 1, 1), city.calendar)
    assert light_of(city.procedure, facts) == "green"
