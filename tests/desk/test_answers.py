"""Rows, files and names in a form: read for the kernel, and kept as they were typed when the form comes back."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from fadu.cases.directory import Directory
from fadu.cases.formats import Unwelcome
from fadu.desk.answers import Answers, Sent, TypedRow, read, reshaped
from fadu.desk.conditions import ALWAYS
from fadu.desk.controls import Control, control
from fadu.desk.known import Known
from fadu.desk.paragraphs import Paragraph, paragraphs
from fadu.desk.values import Anchor
from fadu.kernel.definition import Field
from fadu.kernel.law import Text

UNITS = [("yz-water", "云州市水务局", "市水务局", "Water"), ("yz-fin", "云州市财政局", "市财政局", "Finance")]
DOCUMENT = {"sha256": "a" * 64, "name": "照片.png", "size": 9, "type": "image/png"}


def field(key: str, kind: str, **more: Any) -> Field:
    return Field(key, Text(key, key), kind, **more)  # type: ignore[arg-type]


FINDINGS = field(
    "findings", "list",
    rows={
        "what": field("what", "text"), "unit": field("unit", "unit"), "photo": field("photo", "document"),
        "detail": field("detail", "long_text"), "grave": field("grave", "yes_no"),
    },
)  # fmt: skip
PHOTOS = field("photos", "list", of="document")
UNITS_FIELD = field("units", "list", of="unit")
TASKS = field(
    "tasks", "list", draws_from="text",
    rows={"paragraph": field("paragraph", "number"), "text": field("text", "text"), "unit": field("unit", "unit")},
)  # fmt: skip


@pytest.fixture
def known() -> Known:
    directory = Directory()
    directory.__dict__.update(_unit_rows=UNITS, _people=[])
    return Known(directory)


def keep(upload: Any) -> dict[str, Any]:
    if upload == "virus":
        raise Unwelcome("不收程序", "No programs")
    return {**DOCUMENT, "name": upload}


def sent(text: str, **files: Any) -> Sent:
    uploads: Any = MultiValueDict({name.replace("__", "-"): found for name, found in files.items()})
    return Sent(QueryDict(text), uploads, keep)


def answers(known: Known, field: Field, text: str, **files: Any) -> Answers:
    return read([field], sent(text, **files), known.clerk)


def shown(known: Known, field: Field, value: Any) -> Control:
    return control(field, value, known, required=True, when=ALWAYS, cites="")


ROWS = "findings--row=0&findings-what=积水&findings-unit=市水务局&findings-detail=&findings-grave=true&findings-photo-kept="
MORE = "findings--row=7&findings-what=塌陷&findings-unit=&findings-detail=长&findings-grave=&findings-photo-kept="


def test_rows_are_read_with_their_own_files(known):
    found = answers(known, FINDINGS, f"{ROWS}&{MORE}", findings__photo__7=["塌陷.png"])
    assert found.errors == {}
    assert found.data["findings"] == [
        {"what": "积水", "unit": "yz-water", "grave": "true"},
        {"what": "塌陷", "detail": "长", "photo": {**DOCUMENT, "name": "塌陷.png"}},
    ]


def test_a_file_kept_before_stays_in_its_row(known):
    kept = json.dumps(DOCUMENT)
    found = answers(known, FINDINGS, f"{ROWS}&{MORE}{kept}")
    assert "photo" not in found.data["findings"][0]
    assert found.data["findings"][1]["photo"] == DOCUMENT
    row = shown(known, FINDINGS, found.typed["findings"]).rows[1]
    cell = next(cell for cell in row.cells if cell.widget == "file")
    assert cell.name == "findings-photo-7"
    assert cell.kept is not None
    assert (cell.kept.name, json.loads(cell.kept.value)) == ("照片.png", DOCUMENT)


def test_rows_that_cannot_be_read_come_back_as_they_were_typed(known):
    found = answers(known, FINDINGS, f"{ROWS}&{MORE.replace('findings-unit=', 'findings-unit=水利')}")
    assert found.data == {}
    assert found.errors["findings"].startswith("第 2 行：单位表中没有“水利”")
    rows = shown(known, FINDINGS, found.typed["findings"]).rows
    assert [cell.value for cell in rows[1].cells[:2]] == ["塌陷", "水利"]
    assert [cell.widget for cell in rows[0].cells] == ["text", "text", "file", "textarea", "select"]


def test_a_file_that_is_not_taken_takes_nothing_else_with_it(known):
    found = answers(known, FINDINGS, ROWS, findings__photo__0=["virus"])
    assert found.errors == {"findings": "不收程序"}
    assert [row.cells["what"] for row in found.typed["findings"]] == ["积水"]


def test_without_script_the_server_adds_and_takes_rows(known):
    typed = answers(known, FINDINGS, f"{ROWS}&{MORE}").typed
    more = reshaped(typed, "add:findings")["findings"]
    assert [(row.id, row.is_blank) for row in more] == [(0, False), (7, False), (8, True)]
    assert [row.id for row in reshaped(typed, "drop:findings:0")["findings"]] == [7]
    for nonsense in ("", "add:nothing", "drop:findings:99", "drop", "fly:findings"):
        assert reshaped(typed, nonsense) == typed


def test_a_list_always_has_a_free_row(known):
    assert [row.id for row in shown(known, UNITS_FIELD, ["yz-water"]).rows] == [0, 1, 2]
    assert [row.id for row in shown(known, FINDINGS, None).rows] == [0]
    typed = [TypedRow(0, {"": "市水务局"}), TypedRow(1, {"": ""})]
    assert [row.id for row in shown(known, UNITS_FIELD, typed).rows] == [0, 1]


def test_several_documents_are_kept_added_and_left_out(known):
    kept = json.dumps(DOCUMENT)
    found = answers(known, PHOTOS, f"photos-kept={kept}", photos=["二.png", "三.png"])
    assert [one["name"] for one in found.data["photos"]] == ["照片.png", "二.png", "三.png"]
    made = shown(known, PHOTOS, found.data["photos"])
    assert (made.widget, made.many, [one.name for one in made.kept]) == ("file", True, ["照片.png", "二.png", "三.png"])
    assert answers(known, PHOTOS, "").data == {}


@pytest.mark.parametrize("kept", ["null", "3", "[]", "{", '"a"', "[1]"])
def test_what_was_never_uploaded_is_left_to_the_kernel_or_ignored(known, kept):
    found = answers(known, PHOTOS, f"photos-kept={kept}")
    assert found.errors == {}
    assert shown(known, PHOTOS, found.typed["photos"]).kept == ()


# ---- paragraphs


TEXT = "一、会议听取了汇报。\n\n二、由市水务局牵头整治积水点。\r\n  三、其他。  "


def test_a_text_is_cut_where_its_lines_end(known):
    made = {2: [Anchor("督〔2026〕3号", "/x/")]}
    assert [(one.number, one.text, len(one.made)) for one in paragraphs(TEXT, made)] == [
        (1, "一、会议听取了汇报。", 0),
        (2, "二、由市水务局牵头整治积水点。", 1),
        (3, "三、其他。", 0),
    ]


def test_every_paragraph_is_offered_and_only_the_ticked_ones_count(known):
    known.paragraphs = paragraphs(TEXT, {})
    made = shown(known, TASKS, None)
    assert made.draws
    assert [(row.id, row.ticked, row.cells[1].value) for row in made.rows][1] == (
        2,
        False,
        "二、由市水务局牵头整治积水点。",
    )
    text = "".join(f"&tasks--row={n}&tasks-paragraph={n}&tasks-text=文{n}&tasks-unit=市水务局" for n in (1, 2, 3))
    found = answers(known, TASKS, f"tasks--tick=2{text}")
    assert found.data["tasks"] == [{"paragraph": "2", "text": "文2", "unit": "yz-water"}]
    again = shown(known, TASKS, found.typed["tasks"])
    assert [(row.id, row.ticked) for row in again.rows] == [(1, False), (2, True), (3, False)]
    assert again.rows[0].paragraph == Paragraph(1, "一、会议听取了汇报。")


def test_a_paragraph_with_two_tasks_has_two_rows(known):
    known.paragraphs = paragraphs(TEXT, {})
    text = "".join(f"&tasks--row={n}&tasks-paragraph={n}&tasks-text=文{n}&tasks-unit=" for n in (1, 2, 3))
    typed = answers(known, TASKS, f"tasks--tick=2{text}").typed
    rows = reshaped(typed, "copy:tasks:2")["tasks"]
    assert [(row.id, row.cells["paragraph"], row.ticked) for row in rows] == [
        (1, "1", False), (2, "2", True), (4, "2", True), (3, "3", False),
    ]  # fmt: skip
    assert [row.paragraph.number for row in shown(known, TASKS, rows).rows if row.paragraph] == [1, 2, 2, 3]


def test_nothing_ticked_is_nothing_answered(known):
    known.paragraphs = paragraphs(TEXT, {})
    assert answers(known, TASKS, "tasks--row=1&tasks-paragraph=1&tasks-text=文&tasks-unit=").data == {}
