"""A table into cases: the template, the check that writes nothing, the rows at fault, and writing all or those that are right."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fadu.cases import definitions
from fadu.cases.act import open_case
from fadu.cases.models import Case, Entry
from fadu.cases.spooled import Moved, SpooledDocket
from fadu.cases.verify import verify
from fadu.exchange import importing
from fadu.exchange.cleaning import tidy
from fadu.exchange.intake import documents
from fadu.exchange.models import Import
from fadu.jobs.models import Job
from fadu.jobs.worker import drain
from fadu.units.models import Post
from tests.exchange.conftest import body, comma, lines, sheet, workbook

pytestmark = pytest.mark.django_db
URL = "/supervision-item/import/"
PDF = b"%PDF-1.7\nminutes\n%%EOF"
HEADER = ["督办事项*", "来源*", "主办单位*", "协办单位", "成果形式*", "急事快督*"]
GOOD = ["城区积水点整治", "会议纪要", "云州市水务局", "云州市住房和城乡建设局", "整治方案", "否"]


def bare(title: str) -> str:
    return title.rstrip("*")


def by_title(header: list[str], **changes: str) -> list[str]:
    """The good row under a header in another order."""
    values = dict(zip((bare(one) for one in HEADER), GOOD, strict=True)) | changes
    return [values.get(bare(title), "") for title in header]


def paper(name: str = "纪要.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def table(content: bytes, name: str = "台账.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def uploaded(client: Client, content: bytes, name: str = "台账.xlsx", url: str = URL, **more: Any) -> Import:
    """The import after its check."""
    documents = {"source_document": paper()} if url == URL else {}
    answer = client.post(url, {"file": table(content, name), **documents, **more})
    assert answer.status_code == 302, answer.content.decode()
    drain()
    return Import.objects.latest("pk")


def address(found: Import, name: str = "import-check") -> str:
    return reverse(name, args=[found.procedure, found.pk])


def page(client: Client, found: Import) -> str:
    return client.get(address(found)).content.decode()


def written(client: Client, found: Import, **data: Any) -> Import:
    client.post(address(found, "import-write"), data)
    drain()
    found.refresh_from_db()
    return found


@pytest.fixture
def he(at):
    return at("he")


@pytest.fixture(autouse=True)
def source(db):
    GOOD[1] = definitions.library().in_force("supervision-item").fields["source"].choices["meeting"].zh


# -- from the template to the ledger -----------------------------------------------------------------------------------


def test_the_template_filled_in_is_imported_and_its_example_row_is_not(he, city):
    template = sheet(body(he.get(f"{URL}template/?format=xlsx")))
    assert {bare(one) for one in HEADER} <= {bare(one) for one in template[0]}
    assert template[1][0].startswith("示例：")
    found = uploaded(he, workbook([*template, by_title(template[0]), by_title(template[0], 协办单位="")]))
    assert (found.state, found.rows, found.faulty, found.examples) == ("checked", 2, 0, 1)
    assert not Case.objects.exists(), "a check writes nothing"
    assert "2 行都可以导入" in page(he, found)
    found = written(he, found)
    assert (found.state, found.written) == ("done", 2)
    assert "已导入 2 行" in page(he, found)
    case = Case.objects.order_by("pk")[0]
    assert (case.title, case.stage, case.handling_id, case.begun_by) == (
        GOOD[0],
        "proposed",
        "yz-water",
        city.people["he"],
    )
    assert case.state["data"]["co_units"] == ["yz-house"]
    assert case.state["data"]["source_document"]["name"] == "纪要.pdf"
    assert not verify().fault


def test_an_imported_row_is_the_entry_that_its_person_would_have_made_by_hand(he, city):
    by_hand = city.propose(GOOD[0], 0, result_required="整治方案", co_units=["yz-house"])
    found = written(he, uploaded(he, workbook([HEADER, GOOD])))
    imported = Case.objects.exclude(pk=by_hand.pk).get()
    bodies = [Entry.objects.get(case=case).content for case in (by_hand, imported)]
    for content in bodies:
        for own in ("case", "at", "day"):
            content.pop(own)
        content["data"].pop("source_document")
    assert bodies[0] == bodies[1]
    assert found.written == 1
    assert set(imported.concerns.values_list("unit_id", flat=True)) == set(
        by_hand.concerns.values_list("unit_id", flat=True)
    )
    assert imported.attachments.count() == 1


def test_the_template_as_csv_and_in_english(he, city):
    chinese = lines(body(he.get(f"{URL}template/?format=csv")))
    assert chinese[0][0] == HEADER[0]
    he.cookies["django_language"] = "en"
    english = lines(body(he.get(f"{URL}template/?format=csv")))
    assert english[1][0].startswith("Example: ")
    row = by_title(chinese[0], 来源="meeting", 主办单位="Water Bureau", 协办单位="", 急事快督="no")
    found = uploaded(he, comma([*english, row]))
    assert (found.rows, found.faulty, found.examples) == (1, 0, 1)


def test_the_second_sheet_of_the_template_says_how_each_column_is_filled(he, city):
    notes = {row[0]: row for row in sheet(body(he.get(f"{URL}template/?format=xlsx")), 1)}
    assert notes["主办单位"][1] == "必填"
    assert "单位全称" in notes["主办单位"][2]
    assert GOOD[1] in notes["来源"][3]
    assert "《" in "".join(row[4] for row in notes.values()), "the articles stand beside"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "a.csv"), ("utf-8-sig", "a.csv"), ("gb18030", "a.csv"), ("gbk", "台账.csv"), ("utf-16", "a.csv")],
)
def test_csv_is_read_however_it_is_written(he, city, encoding, name):
    found = written(he, uploaded(he, comma([HEADER, GOOD], encoding), name))
    assert found.written == 1
    assert Case.objects.get().title == GOOD[0]


def test_tabs_and_semicolons_divide_as_well(he, city):
    for sign in "\t;":
        text = "\n".join(sign.join(row) for row in (HEADER, GOOD))
        assert uploaded(he, text.encode()).faulty == 0


WAYS = [
    ("云州市水务局", "yz-water"), ("yz-water", "yz-water"), ("Water Bureau", "yz-water"),
]  # fmt: skip


@pytest.mark.parametrize(("written_as", "code"), WAYS)
def test_a_unit_is_named_by_its_name_its_english_or_its_code(he, city, written_as, code):
    written(he, uploaded(he, workbook([HEADER, [*GOOD[:2], written_as, *GOOD[3:]]])))
    assert Case.objects.get().handling_id == code


def test_columns_may_stand_in_any_order_and_strange_ones_are_named(he, city):
    header, row = [*reversed(HEADER), "备注说明"], [*reversed(GOOD), "随便写"]
    found = uploaded(he, workbook([header, row]))
    assert (found.faulty, found.strange) == (0, ["备注说明"])
    assert "备注说明" in page(he, found)


def test_an_earlier_day_is_recorded_as_such(he, city):
    header, row = [*HEADER, "实际办理时间"], [*GOOD, datetime(2026, 3, 2, 9, 30)]
    written(he, uploaded(he, workbook([header, row])))
    assert Entry.objects.get().content["day"] == "2026-03-02T09:30"


def test_numbers_are_given_in_the_order_of_the_rows(at, city):
    city.unit("yz-hot", "云州市热线办", "Hotline", "yz", "office")
    city.person("re", "任线", "yz-hot", "hotline_officer")
    client = at("re")
    rows = sheet(body(client.get("/appeal/import/template/")))
    filled = [[*rows[1]] for _ in range(3)]
    for number, row in enumerate(filled):
        row[0] = str(row[0]).removeprefix("示例：")
        row[[one.rstrip("*") for one in rows[0]].index("诉求内容")] = f"第{number}件"
    found = uploaded(client, workbook([rows[0], *filled]), url="/appeal/import/")
    assert found.faulty == 0, found.sample
    written(client, found)
    numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
    year = date.today().year
    assert numbers == [f"诉〔{year}〕{n}号" for n in (1, 2, 3)]
    assert not verify().fault


# -- rows at fault -----------------------------------------------------------------------------------------------------

BAD = ["", "会上说的", "市建设局", "", "x" * 501, "也许"]


def test_every_fault_of_a_row_is_told_with_its_column_what_was_typed_and_the_article(he, city):
    found = uploaded(he, workbook([HEADER, GOOD, BAD, GOOD]))
    assert (found.rows, found.faulty) == (3, 1)
    by_column = {fault["column"][0]: fault for fault in found.sample}
    assert all(fault["row"] == 3 for fault in found.sample)
    assert set(by_column) >= {"来源", "主办单位", "急事快督"}
    assert by_column["主办单位"]["typed"] == "市建设局"
    assert "单位表中没有“市建设局”" in by_column["主办单位"]["text"][0]
    assert by_column["来源"]["text"][0].startswith("应当是其中之一：")
    assert by_column["急事快督"]["text"] == ["写“是”或者“否”", "write yes or no"]
    assert "政府督查工作条例" in by_column["主办单位"]["cites"][0]
    shown = page(he, found)
    assert "3 行中 1 行有错，还没有写入任何一行" in shown
    assert "只导入其余 2 行" in shown


def test_the_file_of_errors_is_put_right_and_uploaded_as_it_is(he, city):
    found = uploaded(he, workbook([HEADER, GOOD, BAD]))
    rows = sheet(body(he.get(address(found, "import-errors"))))
    assert rows[0] == ["行号", "错误原因", *HEADER]
    assert rows[1][0] == "3"
    assert "主办单位：单位表中没有“市建设局”" in rows[1][1]
    assert [*rows[1][2:]] == BAD
    again = uploaded(he, workbook([rows[0], [*rows[1][:2], *GOOD]]))
    assert (again.rows, again.faulty, again.strange) == (1, 0, [])


def test_the_rows_that_are_right_are_imported_when_that_is_wanted(he, city):
    found = written(he, uploaded(he, workbook([HEADER, GOOD, BAD, GOOD])), mode="valid")
    assert (found.state, found.written, found.faulty) == ("done", 2, 1)
    assert "另有 1 行有错，没有导入" in page(he, found)
    assert Case.objects.count() == 2


def test_all_or_nothing_writes_nothing_when_a_row_turned_wrong_since_the_check(he, city):
    found = uploaded(he, workbook([HEADER, GOOD, [*GOOD[:2], "云州市住房和城乡建设局", "", *GOOD[4:]]]))
    assert found.faulty == 0
    unit = city.units["yz-water"]
    unit.until = date(2026, 1, 1)
    unit.save()
    found = written(he, found)
    assert (found.state, found.faulty, found.written) == ("checked", 1, 0)
    assert not Case.objects.exists()
    assert "没有写入任何一行：2 行中 1 行有错" in page(he, found)


# -- once --------------------------------------------------------------------------------------------------------------


def test_the_same_file_again_is_noticed_and_needs_a_second_word(he, city):
    content = workbook([HEADER, GOOD])
    written(he, uploaded(he, content))
    again = uploaded(he, content, "改了名字.xlsx")
    assert "何以宁导入了 1 行" in page(he, again)
    assert written(he, again).state == "checked", "not without the tick"
    assert written(he, again, again="on").state == "done"
    assert Case.objects.count() == 2


def test_pressed_twice_it_is_imported_once(he, city):
    found = uploaded(he, workbook([HEADER, GOOD]))
    for _ in range(2):
        he.post(address(found, "import-write"))
    drain()
    he.post(address(found, "import-write"))
    drain()
    assert Case.objects.count() == 1


def test_a_job_taken_up_again_after_it_was_written_cannot_write_twice(he, city):
    written(he, uploaded(he, workbook([HEADER, GOOD])))
    job = Job.objects.get(kind="import-write")
    he.post(reverse("again-job", args=[job.pk]))
    drain()
    assert Case.objects.count() == 1


@pytest.mark.parametrize("fault", [Moved, IntegrityError])
def test_when_somebody_took_a_number_meanwhile_the_whole_is_decided_anew(he, city, monkeypatch, fault):
    write, tries = SpooledDocket.write, []

    def once_in_the_way(docket):
        tries.append(1)
        if len(tries) == 1:
            raise fault
        write(docket)

    monkeypatch.setattr(SpooledDocket, "write", once_in_the_way)
    found = written(he, uploaded(he, workbook([HEADER, GOOD])))
    assert (len(tries), found.written, Case.objects.count()) == (2, 1, 1)


def test_who_keeps_losing_is_told_so_and_nothing_is_written(he, city, monkeypatch):
    def always(docket):
        raise Moved

    monkeypatch.setattr(SpooledDocket, "write", always)
    found = written(he, uploaded(he, workbook([HEADER, GOOD])))
    assert found.state == "checked"
    assert "没有写入任何一行，请稍后再试" in page(he, found)


# -- registers: keys ---------------------------------------------------------------------------------------------------

ITEMS = [["年度", "序号", "决策事项", "承办单位", "类别"], ["2026", "7", "停车收费", "云州市水务局", "公共政策"]]


@pytest.fixture
def office(city, at):
    city.person("wei", "魏然", "yz-gov", "general_officer")
    return at("wei")


def test_a_number_already_used_names_the_item_that_bears_it(office, city):
    data = {"year": 2026, "number": 7, "name": "老事项", "unit": "yz-water", "category": "policy"}
    open_case("decision-catalogue", city.people["wei"], data, city.units["yz-gov"])
    found = uploaded(office, workbook(ITEMS), url="/decision-catalogue/import/")
    (fault,) = found.sample
    assert fault["text"][0] == "年度 2026、序号 7 已用过，见“老事项”"
    assert "老事项" in page(office, found)


def test_a_number_used_twice_in_the_same_file_names_the_row(office, city):
    found = uploaded(
        office, workbook([*ITEMS, [*ITEMS[1][:2], "另一项", *ITEMS[1][3:]]]), url="/decision-catalogue/import/"
    )
    (fault,) = found.sample
    assert (fault["row"], fault["text"][0]) == (3, "年度 2026、序号 7 已用过，见第 2 行")


def test_a_number_taken_between_the_check_and_the_writing_is_not_given_twice(office, city, monkeypatch):
    found = uploaded(office, workbook(ITEMS), url="/decision-catalogue/import/")
    data = {"year": 2026, "number": 7, "name": "抢先", "unit": "yz-water", "category": "policy"}
    spool = SpooledDocket.spool

    def meanwhile(docket):
        spool(docket)
        if not Case.objects.exists():
            open_case("decision-catalogue", city.people["wei"], data, city.units["yz-gov"])

    monkeypatch.setattr(SpooledDocket, "spool", meanwhile)
    found = written(office, found)
    assert (found.state, Case.objects.get().title) == ("checked", "抢先")


# -- who may -----------------------------------------------------------------------------------------------------------


def test_who_opens_no_such_case_cannot_import_either(at, city):
    for username in ("shen", "audit"):
        answer = at(username).get(URL)
        assert answer.status_code == 403
        assert "不能导入" in answer.content.decode()
        assert at(username).post(URL, {"file": table(workbook([HEADER, GOOD]))}).status_code == 403
        assert at(username).get(f"{URL}template/").status_code == 404


def test_strangers_are_asked_to_sign_in(client, city):
    for url in (URL, f"{URL}template/", f"{URL}1/", f"{URL}1/errors/"):
        assert client.get(url).status_code == 302


def test_an_import_of_somebody_else_does_not_exist(at, he, city):
    city.person("luo", "罗清", "yz-sup", "supervision_officer")
    found = uploaded(he, workbook([HEADER, BAD]))
    luo = at("luo")
    for name in ("import-check", "import-errors"):
        assert luo.get(address(found, name)).status_code == 404
    assert luo.post(address(found, "import-write")).status_code == 404


def test_a_post_lost_between_check_and_writing_is_missed(he, city):
    found = uploaded(he, workbook([HEADER, GOOD]))
    Post.objects.filter(person=city.people["he"]).update(role="unit_officer")
    found = written(he, found)
    assert (found.state, found.faulty) == ("checked", 1)
    assert not Case.objects.exists()


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_the_pages_go_from_upload_to_check_to_done(he, city):
    first = he.get(URL).content.decode()
    assert 'enctype="multipart/form-data"' in first
    assert "至少要有：督办事项、来源" in first
    answer = he.post(URL, {"file": table(workbook([HEADER, GOOD])), "source_document": paper()})
    found = Import.objects.get()
    assert answer["Location"] == address(found)
    waiting = page(he, found)
    assert "排队中" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    drain()
    assert "http-equiv" not in page(he, found)
    assert "台账.xlsx" in he.get(URL).content.decode()


def test_a_needed_document_is_asked_for_once_for_all_rows(at, city):
    city.person("wei", "魏然", "yz-gov", "general_officer")
    url = "/major-decision/import/"
    answer = at("wei").post(url, {"file": table(workbook([["名称"], ["一"]]))})
    assert answer.status_code == 422
    titles = [field.title.zh for field, is_needed in documents(definitions.current("major-decision")) if is_needed]
    assert titles
    for title in titles:
        assert f"{title}：请选择文件" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_cancelled_check_leads_back_to_the_upload(he, city):
    he.post(URL, {"file": table(workbook([HEADER, GOOD])), "source_document": paper()})
    found = Import.objects.get()
    he.post(reverse("cancel-job", args=[found.job]))
    assert "检查已取消" in page(he, found)


def test_a_table_without_rows_says_so(he, city):
    assert "没有要导入的行" in page(he, uploaded(he, workbook([HEADER])))


def test_more_rows_ask_no_more_of_the_database(he, city, django_assert_max_num_queries):
    few, many = ([HEADER, *([GOOD] * n)] for n in (2, 40))
    uploaded(he, workbook(few))
    he.post(URL, {"file": table(workbook(many)), "source_document": paper()})
    with django_assert_max_num_queries(45):
        drain()
    found = Import.objects.latest("pk")
    he.post(address(found, "import-write"))
    with django_assert_max_num_queries(60):
        drain()
    assert Case.objects.count() == 40


def test_memory_is_freed_every_few_hundred_rows(he, city, monkeypatch):
    monkeypatch.setattr(importing, "AT_A_TIME", 3)
    held = []
    spool = SpooledDocket.spool

    def noted(docket):
        held.append(len(docket.held))
        spool(docket)

    monkeypatch.setattr(SpooledDocket, "spool", noted)
    assert written(he, uploaded(he, workbook([HEADER, *([GOOD] * 8)]))).written == 8
    assert held == [3, 3, 2]


def test_uploads_are_cleared_away_after_two_weeks_and_the_record_stays(he, city):
    found = uploaded(he, workbook([HEADER, GOOD]))
    stray = found.folder.parent / "999999"
    stray.mkdir()
    tidy()
    assert found.folder.exists()
    assert not stray.exists(), "a folder of no import goes at once"
    tidy(timezone.now() + timedelta(days=15))
    assert not found.folder.exists()
    assert "上传的文件已清理" in page(he, found)
    assert written(he, found).state == "checked", "what is gone cannot be written"
