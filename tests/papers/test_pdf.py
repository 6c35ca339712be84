"""The PDF measured: it keeps to GB/T 9704—2012 to a fraction of a millimetre."""

import os
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from fadu.papers.fonts import FACES, NoFont, chosen
from fadu.papers.paper import Grid, Paper, Table, paragraphs
from fadu.papers.pdf import pages, pdf
from tests.papers.samples import BULLETIN, DOCUMENT, LETTER, LONG, SLIP
from tests.papers.seen import Page, read

POINT = 25.4 / 72
HALF_A_MILLIMETRE = 0.5


def near(value: float, tolerance: float = HALF_A_MILLIMETRE) -> object:
    return pytest.approx(value, abs=tolerance)


@pytest.fixture(scope="module")
def document() -> list[Page]:
    return read(pdf(DOCUMENT))


@pytest.fixture(scope="module")
def full() -> Page:
    """A page of nothing but text without marks."""
    paper = replace(LONG, blocks=tuple(paragraphs("事" * 28 * 60)))
    return read(pdf(paper))[1]


def body(page: Page) -> list[float]:
    return sorted({round(one.y, 2) for one in page.words if one.size == 16})


def test_a_full_page_has_22_lines_of_28_characters_within_the_type_area(full):
    lines = body(full)
    assert len(lines) == 22
    assert all(len(line) == 28 for line in full.lines[:22])
    pitches = [low - high for high, low in pairwise(lines)]
    assert all(pitch == near(225 / 22, 0.02) for pitch in pitches)
    # The character box: 0.88 of the size above the baseline, 0.12 below.
    assert 37 <= lines[0] - 16 * 0.88 * POINT <= 37 + 3
    assert 262 - 3 <= lines[-1] + 16 * 0.12 * POINT <= 262
    assert min(one.x for one in full.words) == near(28, 0.01)


def test_text_is_indented_by_two_characters(document):
    assert document[0].find("2026年9月8日市长").x == near(28 + 2 * 156 / 28, 0.01)
    assert document[0].find("市住房和城乡建设局，").x == near(28, 0.01)


def test_the_mark_is_red_and_its_upper_edge_35_mm_below_the_type_area(document):
    mark = document[0].find("云州市人民政府办公室文件")
    # A glyph of this face reaches about 0.85 of its size above the baseline.
    assert mark.y - mark.size * 0.85 * POINT == near(37 + 35, 1)
    assert mark.x + len(mark.text) * mark.size * POINT / 2 == near(28 + 78)
    assert b"0.76862746 0.08627451 0.10980392" in pdf_content(DOCUMENT)


def test_the_number_stands_two_lines_below_the_mark_and_the_red_rule_4_mm_below_it(document):
    mark, number = document[0].find("办公室文件"), document[0].find("云政办督〔2026〕57号")
    between = number.y - number.size * 0.88 * POINT - (mark.y + mark.size * 0.1 * POINT)
    assert between == near(2 * 225 / 22, 1)
    (rule,) = document[0].strokes
    assert (rule.x, rule.length, rule.width) == (near(28, 0.01), near(156, 0.01), near(0.6, 0.01))
    assert rule.y - (number.y + number.size * 0.12 * POINT) == near(4)


def test_the_title_is_2_hao_centred_two_lines_below_the_rule(document):
    first, second = (document[0].find(words) for words in ("云州市人民政府办公室", "关于老旧小区"))
    titles = [one for one in document[0].words if one.size == 22]
    assert [one.text for one in titles] == list(DOCUMENT.title)
    for one in titles:
        assert one.x + len(one.text) * 22 * POINT / 2 == near(28 + 78)
    gap = titles[0].y - 22 * 0.88 * POINT - document[0].strokes[0].y
    assert 1.8 <= gap / (225 / 22) <= 3.2
    assert (first.size, second.size) != (16, 16)


def test_the_levels_have_their_faces(document):
    assert "Sans" in document[0].find("一、办理要求").font  # the free stand-in of 黑体
    assert document[0].find("（一）压缩时限。").x < document[0].find("将既有住宅").x


def test_the_page_number_is_7_mm_below_odd_to_the_right_even_to_the_left(document):
    for page, number in zip(document, ("— 1 —", "— 2 —"), strict=True):
        found = page.find(number)
        assert found.size == 14
        assert found.y - 14 * 0.7 * POINT == near(262 + 7, 1)  # a digit reaches 0.7 of its size above the baseline
    odd, even = document[0].find("— 1 —"), document[1].find("— 2 —")
    assert even.x == near(28 + 14 * POINT, 0.1)
    assert odd.x > 150


