"""One form for many rows: what is offered, what is done, and what is said of each."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from fadu.cases.act import act
from fadu.cases.models import Case, Entry
from fadu.cases.moments import now
from fadu.units.models import Delegation
from tests.desk.city import MATTERS, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def assigned(city: City) -> list[Case]:
    """Three matters that wait for the water bureau's signature."""
    return [city.approved(matter, days_ago=1) for matter in MATTERS[:3]]


def asked(cases, **more) -> dict[str, Any]:
    return {"pick": [str(case.pk) for case in cases], **more}


def picks(page: str) -> list[str]:
    return re.findall(r'name="pick" value="(\d+\.\d+)" checked', page)


def test_picked_rows_are_asked_what_is_to_be_done(at, assigned):
    page = at("shen").get("/bulk/", asked(assigned)).content.decode()
    assert 'name="action" value="sign"' in page
    assert "全部可办" in page
    assert all(case.title in page for case in assigned)


def test_an_action_some_rows_do_not_allow_says_how_many_do(at, city, assigned):
    act(assigned[0], "sign", city.people["shen"], {})
    page = at("shen").get("/bulk/", asked(assigned)).content.decode()
    assert "3 项中 2 项可办" in page
    form = at("shen").get("/bulk/", asked(assigned, action="sign")).content.decode()
    assert len(picks(form)) == 2
    assert "到“已交办待签收”时才能签收" in form


def test_signing_for_many_writes_one_entry_each(at, assigned):
    shen = at("shen")
    form = shen.get("/bulk/", asked(assigned, action="sign")).content.decode()
    answer = shen.post("/bulk/", {"action": "sign", "pick": picks(form)})
    assert "签收：3 项全部办成" in answer.content.decode()
    for case in assigned:
        assert Case.objects.get(pk=case.pk).stage == "underway"
        last = Entry.objects.filter(case=case).latest("seq")
        assert (last.action, last.seq) == ("sign", case.seq + 1)


def test_reading_the_form_does_nothing(at, assigned):
    before = Entry.objects.count()
    at("shen").get("/bulk/", asked(assigned, action="sign"))
    assert Entry.objects.count() == before


def test_one_that_is_refused_does_not_hold_the_others_back(at, city, assigned):
    shen = at("shen")
    form = shen.get("/bulk/", asked(assigned, action="sign")).content.decode()
    act(assigned[1], "sign", city.people["shen"], {})
    page = shen.post("/bulk/", {"action": "sign", "pick": picks(form)}).content.decode()
    assert "签收：办成 2 项，1 项没有办" in page
    assert "刚被别人办过" in page
    assert Entry.objects.filter(action="sign").count() == 3


def test_the_same_form_twice_does_everything_once(at, assigned):
    shen = at("shen")
    form = {"action": "sign", "pick": picks(shen.get("/bulk/", asked(assigned, action="sign")).content.decode())}
    shen.post("/bulk/", form)
    assert "0 项" in shen.post("/bulk/", form).content.decode()
    assert Entry.objects.filter(action="sign").count() == 3


def test_a_refusal_comes_with_its_reason_and_article(at, city):
    held = city.signed(co_units=["yz-house"])
    free = city.signed(MATTERS[1])
    answer = at("shen").post("/bulk/", asked([held, free], action="ask_closing", **{"evidence-kept": proof(city)}))
    page = answer.content.decode()
    assert "申请办结：办成 1 项，1 项没有办" in page
    assert "仍有协办事项未办结" in page
    assert "《法条程序对照手册第四部分》第1条" in page
    assert Case.objects.get(pk=free.pk).stage == "verifying"


def proof(city: City) -> str:
    return json.dumps(city.document("佐证.pdf", "shen"))


