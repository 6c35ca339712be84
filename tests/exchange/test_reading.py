"""Tables as they come: every kind of cell, every way of writing CSV, and no file that takes more than it gives."""

import tracemalloc
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fadu.cases.formats import Unwelcome
from fadu.exchange import incoming, package
from fadu.exchange.incoming import table
from fadu.exchange.workbook import Broken, Formula
from tests.exchange import bombs
from tests.exchange.conftest import comma, workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def read(path: Path, content: bytes) -> list[tuple[int, list[Any]]]:
    """The header as row 0, then the rows."""
    path.write_bytes(content)
    with table(path) as found:
        return [(0, list(found.header)), *found.rows]


def refusal(path: Path, content: bytes) -> str:
    with pytest.raises(Unwelcome) as refused:
        read(path, content)
    assert refused.value.text.en
    return refused.value.text.zh


def test_every_kind_of_cell(path):
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["文本", "数", "日期", "时刻", "真假", "公式", "错误", "富文本", "空"])
        page.write_string(2, 0, "001 督〔2026〕1号\n第二行")
        page.write_number(2, 1, 12.5)
        page.write_datetime(2, 2, datetime(2026, 2, 28), book.add_format({"num_format": "yyyy年m月d日"}))
        page.write_datetime(2, 3, datetime(2026, 2, 28, 14, 30), book.add_format({"num_format": 22}))
        page.write_boolean(2, 4, True)
        page.write_formula(2, 5, "=1+1", value=2)
        page.write_formula(2, 6, "=NA()", value="#N/A")
        page.write_rich_string(2, 7, "一", book.add_format({"bold": True}), "二", "三")
        page.write_string(4, 0, "末行")
    with table(path) as found:
        rows = dict(found.rows)
    assert rows[3] == [
        "001 督〔2026〕1号\n第二行", 12.5, datetime(2026, 2, 28), datetime(2026, 2, 28, 14, 30),
        True, Formula("2"), Formula("#N/A"), "一二三",
    ]  # fmt: skip
    assert rows[5] == ["末行"], "an empty row between counts in the number"


def test_a_cell_that_shows_an_error_is_no_value(path):
    sheet = bombs.rows(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>列</t></is></c></row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'
    )
    assert read(path, bombs.package(sheet))[1] == (2, [Broken("#REF!")])


def test_days_may_count_from_1904(path):
    content = workbook([["日期"], [datetime(2026, 2, 28)]], date_1904=True)
    assert read(path, content)[1][1] == [datetime(2026, 2, 28)]


def test_the_first_sheet_that_is_shown_is_read(path):
    with xlsxwriter.Workbook(path) as book:
        hidden, shown = book.add_worksheet(), book.add_worksheet()
        hidden.write_string(0, 0, "藏着的")
        shown.write_string(0, 0, "看得见的")
        shown.activate()
        hidden.hide()
    with table(path) as found:
        assert found.header == ["看得见的"]


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(st.lists(PLAIN.filter(bool), min_size=3, max_size=3), min_size=2, max_size=5))
def test_what_another_library_reads_is_read_here_too(path, cells):
    content = workbook(cells)
    path.write_bytes(content)
    theirs = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    ours = [row for _, row in read(path, content)]
    assert [[str(cell) for cell in row] for row in ours] == [[str(cell) for cell in row] for row in theirs]


# -- CSV ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_in_every_usual_encoding(path, encoding):
    found = read(path, comma([["编号", "事项"], ["督1号", "“引号”，逗号, 和\n换行"]], encoding))
    assert found == [(0, ["编号", "事项"]), (2, ["督1号", "“引号”，逗号, 和\n换行"])]


def test_a_rare_sign_is_read_as_gb18030(path):
    assert read(path, comma([["姓名"], ["䶮㛃"]], "gb18030"))[1] == (2, ["䶮㛃"])


