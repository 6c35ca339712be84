"""Units and people by Excel: checked row by row as the pages would, written all at once or not at all."""

import csv
import io
import re
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fadu.administration.models import AdministrationEntry
from fadu.administration.record import fault
from fadu.exchange.models import ExportRecord
from fadu.units.models import Person, Post, Unit

pytestmark = pytest.mark.django_db
UNITS, PEOPLE = "/administration/tables/units/", "/administration/tables/people/"
UNIT_HEAD = ["代码*", "名称*", "英文名称", "简称", "类型*", "上级代码", "顺序"]
PEOPLE_HEAD = ["用户名*", "姓名*", "邮箱", "电话", "单位代码", "角色", "职务", "自", "至"]
SECTION = ["yz-sport-a", "竞体处", "", "", "处（科）室", "yz-sport", ""]
BUREAU = ["yz-sport", "云州市体育局", "Sports Bureau", "市体育局", "部门", "yz", "3"]
NING = ["NingYuan", "宁远", "ning@yz.example", "13800000000", "yz-water", "承办单位经办人", "科员", "2026-01-01", ""]


def comma(head: list[str], *rows: list[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def excel(head: list[str], *rows: list[str]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([head, *rows]):
            sheet.write_row(place, 0, row)
    return file.getvalue()


def upload(client: Client, address: str, content: bytes) -> Any:
    return client.post(f"{address}import/", {"file": SimpleUploadedFile("t.xlsx", content)})


def confirm(client: Client, address: str, checked: Any) -> Any:
    assert checked.status_code == 200, checked.content.decode()
    return client.post(f"{address}import/write/", {"rows": checked.context["payload"]})


def said(answer: Any) -> list[tuple[int, str, str]]:
    """Row, column and words of every fault."""
    assert answer.status_code == 422
    return [(row, column, words) for row, column, _, words in answer.context["faults"]]


@pytest.mark.parametrize("page", ["import/", "import/write/", "template/"])
def test_each_table_is_imported_by_its_own_administrator_alone(client, at, page):
    method = "post" if page == "import/write/" else "get"
    for address, own in ((UNITS, "sys"), (PEOPLE, "sec")):
        assert getattr(client, method)(address + page).status_code == 302
        for username in ("sys", "sec", "audit", "he"):
            status = getattr(at(username), method)(address + page).status_code
            assert (status == 403) == (username != own), (address, username)


def test_units_are_checked_first_and_written_with_those_above_before_those_below(at, city):
    before = Unit.objects.count()
    checked = upload(at("sys"), UNITS, excel(UNIT_HEAD, SECTION, BUREAU))
    assert "2 行都可以导入，还没有写入" in checked.content.decode()
    assert Unit.objects.count() == before
    assert not AdministrationEntry.objects.exists()
    assert confirm(at("sys"), UNITS, checked).status_code == 201
    made = Unit.objects.get(code="yz-sport-a")
    assert (made.path, made.government) == ("/yz/yz-sport/yz-sport-a/", city.units["yz"])
    assert [entry.act for entry in AdministrationEntry.objects.all()] == ["add_unit", "add_unit", "import_units"]
    assert fault() is None


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        (["yz-water", *BUREAU[1:]], "代码", "已存在"),
        (["YZ Sport", *BUREAU[1:]], "代码", "单位代码由小写字母"),
        ([*BUREAU[:4], "集团", *BUREAU[5:]], "类型", "应当是其中之一"),
        ([*BUREAU[:5], "yz-mars", "3"], "上级代码", "没有代码为“yz-mars”的单位"),
        ([*BUREAU[:6], "-1"], "顺序", "整数"),
        (["yz-x", "", *BUREAU[2:]], "名称", "不能为空"),
        (["yz-sport-a", *BUREAU[1:]], "代码", "已存在"),
    ],
)
def test_a_unit_that_cannot_be_is_named_by_row_and_column_and_nothing_is_written(at, city, wrong, column, words):
    before = Unit.objects.count()
    good = [*SECTION[:5], "yz", ""]
    faults = said(upload(at("sys"), UNITS, comma(UNIT_HEAD, good, wrong)))
    assert [(row, name) for row, name, _ in faults] == [(3, column)]
    assert words in faults[0][2]
    assert Unit.objects.count() == before
    assert not AdministrationEntry.objects.exists()


def test_units_above_that_lead_back_are_refused(at, city):
    circle = [["a", "甲", "", "", "部门", "b", ""], ["b", "乙", "", "", "部门", "a", ""]]
    faults = said(upload(at("sys"), UNITS, comma(UNIT_HEAD, *circle, BUREAU)))
    assert [(row, column) for row, column, _ in faults] == [(2, "上级代码"), (3, "上级代码")]
    assert "绕成一圈" in faults[0][2]


def test_a_formula_is_refused_where_it_stands(at, city):
    (found,) = said(upload(at("sys"), UNITS, excel(UNIT_HEAD, ["yz-sport", '="云州"&"局"', *BUREAU[2:]])))
    assert found[:2] == (2, "名称")
    assert "公式" in found[2]


def test_a_file_that_is_no_table_or_too_long_is_refused_as_a_whole(at, city):
    page = upload(at("sys"), UNITS, comma(["名称"], ["云州市体育局"]))
    assert page.status_code == 422
    assert "缺少列：代码、类型" in page.content.decode()
    rows = ([f"x{n}", "甲", "", "", "部门", "", ""] for n in range(2_001))
    assert "超过 2,000 行" in upload(at("sys"), UNITS, comma(UNIT_HEAD, *rows)).content.decode()
    assert "没有要导入的行" in upload(at("sys"), UNITS, comma(UNIT_HEAD)).content.decode()
    assert at("sys").post(f"{UNITS}import/", {}).status_code == 422


def test_a_refusal_speaks_english_to_who_reads_english(at, city):
    client = at("sys")
    client.cookies["django_language"] = "en"
    (found,) = said(upload(client, UNITS, comma(UNIT_HEAD, [*BUREAU[:5], "yz-mars", "3"])))
    assert found[1] == "Code above"
    assert "there is no unit 'yz-mars'" in found[2]


def test_new_people_get_passwords_shown_once_and_their_posts(at, city, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    second = [*NING[:4], "yz-house", "unit_head", "", "2026-02-01", "2026-12-31"]
    existing = ["shen", "", "", "", "yz-house", "承办单位经办人", "", "2026-03-01", ""]
    content = comma(PEOPLE_HEAD, NING, second, existing, encoding="gb18030")
    client, before = at("sec"), city.people["shen"].password
    answer = confirm(client, PEOPLE, upload(client, PEOPLE, content))
    page = answer.content.decode()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    (password,) = re.findall(r'<code class="token">([^<]+)</code>', page)
    person = Person.objects.get(username="ningyuan")
    assert person.check_password(password)
    assert person.must_change_password
    assert person.phone == "13800000000"
    assert {post.key for post in person.posts.all()} == {"unit_officer@yz-water", "unit_head@yz-house"}
    assert Person.objects.get(username="shen").password == before
    assert Post.objects.filter(person=city.people["shen"], unit=city.units["yz-house"]).count() == 1
    acts = [entry.act for entry in AdministrationEntry.objects.order_by("seq")]
    assert acts == ["import_people", "add_person", "give_post", "give_post", "give_post"]
    told = " ".join(entry.body for entry in AdministrationEntry.objects.all())
    assert password not in told
    assert "13800000000" not in told
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "ningyuan", "password": password})
    assert stranger.get("/")["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({4: "yz-mars"}, "单位代码", "没有代码为“yz-mars”的单位"),
        ({5: "大王"}, "角色", "没有角色“大王”"),
        ({5: "audit_admin"}, "角色", "管理员岗位只能在服务器上开立"),
        ({5: "SYSTEM_ADMIN"}, "角色", "没有角色"),
        ({0: "sys", 1: ""}, "", "管理员的账号只能在服务器上"),
        ({0: "sec", 1: ""}, "", "不能办理自己的账号"),
        ({0: "shen"}, "姓名", "用户名“shen”是"),
        ({1: "宁静"}, "姓名", "用户名“ningyuan”是宁远的"),
        ({0: "a b"}, "用户名", ""),
        ({0: "other", 2: "x"}, "邮箱", "有效"),
        ({0: "other", 7: "2026-02-30"}, "自", "没有 2026年2月30日这一天"),
        ({0: "other", 7: ""}, "自", "授予岗位要填"),
        ({0: "other", 8: "2025-12-31"}, "至", "结束日期不得早于开始日期"),
    ],
)
def test_a_person_who_cannot_be_is_named_by_row_and_column_and_nothing_is_written(at, city, wrong, column, words):
    row = [wrong.get(place, value) for place, value in enumerate(NING)]
    people, posts = Person.objects.count(), Post.objects.count()
    faults = said(upload(at("sec"), PEOPLE, comma(PEOPLE_HEAD, NING, row)))
    assert [(number, name) for number, name, _ in faults] == [(3, column)]
    assert words in faults[0][2]
    assert (Person.objects.count(), Post.objects.count()) == (people, posts)
    assert not AdministrationEntry.objects.exists()


