"""Values derived from the rows of a list, and the clocks that follow them."""

from typing import Any

import pytest

from fadu.kernel.perform import Folder
from fadu.kernel.state import fold
from tests.kernel.yearly import Corner

Row = dict[str, Any]


@pytest.fixture
def corner() -> Corner:
    return Corner()


@pytest.fixture
def task(corner: Corner) -> Folder:
    return corner.open("task", matter="修闸", unit="water")


def step(what: str, due: str = "", reached_on: str = "", weight: float = 0) -> Row:
    row = {"what": what, "due": due, "reached_on": reached_on, "weight": weight}
    return {key: value for key, value in row.items() if value}


def derived(folder: Folder) -> Row:
    keys = ("percent", "reached", "number_of", "next_due", "last_due")
    return {key: folder.state.data[key] for key in keys if key in folder.state.data}


def test_of_nothing_sums_and_counts_are_zero_and_dates_are_none(task: Folder, corner: Corner) -> None:
    assert derived(task) == {"percent": 0, "reached": 0, "number_of": 0}
    assert corner.entry(task)["data"]["percent"] == 0


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step("甲")], {"percent": 0, "reached": 0, "number_of": 1}),
        (
            [step("甲", "2026-05-01", "2026-04-20", 30), step("乙", "2026-06-01", "", 70)],
            {"percent": 30, "reached": 50, "number_of": 2, "next_due": "2026-06-01", "last_due": "2026-06-01"},
        ),
        (
            [step("甲", "2026-07-01"), step("乙", "2026-06-01"), step("丙", reached_on="2026-04-01", weight=12.5)],
            {"percent": 12.5, "reached": 33, "number_of": 3, "next_due": "2026-06-01", "last_due": "2026-07-01"},
        ),
        (
            [step(f"{place}", "2026-05-01", "2026-04-20", 0.1) for place in range(3)],
            {"percent": 0.3, "reached": 100, "number_of": 3, "last_due": "2026-05-01"},
        ),
    ],
)
def test_rows_are_added_up_at_every_entry(corner: Corner, task: Folder, steps: list[Row], expected: Row) -> None:
    corner.act(task, "report", steps=steps)
    assert derived(task) == expected
    assert fold(corner.docket.entries[task.id]) == task.state


def test_a_value_that_is_there_no_more_is_taken_away_and_the_entry_says_so(corner: Corner, task: Folder) -> None:
    corner.act(task, "report", steps=[step("甲", "2026-05-01")])
    corner.act(task, "report", day="2026-04-02", steps=[step("甲", "2026-05-01", "2026-04-01")])
    assert corner.entry(task)["data"]["next_due"] is None
    assert "next_due" not in task.state.data
    assert fold(corner.docket.entries[task.id]) == task.state


def test_a_clock_follows_the_date_and_is_void_without_one(corner: Corner, task: Folder) -> None:
    corner.act(task, "report", steps=[step("甲", "2026-05-01"), step("乙", "2026-06-01")])
    assert task.state.clocks["step"].due == "2026-05-01"
    corner.act(
        task, "report", day="2026-04-02", steps=[step("甲", "2026-05-01", "2026-04-01"), step("乙", "2026-06-01")]
    )
    assert task.state.clocks["step"].due == "2026-06-01"
    done = [step("甲", "2026-05-01", "2026-04-01"), step("乙", "2026-06-01", "2026-05-20")]
    corner.act(task, "report", day="2026-05-21", steps=done)
    assert task.state.clocks["step"].status == "void"


def test_a_step_reached_too_late_leaves_its_breach_behind(corner: Corner, task: Folder) -> None:
    corner.act(task, "report", steps=[step("甲", "2026-05-01"), step("乙", "2026-06-01")])
    late = [step("甲", "2026-05-01", "2026-05-10"), step("乙", "2026-06-01")]
    corner.act(task, "report", day="2026-05-11", steps=late)
    assert task.state.clocks["step"].late_before == 1
    late[1]["reached_on"] = "2026-06-15"
    corner.act(task, "report", day="2026-06-16", steps=late)
    assert task.state.clocks["step"].status == "late"


def test_a_gate_asks_what_is_derived_and_says_the_number(corner: Corner, task: Folder) -> None:
    corner.act(task, "report", steps=[step("甲", reached_on="2026-03-02", weight=40)])
    assert corner.refused(task, "finish").text.zh == "进度 40%，未到 100%"
    corner.act(task, "report", steps=[step("甲", reached_on="2026-03-02", weight=100)])
    corner.act(task, "finish")


def test_nobody_types_what_is_derived(corner: Corner, task: Folder) -> None:
    assert corner.refused(task, "report", steps=[step("甲")], percent=50).gate == "unknown"
