"""Every page for who may and who may not, and how much it asks of the database."""

import json
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from fadu.cases.act import act
from fadu.cases.models import Case, Concern, Entry
from fadu.cases.moments import now
from fadu.definitions import library
from fadu.units.models import Post
from tests.desk.city import MATTERS, PASSWORD, City

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nminutes\n%%EOF"


@pytest.fixture
def case(city: City) -> Case:
    return city.busy(city.signed(co_units=["yz-house"]))


def urls_of(case: Case) -> dict[str, str]:
    return {
        "inbox": "/",
        "unit": "/?tab=unit",
        "ledger": "/supervision-item/",
        "search": "/search/?q=整治",
        "me": "/me/",
        "case": f"/supervision-item/{case.pk}/",
        "peek": f"/supervision-item/{case.pk}/peek/",
        "certificate": f"/supervision-item/{case.pk}/clocks/item/",
        "do": f"/supervision-item/{case.pk}/do/report/",
    }


READ = ["inbox", "unit", "ledger", "search", "me", "case", "peek", "certificate", "do"]


@pytest.mark.parametrize("name", READ)
def test_every_page_asks_strangers_to_sign_in(client, case, name):
    answer = client.get(urls_of(case)[name])
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", READ)
def test_every_page_opens_for_the_unit_in_charge(at, case, name):
    assert at("shen").get(urls_of(case)[name]).status_code == 200


@pytest.mark.parametrize("name", ["inbox", "ledger", "search", "case", "peek", "certificate"])
def test_reading_pages_take_nothing_but_reading(at, case, name):
    assert at("shen").post(urls_of(case)[name]).status_code == 405


@pytest.mark.parametrize("name", ["case", "peek", "certificate", "do"])
def test_a_case_does_not_exist_for_who_may_not_see_it(at, city, case, name):
    city.unit("yz-civil", "云州市民政局", "Civil Affairs Bureau", "yz", "bureau")
    city.person("min", "闵安", "yz-civil", "unit_officer")
    assert at("min").get(urls_of(case)[name]).status_code == 404


def test_an_administrator_sees_no_case_at_all(at, case):
    page = at("audit").get("/supervision-item/").content.decode()
    assert case.title not in page
    assert at("audit").get(urls_of(case)["case"]).status_code == 404


def test_what_is_not_there_is_not_found(at, case):
    shen = at("shen")
    for url in (
        "/no-such-procedure/",
        f"/supervision-item/{case.pk + 1}/",
        f"/appeal/{case.pk}/",
        f"{urls_of(case)['case']}clocks/none/",
        f"{urls_of(case)['case']}do/fly/",
    ):
        assert shen.get(url).status_code == 404, url


def test_the_inbox_shows_what_waits_and_the_form_that_follows(at, case):
    page = at("shen").get("/").content.decode()
    assert case.title in page
    assert f'href="/supervision-item/{case.pk}/"' in page
    assert "轮到您" in page


def test_the_case_page_answers_whose_turn_until_when_what_next_and_why_not(at, case):
    page = at("shen").get(urls_of(case)["case"]).content.decode()
    for words in (
        "轮到您",
        "剩 ",
        "反馈进展",
        "现在不能",
        "仍有协办事项未办结",
        "期限怎么算的",
        "计入",
        "办理计划.pdf",
    ):
        assert words in page, words


def test_nobody_is_offered_what_belongs_to_others(at, case):
    page = at("he").get(urls_of(case)["case"]).content.decode()
    assert "/do/chase/" in page
    assert "/do/report/" not in page


def test_acting_writes_one_entry_and_leads_back_to_the_case(at, case):
    shen, before = at("shen"), Entry.objects.filter(case=case).count()
    answer = shen.post(urls_of(case)["do"], {"progress": "完成八成。", "seen": case.seq})
    assert answer.status_code == 302
    assert answer["Location"] == urls_of(case)["case"]
    assert Entry.objects.filter(case=case).count() == before + 1
    assert "完成八成。" in shen.get(answer["Location"]).content.decode()


