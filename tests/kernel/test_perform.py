"""One deed and all that follows: children, tellings, what the clock owes, recounting, rectification; all of it or nothing."""

import pytest

from fadu.kernel.calendar import calendar_from
from fadu.kernel.decide import Actor
from fadu.kernel.perform import Deed, owed, perform, recount, rectify
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State, fold
from tests.kernel.small import HELPER, LEADER, MATTER, OFFICER, PART, REVIEWER, City, assigned, procedure

# -- parent and child


def test_each_helper_gets_a_child_of_its_own_and_the_parent_says_so() -> None:
    city = assigned(helpers=["parks", "roads"])
    opened = city.last()["opened"]
    assert [(one["key"], one["id"]) for one in opened] == [("part", 2), ("part", 3)]
    assert [city.docket.folders[n].state.data["unit"] for n in (2, 3)] == ["parks", "roads"]
    assert city.docket.entries[2][0]["by"] == "parent"


def test_a_value_passed_on_keeps_its_setter() -> None:
    city = assigned(helpers=["parks"])
    assert city.docket.folders[2].state.set_by == {"name": "li", "unit": "li"}


def test_the_end_of_a_child_is_written_into_its_parents_ledger() -> None:
    city = assigned(helpers=["parks"])
    city.act(HELPER, "answer_it", "2026-03-05", case=2, answer="好")
    assert city.last()["action"] == "@child"
    assert city.last()["child"] == {"id": 2, "key": "part", "open": False, "outcome": "answered"}
    assert fold(city.docket.entries[1]) == city.case.state


def test_a_child_that_ends_at_once_is_told_too() -> None:
    text = PART.replace(
        "from: start, to: open, by: parent, takes: [name, unit]",
        "from: start, to: closed, by: parent, takes: [name, unit], outcome: [answered]",
    )
    city = City(data={"name": "河道", "unit": "water", "helpers": ["parks"]})
    known = {"part": procedure(text), "matter": city.procedure}
    city.docket.find = lambda key, day: known[key]
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert [(child.open, child.outcome) for child in city.case.state.children] == [(False, "answered")]