def test_what_was_typed_wrong_for_all_brings_the_form_back(at, city):
    cases = [city.signed(matter) for matter in MATTERS[:2]]
    answer = at("he").post("/bulk/", asked(cases, action="chase", remark="请于月底前报送"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "一项都没有办" in page
    assert 'href="#f-slip"' in page
    assert 'value="请于月底前报送"' in page
    assert not Entry.objects.filter(action="chase").exists()


def test_many_are_urged_with_one_form(at, city):
    cases = [city.signed(matter) for matter in MATTERS[:4]]
    page = at("he").post("/bulk/", asked(cases, action="chase", slip="blue", remark="请报送节点")).content.decode()
    assert "催办：4 项全部办成" in page
    assert {entry.content["data"]["remark"] for entry in Entry.objects.filter(action="chase")} == {"请报送节点"}
    assert len({entry.content["letters"][0]["number"] for entry in Entry.objects.filter(action="chase")}) == 4


def test_many_are_reassigned_to_a_unit_by_its_name(at, city, assigned):
    for case in assigned:
        act(case, "return_it", city.people["shen"], {"return_reason": "不属职责", "suggested_unit": "yz-house"})
    he = at("he")
    wrong = he.post("/bulk/", asked(assigned, action="reassign", lead_unit="住建居"))
    assert wrong.status_code == 422
    assert "单位表中没有“住建居”" in wrong.content.decode()
    he.post("/bulk/", asked(assigned, action="reassign", lead_unit="云州市住房和城乡建设局"))
    assert {case.handling_id for case in Case.objects.filter(parent=None)} == {"yz-house"}


def test_a_long_form_is_not_offered_for_many(at, city):
    cases = [city.propose(matter) for matter in MATTERS[:2]]
    page = at("gu").get("/bulk/", asked(cases)).content.decode()
    assert 'value="decline"' in page
    assert 'value="propose"' not in page


def test_what_may_not_be_seen_is_neither_named_nor_done(at, city, assigned):
    city.unit("yz-civil", "云州市民政局", "Civil Affairs Bureau", "yz", "bureau")
    city.person("min", "闵安", "yz-civil", "unit_officer")
    minister = at("min")
    assert minister.get("/bulk/", asked(assigned)).status_code == 422
    answer = minister.post("/bulk/", asked(assigned, action="sign"))
    assert answer.status_code == 422
    assert assigned[0].title not in answer.content.decode()
    assert not Entry.objects.filter(action="sign").exists()


def test_more_than_two_hundred_at_once_are_refused(at, city):
    answer = at("shen").post("/bulk/", {"action": "sign", "pick": [str(n) for n in range(1, 202)]})
    assert answer.status_code == 422
    assert "没有办：选了 201 项" in answer.content.decode()


@pytest.mark.parametrize("query", ["", "pick=abc", "pick=1.x", "pick=" + "9" * 30, "pick=-1", "action=fly"])
def test_nonsense_in_the_address_picks_nothing(at, city, query):
    answer = at("shen").get(f"/bulk/?{query}")
    assert answer.status_code == 422
    assert "没有选中事项" in answer.content.decode()


def test_the_way_back_never_leads_to_another_site(at, assigned):
    page = at("shen").get("/bulk/", asked(assigned, next="https://evil.example/")).content.decode()
    assert 'href="https://evil' not in page
    assert 'value="https://evil' not in page
    assert 'href="/?tab=unit"' in at("shen").get("/bulk/", asked(assigned, next="/?tab=unit")).content.decode()


def test_strangers_are_asked_to_sign_in(client, assigned):
    assert client.get("/bulk/", asked(assigned)).status_code == 302
    assert client.post("/bulk/", asked(assigned, action="sign")).status_code == 302


def test_asking_costs_the_same_however_many_are_picked(at, city, django_assert_num_queries):
    cases = [city.approved(f"事项{n}") for n in range(12)]
    shen = at("shen")
    for action in ({}, {"action": "sign"}):
        shen.get("/bulk/", asked(cases, **action))
        for some in (cases[:2], cases):
            with django_assert_num_queries(ASKING):
                shen.get("/bulk/", asked(some, **action))


ASKING = 6


# ---- the lists they are picked in


def test_the_bar_names_the_next_step_of_most_rows(at, city, assigned):
    page = at("shen").get("/").content.decode()
    bar = page[page.index("data-picked") :]
    assert re.findall(r'name="action" value="(\w+)"', bar)[0] == "sign"
    ledger = at("he").get("/supervision-item/").content.decode()
    assert re.findall(r'value="(\w+)" data-bar="(\w)"', ledger) == [("chase", "u")]


def test_a_row_says_where_its_keys_lead(at, city, assigned):
    page = at("he").get("/supervision-item/").content.decode()
    assert f'data-do-u="/supervision-item/{assigned[0].pk}/do/chase/"' in page
    assert "data-do-u" not in at("shen").get("/").content.decode(), "whom the action is not for has no key for it"


def test_a_deputy_finds_what_reaches_them_for_somebody_else(at, city, assigned):
    today = now().date()
    shen, lin = city.people["shen"], city.people["lin"]
    assert '代人办理 <span class="count">0</span>' in at("lin").get("/").content.decode()
    Delegation.objects.create(absent=shen, deputy=lin, since=today, until=today + timedelta(days=3), reason="出差")
    own = city.approved("本单位事项", lead_unit="yz-house")
    page = at("lin").get("/?tab=deputy").content.decode()
    assert '代人办理 <span class="count">3</span>' in page
    assert "代沈知远办" in page
    assert own.title not in page
    mine = at("lin").get("/").content.decode()
    assert own.title in mine
    assert assigned[0].title in mine


def test_the_keys_have_a_page_of_their_own(at, city):
    page = at("he").get("/keys/").content.decode()
    assert "下一行、上一行" in page
    assert 'href="/keys/" data-opens="keys"' in page
