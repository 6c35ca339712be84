"""A recorder writes down what a leader decided on paper: offered to recorders alone, for leaders of that government."""

import re
from datetime import date

import pytest

from fadu.cases.models import Case, Entry
from fadu.units.models import Post
from tests.desk.city import City

pytestmark = pytest.mark.django_db

DUE = "2199-01-01"


@pytest.fixture
def case(city: City) -> Case:
    city.person("ji", "纪录", "yz-gov", "recorder")
    city.person("ji2", "纪要", "yz-sup", "supervision_officer")
    return city.propose()


def give_recorder_sight(city: City) -> None:
    """A recorder works in the office as well; the role alone shows no case."""
    Post.objects.create(
        person=city.people["ji"], unit=city.units["yz-sup"], role="supervision_officer", since=date(2020, 1, 1)
    )


def url(case: Case, more: str = "") -> str:
    return f"/supervision-item/{case.pk}/{more}"


def test_only_a_recorder_is_offered_leaders(at, city, case):
    give_recorder_sight(city)
    page = at("ji").get(url(case)).content.decode()
    assert "代领导录入" in page
    assert re.findall(r'<option value="(\d+)">', page) == [str(city.people["gu"].pk)]
    assert "代领导录入" not in at("ji2").get(url(case)).content.decode()


def test_for_a_leader_the_page_shows_the_leaders_actions_and_the_entry_names_both(at, city, case):
    give_recorder_sight(city)
    ji, gu = at("ji"), city.people["gu"]
    assert "/do/approve/" not in ji.get(url(case)).content.decode()
    page = ji.get(url(case), {"for": gu.pk}).content.decode()
    form = f"{url(case)}do/approve/?for={gu.pk}"
    assert f'href="{form}"' in page
    shown = ji.get(form).content.decode()
    assert "代 顾长川 录入" in shown
    assert f'name="for" value="{gu.pk}"' in shown
    answer = ji.post(f"{url(case)}do/approve/", {"for": gu.pk, "due": DUE, "seen": case.seq})
    assert answer.status_code == 302
    body = Entry.objects.filter(case=case).latest("seq").content
    assert (body["by"], body["for"]) == (str(city.people["ji"].pk), str(gu.pk))
    assert "纪录（代 顾长川 记录）" in ji.get(url(case)).content.decode()


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30, ""])
def test_nobody_is_recorded_for_whom_one_may_not(at, city, case, asked):
    give_recorder_sight(city)
    others = [asked, str(city.people["shen"].pk)]
    for leader in others:
        assert at("ji").get(f"{url(case)}do/approve/?for={leader}").status_code == 403
        answer = at("ji").post(f"{url(case)}do/approve/", {"for": leader, "due": DUE, "seen": case.seq})
        assert answer.status_code == 403
    assert Entry.objects.filter(case=case).count() == case.seq


def test_who_is_no_recorder_cannot_claim_to_be(at, city, case):
    gu = city.people["gu"].pk
    assert "/do/approve/" not in at("ji2").get(url(case), {"for": gu}).content.decode()
    assert at("ji2").post(f"{url(case)}do/approve/", {"for": gu, "due": DUE}).status_code == 403
