"""A long text left empty takes the words of the document it reads from."""

from io import BytesIO

import docx
import pytest

from fadu.cases.act import open_case
from fadu.cases.files import store_bytes
from fadu.cases.models import Case
from fadu.kernel.refusal import Refused
from tests.cases.cast import World

LINES = ["市长办公会议纪要", "一、加快城区积水点整治，由市水务局牵头。", "二、月底前完成排水口改造。"]


def word() -> bytes:
    made, file = docx.Document(), BytesIO()
    for line in LINES:
        made.add_paragraph(line)
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "牵头单位", "市水务局"
    made.save(file)
    return file.getvalue()


def register(world: World, content: bytes, name: str, **data: str) -> Case:
    he = world.people["he"]
    original = dict(store_bytes(content, name, he))
    given = {"name": "会议纪要", "kind_of": "meeting", "original": original, **data}
    return open_case("source-paper", he, given, world.units["yz-sup"])


def text(case: Case) -> list[str]:
    return list(case.state["data"]["text"].split("\n"))


def test_minutes_in_word_become_paragraphs_and_rows_of_tables_too(world: World):
    assert text(register(world, word(), "纪要.docx")) == [*LINES, "牵头单位 市水务局"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_text_is_read_as_it_was_written(world: World, encoding: str):
    assert text(register(world, "\r\n\r\n".join(LINES).encode(encoding), "纪要.txt")) == LINES


def test_what_was_typed_stands(world: World):
    assert text(register(world, word(), "纪要.docx", text="自己录入的一段")) == ["自己录入的一段"]


def test_a_document_that_cannot_be_read_as_text_leaves_the_field_to_the_person(world: World):
    with pytest.raises(Refused) as refused:
        register(world, b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "扫描件.pdf")
    assert [one.field for one in refused.value.refusals] == ["text"]
    assert not Case.objects.exists()
