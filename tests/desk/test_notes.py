"""What is said on a case: by all who see it, to all who see it, apart from what is done."""

import re

import pytest

from fadu.cases.act import act
from fadu.cases.models import Case, Entry
from tests.desk.city import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Case:
    return city.signed()


def url(case: Case, more: str = "") -> str:
    return f"/supervision-item/{case.pk}/{more}"


def lines(page: str) -> list[str]:
    return re.findall(r'<li id="e(\d+)"', page)


def test_a_note_stands_among_the_entries_and_moves_nothing(at, case):
    stage, turn = case.stage, case.turn
    answer = at("shen").post(url(case, "note/"), {"text": "三处点位须等地铁让路。\n已函告。"}, follow=True)
    page = answer.content.decode()
    assert "已留言" in page
    assert "三处点位须等地铁让路。\n已函告。" in page
    row = Case.objects.get(pk=case.pk)
    assert (row.stage, row.turn, row.seq) == (stage, turn, case.seq + 1)
    assert "三处点位须等地铁让路" in at("he").get(url(case)).content.decode()


def test_notes_questions_and_answers_are_talk_the_rest_is_deeds(at, city, case):
    at("he").post(url(case, "note/"), {"text": "请抓紧。"})
    act(case, "ask_later_date", city.people["shen"], {"why_later": "汛期停工"})
    act(case, "refuse_later_date", city.people["gu"], {"why_not_later": "节点不变"})
    act(case, "report", city.people["shen"], {"progress": "开工"})
    shen = at("shen")
    assert lines(shen.get(url(case)).content.decode()) == ["7", "6", "5", "4", "3", "2", "1"]
    talk = shen.get(url(case), {"show": "talk"}).content.decode()
    assert lines(talk) == ["6", "5", "4"]
    assert lines(shen.get(url(case), {"show": "deeds"}).content.decode()) == ["7", "3", "2", "1"]
    assert lines(shen.get(url(case), {"show": "nonsense"}).content.decode()) == ["7", "6", "5", "4", "3", "2", "1"]
    assert re.search(r'aria-current="true">沟通 <span class="count">3</span>', talk)


def test_a_case_on_which_nobody_has_said_anything_says_so(at, case):
    assert "还没有人留言" in at("shen").get(url(case), {"show": "talk"}).content.decode()


@pytest.mark.parametrize(("text", "words"), [("", "请填写"), (" \n", "请填写"), ("长" * 5001, "最多 5,000 个字")])
def test_a_note_that_says_nothing_or_too_much_comes_back(at, case, text, words):
    answer = at("shen").post(url(case, "note/"), {"text": text})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(rf'id="e-text" role="alert">[^<]*{words}', page)
    assert Entry.objects.filter(case=case).count() == case.seq


def test_who_may_not_see_a_case_says_nothing_on_it(client, at, case):
    assert at("lin").post(url(case, "note/"), {"text": "路过"}).status_code == 404
    assert at("audit").post(url(case, "note/"), {"text": "路过"}).status_code == 404
    assert client.post(url(case, "note/"), {"text": "路过"}).status_code == 302
    assert at("shen").get(url(case, "note/")).status_code == 405
    assert Entry.objects.filter(case=case).count() == case.seq


def test_a_note_is_never_markup(at, case):
    at("shen").post(url(case, "note/"), {"text": "<script>alert(1)</script>"})
    page = at("he").get(url(case)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_note_makes_no_form_stale(at, case):
    at("he").post(url(case, "note/"), {"text": "请抓紧。"})
    answer = at("shen").post(url(case, "do/report/"), {"progress": "完成八成。", "seen": case.seq})
    assert answer.status_code == 302
