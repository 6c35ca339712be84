"""The DOCX read back: the same measures as the PDF, East Asian fonts by name, and nothing of the machine it was made on."""

import io
import time
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from fadu.papers import measures as m
from fadu.papers.paper import Grid, Paper, Table, paragraphs
from fadu.papers.word.setter import docx
from tests.papers.samples import BULLETIN, DOCUMENT, LETTER, SLIP

MM = 36_000  # EMU


def opened(paper: Paper) -> Docx:
    return Document(io.BytesIO(docx(paper)))


def xml(paper: Paper, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(docx(paper))) as archive:
        return archive.read(part).decode()


@pytest.fixture(scope="module")
def document() -> Docx:
    return opened(DOCUMENT)


def test_the_page_and_its_margins_are_the_standard_s(document):
    section = document.sections[0]
    found = [
        section.page_width,
        section.page_height,
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    ]
    assert [round(one / MM, 1) for one in found if one] == [210, 297, 37, 26, 35, 28]


def test_the_grid_has_22_lines_of_28_characters():
    grid = Document(io.BytesIO(docx(DOCUMENT))).sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch")) or 0) / 20  # points
    character = m.BODY + int(grid.get(qn("w:charSpace")) or 0) / 4096
    assert int(225 / m.POINT / pitch) == 22
    assert round(156 / m.POINT / character, 2) == 28


def test_lines_and_characters_fit_without_the_grid_too(document):
    """Some programs ignore a grid narrower than its characters."""
    normal, body = document.styles["Normal"], document.styles["公文正文"]
    pitch = normal.paragraph_format.line_spacing.pt
    assert int(225 / m.POINT / pitch) == 22
    spacing = body.element.rPr.find(qn("w:spacing"))
    assert int(156 / m.POINT / (m.BODY + int(spacing.get(qn("w:val"))) / 20)) == 28


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [("Normal", "仿宋_GB2312", 16), ("heading 1", "方正小标宋简体", 22), ("heading 2", "黑体", None), ("heading 3", "楷体_GB2312", None), ("公文页码", "宋体", 14)],
)  # fmt: skip
def test_each_element_has_its_east_asian_face_and_size(document, style, face, size):
    style = document.styles[style]
    fonts = (style.element.rPr if style.element.rPr is not None else style.element).find(qn("w:rFonts"))
    if fonts is None:  # the default of the document
        fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == face
    assert size is None or style.font.size.pt == size


def test_a_missing_face_has_others_named_in_its_place():
    table = xml(DOCUMENT, "word/fontTable.xml")
    for face in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"):
        assert f'<w:font w:name="{face}"><w:altName' in table
    assert "Noto Serif CJK SC" in table


def test_everything_meant_stands_in_its_order(document):
    texts = [paragraph.text for paragraph in document.paragraphs]
    wanted = [
        DOCUMENT.mark, DOCUMENT.number, *DOCUMENT.title, DOCUMENT.addressee, "一、办理要求", "附件：首批加装电梯项目清单",
        DOCUMENT.organ, DOCUMENT.date, "（联系人：督查室，0990-1234567）", "\u3000抄送：市审计局，市数据局。",
        "\u3000云州市人民政府办公室\t2026年9月11日印发",
    ]  # fmt: skip
    remaining = iter(texts)
    assert all(words in remaining for words in wanted)  # each after the one before


def test_headings_are_headings_and_run_in_heads_have_their_face(document):
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["一、办理要求"] == "Heading 2"
    head = next(one for one in document.paragraphs if one.text.startswith("（一）压缩时限。"))
    assert next((run.text, run.style.name) for run in head.runs) == ("（一）压缩时限。", "公文楷体")


def test_the_mark_is_red_35_mm_below_and_its_rule_4_mm_below_the_number(document):
    mark, number = document.paragraphs[:2]
    assert "C4161C" in str(document.styles["公文机关标志"].font.color.rgb)
    size = mark.runs[0].font.size.pt
    assert mark.paragraph_format.space_before / MM + 0.12 * size * m.POINT == pytest.approx(35, abs=0.1)
    below = number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert below.get(qn("w:color")) == "c4161c"
    inside = (m.PITCH / m.POINT - 16) / 2
    assert (int(below.get(qn("w:space"))) + inside) * m.POINT == pytest.approx(4, abs=0.3)


def test_page_numbers_are_fields_odd_to_the_right_even_to_the_left(document):
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert line.alignment == side
        assert " PAGE " in line._p.xml
    foot = section.footer_distance
    assert foot is not None
    assert 297 - foot / MM - 14 * m.POINT == pytest.approx(262 + 7, abs=0.1)


def test_a_letter_has_no_page_number_on_its_first_page_and_two_double_rules():
    document = opened(LETTER)
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_footer.paragraphs[0].text == ""
    assert "thinThickSmallGap" in section.first_page_footer.paragraphs[0]._p.xml
    assert "thickThinSmallGap" in document.paragraphs[0]._p.xml
    assert "印发" not in "".join(paragraph.text for paragraph in document.paragraphs)


def test_a_table_repeats_its_header_and_a_form_keeps_its_pairs():
    (table,) = opened(BULLETIN).tables
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert [cell.text for cell in table.rows[1].cells] == [
        "1",
        "老旧小区加装电梯审批提速",
        "市住房和城乡建设局",
        "2026年10月22日",
        "办理中",
    ]
    (form,) = opened(SLIP).tables
    cells = [cell.text for cell in form.rows[0].cells]
    assert cells == ["督办事项", "城区积水点整治验收", "来源", "会议纪要"]
    assert len({cell._tc for cell in form.rows[2].cells}) == 2


def test_notes_are_raised_and_a_draft_says_so():
    bulletin = opened(replace(BULLETIN, stamp="草稿"))
    note = next(run for paragraph in bulletin.paragraphs for run in paragraph.runs if run.style.name == "公文注码")
    assert note.text == "1"
    assert bulletin.sections[0].header.paragraphs[0].text == "草稿"


def test_the_same_paper_is_the_same_bytes_whenever_it_is_made(monkeypatch):
    first = docx(DOCUMENT)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert docx(DOCUMENT) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_its_properties_come_from_the_paper(document):
    known = document.core_properties
    assert (known.title, known.author, known.subject) == ("".join(DOCUMENT.title), DOCUMENT.author, "督办通知")
    assert known.created == known.modified == DOCUMENT.made
    assert "python-docx" not in xml(DOCUMENT, "docProps/core.xml")


HOSTILE = '<w:t>&amp;</w:t> {{ 7*7 }} $pitch \u0007 "引号" ]]>'


def test_what_anybody_wrote_stays_text():
    plain = HOSTILE.replace("\u0007", "")
    paper = replace(
        DOCUMENT,
        title=(HOSTILE,),
        blocks=(*paragraphs(HOSTILE), Table((HOSTILE,), ((HOSTILE,),), HOSTILE), Grid((((HOSTILE, HOSTILE),),))),
    )
    document = opened(paper)
    assert sum(plain in paragraph.text for paragraph in document.paragraphs) == 3
    assert document.tables[0].rows[0].cells[0].text == plain
