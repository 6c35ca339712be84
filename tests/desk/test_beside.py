"""Linking a case with another and rectifying its last entry, from the page of the case."""

import re

import pytest

from fadu.cases.act import act
from fadu.cases.links import link
from fadu.cases.models import Case, Entry, Link
from fadu.kernel.definition import RELATED
from tests.desk.city import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Case:
    return city.signed("甲事项")


@pytest.fixture
def other(city: City) -> Case:
    return city.signed("乙事项", lead_unit="yz-water")


def url(case: Case, deed: str = "") -> str:
    return f"/supervision-item/{case.pk}/{deed}"


def error_of(page: str, field: str) -> str:
    found = re.search(rf'<p class="error" id="e-{field}" role="alert">([^<]*)</p>', page)
    return found.group(1) if found else ""


@pytest.mark.parametrize("deed", ["link/", "rectify/"])
def test_strangers_sign_in_and_reading_is_no_deed(client, at, case, deed):
    assert client.post(url(case, deed)).status_code == 302
    assert at("he").get(url(case, deed)).status_code == 405
    assert Entry.objects.filter(case=case).count() == 3


@pytest.mark.parametrize("deed", ["link/", "rectify/"])
def test_a_case_does_not_exist_for_who_may_not_see_it(at, case, deed):
    assert at("lin").post(url(case, deed), {"number": "甲", "reason": "乙", "seen": "3"}).status_code == 404


def test_linked_cases_name_each_other_on_both_pages(at, case, other):
    he = at("he")
    answer = he.post(url(case, "link/"), {"number": f" {other.number} "}, follow=True)
    assert answer.redirect_chain == [(url(case), 302)]
    page = answer.content.decode()
    assert f"已与 {other.number} 关联" in page
    assert f'href="{url(other)}">乙事项' in page
    assert re.search(rf"与.*{re.escape(other.number)}.*关联", page)
    assert f'href="{url(case)}">甲事项' in he.get(url(other)).content.decode()


def test_refusals_to_link_stand_at_the_field_with_what_was_typed(at, city, case, other):
    he = at("he")
    for number, words in (
        ("", "请填写"),
        ("督〔2099〕1号", "没有这个编号的事项"),
        (case.number, "没有这个编号的事项"),
        ("督" * 101, "最多 100 个字"),
    ):
        answer = he.post(url(case, "link/"), {"number": number})
        assert (answer.status_code, error_of(answer.content.decode(), "number")) == (422, words)
        assert f'value="{number}"' in answer.content.decode()
    link(case, other.number, city.people["he"])
    again = he.post(url(case, "link/"), {"number": other.number})
    assert error_of(again.content.decode(), "number") == "两件事项已经关联"
    assert Link.objects.count() == 2


def test_a_linked_case_is_not_named_to_who_may_not_see_it(at, city, case):
    hidden = city.approved("丙事项", lead_unit="yz-house")
    link(case, hidden.number, city.people["he"])
    page = at("shen").get(url(case)).content.decode()
    assert "您看不到的一件事项" in page
    assert hidden.number not in page
    assert "丙事项" not in page


def test_the_owner_voids_the_last_entry_and_the_case_stands_as_before(at, case):
    page = at("he").get(url(case)).content.decode()
    assert "更正最后一条" in page
    answer = at("he").post(url(case, "rectify/"), {"reason": "签收人登记有误", "seen": "3"}, follow=True)
    page = answer.content.decode()
    assert "已更正：第 3 条记录撤销" in page
    assert Case.objects.get(pk=case.pk).stage == "assigned"
    assert re.search(r'<li id="e3" class="void">', page)
    assert "已由第 4 条撤销，理由：签收人登记有误" in page
    assert re.search(r"→ 已交办待签收</span>", page[page.index('id="e4"') :])
    assert "“签收”期限" in page[page.index('id="e4"') : page.index('id="e3"')]


def test_only_who_owns_the_procedure_is_offered_to_rectify(at, case):
    assert "更正最后一条" not in at("shen").get(url(case)).content.decode()
    answer = at("shen").post(url(case, "rectify/"), {"reason": "登记有误", "seen": "3"})
    assert answer.status_code == 403
    assert "更正由本程序的主管科室办理" in answer.content.decode()
    assert Entry.objects.filter(case=case).count() == 3


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"reason": "", "seen": "3"}, 422, "请填写"),
        ({"reason": "错", "seen": "第三条"}, 422, "没有更正：不知道您看到第几条"),
        ({"reason": "错"}, 422, "没有更正：不知道您看到第几条"),
        ({"reason": "错", "seen": "2"}, 409, "没有更正：这件事刚被别人办过，请看过新记录再定"),
    ],
)
def test_refusals_to_rectify_stand_in_place(at, case, given, status, words):
    answer = at("he").post(url(case, "rectify/"), given)
    assert (answer.status_code, error_of(answer.content.decode(), "reason")) == (status, words)
    assert Case.objects.get(pk=case.pk).seq == 3


def test_what_sent_out_a_letter_cannot_be_voided(at, city, case):
    act(case, "chase", city.people["he"], {"slip": "blue"})
    answer = at("he").post(url(case, "rectify/"), {"reason": "误发", "seen": "4"})
    assert answer.status_code == 409
    assert error_of(answer.content.decode(), "reason").startswith("已发出文书")


def test_the_page_costs_the_same_however_many_cases_are_linked(at, city, case, other, django_assert_num_queries):
    he = at("he")
    he.get(url(case))
    link(case, other.number, city.people["he"])
    with django_assert_num_queries(LINKED_COST):
        he.get(url(case))
    for n in range(12):
        link(case, city.signed(f"丁{n}").number, city.people["he"])
    with django_assert_num_queries(LINKED_COST):
        page = he.get(url(case)).content.decode()
    assert page.count('<span class="no muted">') == 8
    assert "看全部 13 件" in page


LINKED_COST = 13


def test_all_linked_cases_are_a_ledger_narrowed_to_the_link(at, city, case, other):
    he = city.people["he"]
    link(case, other.number, he)
    city.signed("戊事项")
    page = at("he").get(f"/supervision-item/?link={RELATED}:{case.pk}&state=all").content.decode()
    assert "乙事项" in page
    assert "戊事项" not in page
    assert "甲事项" in page  # the chip names what they are linked with
    back = at("he").get(f"/supervision-item/?link={case.pk}:{RELATED}&state=all").content.decode()
    assert "乙事项" in back
    for nonsense in ("x", ":", "1:2:3", f"x:{case.pk}", "related:", f"related:{'9' * 40}"):
        answer = at("he").get("/supervision-item/", {"link": nonsense})
        assert answer.status_code == 200
        assert "乙事项" not in answer.content.decode(), nonsense
