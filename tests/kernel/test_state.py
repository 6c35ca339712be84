"""Where a case stands: folding its entries, storing the result, reading it back."""

import json
from dataclasses import fields
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel.state import Run, State, evolve, fold, run_from_json, run_to_json
from tests.kernel.small import LEADER, OFFICER, assigned, handed_in

DAYS = st.dates().map(str)
RUNS = st.builds(
    Run,
    start=DAYS,
    seq=st.integers(1, 99),
    due=DAYS,
    provisional=st.booleans(),
    status=st.sampled_from(["open", "met", "late", "void", "kept", "missed"]),
    holds=st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=3).map(tuple),
    extended=st.integers(0, 3),
    ended=st.none() | DAYS,
    period_start=st.none() | DAYS,
    round=st.integers(1, 40),
    fired=st.booleans(),
    late_before=st.integers(0, 5),
)


@given(run=RUNS)
def test_a_run_survives_being_written_down(run: Run) -> None:
    assert run_from_json(json.loads(json.dumps(run_to_json(run)))) == run


def test_a_fresh_run_is_written_in_three_words() -> None:
    assert run_to_json(Run("2026-03-02", 1, "2026-03-16")) == {"start": "2026-03-02", "seq": 1, "due": "2026-03-16"}


def test_the_strategy_above_fills_every_part_of_a_run() -> None:
    assert len(fields(Run)) == 12


def test_a_state_survives_being_stored() -> None:
    for city in (assigned(helpers=["parks"]), handed_in()):
        state = city.case.state
        assert State.from_json(json.loads(json.dumps(state.to_json()))) == state
        assert State.from_json(state.to_json()).to_json() == state.to_json()


def test_folding_the_entries_gives_the_state_and_leaves_both_alone() -> None:
    city = handed_in(helpers=[])
    entries = city.docket.entries[1]
    written = json.dumps(entries)
    states = [State()]
    for entry in entries:
        before = json.dumps(states[-1].to_json())
        states.append(evolve(states[-1], entry))
        assert json.dumps(states[-2].to_json()) == before
    assert json.dumps(entries) == written
    assert states[-1] == city.case.state == fold(json.loads(written))


def body(**more: Any) -> dict[str, Any]:
    return {"seq": 2, "action": "work", "by": "li", "day": "2026-03-04", **more}


def test_an_entry_changes_only_what_it_names() -> None:
    before = State(seq=1, day="2026-03-02", stage="new", number="一号", unit="office", data={"a": 1}, set_by={"a": "x"})
    after = evolve(before, body(data={"b": 2}))
    assert (after.stage, after.previous, after.number, after.unit) == ("new", "", "一号", "office")
    assert (after.data, after.set_by, after.set_seq) == ({"a": 1, "b": 2}, {"a": "x", "b": "li"}, {"b": 2})


def test_the_stage_before_is_remembered_only_when_the_case_moves() -> None:
    moved = evolve(State(seq=1, stage="new"), body(to="working"))
    assert (moved.stage, moved.previous) == ("working", "new")
    stayed = evolve(moved, {**body(), "seq": 3})
    assert (stayed.stage, stayed.previous) == ("working", "new")


def test_a_tally_counts_who_did_it_first_last_and_for_whom() -> None:
    once = evolve(State(seq=1), body(**{"for": "chen"}))
    twice = evolve(once, {**body(), "seq": 3, "by": "wu", "day": "2026-03-05"})
    tally = twice.done["work"]
    assert (tally.times, tally.first, tally.last, tally.day) == (2, 2, 3, "2026-03-05")
    assert tally.by == ("chen", "li", "wu")


def test_a_passed_value_names_its_setter_and_the_others_their_doer() -> None:
    after = evolve(State(seq=1), body(data={"a": 1, "b": 2}, setters={"a": "far"}))
    assert after.set_by == {"a": "far", "b": "li"}


def test_an_outcome_can_be_taken_back() -> None:
    decided = evolve(State(seq=1), body(outcome="done", closed=2))
    assert (decided.outcome, decided.outcome_seq, decided.closed_seq) == ("done", 2, 2)
    reopened = evolve(decided, {**body(), "seq": 3, "outcome": None, "closed": 0})
    assert (reopened.outcome, reopened.closed_seq) == (None, 0)


def test_news_of_a_child_touches_that_child_alone() -> None:
    city = assigned(helpers=["parks", "roads"])
    news = {"child": {"id": 3, "key": "part", "open": False, "outcome": "answered"}}
    after = evolve(city.case.state, {**body(), "seq": 3, "action": "@child", **news})
    assert [(child.open, child.outcome) for child in after.children] == [(True, None), (False, "answered")]


def test_a_state_of_many_hands_names_each() -> None:
    city = assigned()
    city.act(OFFICER, "write", "2026-03-05", text="稿")
    assert city.case.state.set_by == {
        "name": "li",
        "unit": "li",
        "urgent": "li",
        "due": "chen",
        "months": "chen",
        "text": "li",
    }
    assert city.case.state.done["assign"].by == (LEADER.id,)
