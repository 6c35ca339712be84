"""What a field holds, as paragraphs and tables of a document."""

from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.papers.blocks import blocks_of
from fadu.papers.paper import Paragraph, Table
from fadu.papers.saying import Saying

WHAT = Field("what", Text("问题", "Finding"), "text")
UNIT = Field("unit", Text("单位", "Unit"), "text")
PHOTO = Field("photo", Text("照片", "Photo"), "document")
FINDINGS = Field("findings", Text("发现的问题", "Findings"), "list", rows={"what": WHAT, "unit": UNIT, "photo": PHOTO})
SEEN = frozenset({"findings", "findings.what", "findings.unit", "findings.photo"})
ROWS = [{"what": "水泵未检修", "unit": "水务局"}, {"what": "无人接听", "unit": ""}]


def blocks(field: Field, value: object, seen: frozenset[str] = SEEN) -> list[object]:
    return list(blocks_of(field, value, Saying("zh"), seen))


def test_rows_are_a_table_without_columns_that_nobody_filled():
    (table,) = blocks(FINDINGS, ROWS)
    assert isinstance(table, Table)
    assert table.header == ("问题", "单位")
    assert table.rows == (("水泵未检修", "水务局"), ("无人接听", ""))


def test_a_column_one_may_not_see_is_not_there():
    (table,) = blocks(FINDINGS, ROWS, frozenset({"findings", "findings.unit"}))
    assert isinstance(table, Table)
    assert table.header == ("单位",)
    assert blocks(FINDINGS, ROWS, frozenset({"findings"})) == []


def test_a_long_text_is_its_paragraphs_and_a_short_value_a_sentence():
    text = Field("text", Text("正文", "Text"), "long_text")
    assert [one.text for one in blocks(text, "一、甲\n乙") if isinstance(one, Paragraph)] == ["一、甲", "乙"]
    number = Field("n", Text("件数", "Number"), "number")
    assert [one.text for one in blocks(number, 12_345) if isinstance(one, Paragraph)] == ["件数：12,345。"]
    assert blocks(number, None) == []
