"""Fields found in other cases: when they are looked for, what is found, and that nobody types them."""

from typing import Any

import pytest

from fadu.kernel.asking import Ask
from fadu.kernel.checker import check_one
from fadu.kernel.decide import choices, foresee
from fadu.kernel.perform import Folder
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State, fold
from tests.kernel.yearly import LEADER, TEXTS, Corner, library

DAYS: dict[str, Any] = {"objects": ["water"], "starts_on": "2026-04-01", "ends_on": "2026-04-03"}


@pytest.fixture
def corner() -> Corner:
    return Corner()


def capped(corner: Corner, cap: int = 2, year: int = 2026) -> Folder:
    return corner.open("cap", LEADER, name="总量", year=year, cap=cap)


def line(corner: Corner, year: int = 2026, **data: Any) -> Folder:
    return corner.open("line", name="检查", year=year, **data)


def test_the_corner_is_sound() -> None:
    assert [str(fault) for name in TEXTS for fault in check_one(library().in_force(name), library())] == []


def test_what_is_found_is_written_into_the_entry(corner: Corner) -> None:
    capped(corner)
    first = corner.act(line(corner, points=3), "approve", LEADER)
    assert corner.entry(first)["data"] == {"approved": 0, "weight": 0, "cap": 2}
    second = corner.act(line(corner), "approve", LEADER)
    assert corner.entry(second)["data"] == {"approved": 1, "weight": 3, "cap": 2}
    assert first.state.data["approved"] == 0, "what was found stays as it was when it was found"
    assert fold(corner.docket.entries[second.id]) == second.state


def test_beyond_the_cap_it_is_refused_with_the_numbers(corner: Corner) -> None:
    capped(corner)
    for _ in range(2):
        corner.act(line(corner), "approve", LEADER)
    refusal = corner.refused(line(corner), "approve", LEADER)
    assert refusal.text.zh == "2026年已批准 2 项，达到总量 2 项"
    assert refusal.text.en == "2 approved in 2026; the cap is 2"


def test_without_a_cap_nothing_is_approved_and_the_words_say_so(corner: Corner) -> None:
    assert corner.refused(line(corner), "approve", LEADER).text.zh == "2026年已批准 0 项，达到总量 无 项"


def test_the_newest_case_counts_and_only_of_the_year_and_stage_asked_for(corner: Corner) -> None:
    old, _ = capped(corner, 1), capped(corner, 5, year=2025)
    capped(corner, 3)
    assert corner.act(line(corner), "approve", LEADER).state.data["cap"] == 3
    corner.act(capped(corner, 9), "end", LEADER)
    assert corner.act(line(corner), "approve", LEADER).state.data["cap"] == 3
    assert old.state.data["cap"] == 1


@pytest.mark.parametrize("key", ["approved", "weight", "cap"])
def test_nobody_types_what_is_found(corner: Corner, key: str) -> None:
    capped(corner)
    refusal = corner.refused(line(corner), "approve", LEADER, **{key: 0})
    assert (refusal.gate, refusal.field) == ("not_asked", key)


def test_a_case_finds_those_that_point_to_it(corner: Corner) -> None:
    capped(corner)
    mine, other = (corner.act(line(corner), "approve", LEADER) for _ in range(2))
    for place, target in enumerate((mine, mine, other)):
        visit = corner.open("visit", name="检查", **{**DAYS, "objects": [f"u{place}"]}, line=target.id)
        corner.act(corner.act(visit, "start"), "end") if place else None
    assert corner.act(mine, "finish").state.data["visits"] == 1  # the other is still open


@pytest.mark.parametrize(
    ("objects", "starts_on", "ends_on", "meets"),
    [
        (["water"], "2026-04-03", "2026-04-09", True),
        (["parks", "water"], "2026-03-20", "2026-04-01", True),
        (["water"], "2026-04-04", "2026-04-09", False),
        (["water"], "2026-03-20", "2026-03-31", False),
        (["parks"], "2026-04-01", "2026-04-03", False),
    ],
)
def test_visits_that_meet_are_found_and_named(
    corner: Corner, objects: list[str], starts_on: str, ends_on: str, meets: bool
) -> None:
    first = corner.open("visit", name="甲", **DAYS)
    data: dict[str, Any] = {"name": "乙", "objects": objects, "starts_on": starts_on, "ends_on": ends_on}
    if not meets:
        assert corner.open("visit", **data).state.data["earlier"] == []
        return
    with pytest.raises(Refused) as refused:
        corner.open("visit", **data)
    assert refused.value.refusals[0].text.zh == f"同一对象同期已有检查：{first.id}"


def test_what_is_no_longer_found_is_taken_away(corner: Corner) -> None:
    cap, mine = capped(corner), line(corner)
    corner.act(mine, "approve", LEADER)
    assert mine.state.data["cap"] == 2
    corner.act(cap, "end", LEADER)
    assert "cap" not in foresee(ask_of(corner, mine, "recheck")).found
    corner.act(mine, "recheck")
    assert corner.entry(mine)["data"] == {"cap": None}
    assert "cap" not in mine.state.data
    assert fold(corner.docket.entries[mine.id]) == mine.state


def ask_of(corner: Corner, folder: Folder, action: str, **data: Any) -> Ask:
    procedure = folder.procedure
    return Ask(
        procedure, corner.calendar, folder.state, procedure.actions[action], LEADER, "2026-03-04", data,
        case_id=folder.id, around=corner.docket,
    )  # fmt: skip


def test_the_button_knows_what_would_be_found(corner: Corner) -> None:
    capped(corner, 1)
    corner.act(line(corner), "approve", LEADER)
    mine = line(corner)
    where = {"case_id": mine.id, "around": corner.docket}
    (choice,) = choices(mine.procedure, corner.calendar, mine.state, LEADER, "2026-03-04", **where)
    assert not choice.allowed
    assert [refusal.gate for refusal in choice.refusals] == ["within_cap"]
    (blind,) = choices(mine.procedure, corner.calendar, mine.state, LEADER, "2026-03-04")
    assert blind.allowed, "who sees nothing around says nothing about it"


@pytest.mark.parametrize(
    ("typed", "found", "gates"),
    [
        ({}, {}, []),
        ({"objects": ["water"], "starts_on": "2026-04-02"}, {}, []),
        ({"objects": ["water"], "starts_on": "2026-04-02", "ends_on": "nonsense"}, {}, []),
        ({"objects": ["water"], "starts_on": "2026-04-02", "ends_on": "2026-04-02"}, {"earlier": [1]}, ["no_repeat"]),
        ({"objects": ["parks"], "starts_on": "2026-04-02", "ends_on": "2026-04-02"}, {"earlier": []}, []),
    ],
)
def test_a_form_in_the_making_shows_what_is_found_once_it_can_be(
    corner: Corner, typed: dict[str, Any], found: dict[str, Any], gates: list[str]
) -> None:
    corner.open("visit", name="甲", **DAYS)
    visit = library().in_force("visit")
    blank = Folder(99, visit, State())
    ask = ask_of(corner, blank, "plan", **typed)
    foreseen = foresee(ask)
    assert (foreseen.found, [refusal.gate for refusal in foreseen.refusals]) == (found, gates)


def test_a_value_to_compare_with_that_is_missing_finds_nothing(corner: Corner) -> None:
    corner.open("visit", name="甲", **DAYS)
    empty = Folder(99, library().in_force("visit"), State())
    assert foresee(ask_of(corner, empty, "plan", objects=["water"])).found == {}