def test_the_organ_is_centred_above_the_date_four_characters_from_the_right(document):
    date = next(one for one in document[1].words if one.text == "2026年9月11日")
    organ = next(one for one in document[1].words if one.text == "云州市人民政府办公室" and one.size == 16)
    organ_middle = organ.x + 10 * 156 / 28 / 2
    date_width = 2 * (organ_middle - date.x)
    assert 184 - (date.x + date_width) == near(4 * 156 / 28, 1)
    assert organ.y < date.y


def test_the_imprint_is_the_last_thing_on_an_even_last_page(document):
    assert len(document) == 2
    printed = document[1].find("印发")
    assert (printed.size, printed.y < 262) == (14, True)
    low, high = max(one.y for one in document[1].strokes), min(one.y for one in document[1].strokes)
    assert low == near(262)
    widths = {round(one.y): round(one.width, 2) for one in document[1].strokes}
    assert widths[round(low)] == widths[round(high)] == 0.35
    assert sorted(widths.values()) == [0.25, 0.35, 0.35]


def test_a_text_that_ends_on_an_odd_page_has_its_imprint_on_the_next_with_a_number():
    found = read(pdf(replace(DOCUMENT, blocks=(), attachments=())))
    assert len(found) == 2
    assert "印发" not in found[0].text
    assert "印发" in found[1].text
    assert "— 2 —" in found[1].text


def test_a_blank_page_before_the_imprint_bears_no_number_nor_does_the_imprint():
    lines = next(n for n in range(20, 60) if len(read(pdf(_of_lines(n)))) == 4)
    found = read(pdf(_of_lines(lines)))
    assert "附注" in found[1].text
    assert found[2].words == []
    assert "印发" in found[3].text
    assert "— 4 —" not in found[3].text


def _of_lines(lines: int) -> Paper:
    return replace(DOCUMENT, blocks=tuple(paragraphs("\n".join(["一行"] * lines))), attachments=(), note="附注")


def test_a_letter_has_its_double_rules_and_no_number_on_the_first_page():
    first, second = read(pdf(LETTER))
    rules = sorted((round(one.y, 1), round(one.width, 2)) for one in first.strokes)
    assert all((one.x, one.length) == (near(20, 0.01), near(170, 0.01)) for one in first.strokes)
    mark = first.find(LETTER.mark)
    assert mark.y - mark.size * 0.85 * POINT == near(30, 1)
    assert [width for _, width in rules] == [1.0, 0.35, 0.35, 1.0]  # thick over thin, thin over thick
    assert rules[0][0] - (mark.y + mark.size * 0.09 * POINT) == near(4, 1)
    assert rules[3][0] == near(277)
    assert not re.search(r"— \d —", first.text)
    assert "— 2 —" in second.text
    number = first.find("云政办函〔2026〕3号")
    assert number.x > 120
    assert second.find("抄送").y < 262
    assert second.strokes == []


def test_a_slip_is_one_page_with_a_form_under_a_red_head():
    (page,) = read(pdf(SLIP))
    assert page.lines[0] == SLIP.mark
    assert page.lines[1] == "编号：督〔2026〕318号2026年9月11日"
    for words in ("督办事项", "城区积水点整治验收", "签收时间"):
        assert words in page.text
    assert max(one.y for one in page.words if one.size == 14 and "—" not in one.text) < 262


def test_the_header_of_a_long_table_is_repeated_on_every_page():
    found = read(pdf(BULLETIN))
    assert len(found) > 2
    assert [page.text.count("主办单位") for page in found][:3] == [1, 1, 1]
    assert "第12期" in found[0].text
    assert "云州市人民政府办公室督查室" in found[0].text


def test_a_draft_says_so_across_every_page():
    found = read(pdf(replace(DOCUMENT, stamp="草稿")))
    assert all("草稿" in page.text for page in found)


@pytest.mark.parametrize("form", ["document", "letter", "bulletin", "slip"])
def test_a_draft_with_a_table_over_many_pages_is_tagged_soundly(form):
    table = Table(("序号", "事项"), tuple((str(n), "积水点整治") for n in range(90)), total=True)
    paper = replace(DOCUMENT, form=form, issue="", blocks=(table,), stamp="草稿")
    assert len(read(pdf(paper))) > 3


