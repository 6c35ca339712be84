"""What a case holds, by its shape."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from fadu.cases.models import Case
from fadu.desk.contents import Contents, contents
from fadu.desk.reader import Reader
from fadu.desk.values import Names
from fadu.kernel.condition import Names as Known
from fadu.kernel.condition import parse
from fadu.kernel.definition import Aggregate, Field, Procedure
from fadu.kernel.law import Text
from fadu.kernel.state import State
from fadu.units.models import Person

COLUMNS = {
    "name": Field("name", Text("节点", "Milestone"), "text"),
    "due": Field("due", Text("时限", "Due"), "date"),
    "reached_on": Field("reached_on", Text("完成日期", "Reached on"), "date"),
    "proof": Field("proof", Text("佐证", "Proof"), "document"),
    "weight": Field("weight", Text("权重", "Weight"), "number"),
}
OPEN = parse({"reached_on": "empty"}, Known(COLUMNS))
FIELDS = {
    "milestones": Field("milestones", Text("节点", "Milestones"), "list", rows=COLUMNS),
    "next_due": Field("next_due", Text("下一节点", "Next"), "date", aggregate=Aggregate("earliest", "milestones", "due", OPEN)),
    "percent": Field("percent", Text("完成进度（%）", "Done (%)"), "number"),
}  # fmt: skip
FILE = {"sha256": "a" * 64, "name": "验收单.pdf", "size": 9, "type": "application/pdf"}


def read(procedure: Procedure, **data: Any) -> Contents:
    names = Names()
    names.__dict__["units"] = {"yz-water": "市水务局"}
    reader = Reader(Person(pk=1), timezone.make_aware(datetime(2026, 10, 14, 9)), names)
    defined = replace(procedure, fields=FIELDS)
    return contents(
        reader, Case(pk=7, procedure="supervision-item"), FIELDS, defined, State(data=data, unit="yz-water")
    )


def test_rows_stand_in_a_table_without_the_columns_that_nobody_filled(procedure):
    (table,) = read(procedure, milestones=[{"name": "开工", "due": "2026-10-20", "weight": 40}]).tables
    assert [head.text for head in table.columns] == ["节点", "时限", "权重"]
    assert [[(cell.text, cell.css) for cell in line.cells] for line in table.lines] == [
        [("开工", ""), ("10月20日", "nowrap"), ("40", "n")]
    ]


def test_rows_past_the_day_the_case_waits_for_are_marked(procedure):
    rows = [
        {"name": "开工", "due": "2026-10-01", "reached_on": "2026-09-30"},
        {"name": "封顶", "due": "2026-10-13"},
        {"name": "验收", "due": "2026-10-14"},
        {"name": "移交"},
    ]
    (table,) = read(procedure, milestones=rows).tables
    assert [line.late for line in table.lines] == [False, True, False, False]
    assert table.late == 1


def test_a_document_in_a_row_leads_to_its_page(procedure):
    (table,) = read(procedure, milestones=[{"name": "开工", "proof": FILE}]).tables
    link = table.lines[0].cells[1].link
    assert link is not None
    assert (link.text, link.url) == ("验收单.pdf", f"/supervision-item/7/files/{'a' * 64}/read/")


def test_a_percentage_is_a_bar_with_its_number_even_at_nothing(procedure):
    found = read(procedure, percent=0)
    assert [(share.value, share.words) for share in found.shares] == [(0, "0%")]
    assert found.facts == []
