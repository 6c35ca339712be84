"""What is typed in a form is not lost: not by a session that ran out, not by a token that was renewed, not to others."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.cases.act import act
from fadu.cases.models import Case, Entry, File
from fadu.desk import drafts
from fadu.desk.models import FormDraft
from tests.desk.city import City

pytestmark = pytest.mark.django_db

TYPED = {"progress": "完成八成，余下两处待评审。"}


@pytest.fixture
def case(city: City) -> Case:
    return city.signed()


@pytest.fixture
def url(case: Case) -> str:
    return f"/supervision-item/{case.pk}/do/report/"


def ticket_of(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_draft_comes_back_with_its_note_and_goes_when_the_form_is_handed_in(at, case, url):
    shen = at("shen")
    assert "上次未提交的内容已恢复" not in page_of(shen, url)
    kept = shen.post(f"{url}draft/", {**TYPED, "seen": case.seq})
    assert kept.status_code == 200
    assert re.match(r"\d+月\d+日 \d\d:\d\d$", kept.json()["at"])
    page = page_of(shen, url)
    assert "上次未提交的内容已恢复" in page
    assert f">{TYPED['progress']}</textarea>" in page
    assert 'class="summary"' not in page
    assert shen.post(url, {**TYPED, "seen": case.seq}).status_code == 302
    assert not FormDraft.objects.exists()
    assert ">完成八成" not in page_of(shen, url)


def test_a_draft_is_thrown_away_when_its_author_says_so(at, case, url):
    shen = at("shen")
    shen.post(f"{url}draft/", TYPED)
    answer = shen.post(f"{url}draft/", {"drop": "1"})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert not FormDraft.objects.exists()
    assert "已恢复" not in page_of(shen, url)


def test_a_draft_is_one_persons_alone(at, city, case, url):
    city.person("lu", "陆青", "yz-water", "unit_officer")
    at("shen").post(f"{url}draft/", TYPED)
    assert TYPED["progress"] not in page_of(at("lu"), url)
    at("lu").post(f"{url}draft/", {"progress": "另一位的话"})
    assert TYPED["progress"] in page_of(at("shen"), url)
    assert FormDraft.objects.count() == 2


def test_nobody_keeps_drafts_for_a_case_they_may_not_see(at, city, url):
    assert at("lin").post(f"{url}draft/", TYPED).status_code == 404
    assert at("shen").get(f"{url}draft/").status_code == 405
    assert not FormDraft.objects.exists()


def test_a_form_handed_in_after_the_session_ran_out_waits_behind_the_sign_in(at, city, case, url):
    shen = at("shen")
    ticket = ticket_of(page_of(shen, url))
    answer = Client().post(url, {**TYPED, "seen": case.seq, "ticket": ticket})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={url}")
    assert Entry.objects.filter(case=case).count() == case.seq
    again = Client()
    again.force_login(city.people["shen"])
    assert f">{TYPED['progress']}</textarea>" in page_of(again, url)


def test_what_is_kept_without_a_session_needs_the_ticket_of_that_form(at, city, case, url):
    ticket = ticket_of(page_of(at("shen"), url))
    for forged in ("", "x", f"{ticket}x", drafts.Form(0, "x", 0, "y").ticket[:-3]):
        assert Client().post(url, {**TYPED, "ticket": forged}).status_code == 302
    assert not FormDraft.objects.exists()
    assert Client().post(f"{url}draft/", {**TYPED, "ticket": ticket}).status_code == 302
    assert FormDraft.objects.get().person == city.people["shen"]


def test_a_token_renewed_elsewhere_costs_nobody_their_text(city, case, url):
    shen = Client(enforce_csrf_checks=True)
    shen.force_login(city.people["shen"])
    ticket = ticket_of(page_of(shen, url))
    answer = shen.post(url, {**TYPED, "ticket": ticket, "csrfmiddlewaretoken": "a" * 64})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "您写的已经保存" in page
    assert f'href="{url}"' in page
    assert f">{TYPED['progress']}</textarea>" in page_of(shen, url)


def test_a_form_opened_by_another_on_the_same_computer_is_not_handed_in(at, city, case, url):
    city.person("lu", "陆青", "yz-water", "unit_officer")
    ticket = ticket_of(page_of(at("shen"), url))
    answer = at("lu").post(url, {**TYPED, "seen": case.seq, "ticket": ticket})
    assert answer.status_code == 409
    assert "这张表是另一个人打开的" in answer.content.decode()
    assert Entry.objects.filter(case=case).count() == case.seq
    assert FormDraft.objects.get().person == city.people["shen"]
    assert at("lu").post(f"{url}draft/", {"progress": "又一句", "ticket": ticket}).status_code == 409
    assert FormDraft.objects.get().answers["progress"] == ["又一句"]


def test_a_draft_older_than_the_case_says_so_and_is_no_stale_form(at, city, case, url):
    shen = at("shen")
    shen.post(f"{url}draft/", {**TYPED, "seen": case.seq})
    act(case, "chase", city.people["he"], {"slip": "blue"})
    page = page_of(shen, url)
    assert "那以后这件事又有了新记录" in page
    assert f'name="seen" value="{case.seq + 1}"' in page


def test_a_draft_has_its_size(at, url, monkeypatch):
    monkeypatch.setattr(drafts, "LONGEST", 100)
    answer = at("shen").post(f"{url}draft/", {"progress": "长" * 40})
    assert answer.status_code == 413
    assert "没有自动保存" in answer.json()["error"]
    assert not FormDraft.objects.exists()


def test_an_empty_form_is_no_draft(at, case, url):
    shen = at("shen")
    shen.post(f"{url}draft/", TYPED)
    assert shen.post(f"{url}draft/", {"progress": " ", "seen": case.seq}).json()["at"] == ""
    assert not FormDraft.objects.exists()


def test_a_draft_takes_whatever_is_typed(at, url):
    shen = at("shen")
    evil = "</textarea><script>alert(1)</script>\x00 \\u0000"
    assert shen.post(f"{url}draft/", {"progress": evil}).status_code == 200
    page = page_of(shen, url)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_file_chosen_is_kept_at_once_and_stands_in_the_draft(at, city, case):
    shen, url = at("shen"), f"/supervision-item/{case.pk}/do/file_plan/"
    pdf = SimpleUploadedFile("计划.pdf", b"%PDF-1.7\nplan\n%%EOF")
    (kept,) = shen.post(f"{url}draft/", {"plan": pdf}).json()["kept"]["plan"]
    assert kept["name"] == "计划.pdf"
    assert File.objects.get(name="计划.pdf").uploaded_by == city.people["shen"]
    shen.post(f"{url}draft/", {"plan-kept": kept["value"]})
    page = page_of(shen, url)
    assert "计划.pdf" in page
    assert shen.post(url, {"section": "工程科", "plan-kept": kept["value"], "seen": case.seq}).status_code == 302
    assert json.loads(kept["value"])["sha256"] in json.dumps(Case.objects.get(pk=case.pk).state)


def test_a_file_that_is_not_taken_says_why(at, case):
    url = f"/supervision-item/{case.pk}/do/file_plan/draft/"
    answer = at("shen").post(url, {"plan": SimpleUploadedFile("计划.pdf", b"MZ\x00\x01")}).json()
    assert answer["kept"] == {}
    assert "格式" in answer["errors"]["plan"]


def test_the_form_that_opens_a_case_has_its_draft_too(at, city):
    he = at("he")
    he.post("/supervision-item/new/draft/", {"matter": "夜市油烟整治", "lead_unit": "水务"})
    page = page_of(he, "/supervision-item/new/")
    assert 'value="夜市油烟整治"' in page
    assert 'value="水务"' in page  # what is not yet a name stays as it was typed
    assert "单位表中没有" not in page


def test_a_form_costs_the_same_with_a_draft_and_without(at, url, django_assert_num_queries):
    shen = at("shen")
    shen.get(url)
    with django_assert_num_queries(FORM_COST):
        shen.get(url)
    shen.post(f"{url}draft/", TYPED)
    with django_assert_num_queries(FORM_COST):
        shen.get(url)


FORM_COST = 7