def test_what_happened_earlier_is_recorded_with_its_own_day(at, city):
    waiting = city.approved(days_ago=5)
    happened = (now() - timedelta(days=4)).replace(hour=10, minute=0)
    form = {"seen": waiting.seq, "happened": happened.isoformat(timespec="minutes")}
    assert at("shen").post(f"/supervision-item/{waiting.pk}/do/sign/", form).status_code == 302
    last = Entry.objects.filter(case=waiting).latest("seq")
    assert last.content["day"] == happened.isoformat(timespec="minutes")
    assert last.recorded_at.date() > last.day.date()


@pytest.mark.parametrize("happened", ["2199-01-01T09:00", "yesterday"])
def test_an_impossible_day_is_refused_where_it_was_typed(at, city, happened):
    waiting = city.approved()
    answer = at("shen").post(f"/supervision-item/{waiting.pk}/do/sign/", {"seen": waiting.seq, "happened": happened})
    assert answer.status_code == 422
    assert 'href="#f-at"' in answer.content.decode()


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_missing(at, city):
    waiting = city.approved()
    answer = at("shen").post(
        f"/supervision-item/{waiting.pk}/do/return_it/", {"return_reason": "不属本单位职责", "seen": waiting.seq}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="不属本单位职责"' in page
    assert 'href="#f-suggested_unit"' in page
    assert Entry.objects.filter(case=waiting).count() == waiting.seq


def test_a_stale_form_shows_what_happened_meanwhile_and_keeps_the_text(at, city, case):
    seen = case.seq
    act(case, "chase", city.people["he"], {"slip": "orange", "remark": "第二次催办"})
    shen = at("shen")
    answer = shen.post(urls_of(case)["do"], {"progress": "完成八成。", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "第二次催办" in page
    assert ">完成八成。</textarea>" in page
    again = re.search(r'name="seen" value="(\d+)"', page)
    assert again is not None
    assert shen.post(urls_of(case)["do"], {"progress": "完成八成。", "seen": again[1]}).status_code == 302


def test_a_deed_of_somebody_else_is_refused_with_its_reason(at, case):
    answer = at("shen").get(f"{urls_of(case)['case']}do/chase/")
    assert answer.status_code == 403
    assert "不由您办理" in answer.content.decode()
    assert at("shen").post(f"{urls_of(case)['case']}do/chase/", {"slip": "blue"}).status_code == 403


def test_an_action_that_has_passed_says_where_the_case_stands(at, case):
    answer = at("he").get(f"{urls_of(case)['case']}do/verify/")
    assert answer.status_code == 409
    assert "当前为“办理中”" in answer.content.decode()


def test_a_case_is_opened_from_its_form_with_a_document(at, city):
    he = at("he")
    form = {
        "matter": MATTERS[0],
        "source": "meeting",
        "lead_unit": "云州市水务局",
        "result_required": "方案",
        "urgent": "false",
        "co_units": ["", ""],
    }
    answer = he.post("/supervision-item/new/", {**form, "source_document": SimpleUploadedFile("纪要.pdf", PDF)})
    opened = Case.objects.get()
    assert answer["Location"] == f"/supervision-item/{opened.pk}/"
    assert (opened.title, opened.handling_id, opened.unit_id) == (MATTERS[0], "yz-water", "yz-sup")
    link = re.search(r'href="(/supervision-item/\d+/files/[0-9a-f]{64}/)"', he.get(answer["Location"]).content.decode())
    assert link is not None
    download = he.get(link[1])
    assert b"".join(download.streaming_content) == PDF


def test_an_uploaded_file_survives_a_form_that_comes_back(at, city):
    he = at("he")
    first = he.post(
        "/supervision-item/new/", {"matter": "积水点", "source_document": SimpleUploadedFile("纪要.pdf", PDF)}
    )
    assert first.status_code == 422
    kept = re.search(r'name="source_document-kept" value="([^"]+)"', first.content.decode())
    assert kept is not None
    form = {
        "matter": "积水点",
        "source": "meeting",
        "lead_unit": "云州市水务局",
        "result_required": "方案",
        "urgent": "true",
    }
    answer = he.post("/supervision-item/new/", {**form, "source_document-kept": kept[1].replace("&quot;", '"')})
    assert answer.status_code == 302
    assert Case.objects.get().title == "积水点"


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x00\x01"])
def test_a_file_that_is_not_taken_is_named_at_its_field(at, city, content):
    answer = at("he").post("/supervision-item/new/", {"source_document": SimpleUploadedFile("纪要.pdf", content)})
    assert answer.status_code == 422
    assert 'class="error" id="e-source_document"' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_tampered_document_is_refused(at, city):
    forged = json.dumps({"sha256": "f" * 64, "name": "别人的.pdf", "size": 3, "type": "application/pdf"})
    form = {
        "matter": "积水点",
        "source": "meeting",
        "lead_unit": "云州市水务局",
        "result_required": "方案",
        "urgent": "true",
    }
    assert at("he").post("/supervision-item/new/", {**form, "source_document-kept": forged}).status_code == 422
    assert not Case.objects.exists()


def test_only_posts_that_open_a_case_see_its_form(at, city):
    assert at("shen").get("/supervision-item/new/").status_code == 403
    assert at("he").get("/supervision-item/new/").status_code == 200


def test_texts_of_users_are_never_markup(at, city):
    evil = city.signed('<script>alert("标题")</script>', result_required="<img src=x onerror=alert(1)>")
    for url in (
        "/?tab=unit",
        "/supervision-item/",
        f"/supervision-item/{evil.pk}/",
        f"/supervision-item/{evil.pk}/do/report/",
    ):
        page = at("shen").get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url


def test_a_parent_and_its_children_are_named_only_to_who_may_see_them(at, city, case):
    child = Case.objects.get(parent=case)
    assert f"/co-handling/{child.pk}/" in at("shen").get(urls_of(case)["case"]).content.decode()
    city.unit("yz-civil", "云州市民政局", "Civil Affairs Bureau", "yz", "bureau")
    city.person("min", "闵安", "yz-civil", "unit_officer")
    Concern.objects.create(case=child, unit=city.units["yz-civil"])
    page = at("min").get(f"/co-handling/{child.pk}/")
    assert page.status_code == 200
    assert f"/supervision-item/{case.pk}/" not in page.content.decode()


def test_every_document_on_a_case_page_can_be_fetched(at, case):
    shen = at("shen")
    links = re.findall(r'href="([^"]+/files/[0-9a-f]{64}/)"', shen.get(urls_of(case)["case"]).content.decode())
    assert len(links) == 2  # in the list; a click on their names reads them
    for link in set(links):
        answer = shen.get(link)
        assert b"".join(answer.streaming_content).startswith(b"%PDF-"), link


def test_a_case_is_readable_from_its_first_to_its_last_day(at, city):
    case = city.approved()
    he, shen, gu = city.people["he"], city.people["shen"], city.people["gu"]
    proof = {"evidence": city.document("佐证.pdf", "shen")}
    steps = [
        ("sign", shen, {}),
        ("suspend", gu, {"remark": "等待省级批复"}),
        ("resume", gu, {}),
        ("ask_closing", shen, proof),
        ("verify", he, {"verified_how": "papers", "remark": "材料齐全"}),
        ("strike_off", gu, {"outcome": "done"}),
    ]
    for action, person, data in steps:
        case = act(case, action, person, data)
        assert at("he").get(urls_of(case)["case"]).status_code == 200, action
    page = at("he").get(urls_of(case)["case"]).content.decode()
    assert "已办结" in page
    assert 'class="btn primary"' not in page
    assert titles(at("he"), "/supervision-item/?state=closed") == [case.title]


# ---- the ledger


def titles(client: Client, url: str) -> list[str]:
    page = client.get(url).content.decode()
    return re.findall(r'class="title"><a class="t" href="[^"]+">([^<]+)</a>', page)


def test_the_ledger_is_narrowed_by_its_address(at, city):
    city.signed("甲事项", due_in=30, source="meeting")
    city.approved("乙事项", due_in=40, source="instruction", lead_unit="yz-house")
    he = at("he")
    assert titles(he, "/supervision-item/") == ["甲事项", "乙事项"]
    assert titles(he, "/supervision-item/?sort=-due") == ["乙事项", "甲事项"]
    assert titles(he, "/supervision-item/?unit=yz-house") == ["乙事项"]
    assert titles(he, "/supervision-item/?kind=meeting") == ["甲事项"]
    assert titles(he, "/supervision-item/?stage=assigned") == ["乙事项"]
    assert titles(he, "/supervision-item/?q=甲事") == ["甲事项"]
    assert titles(he, f"/supervision-item/?pick={Case.objects.get(title='乙事项').pk}") == ["乙事项"]
    assert titles(he, "/supervision-item/?state=closed") == []


def test_an_empty_ledger_names_the_conditions_that_empty_it(at, city):
    city.signed()
    page = at("he").get("/supervision-item/?unit=yz-house&stage=returned").content.decode()
    assert "没有符合条件的事项" in page
    assert "“单位 云州市住房和城乡建设局”、“阶段 退回待改派”" in page


def test_nonsense_in_the_address_is_no_error(at, city):
    city.signed()
    for query in (
        "light=purple",
        "sort=;drop",
        "after=x~y",
        "since=31.12.2026",
        "pick=abc",
        "kind=nothing",
        "tab=none&after=9",
    ):
        assert at("he").get(f"/supervision-item/?{query}").status_code == 200, query
        assert at("he").get(f"/?{query}").status_code == 200, query


def test_every_page_of_the_ledger_is_reached_and_no_case_twice(at, city):
    for n in range(35):
        city.propose(f"事项{n:02}")
    he, url, seen = at("he"), "/supervision-item/", []
    while url:
        page = he.get(url).content.decode()
        seen += titles(he, url)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/supervision-item/{onward[1]}".replace("&amp;", "&") if onward else ""
    assert sorted(seen) == [f"事项{n:02}" for n in range(35)]


COST = {"/?tab=unit": 10, "/supervision-item/": 10, "/search/?q=事项": 7}


@pytest.mark.parametrize("url", COST)
def test_the_number_of_queries_does_not_depend_on_the_rows(at, city, url, django_assert_num_queries):
    city.signed("事项一")
    shen = at("shen")
    shen.get(url)  # what is kept for the life of the process
    with django_assert_num_queries(COST[url]):
        shen.get(url)
    for n in range(29):
        city.propose(f"事项{n}")
    with django_assert_num_queries(COST[url]):
        shen.get(url)


def test_a_case_page_costs_the_same_however_long_its_ledger(at, city, case, django_assert_num_queries):
    shen, url = at("shen"), urls_of(case)["case"]
    shen.get(url)
    with django_assert_num_queries(CASE_COST):
        shen.get(url)
    for n in range(20):
        act(case, "report", city.people["shen"], {"progress": f"第{n}次反馈"})
    with django_assert_num_queries(CASE_COST):
        shen.get(url)


CASE_COST = 11


@pytest.mark.parametrize("key", library().keys)
def test_every_shipped_definition_brings_its_ledger_and_its_form(at, city, key):
    """A new local system is one file: nothing of the desk names a procedure."""
    procedure = library().in_force(key)
    roles = {who.name for who in (*procedure.opening.by, procedure.owner) if who.kind == "role"}
    for role in roles:
        Post.objects.create(person=city.people["he"], unit=city.units["yz-gov"], role=role, since=date(2020, 1, 1))
    he = at("he")
    assert he.get(f"/{key}/").status_code == 200
    by_hand = any(who.kind == "role" for who in procedure.opening.by)
    assert he.get(f"/{key}/new/").status_code == (200 if by_hand else 403)
    assert f'href="/{key}/"' in he.get("/me/").content.decode()


def test_a_party_and_a_list_of_rows_are_taken_from_their_form(at, city):
    Post.objects.create(
        person=city.people["he"], unit=city.units["yz-gov"], role="reception_officer", since=date(2020, 1, 1)
    )
    he = at("he")
    form = {
        "enterprise-name": "云州精工有限公司",
        "enterprise-phone": "0571-1234567",
        "request": "厂区西侧道路坑洼。" * 30,
        "problems-problem": ["道路坑洼", "", "路灯不亮"],
        "problems-wanted": ["尽快修补", "", ""],
        "consent": "true",
    }
    answer = he.post("/enterprise-reception/new/", form)
    assert answer.status_code == 302
    data = Case.objects.get().state["data"]
    assert data["enterprise"] == {"name": "云州精工有限公司", "phone": "0571-1234567"}
    assert data["problems"] == [{"problem": "道路坑洼", "wanted": "尽快修补"}, {"problem": "路灯不亮"}]
    page = he.get(answer["Location"]).content.decode()
    assert "云州精工有限公司" in page
    assert "路灯不亮" in page
    assert form["request"] in page  # too long for a heading, it stands in full among the facts


# ---- certificates, languages, themes, sign-in


def test_a_certificate_is_there_for_people_and_for_machines(at, case):
    shen, url = at("shen"), f"{urls_of(case)['case']}clocks/feedback/"
    assert "期限证书：定期反馈" in shen.get(url).content.decode()
    assert (
        shen.get(f"{url}?format=json").json()["run"]["due"]
        == Case.objects.get(pk=case.pk).state["clocks"]["feedback"]["due"]
    )


def test_the_same_page_in_english_and_in_traditional_characters(at, case):
    shen, url = at("shen"), urls_of(case)["case"]
    shen.cookies["django_language"] = "en"
    english = shen.get(url).content.decode()
    assert '<html lang="en">' in english
    assert "How the term was counted" in english
    assert "Report progress" in english
    shen.cookies["django_language"] = "zh-hant"
    traditional = shen.get(url).content.decode()
    assert '<html lang="zh-Hant">' in traditional
    assert "期限怎麼算的" in traditional


def test_what_a_form_sends_back_is_not_converted(at, case):
    shen = at("shen")
    shen.cookies["django_language"] = "zh-hant"
    answer = shen.post(urls_of(case)["do"], {"progress": "简体字", "seen": 1})
    assert ">简体字</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    ("theme", "media"),
    [
        ("dark", "all"),
        ("light", "not all"),
        ("auto", "(prefers-color-scheme: dark)"),
        ("pink", "(prefers-color-scheme: dark)"),
    ],
)
def test_the_theme_is_kept_and_comes_with_the_page(client, theme, media):
    answer = client.post("/theme/", {"theme": theme, "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert f'id="dark" media="{media}"' in client.get("/accounts/login/").content.decode()


def test_the_theme_never_leads_to_another_site(client):
    assert client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_signing_in_leads_to_the_inbox(client, city):
    answer = client.post("/accounts/login/", {"login": "he", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_is_said_without_naming_which_half_was_wrong(client, city):
    page = client.post("/accounts/login/", {"login": "he", "password": "not it"}).content.decode()
    assert "没有登录成功" in page
    assert 'value="he"' in page


@pytest.mark.parametrize("url", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/"])
def test_account_pages_wear_the_desks_frame(at, city, url):
    page = at("he").get(url).content.decode()
    assert 'class="side"' in page


def test_an_unknown_address_says_so_in_the_readers_language(client, settings):
    assert "没有这一页" in client.get("/nowhere/at/all/").content.decode()


def test_the_page_of_last_resort_needs_nothing_but_itself():
    """It is shown when everything else failed: no request, no database."""
    page = render_to_string("500.html")
    assert "没有写入任何东西" in page