def test_what_changed_since_the_check_is_judged_again_and_nothing_half_written(at, city):
    other = ["other", "旁人", *NING[2:]]
    checked = upload(at("sec"), PEOPLE, comma(PEOPLE_HEAD, NING, other))
    Person.objects.create_user("other", None, name="别人")
    assert [(row, column) for row, column, _ in said(confirm(at("sec"), PEOPLE, checked))] == [(3, "姓名")]
    assert not Person.objects.filter(username="ningyuan").exists()
    assert not AdministrationEntry.objects.exists()


def test_rows_that_were_not_checked_for_this_person_are_not_written(at, city):
    checked = upload(at("sys"), UNITS, comma(UNIT_HEAD, BUREAU)).context["payload"]
    for username, rows in (("sys2", checked), ("sys", checked + "x"), ("sys", "")):
        assert at(username).post(f"{UNITS}import/write/", {"rows": rows}).status_code == 422
    assert not Unit.objects.filter(code="yz-sport").exists()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(city.people["sys"])
    assert strict.post(f"{UNITS}import/write/", {"rows": checked}).status_code == 403


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("username", "address"), [("sys", UNITS), ("sec", PEOPLE)])
def test_what_was_exported_comes_back_as_unchanged(at, city, username, address, form):
    client = at(username)
    content = b"".join(client.get(f"{address}export/?format={form}").streaming_content)
    result = upload(client, address, content).context["result"]
    assert result.faults == []
    assert (result.added, result.unchanged) == (0, result.rows)
    assert ExportRecord.objects.get().rows == result.rows
    assert b"".join(client.get(f"{address}template/?format={form}").streaming_content)
    assert client.get(f"{address}export/?format=pdf").status_code == 404


