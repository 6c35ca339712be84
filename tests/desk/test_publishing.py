"""Publishing a figure from its page: who may, what is frozen, and how corrections show."""

import re

import pytest
from django.test import Client

from fadu.cases.act import act
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.figures.declared import declared
from fadu.figures.models import Snapshot
from tests.desk.city import City

pytestmark = pytest.mark.django_db

OPENED, RATE = "/figures/supervision-item-opened/", "/figures/supervision-item-on_time_rate/"


@pytest.fixture
def month(city: City) -> str:
    """Two days in which one matter was approved."""
    city.approved("甲事项", days_ago=0)
    return f"{now().date().isoformat()}..{now().date().isoformat()}"


def publish(client: Client, period: str, **more: str) -> str:
    answer = client.post(f"{OPENED}publish/", {"period": period, **more}, follow=True)
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


def test_strangers_and_reading_publish_nothing(client, at, month):
    assert client.post(f"{OPENED}publish/", {"period": month}).status_code == 302
    assert at("he").get(f"{OPENED}publish/").status_code == 405
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("username", ["shen", "gu", "audit"])
def test_only_the_owner_of_the_procedure_publishes(at, month, username):
    client = at(username)
    assert f'action="{OPENED}publish/"' not in client.get(f"{OPENED}?period={month}").content.decode()
    assert client.post(f"{OPENED}publish/", {"period": month}).status_code == 403
    assert not Snapshot.objects.exists()


def test_the_owner_in_a_county_does_not_publish_for_the_whole_office(at, city, month):
    city.unit("yz-county", "望江区", "Wangjiang", "yz", "government")
    city.unit("yz-county-sup", "望江区政府办公室督查室", "Supervision", "yz-county", "section")
    city.person("wang", "汪望", "yz-county-sup", "supervision_officer")
    assert at("wang").post(f"{OPENED}publish/", {"period": month}).status_code == 403
    assert f'action="{OPENED}publish/"' in at("he").get(f"{OPENED}?period={month}").content.decode()


def test_what_is_published_shows_value_person_note_digest_and_its_list(at, month):
    page = publish(at("he"), month, note="报市长办公会")
    snapshot = Snapshot.objects.get()
    for words in (
        "已公布：立项督办事项数 1",
        "何以宁",
        "报市长办公会",
        snapshot.digest,
        "数和清单与摘要相符",
        "甲事项",
    ):
        assert words in page, words
    figure = at("shen").get(f"{OPENED}?period={month}").content.decode()
    for words in ("何以宁", "报市长办公会", f"{snapshot.digest[:4]}·{snapshot.digest[-4:]}", "一致"):
        assert words in figure, words
    assert f'href="{OPENED}published/{snapshot.pk}/"' in figure


def test_a_correction_names_the_cases_that_came_and_went(at, city, month):
    publish(at("he"), month)
    case = city.approved("乙事项", days_ago=0)
    page = at("he").get(f"{OPENED}?period={month}").content.decode()
    assert "现在是 2：多 1，少 0" in page
    moved = page[page.index("后来算入") : page.index("背后的事项")]
    assert re.findall(r'href="(/supervision-item/\d+/)">乙事项', moved) == [f"/supervision-item/{case.pk}/"]
    assert "仍然算入" not in moved
    frozen = at("he").get(f"{OPENED}published/{Snapshot.objects.get().pk}/").content.decode()
    assert "乙事项" in frozen[: frozen.index("封存的清单")]
    assert "乙事项" not in frozen[frozen.index("封存的清单") :]


def test_a_case_that_only_moved_on_is_named_and_is_no_difference(at, city, month):
    publish(at("he"), month)
    case = Case.objects.get(title="甲事项")
    act(case, "sign", city.people["shen"], {})
    assert "一致；1 件有了新记录" in at("he").get(f"{OPENED}?period={month}").content.decode()
    frozen = at("he").get(f"{OPENED}published/{Snapshot.objects.get().pk}/").content.decode()
    assert "甲事项" in frozen[frozen.index("仍然算入") : frozen.index("封存的清单")]


def test_who_may_not_see_a_frozen_case_is_told_that_there_are_others(at, city, month):
    city.approved("乙事项", days_ago=0, lead_unit="yz-house")
    publish(at("he"), month)
    city.approved("丁事项", days_ago=0, lead_unit="yz-house")
    page = at("shen").get(f"{OPENED}published/{Snapshot.objects.get().pk}/").content.decode()
    assert "甲事项" in page
    assert "乙事项" not in page
    assert "丁事项" not in page
    assert "其中 1 件您看不到" in page
    assert "另有 1 件未列出" in page


@pytest.mark.parametrize(
    ("address", "given", "status"),
    [
        (OPENED, {"period": "sometime"}, 404),
        ("/figures/happiness/", {"period": "2026"}, 404),
        (RATE, {"period": "2020"}, 422),
        (OPENED, {"period": "2026", "note": "长" * 501}, 422),
    ],
)
def test_what_cannot_be_published_says_so_and_freezes_nothing(at, month, address, given, status):
    answer = at("he").post(f"{address}publish/", given)
    assert answer.status_code == status
    assert (status == 422) == ('id="e-note"' in answer.content.decode())
    assert not Snapshot.objects.exists()


def test_a_snapshot_of_another_figure_is_not_found(at, month):
    publish(at("he"), month)
    pk = Snapshot.objects.get().pk
    assert at("he").get(f"{RATE}published/{pk}/").status_code == 404
    assert at("he").get(f"{OPENED}published/{pk + 1}/").status_code == 404
    assert at("he").post(f"{OPENED}published/{pk}/").status_code == 405
    assert Client().get(f"{OPENED}published/{pk}/").status_code == 302


@pytest.mark.parametrize(("address", "base"), [(OPENED, 22), ("/figures/", 10)])
def test_the_pages_cost_the_same_however_much_is_counted(at, city, month, address, base, django_assert_num_queries):
    """The page of all figures asks one question for each that counts cases."""
    counted = [figure for figure in declared().values() if not figure.is_of_figures]
    cost = base + (len(counted) if address == "/figures/" else 0)
    he = at("he")
    publish(he, month)
    city.approved("事项", days_ago=0)
    he.get(f"{address}?period={month}")
    with django_assert_num_queries(cost):
        he.get(f"{address}?period={month}")
    for n in range(6):
        city.approved(f"事项{n}", days_ago=0)
    with django_assert_num_queries(cost):
        he.get(f"{address}?period={month}")
