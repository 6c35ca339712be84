"""Bad input of every kind, and the sentence the person sees: in a file, in a table, in a form, over the API."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.multipartparser import MultiPartParser
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.cases import definitions
from fadu.cases.act import open_case
from fadu.cases.models import Case, File
from fadu.cases.spooled import SpooledDocket
from fadu.config.uploads import CutOff
from fadu.exchange.intake import intakes, layout
from fadu.exchange.judge import Judge
from fadu.exchange.models import Import
from fadu.exchange.workbook import Broken, Formula
from fadu.jobs.worker import drain
from tests.exchange import bombs
from tests.exchange.conftest import body, comma, lines, workbook
from tests.exchange.test_import import GOOD, HEADER, PDF, URL, address, page, paper, table, uploaded, written

pytestmark = pytest.mark.django_db
NEW = "/supervision-item/new/"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def he(at):
    return at("he")


@pytest.fixture(autouse=True)
def source(db):
    GOOD[1] = definitions.library().in_force("supervision-item").fields["source"].choices["meeting"].zh


def form(**changes: Any) -> dict[str, Any]:
    given = {
        "matter": "城区积水点整治", "source": "meeting", "source_document": paper(), "lead_unit": "云州市水务局",
        "result_required": "整治方案", "urgent": "false",
    }  # fmt: skip
    return {**given, **changes}


def refused_form(client: Client, **changes: Any) -> str:
    answer = client.post(NEW, form(**changes))
    assert answer.status_code == 422
    assert not Case.objects.exists()
    return answer.content.decode()


def refused_upload(client: Client, content: bytes, name: str = "台账.xlsx") -> str:
    answer = client.post(URL, {"file": table(content, name), "source_document": paper()})
    assert answer.status_code == 422
    assert not Import.objects.exists(), "nothing is kept of it"
    return answer.content.decode()


def fault_of(client: Client, column: int, value: Any) -> dict[str, Any]:
    """What the check says of one cell."""
    row: list[Any] = [*GOOD]
    row[column] = value
    found = uploaded(client, workbook([HEADER, row]))
    assert not Case.objects.exists()
    fault: dict[str, Any] = found.sample[0]
    assert (len(found.sample), fault["row"]) == (1, 2)
    assert fault["cites"][0], "with the article"
    assert fault["column"][0] in page(client, found)
    return fault


# -- files -------------------------------------------------------------------------------------------------------------

FILES = {
    "executable": (bombs.EXE, "不是可收的文件格式", "不是 Excel 或者 CSV 文件：内容读不成文字"),
    "zip bomb": (bombs.swelling(), "压缩包展开后过大，不收", "压缩包展开后过大，不收"),
    "encrypted": (bombs.encrypted(), "不收加密的文件，请去掉密码后再传", "不收加密的文件，请去掉密码后再传"),
    "cut off": (workbook([HEADER, GOOD])[:-100], "压缩包已损坏，读不下去", "文件不完整或者已损坏"),
    "empty": (b"", "文件是空的", "文件是空的"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_in_a_form_is_refused_at_its_field_and_all_else_is_kept(he, city, name):
    content, words, _ = FILES[name]
    shown = refused_form(he, source_document=SimpleUploadedFile("纪要.xlsx", content))
    assert words in shown
    assert 'value="云州市水务局"' in shown
    assert not File.objects.exists()


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_to_be_imported_is_refused_at_once(he, city, name):
    content, _, words = FILES[name]
    assert words in refused_upload(he, content)


@pytest.mark.parametrize("name", ["executable", "zip bomb", "cut off"])
def test_a_bad_file_over_the_api_is_refused_with_the_same_words(he, city, name):
    content, words, _ = FILES[name]
    answer = he.post("/api/v1/files", {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code in (415, 422)
    assert words in json.loads(answer.content)["detail"]


def test_a_table_of_another_ledger_names_the_columns_that_should_be_there(he, city):
    shown = refused_upload(he, workbook([["姓名", "学校"], ["张三", "一中"]]))
    assert "第一行没有认识的列名，应当有：督办事项、来源、主办单位" in shown
    assert "缺少必填的列：来源" in refused_upload(he, workbook([["督办事项", "主办单位"], ["a", "b"]]))
    assert "有两列都是“督办事项”" in refused_upload(he, workbook([["督办事项", "督办事项"]]))


# -- too large ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, NEW])
def test_two_gigabytes_are_refused_before_a_byte_is_kept(he, city, url):
    answer = he.generic("POST", url, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 << 30))
    assert answer.status_code == 413
    shown = answer.content.decode()
    assert "没有接收：内容太大" in shown
    assert "发来 2,048 MB，一次最多 201 MB，没有接收" in shown
    assert answer["Connection"] == "close"


def test_two_gigabytes_over_the_api_are_refused_as_a_problem(he, city):
    answer = he.generic("POST", "/api/v1/files", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 << 30))
    assert answer.status_code == 413
    problem = json.loads(answer.content)
    assert (problem["type"], problem["status"]) == ("urn:fadu:problem:too-large", 413)
    assert "2,048 MB" in problem["detail"]


@pytest.fixture
def small(settings: Any, tmp_path: Path) -> Path:
    """At most a megabyte, and a folder of its own for what is on its way."""
    settings.FADU_MAX_UPLOAD = 1 << 20
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 16
    return tmp_path


def test_a_file_too_large_is_told_at_its_field_and_nothing_of_it_stays(he, city, small):
    shown = refused_form(he, source_document=SimpleUploadedFile("大.pdf", PDF + b"x" * (2 << 20)))
    assert "文件有 2.0 MB，超过上限 1 MB" in shown
    assert 'value="云州市水务局"' in shown
    shown = refused_upload(he, b"x" * (2 << 20))
    assert "文件有 2.0 MB，超过上限 1 MB" in shown
    assert list(small.iterdir()) == []


def test_a_body_longer_than_it_said_is_cut_off_while_it_is_read(small):
    boundary = "cut"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'.encode()

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            start, self.given = self.given, self.given + max(size, 1)
            return head if start == 0 else b"x" * size

    request, stream = RequestFactory().post("/"), Endless()
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={boundary}", "CONTENT_LENGTH": "1000"}
    request.upload_handlers = [CutOff(request), *request.upload_handlers[1:]]
    posted, files = MultiPartParser(meta, stream, request.upload_handlers).parse()  # type: ignore[arg-type]  # it only reads
    assert not files
    assert not posted
    assert stream.given < 8 << 20, "four files of the largest size, a megabyte, and what was already under way"
    assert list(small.iterdir()) == []


# -- cells and fields --------------------------------------------------------------------------------------------------


def test_a_formula_in_a_cell(he, city):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(1, 4, '=CONCATENATE("整治","方案")', value="整治方案")
    found = uploaded(he, file.getvalue())
    (fault,) = found.sample
    assert (fault["column"][0], fault["typed"]) == ("成果形式", "整治方案")
    assert fault["text"][0] == "是公式，请改为“粘贴为数值”"


def test_text_that_looks_like_a_formula_is_text(he, city):
    written(he, uploaded(he, workbook([HEADER, ["=1+1|cmd", *GOOD[1:]]])))
    assert Case.objects.get().title == "=1+1|cmd"


@pytest.mark.parametrize("typed", ["2026-02-30", "2026年2月30日", "2026/2/30", "20260230"])
def test_a_day_that_does_not_exist_in_a_table(he, city, typed):
    found = uploaded(he, workbook([[*HEADER, "实际办理时间"], [*GOOD, typed]]))
    (fault,) = found.sample
    assert (fault["column"][0], fault["typed"]) == ("实际办理时间", typed)
    assert fault["text"][0] == "没有 2026年2月30日这一天，写存在的日期，例如 2026-02-28"


def test_a_day_that_does_not_exist_in_a_form(at, city):
    case = city.propose()
    answer = at("gu").post(f"/supervision-item/{case.pk}/do/approve/", {"due": "2026-02-30", "seen": case.seq})
    assert answer.status_code == 422
    assert "应当是日期" in answer.content.decode()


def test_a_unit_that_does_not_exist(he, city):
    fault = fault_of(he, 2, "市水利局")
    assert fault["text"][0].startswith("单位表中没有“市水利局”")
    assert "单位表中没有“市水利局”" in refused_form(he, lead_unit="市水利局")


def test_a_title_of_ten_thousand_characters(he, city):
    fault = fault_of(he, 0, "长" * 10_000)
    assert fault["text"][0] == "不得超过500字"
    assert len(fault["typed"]) == 200, "the page does not repeat it"
    assert "督办事项：不得超过500字" in refused_form(he, matter="长" * 10_000)


def test_a_number_already_used_in_a_form(at, city):
    city.person("wei", "魏然", "yz-gov", "general_officer")
    item = {"year": "2026", "number": "7", "name": "停车收费", "unit": "云州市水务局", "category": "policy"}
    stored = {**item, "unit": "yz-water"}
    open_case("decision-catalogue", city.people["wei"], stored, city.units["yz-gov"])
    answer = at("wei").post("/decision-catalogue/new/", {**item, "name": "又一项"})
    assert answer.status_code == 422
    assert "年度 2026、序号 7 已用过，见“停车收费”" in answer.content.decode()


def test_bytes_in_another_encoding_are_read_as_what_they_are(he, city):
    found = written(he, uploaded(he, comma([HEADER, GOOD], "gbk"), "台账.csv"))
    assert found.written == 1
    assert Case.objects.get().title == GOOD[0]


def test_a_character_that_no_database_keeps_though_a_workbook_can_spell_it(he, city):
    sheet = bombs.rows(
        "".join(
            f'<row r="{number}">' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"
            for number, cells in ((1, HEADER), (2, [*GOOD[:2], "_xD800_", *GOOD[3:]]))
        )
    )
    found = uploaded(he, bombs.package(sheet))
    (fault,) = found.sample
    assert (fault["column"][0], fault["typed"]) == ("主办单位", "\ufffd")


def test_a_long_number_that_excel_has_rounded_is_not_taken_for_text(he, city):
    fault = fault_of(he, 4, 4.4010219900101123e17)
    assert fault["text"][0].startswith("数字超过 15 位，Excel 已丢失末几位")


# -- markup ------------------------------------------------------------------------------------------------------------


def test_markup_in_every_text_is_shown_as_text_everywhere(at, he, city):
    name = "<script>alert(3)</script>.xlsx"
    row = [SCRIPT + "题", GOOD[1], "云州市水务局", "", SCRIPT + "成果", "否", SCRIPT]
    wrong = [*row[:2], SCRIPT, *row[3:]]
    bad = uploaded(he, workbook([[*HEADER, SCRIPT], wrong]), name)
    good = uploaded(he, workbook([[*HEADER, SCRIPT], row]), name)
    pages = {"check with faults": page(he, bad), "check": page(he, good)}
    written(he, good)
    case = Case.objects.get()
    assert case.title == SCRIPT + "题"
    pages |= {
        name: he.get(url).content.decode()
        for name, url in {
            "done": address(good),
            "upload": URL,
            "jobs": "/jobs/",
            "job": reverse("job", args=[good.job or Import.objects.get(pk=good.pk).job]),
            "ledger": "/supervision-item/?state=all",
            "case": f"/supervision-item/{case.pk}/",
            "peek": f"/supervision-item/{case.pk}/peek/",
            "search": "/search/?q=alert",
            "inbox": "/?tab=unit",
            "export": "/supervision-item/export/?q=alert",
        }.items()
    }
    pages["approval"] = at("gu").get(f"/supervision-item/{case.pk}/do/approve/").content.decode()
    for where, shown in pages.items():
        assert "<script>alert" not in shown, where
        assert "<img src=x" not in shown, where
    assert "&lt;script&gt;alert(1)" in pages["case"]
    exported = lines(body(he.get("/supervision-item/export/?format=csv&cols=title")))
    assert exported[1] == [SCRIPT + "题"]


# -- anything ----------------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from([*GOOD, "云州市水务局", "是", "2026-02-30", "9999999999999999", "\x00", "\ud800", "=1", "x" * 600]),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.builds(Formula, st.text(max_size=5)),
    st.builds(Broken, st.just("#N/A")),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=4))
def test_no_row_does_anything_but_begin_a_case_or_be_told_its_faults(city, rows):
    procedure = definitions.library().in_force("supervision-item")
    he, paper_ = city.people["he"], city.document("纪要.pdf", "he")
    columns = layout(intakes(procedure), [*HEADER, "实际办理时间"])
    with tempfile.TemporaryDirectory() as folder:
        docket = SpooledDocket(definitions.calendar(), "yz", person_id=he.pk, folder=Path(folder))
        judge = Judge(he, procedure, city.units["yz-sup"], {"source_document": paper_}, columns, docket)
        for number, cells in enumerate(rows):
            faults = judge.decide(number, cells)
            assert all(fault.row == number and fault.text.zh and fault.text.en for fault in faults)
            assert len(docket.held) == len(docket.entries)
            json.dumps([fault.to_json() for fault in faults])


def test_a_check_is_a_job_that_reads_the_file_again_and_says_when_it_broke(he, city):
    he.post(URL, {"file": table(workbook([HEADER, GOOD])), "source_document": paper()})
    found = Import.objects.get()
    found.upload.write_bytes(b"PK\x03\x04")
    drain()
    assert "文件不完整或者已损坏" in page(he, found)
