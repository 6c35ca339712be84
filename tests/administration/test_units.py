"""The tree of units at the desk: added, renamed, moved, closed and found, by the system administrator alone."""

import pytest

from fadu.administration.models import AdministrationEntry
from fadu.units.models import Post, Unit

pytestmark = pytest.mark.django_db
NEW = {"code": "yz-sport", "name_zh": "云州市体育局", "kind": "bureau", "parent": "yz", "order": "3"}


def test_only_the_system_administrator_writes_and_the_auditor_reads(client, at):
    assert client.get("/administration/units/").status_code == 302
    for username, read, write in (("sys", 200, 200), ("audit", 200, 403), ("sec", 403, 403), ("he", 403, 403)):
        assert at(username).get("/administration/units/").status_code == read, username
        assert at(username).get("/administration/units/yz-water/").status_code == read, username
        assert at(username).get("/administration/units/new/").status_code == write, username
        assert at(username).get("/administration/units/yz-water/change/").status_code == write, username
        assert at(username).get("/administration/units/yz-water/close/").status_code == write, username
    assert at("audit").post("/administration/units/new/", NEW).status_code == 403
    assert not Unit.objects.filter(code="yz-sport").exists()


def test_the_side_bar_leads_each_administrator_to_their_own_work_and_nobody_else(at):
    assert "管理" in at("sys").get("/").content.decode()
    assert 'href="/administration/units/"' in at("sys").get("/").content.decode()
    assert "/administration/" not in at("he").get("/").content.decode()
    assert at("he").get("/administration/").status_code == 403
    assert at("sys").get("/administration/")["Location"] == "/administration/units/"


def test_a_unit_is_added_below_another_and_recorded(at, city):
    answer = at("sys").post("/administration/units/new/", NEW, follow=True)
    made = Unit.objects.get(code="yz-sport")
    assert (made.path, made.government) == ("/yz/yz-sport/", city.units["yz"])
    assert "云州市体育局" in answer.content.decode()
    assert "新增单位" in answer.content.decode()  # its line in the history
    assert AdministrationEntry.objects.get().content["after"]["parent"] == "yz"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"code": "YZ Sport"}, "id_code", "单位代码由小写字母"),
        ({"code": "yz-water"}, "id_code", "已存在"),
        ({"name_zh": ""}, "id_name_zh", "必填"),
        ({"parent": "yz-nowhere"}, "id_parent", "没有找到“yz-nowhere”"),
        ({"division": "990000"}, "id_division", "省级代码 99 不存在"),
        ({"uscc": "123"}, "id_uscc", "统一社会信用代码应为18位"),
        ({"since": "2026-02-30"}, "id_since", "有效的日期"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(at, wrong, field, words):
    answer = at("sys").post("/administration/units/new/", {**NEW, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert words in page
    assert not Unit.objects.filter(name_zh=NEW["name_zh"]).exists()
    assert not AdministrationEntry.objects.exists()


def test_a_refusal_speaks_english_to_who_reads_english(at):
    client = at("sys")
    client.cookies["django_language"] = "en"
    page = client.post("/administration/units/new/", {**NEW, "code": "YZ Sport"}).content.decode()
    assert "a unit code is small letters" in page


def test_renaming_keeps_the_code_and_the_earlier_name_in_the_record(at):
    sys = at("sys")
    form = {"code": "other", "name_zh": "云州市水利局", "kind": "bureau", "parent": "云州市（yz）", "order": "0"}
    sys.post("/administration/units/yz-water/change/", form)
    page = sys.get("/administration/units/yz-water/").content.decode()
    assert "<del>云州市水务局</del>" in page
    assert "<ins>云州市水利局</ins>" in page
    assert not Unit.objects.filter(code="other").exists()


def test_a_unit_moves_with_everything_below_it_but_never_below_itself(at, city):
    sys = at("sys")
    form = {"name_zh": "督查室", "kind": "section", "parent": "yz-water", "order": "0"}
    assert sys.post("/administration/units/yz-sup/change/", form).status_code == 302
    assert Unit.objects.get(code="yz-sup").path == "/yz/yz-water/yz-sup/"
    wrong = {"name_zh": "云州市水务局", "kind": "bureau", "parent": "yz-sup", "order": "0"}
    answer = sys.post("/administration/units/yz-water/change/", wrong)
    assert answer.status_code == 422
    assert "不能移到自身或下级之下" in answer.content.decode()


def test_a_unit_is_closed_only_when_nothing_hangs_on_it_any_more(at, city):
    city.signed()
    sys, close = at("sys"), "/administration/units/yz-water/close/"
    page = sys.post(close, {"until": "2030-12-31"}).content.decode()
    assert "还有 1 个岗位在任" in page
    assert "还有 1 件在办事项" in page
    assert Unit.objects.get(code="yz-water").until is None
    city.unit("yz-old", "云州市旧局", "Old Bureau", "yz", "bureau")
    assert sys.post("/administration/units/yz-old/close/", {"until": "2030-12-31"}).status_code == 302
    assert "2030年12月31日" in sys.get("/administration/units/yz-old/").content.decode()
    assert sys.post("/administration/units/yz-old/reopen/").status_code == 302
    assert Unit.objects.get(code="yz-old").until is None


def test_units_are_found_by_name_or_code_and_the_tree_is_drawn_in_its_order(at, city):
    page = at("sys").get("/administration/units/").content.decode()
    assert page.index("云州市人民政府办公室") < page.index("督查室") < page.index("云州市水务局")
    found = at("sys").get("/administration/units/?q=水务").content.decode()
    assert "云州市水务局" in found
    assert "督查室" not in found
    assert "没有符合“火星”的单位" in at("sys").get("/administration/units/?q=火星").content.decode()


def test_a_long_tree_is_read_page_by_page_without_gaps(at, city):
    for n in range(120):
        city.unit(f"yz-b{n:03}", f"第{n:03}局", "", "yz", "bureau")
    sys, seen, address = at("sys"), list[str](), "/administration/units/"
    while address:
        answer = sys.get(address)
        seen += [unit.code for unit, _ in answer.context["rows"]]
        pager = answer.context["pager"]
        address = "/administration/units/" + pager["after"] if pager and pager["after"] else ""
    assert len(seen) == len(set(seen)) == Unit.objects.count()
    back = sys.get("/administration/units/" + answer.context["pager"]["before"])
    assert [unit.code for unit, _ in back.context["rows"]] == seen[
        -len(answer.context["rows"]) - 50 : -len(answer.context["rows"])
    ]


def test_the_pages_cost_the_same_however_many_units(at, city, cost):
    sys, addresses = at("sys"), ("/administration/units/", "/administration/units/yz/")
    before = [cost(sys, address) for address in addresses]
    assert before == [3, 5]
    for n in range(20):
        city.unit(f"yz-b{n:03}", f"第{n:03}局", "", "yz", "bureau")
        Post.objects.create(person=city.people["lin"], unit=city.units["yz"], role=f"role_{n}", since="2026-01-01")
    assert [cost(sys, address) for address in addresses] == before