def test_telephones_leave_only_with_who_keeps_the_accounts_and_the_auditor_sees_who_took_what(at, city):
    Person.objects.filter(username="shen").update(phone="13900000000")
    address = f"{PEOPLE}export/?format=csv"
    kept = b"".join(at("sec").get(address).streaming_content).decode("utf-8-sig")
    read = b"".join(at("audit").get(address).streaming_content).decode("utf-8-sig")
    assert "13900000000" in kept
    assert "shen" in read
    assert "13900000000" not in read
    assert "电话" not in read
    assert at("sys").get(address).status_code == 403
    assert "<td>人员</td>" in at("audit").get("/administration/exports/").content.decode()


def test_an_export_asks_the_same_of_the_database_however_long_it_is(at, city):
    client = at("sec")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(f"{PEOPLE}export/").streaming_content)
        return len(queries)

    before = asked()
    for n in range(20):
        city.person(f"p{n}", f"人{n}", "yz-water", "unit_officer")
    assert asked() == before


def test_each_further_row_asks_the_same_of_the_database(at, city):
    client = at("sys")

    def asked(rows: int) -> int:
        content = comma(UNIT_HEAD, *([f"x{n}", "甲", "", "", "部门", "yz", ""] for n in range(rows)))
        with CaptureQueriesContext(connection) as queries:
            assert upload(client, UNITS, content).status_code == 200
        return len(queries)

    one, two, ten = asked(1), asked(2), asked(10)
    assert ten - one == 9 * (two - one)
    assert two - one < 30
