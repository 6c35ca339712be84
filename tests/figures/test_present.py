"""A figure as a page shows it: value, definition in plain words, splits that open their cases, published state."""

from collections.abc import Callable
from typing import Any

import pytest

from fadu.cases.act import open_case
from fadu.figures import present
from fadu.figures.declared import UnknownFigure, declared, find
from fadu.figures.plain import definition
from fadu.figures.publish import publish
from fadu.figures.span import Span
from fadu.units.models import Person
from tests.figures.test_measure import one

YEAR = Span.parse("2026")
OPENED = "supervision-item-opened"


@pytest.mark.usefixtures("walked")
def test_every_declared_figure_has_a_line():
    lines = present.lines(None, YEAR)
    assert [line.key for line in lines] == list(declared())
    for line in lines:
        assert line.title.zh != line.title.en
        assert line.definition.zh
        assert line.cites.zh.startswith(("行政惯例", "《"))
        assert not line.partial


@pytest.mark.usefixtures("walked")
def test_a_split_value_opens_the_cases_it_counts():
    line = next(line for line in present.lines(None, YEAR) if line.key == OPENED)
    assert {split.field for split in line.splits} == {"source", "lead_unit", "urgent"}
    for split in line.splits:
        for value in split.values:
            sheet = present.sheet(
                None, OPENED, Span.parse(value.query["period"]), (value.query["split"], value.query["value"])
            )
            assert sheet.cases.count() == value.number
            assert sheet.line.value == line.value
    names = {value.title.zh for split in line.splits for value in split.values}
    assert {"单位yz-water", "会议纪要", "是", "否"} <= names
    largest = [value.number for value in line.splits[0].values]
    assert largest == sorted(largest, reverse=True)


@pytest.mark.usefixtures("walked")
def test_a_rate_shows_its_parts_and_one_decimal():
    sheet = present.sheet(None, "supervision-item-on_time_rate", Span.parse("2025"))
    done, struck = (int(part.value) for part in sheet.parts)
    assert sheet.line.value == f"{100 * done / struck:.1f}"
    assert sheet.line.unit.zh == "%"
    assert sheet.line.definition.zh == "“按时办结数（届满前申请办结并销号，不含部分完成）” ÷ “销号数”"
    assert present.sheet(None, "supervision-item-on_time_rate", Span.parse("2020")).line.value == "—"


@pytest.mark.usefixtures("city")
def test_an_unknown_figure_is_named():
    with pytest.raises(UnknownFigure, match="no-such"):
        present.sheet(None, "no-such", YEAR)


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (
            "count: supervision-item, over: approve",
            "统计期内办理“批准立项并交办”的督办事项件数",
            "Number: cases of 'Supervised item' with 'Approve and assign' done in the period",
        ),
        (
            "count: supervision-item, over: carried_out, where: {item: overdue, stage: [underway, verifying]}",
            "期末在办的督办事项件数，限“办结”期限已逾期，且阶段为办理中、待核查",
            ("Number: cases of 'Supervised item' that were in hand when the period ended, "
            "where the term 'Closing' is overdue and the stage is Underway or To be verified"),
        ),
        (
            "average: supervision-item, days: [approve, strike_off], over: closed, where: {any: [{urgent: true}, {not: {chase: done}}]}",
            "统计期内办结的督办事项自“批准立项并交办”至“审核销号”的平均天数，限（“急事快督”为是，或者不符合“办理过“催办””）",
            ("Average days from 'Approve and assign' to 'Review and strike off': cases of 'Supervised item' that were closed "
            "in the period, where ('Urgent' is yes or not ('Chase' was done))"),
        ),
        (
            "distinct: supervision-item, of: source, over: opened, where: {co_part: {some: {open: true}}, chase: {at_least: 2}}",
            "统计期内收到（立案）的督办事项的“来源”种数，限有“协办事项”未办结，且办理过2次以上“催办”",
            ("Number of different values of 'Source': cases of 'Supervised item' that were opened in the period, "
            "where for some 'Co-unit's part' is open and 'Chase' was done 2 times or more"),
        ),
    ],
)  # fmt: skip
def test_a_definition_reads_in_plain_words(line: str, zh: str, en: str):
    said = definition(one(line))
    assert (said.zh, said.en) == (zh, en)


def test_every_shipped_figure_can_be_said():
    for figure in declared().values():
        assert definition(figure).zh
        assert definition(figure).en


@pytest.mark.usefixtures("walked")
def test_a_reader_counts_only_what_they_may_see(officers: dict[str, Person], city: Any):
    paper = {"sha256": "a" * 64, "name": "材料.pdf", "size": 1024, "type": "application/pdf"}
    data = {
        "matter": "甲",
        "source": "meeting",
        "source_document": paper,
        "lead_unit": "yz-water",
        "result_required": "乙",
        "urgent": False,
    }
    open_case("supervision-item", officers["he"], data, city.children.get(code="yz-sup"))
    everything = {line.key: line for line in present.lines(None, YEAR)}
    supervisor = {line.key: line for line in present.lines(officers["he"], YEAR)}
    water = {line.key: line for line in present.lines(officers["shen"], YEAR)}
    stranger = {line.key: line for line in present.lines(officers["mo"], YEAR)}
    assert supervisor[OPENED].value == everything[OPENED].value
    assert not supervisor[OPENED].partial
    assert 0 < int(water[OPENED].value) < int(everything[OPENED].value)
    assert water[OPENED].partial
    assert stranger[OPENED].value == "0"
    sheet = present.sheet(officers["shen"], OPENED, YEAR)
    assert sheet.cases.count() == int(water[OPENED].value)


@pytest.mark.usefixtures("walked")
def test_the_page_of_figures_costs_its_figures_and_a_constant(
    officers: dict[str, Person], django_assert_max_num_queries: Callable[..., Any]
):
    counted = [figure for figure in declared().values() if not figure.is_of_figures]
    with django_assert_max_num_queries(len(counted) + 8):
        present.lines(officers["he"], YEAR)


@pytest.mark.usefixtures("walked")
def test_a_published_value_stands_beside_the_present_one(officers: dict[str, Person]):
    assert all(line.snapshot is None for line in present.lines(None, YEAR))
    publish(find(OPENED), YEAR, officers["he"], note="年度报告")
    line = next(line for line in present.lines(None, YEAR) if line.key == OPENED)
    assert line.snapshot is not None
    assert (line.snapshot.value, line.snapshot.published_by, line.snapshot.note) == (line.value, "何以宁", "年度报告")
    shown = present.sheet(None, OPENED, YEAR).snapshots
    assert [(one.differs, one.came, one.went, one.changed) for one in shown] == [(False, (), (), ())]


@pytest.mark.usefixtures("city")
def test_the_periods_to_choose_from_hold_the_one_chosen():
    names = [choice.name for choice in present.periods(Span.parse("2026Q2"))]
    assert names[:4] == ["2026", "2025", "2026H2", "2026H1"]
    assert [choice.name for choice in present.periods(Span.parse("2026Q2")) if choice.chosen] == ["2026Q2"]
    odd = Span.parse("2024-02-03..2024-05-06")
    assert present.periods(odd)[0] == present.Choice("2024-02-03..2024-05-06", odd.text, chosen=True)
    assert len(names) == len(set(names))
