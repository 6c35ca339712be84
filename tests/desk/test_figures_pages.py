import re
from html import unescape

import pytest

from fadu.cases.moments import now
from tests.desk.city import City

pytestmark = pytest.mark.django_db

OPENED = "/figures/supervision-item-opened/"


@pytest.fixture
def year(city: City) -> str:
    """The year in which two matters were approved, one for each bureau."""
    city.approved("甲事项", days_ago=1)
    city.approved("乙事项", days_ago=1, lead_unit="yz-house")
    return str(city.propose("丙事项", 0).opened.year)


def test_strangers_see_no_figure(client, city):
    assert client.get("/figures/").status_code == 302
    assert client.get(OPENED).status_code == 302


def test_every_number_has_its_definition_and_opens_its_evidence(at, year):
    he = at("he")
    page = he.get(f"/figures/?period={year}").content.decode()
    assert "统计期内办理“批准立项并交办”的督办事项件数" in page
    links = [unescape(link) for link in re.findall(r'class="num v" href="([^"]+)"', page)]
    assert len(links) > 5
    assert all(he.get(link).status_code == 200 for link in links)


def test_the_evidence_is_as_long_as_the_number_says(at, year):
    page = at("he").get(f"{OPENED}?period={year}").content.decode()
    assert re.search(r'class="big">2 ', page)
    assert re.findall(r'class="t" href="/supervision-item/\d+/">([^<]+)', page) == ["甲事项", "乙事项"]


def test_a_part_of_a_split_opens_its_own_evidence(at, year):
    he = at("he")
    page = he.get(f"{OPENED}?period={year}").content.decode()
    part = next(unescape(link) for link in re.findall(r'href="([^"]+)"', page) if "value=yz-house" in link)
    narrowed = he.get(part).content.decode()
    assert "乙事项" in narrowed
    assert "甲事项" not in narrowed


def test_who_sees_less_is_told_that_the_number_is_partial(at, year):
    page = at("shen").get(f"{OPENED}?period={year}").content.decode()
    assert "只算您看得到的" in page
    assert "乙事项" not in page


@pytest.mark.parametrize("query", ["period=sometime", "from=2026-13-01&to=2026-01-01", "from=2026-03-01&to=2026-01-01"])
def test_what_is_no_period_is_not_found(at, query):
    assert at("he").get(f"/figures/?{query}").status_code == 404


def test_any_two_days_make_a_period(at, year):
    today = now().date()
    page = at("he").get(f"{OPENED}?from={today}&to={today}").content.decode()
    assert re.search(r'class="big">0 ', page)


def test_a_figure_nobody_declares_is_not_found(at):
    assert at("he").get("/figures/happiness/").status_code == 404
