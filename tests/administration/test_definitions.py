"""A definition from the version in force through a draft, its check and its redline to a version that others publish."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from fadu import definitions as shipped
from fadu.administration import editions
from fadu.administration.models import AdministrationEntry
from fadu.administration.texts import newest
from fadu.cases import definitions
from fadu.cases.models import Edition
from fadu.desk.administration.reading.redline import pieces
from fadu.kernel.source import Source
from tests.cases.tampering import sql

pytestmark = pytest.mark.django_db
KEY = "supervision-item"
PAPER = "云政办〔2026〕31号"
NEW = """procedure: flag-day
title: 升旗日 | Flag day
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: general_officer
shows: {title: matter}

fields:
  matter: {title: 事由 | Matter, kind: text}

stages:
  open:   办理中 | Open
  closed: 已办结 | Closed
ends_in: [closed]

actions:
  begin:  {title: 登记 | Register, from: start, to: open, by: general_officer, takes: [matter], cites: practice (P)}
  finish: {title: 办结 | Finish, from: open, to: closed, by: general_officer, outcome: [done], cites: practice (P)}

outcomes:
  done: {title: 已办 | Done, cites: practice (P)}
"""


def today() -> Any:
    return timezone.localdate()


def shorter(text: str) -> str:
    return text.replace("within: 5 workdays, from: sign", "within: 3 workdays, from: sign")


@pytest.fixture
def draft(city) -> Edition:
    made = editions.draft(city.people["sys"], "procedure", KEY)
    return editions.change(city.people["sys"], made, shorter(made.text), "缩短报送计划的期限")


def edition_page(client: Any, edition: Edition, query: str = "") -> str:
    return str(client.get(f"/administration/editions/{edition.pk}/{query}").content.decode())


def published(city, edition: Edition, days: int = 0) -> Edition:
    return editions.publish(city.people["sys2"], edition, today() + timedelta(days=days), PAPER)[0]


# -- reading


def test_everybody_reads_the_rules_and_only_the_system_administrator_is_offered_to_change_them(client, at):
    assert client.get(f"/administration/definitions/{KEY}/").status_code == 302
    for username in ("he", "shen", "audit", "sys"):
        assert at(username).get("/administration/definitions/").status_code == 200
        page = at(username).get(f"/administration/definitions/{KEY}/").content.decode()
        assert ("起草新版本" in page) is (username == "sys"), username
    assert at("he").get("/administration/definitions/no-such-thing/").status_code == 404


def test_a_definition_reads_as_sentences_with_its_articles(at):
    page = at("he").get(f"/administration/definitions/{KEY}/").content.decode()
    for words in (
        "在“已交办待签收”由“主办单位”的承办单位经办人办理；转入“办理中”。",
        "须“协办事项”都已办结；不合的不能办。",
        "《政府督查工作条例》第",
        "“办结”已逾期",
    ):
        assert words in page, words
    text = at("he").get(f"/administration/definitions/{KEY}/?as=text").content.decode()
    assert "procedure: supervision-item" in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_shipped_definition_has_its_page(at, language):
    client = at("he")
    client.cookies["django_language"] = language
    for key in definitions.library().keys:
        assert client.get(f"/administration/definitions/{key}/").status_code == 200, key


def test_open_cases_are_counted_by_version_and_stage(at, city):
    city.signed()
    city.approved()
    page = at("sys").get(f"/administration/definitions/{KEY}/").content.decode()
    assert "在办 2 件" in page
    assert "<dt>办理中</dt><dd>1</dd>" in page


# -- drafting


def test_a_draft_begins_from_the_text_in_force_as_the_next_version(at, city):
    answer = at("sys").post(f"/administration/editions/begin/procedure/{KEY}/", follow=True)
    made = Edition.objects.get()
    last = newest("procedure", KEY)
    assert last is not None
    assert (made.key, made.version, made.state) == (KEY, last.version + 1, "draft")
    assert f"version: {last.version + 1}" in made.text
    assert "与现行条文一样" in edition_page(at("sys"), made)
    assert answer.redirect_chain
    again = at("sys").post(f"/administration/editions/begin/procedure/{KEY}/")
    assert again["Location"] == f"/administration/editions/{made.pk}/?as=text", "one draft of a key at a time"


def test_only_the_system_administrator_drafts_and_the_auditor_reads_drafts(at, city, draft):
    for username, read in (("sys", 200), ("audit", 200), ("sec", 403), ("he", 403)):
        assert at(username).get(f"/administration/editions/{draft.pk}/").status_code == read, username
    for username in ("audit", "sec", "he"):
        assert at(username).post(f"/administration/editions/begin/procedure/{KEY}/").status_code == 403
        assert at(username).post(f"/administration/editions/{draft.pk}/publish/").status_code == 403
        assert at(username).post(f"/administration/editions/{draft.pk}/withdraw/").status_code == 403
    assert at("audit").post(f"/administration/editions/{draft.pk}/", {"text": "x: y"}).status_code in (403, 404)
    assert f'action="/administration/editions/{draft.pk}/' not in edition_page(at("audit"), draft)


def test_the_check_names_line_and_rule_and_nothing_is_published_over_a_fault(at, city, draft):
    wrong = draft.text.replace("ends_with: [file_plan]", "ends_with: [file_plans]")
    at("sys").post(f"/administration/editions/{draft.pk}/?as=text", {"text": wrong})
    page = edition_page(at("sys"), draft, "?as=text")
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "file_plans" in text)
    assert f'href="#L{line}"' in page
    assert "&#x27;file_plans&#x27; is not defined here" in page
    assert "改好以后才能对照" in edition_page(at("sys"), draft)
    form = {"in_force": today().isoformat(), "basis": PAPER}
    answer = at("sys2").post(f"/administration/editions/{draft.pk}/publish/", form)
    assert answer.status_code == 422
    assert definitions.current(KEY).version == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 2", "version: 7", "this draft is version 2, not 7"),
        ("procedure: supervision-item", "procedure: another", "this is the draft of"),
        ("in_force: 20", "in_force: 19", "a later version cannot begin before it"),
        ("fields:", "fields: [", "不是合格的 YAML"),
        ("owner: supervision_officer", "owner: supervision_officer\nowner: leader", "stands twice"),
    ],
)
def test_a_text_that_is_not_this_draft_is_a_fault(at, draft, old, new, said):
    at("sys").post(f"/administration/editions/{draft.pk}/", {"text": draft.text.replace(old, new, 1)})
    assert said in edition_page(at("sys"), draft, "?as=text")


def test_the_redline_shows_what_was_struck_out_and_what_came_in(at, city, draft):
    city.signed()
    page = edition_page(at("sys2"), draft)
    assert "<del>5</del><ins>3</ins>个工作日内" in page
    assert "改 1 条" in page
    assert "未改的" in page
    assert "此前开立的事项仍按第 1 版办到底" in page
    assert "都留在开立时的版本" in page


def test_the_redline_reads_words_whole_and_closes_lone_gaps() -> None:
    assert [(one.how, one.text) for one in pieces("自签收起30个工作日内", "自签收起25个工作日内")] == [
        ("same", "自签收起"),
        ("del", "30"),
        ("ins", "25"),
        ("same", "个工作日内"),
    ]
    assert [one.how for one in pieces("甲乙丙", "丁乙戊")] == ["del", "ins"]


def test_a_text_can_be_handed_in_as_a_file_and_a_strange_file_is_refused(at, draft):
    page = f"/administration/editions/{draft.pk}/?as=text"
    text = draft.text.replace("3 workdays, from: sign", "4 workdays, from: sign").encode()
    at("sys").post(page, {"file": SimpleUploadedFile("v2.yaml", text)})
    draft.refresh_from_db()
    assert "4 workdays, from: sign" in draft.text
    answer = at("sys").post(page, {"file": SimpleUploadedFile("v2.yaml", "督办".encode("gbk"))})
    assert answer.status_code == 422
    assert "不是 UTF-8 文本" in answer.content.decode()
    answer = at("sys").post(page, {"text": "x" * 400_001})
    assert "不得超过" in answer.content.decode()


# -- publishing


def test_nobody_publishes_what_they_wrote_or_changed(at, city, draft):
    assert "须由另一位系统管理员发布" in edition_page(at("sys"), draft)
    with pytest.raises(ValidationError, match="另一位"):
        editions.publish(city.people["sys"], draft, today(), PAPER)
    editions.change(city.people["sys2"], draft, f"{draft.text}# seen\n")
    with pytest.raises(ValidationError, match="另一位"):
        editions.publish(city.people["sys2"], draft, today(), PAPER)
    with pytest.raises(PermissionDenied):
        editions.publish(city.people["audit"], draft, today(), PAPER)
    assert Edition.objects.get().state == "draft"


def test_a_published_version_holds_for_new_cases_and_old_ones_stay(at, city, draft):
    old = city.signed()
    form = {"in_force": today().isoformat(), "basis": PAPER}
    answer = at("sys2").post(f"/administration/editions/{draft.pk}/publish/", form, follow=True)
    assert "已发布 supervision-item@2" in answer.content.decode()
    new = city.propose(days_ago=0)
    assert definitions.procedure_of(new.definition_id).version == 2
    assert definitions.procedure_of(new.definition_id).clocks["planning"].period.n == 3  # type: ignore[union-attr]
    old.refresh_from_db()
    assert definitions.procedure_of(old.definition_id).version == 1
    page = at("sys").get(f"/administration/definitions/{KEY}/").content.decode()
    assert "<code>supervision-item@2</code>" in page
    assert at("he").get(f"/supervision-item/{old.pk}/").status_code == 200
    assert at("he").get("/supervision-item/new/").status_code == 200


def test_a_version_for_a_later_day_waits_for_it(at, city, draft):
    published(city, draft, days=10)
    assert definitions.current(KEY).version == 1
    later = (today() + timedelta(days=10)).isoformat()
    assert definitions.in_force(KEY, later).version == 2
    assert f"in_force: {later}" in Edition.objects.get().text
    assert definitions.procedure_of(city.propose(days_ago=0).definition_id).version == 1
    assert "待施行" in at("he").get(f"/administration/definitions/{KEY}/").content.decode()


def test_no_version_is_published_for_a_day_that_has_passed_or_without_its_paper(at, city, draft):
    page = f"/administration/editions/{draft.pk}/publish/"
    past = (today() - timedelta(days=1)).isoformat()
    answer = at("sys2").post(page, {"in_force": past, "basis": PAPER})
    assert answer.status_code == 422
    assert "施行日不得早于今天" in answer.content.decode()
    answer = at("sys2").post(page, {"in_force": today().isoformat(), "basis": " "})
    assert answer.status_code == 422
    assert Edition.objects.get().state == "draft"


def test_what_was_published_is_kept_for_good(city, draft):
    published(city, draft)
    for statement in ("UPDATE cases_edition SET text = 'x'", "DELETE FROM cases_edition"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement)
    with pytest.raises(ValidationError, match="已经发布或撤回"):
        editions.change(city.people["sys"], Edition.objects.get(), "x")
    with pytest.raises(ValidationError, match="已经发布或撤回"):
        editions.withdraw(city.people["sys"], Edition.objects.get())


def test_every_step_is_recorded_with_the_digest_of_the_text(city, draft):
    published(city, draft)
    acts = [entry.act for entry in AdministrationEntry.objects.order_by("seq")]
    assert acts == ["draft", "change_draft", "publish"]
    last = AdministrationEntry.objects.first()
    assert last is not None
    assert last.by == city.people["sys2"]
    assert last.content["after"]["basis"] == PAPER


def test_a_withdrawn_draft_makes_room_for_another(at, city, draft):
    at("sys").post(f"/administration/editions/{draft.pk}/withdraw/")
    again = editions.draft(city.people["sys2"], "procedure", KEY)
    assert again.pk != draft.pk
    assert again.version == 2


def test_a_new_procedure_needs_one_file_and_no_code(at, city):
    file = SimpleUploadedFile("flag-day.yaml", NEW.encode())
    answer = at("sys").post("/administration/definitions/hand-in/", {"file": file, "folder": "supervision"})
    made = Edition.objects.get()
    assert answer["Location"] == f"/administration/editions/{made.pk}/"
    assert "flag-day" in at("sys").get("/administration/definitions/").content.decode()
    published(city, made)
    city.person("gong", "宫远", "yz-gov", "general_officer")
    form = {"matter": "国庆升旗"}
    opened = at("gong").post("/flag-day/new/", form)
    assert opened.status_code == 302
    assert "国庆升旗" in at("gong").get("/flag-day/").content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe", "不是 UTF-8 文本"), (b"a: [", "不是合格的 YAML"), (b"a: b", "没有 procedure"), (b"", "")],
)
def test_a_file_that_is_no_definition_is_refused_with_its_reason(at, content, said):
    answer = at("sys").post("/administration/definitions/hand-in/", {"file": SimpleUploadedFile("x.yaml", content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Edition.objects.exists()


def test_what_ships_later_is_on_offer_but_does_not_hold_by_itself(city, draft, monkeypatch):
    """The city's version 2 stands, although a release brings another version 2."""
    published(city, draft)
    documents = list(shipped.documents())
    release = [Source(item.file).read(shipped.text_of(item)) for item in documents]
    for item in release:
        if item.get("procedure") == KEY:
            item["version"], item["title"] = 2, "督办事项（新） | Another"
    monkeypatch.setattr(shipped, "documents", lambda *_: iter(release))
    definitions.forget()
    assert definitions.current(KEY).version == 2
    assert definitions.current(KEY).title.zh == "督办事项"


def test_the_pages_ask_the_same_however_many_versions_and_cases(at, city, draft, cost):
    addresses = (
        "/administration/definitions/",
        f"/administration/definitions/{KEY}/",
        f"/administration/editions/{draft.pk}/",
    )
    sys = at("sys")
    before = [cost(sys, address) for address in addresses]
    for _ in range(3):
        city.signed()
    made = editions.draft(city.people["sys"], "register", "power-list")
    assert made.version == 2
    assert [cost(sys, address) for address in addresses] == before
    assert max(before) < 15