def test_urgency_and_signer_stand_where_the_standard_puts_them():
    (page, *_) = read(pdf(replace(DOCUMENT, urgency="特急", signer="顾长川")))
    urgent = page.find("特急")
    assert (urgent.x, "Sans" in urgent.font) == (near(28, 0.1), True)
    assert urgent.y < 47
    assert page.find("云政办督〔2026〕57号").x == near(28 + 156 / 28, 0.1)
    assert page.find("签发人：").y == near(page.find("云政办督").y, 0.1)


MARKUP = '\u0007\ud800#panic("x") $x$ *b* _i_ `c` <l> @r \\ = 题 // 注 /* */ #read("/etc/passwd") {field} ]['


def test_nothing_anybody_wrote_is_read_as_markup():
    paper = replace(
        DOCUMENT,
        title=(MARKUP,),
        addressee=MARKUP,
        blocks=(*paragraphs(MARKUP), Table((MARKUP,), ((MARKUP,),), MARKUP), Grid((((MARKUP, MARKUP),),))),
        attachments=(MARKUP,),
        note=MARKUP,
        author=MARKUP,
    )
    text = "".join(page.text for page in read(pdf(paper))).replace(" ", "").replace("-", "")
    assert '#panic("x")' in text
    assert '#read("/etc/passwd")' in text


def test_an_empty_paper_and_one_of_ten_thousand_characters_are_set():
    assert len(read(pdf(Paper("plain", ("无",))))) == 1
    assert len(read(pdf(replace(DOCUMENT, title=("长" * 300,), blocks=tuple(paragraphs("字" * 10_000)))))) > 15


def test_the_same_paper_is_the_same_bytes_in_another_process():
    code = "from tests.papers.samples import DOCUMENT; from fadu.papers.pdf import pdf; import hashlib; print(hashlib.sha256(pdf(DOCUMENT)).hexdigest())"
    run = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    digests = {
        subprocess.run(run, capture_output=True, text=True, check=True, env=_environment()).stdout for _ in range(2)
    }
    assert len(digests) == 1
    assert pdf(DOCUMENT) == pdf(DOCUMENT)


def _environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}", "DJANGO_SETTINGS_MODULE": "fadu.config.settings"}


def test_it_is_tagged_titled_dated_and_archivable():
    raw = pdf(DOCUMENT)
    for part in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang(zh", b"pdfaid:part>2<", b"pdfuaid:part>1<", b"20260911"):
        assert part in raw, part
    assert "云州市人民政府办公室关于老旧小区加装电梯审批提速的督办通知".encode() in raw
    assert raw.count(b"/S/H1") == 1


@pytest.mark.parametrize(
    "text", ["（一）先写二级\n一、再写一级\n1.三级\n（1）四级", "1.只有三级", "（1）四级\n（一）二级"]
)
@pytest.mark.parametrize("title", [("标题",), ()])
def test_headings_that_skip_a_level_are_set_and_tagged_all_the_same(text, title):
    paper = replace(DOCUMENT, title=title, blocks=tuple(paragraphs(text)))
    assert text.replace("\n", "") in read(pdf(paper))[0].text


def pdf_content(paper: Paper) -> bytes:
    found = re.findall(rb"stream\n(.*?)\nendstream", pdf(paper), re.DOTALL)
    return b"".join(zlib.decompress(raw) for raw in found if raw[:1] == b"\x78")


def test_its_pages_come_as_pictures():
    found = pages(SLIP, 40)
    assert len(found) == 1
    assert found[0].startswith(b"\x89PNG")


# -- fonts -------------------------------------------------------------------------------------------------------------


def test_the_office_s_faces_go_before_free_ones():
    faces = chosen(["Noto Serif CJK SC", "Noto Sans CJK SC", "仿宋_GB2312", "FZXiaoBiaoSong-B05S", "SimHei"])
    assert faces["fang"] == ["仿宋_GB2312", "Noto Serif CJK SC"]
    assert faces["biaosong"][0] == "FZXiaoBiaoSong-B05S"
    assert faces["hei"][:2] == ["SimHei", "Noto Sans CJK SC"]
    assert faces["kai"] == ["Noto Serif CJK SC"]


def test_one_chinese_face_stands_in_for_all():
    faces = chosen(["黑体", "DejaVu Sans"])
    assert all(faces[face] == ["黑体"] for face in FACES)


def test_a_machine_without_a_chinese_font_says_what_to_do():
    with pytest.raises(NoFont) as raised:
        chosen(["DejaVu Sans", "Liberation Serif"], Path("/srv/fonts"))
    for words in ("FADU_FONTS", "/srv/fonts", "apt install fonts-noto-cjk"):
        assert words in raised.value.text.zh
        assert words in raised.value.text.en
