"""Local rules by form: a kind more of a source, a shorter term; refused where verified law fixes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fadu.administration import editions, rules
from fadu.cases import definitions
from fadu.cases.models import Edition
from fadu.kernel.period import Period

pytestmark = pytest.mark.django_db
KEY = "supervision-item"
CHOICE = f"/administration/rules/add/?procedure={KEY}&what=choice"
PLACE = f"/administration/rules/add/?procedure={KEY}&what=place"
PAPER = "云政办〔2026〕31号"


def kind(code: str = "research", **more: str) -> dict[str, str]:
    given = {
        "rules": "local",
        "field": f"{KEY}.fields.source",
        "code": code,
        "zh": "调研发现",
        "en": "found by research",
    }
    return {**given, "cites": "practice (P)", **more}


def place(**more: str) -> dict[str, str]:
    given = {"rules": "local", "place": f"{KEY}.clocks.planning.within", "value": "3 workdays"}
    return {**given, "cites": "practice (P)", **more}


def test_only_the_system_administrator_adds_local_rules(at):
    for username, status in (("sys", 200), ("audit", 403), ("sec", 403), ("he", 403)):
        assert at(username).get("/administration/rules/add/").status_code == status
        assert at(username).get(CHOICE).status_code == status
    assert at("he").post(CHOICE, kind()).status_code == 403
    assert not Edition.objects.exists()


def test_a_kind_more_of_a_source_is_a_tab_and_a_choice_once_it_is_published(at, city):
    answer = at("sys").post(CHOICE, kind(), follow=True)
    page = answer.content.decode()
    assert "<code>supervision-item.fields.source.choice.research</code>" in page
    assert "<ins>调研发现 | found by research</ins>" in page
    assert "<ins>、“调研发现”</ins>" in page, "the redline of the articles"
    made = Edition.objects.get()
    assert (made.kind, made.key, made.version) == ("overlay", "local", 1)
    editions.publish(city.people["sys2"], made, timezone.localdate(), PAPER)
    assert definitions.current(KEY).name == f"{KEY}@1+local@1"
    assert "调研发现" in at("he").get("/supervision-item/new/").content.decode()
    city.propose(source="research", days_ago=0)
    assert "调研发现" in at("he").get("/supervision-item/").content.decode()
    read = at("he").get("/administration/rules/local/").content.decode()
    assert "supervision-item.fields.source.choice.research" in read


def test_several_changes_gather_in_one_draft_and_the_old_value_is_written_by_itself(at, city):
    at("sys").post(CHOICE, kind())
    at("sys").post(PLACE, place())
    at("sys").post(PLACE, place(value="4 workdays"))
    made = Edition.objects.get()
    assert made.text.count("\n  - {") == 2, "the same place is changed once"
    assert "was: 5 workdays, is: 4 workdays" in made.text
    editions.publish(city.people["sys2"], made, timezone.localdate(), PAPER)
    planning = definitions.current(KEY).clocks["planning"]
    assert planning.period == Period(4, "workday")
    assert [str(cite) for cite in planning.cites] == ["practice (P)", "practice (P)"]


def test_a_later_version_of_the_rules_goes_on_from_the_text_that_holds(at, city):
    at("sys").post(CHOICE, kind())
    editions.publish(city.people["sys2"], Edition.objects.get(), timezone.localdate(), PAPER)
    at("sys").post(CHOICE, kind("survey", zh="专题调研", en="survey"))
    second = Edition.objects.get(version=2)
    assert "choice.research" in second.text
    editions.publish(city.people["sys2"], second, timezone.localdate() + timedelta(days=5), PAPER)
    assert "survey" not in definitions.current(KEY).fields["source"].choices
    later = definitions.in_force(KEY, (timezone.localdate() + timedelta(days=5)).isoformat())
    assert {"research", "survey"} <= set(later.fields["source"].choices)


@pytest.mark.parametrize(
    ("address", "form", "said"),
    [
        (CHOICE, kind("meeting"), "已有这个选项"),
        (CHOICE, kind("Not A Key"), "用小写字母"),
        (CHOICE, kind(cites="by order"), "依据写成"),
        (CHOICE, kind(cites="NoSuchLaw 3 (L)"), "法规表里没有 NoSuchLaw"),
        (CHOICE, kind(zh=""), "必填"),
        (PLACE, place(place="appeal.clocks.reply.within"), "位置写成 supervision-item"),
        (PLACE, place(value=""), "必填"),
    ],
)
def test_what_is_no_change_is_refused_at_its_field(at, address, form, said):
    answer = at("sys").post(address, form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Edition.objects.exists()


def test_what_verified_law_fixes_is_a_fault_of_the_check(at, city):
    address = "/administration/rules/add/?procedure=disclosure-request&what=place"
    form = place(place="disclosure-request.clocks.reply.within", value="30 workdays")
    page = at("sys").post(address, form, follow=True).content.decode()
    assert "a maximum fixed by verified law may not be lengthened" in page
    answer = at("sys2").post(
        f"/administration/editions/{Edition.objects.get().pk}/publish/",
        {"in_force": timezone.localdate().isoformat(), "basis": PAPER},
    )
    assert answer.status_code == 422


def test_a_new_version_and_the_rules_over_it_are_published_together(at, city):
    """Neither holds alone: the rules were made for version 1, and those for version 2 need it."""
    at("sys").post(CHOICE, kind())
    editions.publish(city.people["sys2"], Edition.objects.get(), timezone.localdate(), PAPER)
    second = editions.draft(city.people["sys"], "procedure", KEY)
    page = at("sys2").get(f"/administration/editions/{second.pk}/").content.decode()
    assert "made for supervision-item version 1, but version 2 is here" in page
    laid = editions.draft(city.people["sys"], "overlay", "local")
    editions.change(city.people["sys"], laid, laid.text.replace("supervision-item: 1", "supervision-item: 2"))
    page = at("sys2").get(f"/administration/editions/{second.pk}/").content.decode()
    assert "一并发布" in page
    assert "没有发现问题" in page
    done = editions.publish(city.people["sys2"], second, timezone.localdate(), PAPER)
    assert [str(one) for one in done] == ["supervision-item@2", "local@2"]
    assert definitions.current(KEY).name == f"{KEY}@2+local@2"
    assert "research" in definitions.current(KEY).fields["source"].choices


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("overlay: x\nchanges: []\nover: {}\n", "changes:\n  - {at: matter.a.b, is: 5, cites: practice (P)}\nover:"),
        ("over: {}\nchanges:\n  # why\n  - {at: q, is: 1, cites: c}\n", "cites: c}\n  - {at: matter.a.b, is: 5"),
        ("over:\n  other: 1\n", "changes:\n  - {at: matter.a.b"),
    ],
)
def test_a_change_is_written_where_changes_stand(monkeypatch, text, wanted):
    monkeypatch.setattr(rules, "base_of", lambda _: {"version": 3})
    found = rules._changed(text, "matter.a.b", "5", "practice (P)")
    assert wanted in found
    assert "matter: 3" in found
    assert ("other: 1" in found) is ("other" in text)