def test_what_was_made_harmless_is_as_it_was_before(path):
    assert read(path, comma([["a"], ["'=1+1"], ["'plain"]]))[1:] == [(2, ["=1+1"]), (3, ["'plain"])]


def test_a_quotation_mark_that_never_ends_is_named_with_its_row(path):
    content = '编号,事项\n1,好\n2,"没有结尾'.encode() + b"x" * 200_000
    assert refusal(path, content).startswith("第 3 行读不下去")


# -- files that are not taken ------------------------------------------------------------------------------------------

REFUSED = {
    "empty": (b"", "文件是空的"),
    "executable": (bombs.EXE, "不是 Excel 或者 CSV 文件：内容读不成文字"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "不收 Excel 97 的 .xls，请另存为 .xlsx"),
    "binary": (bytes(range(256)) * 10, "不是 Excel 或者 CSV 文件：内容读不成文字"),
    "cut off": (workbook([["a"], ["b"]])[:-120], "文件不完整或者已损坏，按 Excel 工作簿读不下去"),
    "another archive": (b"PK\x03\x04" + b"junk" * 100, "文件不完整或者已损坏，按 Excel 工作簿读不下去"),
    "swelling": (bombs.swelling(), "压缩包展开后过大，不收"),
    "many parts": (bombs.many_parts(), "压缩包内文件过多"),
    "entities": (bombs.laughing(), "压缩包展开后过大，不收"),
    "lying directory": (bombs.lying(), "文件不完整或者已损坏，按 Excel 工作簿读不下去"),
    "encrypted": (bombs.encrypted(), "不收加密的文件，请去掉密码后再传"),
    "no header": (workbook([[None]]), "没有表头：第一行应当是各列的名称"),
    "half a character": ("编号,事项".encode("gb18030")[:-1], "不是 Excel 或者 CSV 文件：内容读不成文字"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_taken_says_why(path, name):
    content, words = REFUSED[name]
    assert refusal(path, content) == words


def test_a_word_document_is_no_workbook(path):
    content = bombs.package("", types=bombs.TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document"))
    assert refusal(path, content) == "不是 Excel 工作簿，请用 .xlsx 或者 .csv"
    macros = bombs.package("", types=bombs.TYPES.replace("sheet.main", "sheet.macroEnabled.main"))
    assert refusal(path, macros).startswith("不收含宏的文件")


def test_what_unpacks_to_more_than_it_said_is_stopped_on_the_way(path, monkeypatch):
    monkeypatch.setattr(package, "MOST_BYTES", 10_000)
    assert refusal(path, bombs.package(bombs.rows(" " * 50_000))) == "压缩包展开后过大，不收"


def test_too_many_rows_are_refused_when_they_are_met(path, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_ROWS", 3)
    assert "行，请分成几份" in refusal(path, workbook([["a"], *([["b"]] * 4)]))


def test_a_cell_in_the_last_corner_costs_nothing(path):
    tracemalloc.start()
    found = read(path, bombs.far_away())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1
    assert peak < 5_000_000


def test_memory_does_not_grow_with_the_rows(path):
    peaks = []
    for number in (200, 20_000):
        rows = [[f"{n} 行 {c} 列" for c in range(5)] for n in range(number)]
        path.write_bytes(workbook([["a"] * 5, *rows]))
        del rows
        tracemalloc.start()
        with table(path) as found:
            assert sum(1 for _ in found.rows) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 3_000_000


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(path, content):
    for start in (b"", b"PK\x03\x04", "编号,事项\n".encode()):
        with suppress(Unwelcome):
            read(path, start + content)


GOOD = workbook([["编号", "事项"], ["1", "好"], ["2", datetime(2026, 1, 1)]])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), cut=st.integers(0, len(GOOD)))
def test_no_damage_to_a_workbook_does_anything_but_be_read_or_refused(path, at, value, cut):
    changed = bytearray(GOOD)
    changed[at] = value
    for content in (bytes(changed), GOOD[:cut]):
        with suppress(Unwelcome):
            read(path, content)