def test_when_a_child_cannot_be_opened_nothing_at_all_is_written() -> None:
    city = City(data={"name": "河道", "unit": "water", "helpers": ["parks", "roads"]})
    short = PART.replace("takes: [name, unit]}", "takes: [name, unit, answer]}")
    known = {"part": procedure(short), "matter": city.procedure}
    city.docket.find = lambda key, day: known[key]
    refusal = city.refusal(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert (refusal.gate, refusal.text.zh) == ("required", "协办：请填写“回复”")
    assert [len(city.docket.entries[n]) for n in (1, 2, 3)] == [1, 0, 0]


def test_what_a_child_refuses_is_said_of_the_parents_field() -> None:
    city = City(data={"name": "河道", "unit": "water", "helpers": [{"id": "parks", "note": "x" * 400}]})
    known = {
        "part": procedure(PART.replace("{title: 单位 | Unit, kind: unit}", "{title: 单位 | Unit, kind: date}")),
        "matter": city.procedure,
    }
    city.docket.find = lambda key, day: known[key]
    assert city.refusal(LEADER, "assign", "2026-03-03", due="2026-04-30").field == "helpers"


def test_a_number_is_given_once_and_letters_bear_their_own() -> None:
    city = assigned()
    assert city.last()["letters"] == [{"letter": "slip", "number": "交〔2026〕1号"}]
    city.act(LEADER, "cancel", "2026-03-05", remark="不办")
    assert city.last()["letters"] == [{"letter": "result"}]


# -- the clock


def test_silence_closes_the_child_and_resumes_the_parent_on_the_day_of_expiry() -> None:
    city = assigned(helpers=["parks"])
    assert city.run("answering", case=2).due == "2026-03-10"
    assert city.tick("2026-04-01", case=2) == 1
    assert city.docket.folders[2].state.outcome == "silent"
    assert city.run("whole").holds == (("2026-03-03", "2026-03-10"),)


def test_grace_waits_a_workday_before_silence_takes_effect() -> None:
    city = assigned(helpers=["parks"])
    assert city.tick("2026-03-11T23:59", case=2, grace=1) == 0
    city.act(HELPER, "answer_it", "2026-03-10", case=2, answer="当天送达，次日登记")
    assert city.run("answering", case=2).status == "met"
    late = assigned(helpers=["parks"])
    assert late.tick("2026-03-12", case=2, grace=1) == 1
    assert late.last(case=2)["day"] == "2026-03-10"


def test_a_moment_has_no_grace() -> None:
    text = MATTER.replace(
        "ends_with: [work], when: {urgent: true}", "ends_with: [work], expires: remind, when: {urgent: true}"
    )
    city = City(text, data={"name": "急", "unit": "water", "urgent": True, "why": "汛期"})
    city.act(LEADER, "assign", "2026-03-03T08:00", due="2026-04-30")
    assert city.tick("2026-03-03T10:00", grace=1) == 0
    assert city.tick("2026-03-03T10:01", grace=1) == 1


def test_an_action_by_the_clock_that_the_case_does_not_allow_is_passed_over() -> None:
    text = MATTER.replace(
        "remind:  {title: 逾期提醒 | Remind, from: any", "remind:  {title: 逾期提醒 | Remind, from: checking"
    )
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert city.tick("2026-05-30") == 0
    assert [action for _, action in owed(city.case, city.calendar, city.facts("2026-05-30").now)] == ["remind"]


# -- the calendar


Y2026 = {
    "year": 2026,
    "notice": "2026年安排",
    "number": "甲",
    "issued": "2025-11-04",
    "off": {"2026-10-01": "国庆节"},
    "work": [],
}
Y2027 = {
    "year": 2027, "notice": "2027年安排", "number": "乙", "issued": "2026-11-04",
    "off": {"2027-01-01": "元旦", "2027-01-04": "元旦", "2027-01-05": "元旦"}, "work": [],
}  # fmt: skip


def test_a_date_into_a_year_without_its_notice_is_provisional_until_the_notice_comes() -> None:
    later = calendar_from([Y2026, Y2027])
    city = City(day="2026-12-22", calendar=calendar_from([Y2026]))
    assert (city.run("whole").due, city.run("whole").provisional) == ("2027-01-05", True)
    assert recount(city.docket, later, 1, "2026-12-28")
    assert (city.run("whole").due, city.run("whole").provisional) == ("2027-01-08", False)
    entry = city.last()
    assert (entry["action"], entry["by"], entry["calendar"]) == ("@calendar", "clock", later.version)
    assert entry["clocks"]["whole"]["due"] == "2027-01-08"
    assert fold(city.docket.entries[1]) == city.case.state
    assert not recount(city.docket, later, 1, "2026-12-29"), "a second time there is nothing to say"


def test_a_notice_that_moves_nothing_makes_the_date_firm_and_says_so() -> None:
    city = City(day="2026-12-22", calendar=calendar_from([Y2026]))
    assert recount(city.docket, calendar_from([Y2026, {**Y2027, "off": {"2027-10-01": "国庆节"}}]), 1, "2026-12-28")
    assert (city.run("whole").due, city.run("whole").provisional) == ("2027-01-05", False)


def test_a_clock_that_has_ended_is_not_recounted() -> None:
    city = City(day="2026-12-22", calendar=calendar_from([Y2026]))
    city.act(LEADER, "cancel", "2026-12-23", remark="不办")
    assert not recount(city.docket, calendar_from([Y2026, Y2027]), 1, "2026-12-28")


# -- facts recorded late


def silent() -> City:
    city = assigned(helpers=["parks"])
    city.act(LEADER, "more", "2026-03-04")
    city.tick("2026-03-12", case=2)
    return city


def undo(city: City, day: str = "2026-03-12T09:00", case: int = 2, reason: str = "10日已收到回复，12日登记") -> None:
    bodies = city.docket.entries[case]
    deed = Deed.of(LEADER, "@rectify", day, {"reason": reason})
    rectify(city.docket, city.calendar, case, fold(bodies[:-1]), bodies[-1], deed)


def test_a_late_fact_against_silence_reopens_the_child_tells_the_parent_and_restores_its_pause() -> None:
    city = silent()
    before = city.run("whole").due
    undo(city)
    child = city.docket.folders[2].state
    assert (child.stage, child.outcome) == ("open", None)
    assert city.last(case=2)["voids"] == 2
    assert (city.case.state.children[0].open, city.case.state.children[0].outcome) == (True, None)
    assert city.run("whole").is_held
    city.act(HELPER, "answer_it", "2026-03-10", case=2, answer="好")
    assert city.run("answering", case=2).status == "met"
    assert city.run("whole").due == before
    for n in (1, 2):
        assert fold(city.docket.entries[n]) == city.docket.folders[n].state


@pytest.mark.parametrize("grace", [0, 1])
def test_after_a_rectification_the_clock_waits_for_the_fact_to_be_recorded(grace: int) -> None:
    city = silent()
    undo(city)
    assert city.tick("2026-03-12T18:00", case=2, grace=grace) == 0
    assert city.tick("2026-03-16", case=2, grace=grace) == 1, "if no fact comes, silence stands"


def test_a_rectification_needs_a_reason() -> None:
    city = silent()
    with pytest.raises(Refused, match="更正理由"):
        undo(city, reason=" ")


def test_only_the_last_entry_can_be_rectified() -> None:
    city = silent()
    bodies = city.docket.entries[2]
    deed = Deed.of(LEADER, "@rectify", "2026-03-12", {"reason": "误"})
    for before, last in ((State(), bodies[0]), (fold(bodies[:1]), {**bodies[-1], "day": "2026-03-09"})):
        with pytest.raises(Refused, match="最后一条"):
            rectify(city.docket, city.calendar, 2, before, last, deed)
    undo(city)
    with pytest.raises(Refused, match="最后一条"):
        undo(city)


def test_what_has_gone_out_cannot_be_rectified() -> None:
    city = assigned()
    city.act(LEADER, "cancel", "2026-03-05", remark="不办")
    with pytest.raises(Refused, match="已发出文书"):
        undo(city, case=1)
    with pytest.raises(Refused, match="已发出文书"):
        undo(assigned(helpers=["parks"]), case=1)


def test_an_opening_cannot_be_rectified() -> None:
    with pytest.raises(Refused):
        undo(City(), case=1)


def test_a_child_on_which_a_closed_parent_rests_cannot_be_rectified() -> None:
    city = silent()
    city.act(LEADER, "cancel", "2026-03-13", remark="不办")
    with pytest.raises(Refused, match="主事项已经办结"):
        undo(city)


def test_a_rectification_for_a_leader_names_both() -> None:
    city = silent()
    bodies = city.docket.entries[2]
    deed = Deed.of(Actor("clerk", principal=LEADER), "@rectify", "2026-03-12", {"reason": "误"})
    rectify(city.docket, city.calendar, 2, fold(bodies[:-1]), bodies[-1], deed)
    assert (city.last(case=2)["by"], city.last(case=2)["for"]) == ("clerk", "chen")


# -- reopening


def test_a_reopened_case_drops_the_outcome_that_came_with_its_closing() -> None:
    text = MATTER.replace(
        "  remind:  {title",
        "  reopen:  {title: 重办 | Reopen, from: closed, to: working, by: leader, cites: ACT 7 (V)}\n  remind:  {title",
    )
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    city.act(LEADER, "cancel", "2026-03-05", remark="不办")
    assert (city.case.state.outcome, city.case.state.closed_seq) == ("dropped", 3)
    city.act(LEADER, "reopen", "2026-03-06")
    assert (city.case.state.stage, city.case.state.outcome, city.case.state.closed_seq) == ("working", None, 0)


def test_resuming_where_no_stage_came_before_stays() -> None:
    text = MATTER.replace(
        "resume:  {title: 恢复 | Resume, from: waiting", "resume:  {title: 恢复 | Resume, from: [new, waiting]"
    )
    city = City(text)
    city.act(LEADER, "resume", "2026-03-03")
    assert city.case.state.stage == "new"


def test_entries_say_who_acted_as_what() -> None:
    city = assigned()
    city.act(OFFICER, "write", "2026-03-05", text="稿")
    assert city.last()["as"] == "officer@water"
    city.act(LEADER, "later", "2026-03-06", due="2026-05-20")
    assert city.last()["as"] == "setter"
    perform(city.docket, city.calendar, 1, Deed.of(REVIEWER, "judge", "2026-03-07", {"verdict": "good"}))
    assert city.last()["about"]["verdict"]
