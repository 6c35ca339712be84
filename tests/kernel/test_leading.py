"""Cases that lead to cases, in memory: one root case a row, all or none; paragraphs; what is fixed once and for all."""

from typing import Any

import pytest

from fadu.kernel.paragraphs import paragraphs
from fadu.kernel.perform import Folder
from fadu.kernel.refusal import Refused
from tests.kernel.yearly import LEADER, OFFICER, Corner

TEXT = "一、修闸\n\n  二、清淤  \n三、巡查"


@pytest.fixture
def corner() -> Corner:
    return Corner()


@pytest.fixture
def paper(corner: Corner) -> Folder:
    return corner.open("paper", name="纪要", text=TEXT)


def task(paragraph: int, text: str, **data: Any) -> dict[str, Any]:
    return {"paragraph": paragraph, "text": text, **data}


def test_each_row_becomes_a_case_of_its_own(corner: Corner, paper: Folder) -> None:
    corner.act(paper, "split", tasks=[task(1, "修闸", unit="water"), task(3, "巡查", name="巡")])
    entry = corner.entry(paper)
    assert [(led["procedure"], led["row"]) for led in entry["led_to"]] == [("task", 1), ("task", 2)]
    first, second = (corner.docket.get(led["id"]) for led in entry["led_to"])
    assert (first.parent_id, first.state.unit, first.state.number) == (None, "office", "任〔2026〕1号")
    assert {key: first.state.data[key] for key in ("matter", "unit", "from_paper", "urgent")} == {
        "matter": "修闸",
        "unit": "water",
        "from_paper": paper.id,
        "urgent": True,
    }
    assert (second.state.data["matter"], second.state.data["paper_name"]) == ("巡查", "巡")
    assert "unit" not in second.state.data
    assert "paper_name" not in first.state.data, "an empty column is not the field of the same name"


def test_each_says_where_it_came_from(corner: Corner, paper: Folder) -> None:
    corner.act(paper, "split", tasks=[task(1, "修闸")])
    (led,) = corner.entry(paper)["led_to"]
    opening, link = corner.docket.entries[led["id"]]
    assert (opening["action"], opening["by"], link["action"]) == ("open", OFFICER.id, "@link")
    assert link["link"] == {"case": paper.id, "number": "", "kind": "came_from"}


@pytest.mark.parametrize(
    ("rows", "row"), [([task(1, "甲"), task(2, "长" * 501)], 0), ([task(1, "甲"), {"paragraph": 2}], 2)]
)
def test_all_are_opened_or_none_and_the_refusal_names_the_row(
    corner: Corner, paper: Folder, rows: list[Any], row: int
) -> None:
    before = len(corner.docket.folders)
    refusal = corner.refused(paper, "split", tasks=rows)
    assert refusal.field == "tasks"
    assert (f"第{row}行" in refusal.text.zh) == bool(row)
    assert len(corner.docket.folders) == before
    assert corner.entry(paper)["action"] == "receive"


def test_whoever_may_not_open_the_second_cannot_do_the_first(corner: Corner, paper: Folder) -> None:
    mended = paper.procedure.actions["split"]
    assert corner.refused(paper, "split", LEADER, tasks=[task(1, "甲")]).gate == "by"
    assert mended.by[0].name == "supervision_officer"


def test_an_action_whose_case_a_person_completes_opens_nothing_itself(corner: Corner, paper: Folder) -> None:
    corner.act(paper, "close")
    assert "led_to" not in corner.entry(paper)
    assert len(corner.docket.folders) == 1


# -- paragraphs ------------------------------------------------------------------------------------------------------------


def test_paragraphs_are_the_lines_that_hold_something() -> None:
    assert paragraphs(TEXT) == ["一、修闸", "二、清淤", "三、巡查"]
    assert paragraphs("") == []


@pytest.mark.parametrize(("number", "fits"), [(1, True), (3, True), (4, False), (0, False), (1.5, False)])
def test_a_row_names_a_paragraph_that_is_there(corner: Corner, paper: Folder, number: Any, fits: bool) -> None:
    if fits:
        corner.act(paper, "split", tasks=[task(number, "甲")])
        return
    refusal = corner.refused(paper, "split", tasks=[task(number, "甲")])
    assert (refusal.gate, refusal.field) == ("range", "tasks")
    assert f"没有第{number}段" in refusal.text.zh


# -- fixed once and for all ------------------------------------------------------------------------------------------------


def test_an_unchangeable_field_keeps_its_first_value(corner: Corner, paper: Folder) -> None:
    assert corner.refused(paper, "mend", year=2027).gate == "unchangeable"
    corner.act(paper, "mend", year=2026)


@pytest.mark.parametrize(
    ("rows", "fits"),
    [
        ([{"what": "甲", "due": "2026-06-01"}, {"what": "乙"}], True),
        ([{"what": "丙"}], False),
        ([{"due": "2026-06-01"}], False),
        ([], False),
    ],
)
def test_an_unchangeable_column_keeps_the_rows_that_are_there(corner: Corner, rows: list[Any], fits: bool) -> None:
    folder = corner.open("task", matter="修闸")
    corner.act(folder, "report", steps=[{"what": "甲"}])
    if fits:
        corner.act(folder, "report", steps=rows)
        return
    with pytest.raises(Refused) as refused:
        corner.act(folder, "report", steps=rows)
    assert refused.value.refusals[0].gate in ("unchangeable", "required")
