"""The demo city: lawful on any day it is built, and something on every desk."""

from datetime import date, datetime

import pytest
from django.contrib.auth import authenticate

from fadu.cases.access import turn_keys, visible
from fadu.cases.listing import light_q
from fadu.cases.models import Attachment, Case, Entry, NumberSeries
from fadu.cases.verify import verify
from fadu.data.calendars import state_council
from fadu.replay import demo
from fadu.replay.city import read
from fadu.units.codes import check_uscc
from fadu.units.models import Person, Unit
from fadu.units.posts import posts_of

WORKING = ("heyining", "linxia", "zhoumu", "luming", "shenzhiyuan", "jiangche", "luwang", "wenyu")


def test_every_case_of_the_city_stands_up_to_verification(yunzhou: datetime) -> None:
    report = verify()
    assert not report.fault
    assert report.cases == Case.objects.count() > 100


@pytest.mark.parametrize(
    "today",
    ["2026-02-18T10:00", "2026-10-03T23:50", "2026-01-01T00:10", "2026-12-31T17:00", "2027-03-06T12:00"],
    ids=["spring festival", "national day", "new year", "year's end", "a year without notice"],
)
def test_it_can_be_built_on_any_day(db: None, today: str) -> None:
    demo.build(datetime.fromisoformat(today), share=0.04)
    assert not verify().fault


def test_every_working_account_has_something_to_do(yunzhou: datetime) -> None:
    for username in WORKING:
        person = Person.objects.get(username=username)
        keys = turn_keys(person, posts_of(person, yunzhou.date()))
        assert Case.objects.filter(is_open=True, turn__in=keys).exists(), username


def test_the_inbox_shows_every_situation(yunzhou: datetime) -> None:
    items = Case.objects.filter(procedure="supervision-item", is_open=True)
    for light in ("red", "yellow", "green", "grey"):
        assert items.filter(light_q(light, yunzhou)).exists(), light
    stages = set(items.values_list("stage", flat=True))
    assert stages == {"proposed", "assigned", "returned", "underway", "verifying", "approving", "suspended"}
    assert items.filter(provisional=True).exists()
    assert any(case.state["data"]["urgent"] for case in items)
    assert Case.objects.filter(procedure="co-handling", is_open=True).exists()
    waiting = [case for case in items if "ask_later_date" in case.state["done"]]
    assert any("grant_later_date" not in case.state["done"] for case in waiting)


def test_the_year_holds_as_many_items_as_declared(db: None) -> None:
    demo.build(datetime(2026, 11, 22, 21, 0))
    approved = Entry.objects.filter(procedure="supervision-item", action="approve")
    assert approved.count() == read(demo.CITY)["year"]["supervision-item"] == 1270


def test_numbers_run_without_gaps_in_the_order_of_days(yunzhou: datetime) -> None:
    rows = Entry.objects.filter(procedure="supervision-item", action="approve", day__year=2026).order_by("case_id")
    bodies = sorted((entry.content for entry in rows), key=lambda body: (body["day"], _place(body["number"])))
    assert [_place(body["number"]) for body in bodies] == list(range(1, len(bodies) + 1))
    assert NumberSeries.objects.get(form="督〔year〕n号", year="2026").last == len(bodies)


def _place(number: str) -> int:
    return int(number.partition("〕")[2].removesuffix("号"))


def test_people_act_on_working_days_unless_it_is_urgent(yunzhou: datetime) -> None:
    calendar = state_council()
    urgent = {case.pk for case in Case.objects.all() if case.state["data"].get("urgent")}
    for case_id, body in Entry.objects.exclude(actor=None).values_list("case_id", "body"):
        day = date.fromisoformat(Entry(body=body).content["day"][:10])
        assert case_id in urgent or calendar.is_workday(day), body


def test_a_district_is_a_government_that_does_not_see_what_others_handle(yunzhou: datetime) -> None:
    officer = Person.objects.get(username="luwang")
    assert Unit.objects.get(code="yz-wangjiang").government == Unit.objects.get(code="yz-wangjiang")
    seen = visible(officer)
    assert seen.exists()
    assert all(row.concerns.filter(unit__code="yz-wangjiang").exists() for row in seen)


def test_credit_codes_are_well_formed_and_the_city_says_it_is_simulated(yunzhou: datetime) -> None:
    for unit in Unit.objects.exclude(uscc=None):
        check_uscc(str(unit.uscc))
    assert "模拟数据" in Unit.objects.get(code="yz").name_zh
    assert all("simulated" in unit.name_en for unit in Unit.objects.all())


def test_papers_are_stored_and_hang_on_their_cases(yunzhou: datetime) -> None:
    paper = Attachment.objects.filter(field="evidence").select_related("file")[0]
    assert paper.name.endswith(".pdf")
    assert paper.file.size > 500


def test_only_the_printed_accounts_can_sign_in(yunzhou: datetime) -> None:
    assert authenticate(None, username="heyining", password=demo.PASSWORD) or Person.objects.get(
        username="heyining"
    ).check_password(demo.PASSWORD)
    signing_in = {person.username for person in Person.objects.all() if person.has_usable_password()}
    assert signing_in == {person.username for person in demo.accounts()}


def test_the_invited_inspector_sees_the_visits_of_the_invitation_and_nothing_else(yunzhou: datetime) -> None:
    person = Person.objects.get(username="xuqing")
    seen = list(visible(person, yunzhou.date()))
    assert {case.procedure for case in seen} == {"visit", "invited-inspector"}
    named = {"visit": "invited", "invited-inspector": "person"}
    assert all(str(person.pk) in case.state["data"][named[case.procedure]] for case in seen)
    assert Case.objects.filter(procedure="visit").count() > sum(case.procedure == "visit" for case in seen)
