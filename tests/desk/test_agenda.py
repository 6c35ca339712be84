import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fadu.cases.act import Occasion, act, open_case
from fadu.cases.models import Case
from fadu.cases.moments import now
from tests.desk.city import City

pytestmark = pytest.mark.django_db

PAGE = "/inspection/calendar/"


def inspected(city: City, name: str, objects: list[str], starts_on: str, ends_on: str, **more: Any) -> Case:
    """An inspection with its plan; overlaps are passed with a reason, as a clerk would."""
    he = city.people["he"]
    first = {
        "name": name, "sort": "event", "subject": "safety", "origin": "instruction", "basis_text": "市长批示",
        "organ": "yz-sup", "by_department": False,
    }  # fmt: skip
    case = open_case("inspection", he, {**first, **more}, city.units["yz-sup"])
    plan = {
        "content": "原因", "objects": objects, "scope": "现场", "methods": [{"method": "site"}], "starts_on": starts_on,
        "ends_on": ends_on, "team_leader": str(he.pk), "team": [str(city.people["gu"].pk)],
    }  # fmt: skip
    reasons = {"not_repeated": "分别核实", "one_head": "已商定"}
    return act(case, "plan", he, plan, Occasion(overrides=reasons))


@pytest.fixture
def month(city: City) -> str:
    """Two inspections of the water bureau that share three days; one of the housing bureau alone."""
    year = now().year + 1
    inspected(city, "塌陷事件调查", ["yz-water"], f"{year}-03-02", f"{year}-03-12")
    inspected(city, "供水事件调查", ["yz-water"], f"{year}-03-10", f"{year}-03-20")
    inspected(city, "工地事件调查", ["yz-house"], f"{year}-03-30", f"{year}-04-03")
    return f"{year}-03"


def section(page: str, unit: str) -> str:
    return next(part for part in page.split("<section>")[1:] if f">{unit}<" in part)


def test_each_unit_has_its_month_and_what_falls_together_is_said_and_drawn(at, month):
    page = at("he").get(f"{PAGE}?month={month}").content.decode()
    water = section(page, "云州市水务局")
    assert "重叠 1 处" in water
    assert re.search(r"3月10日至3月12日与政督〔\d+〕2号重叠", re.sub(r"\d{4}年", "", water))
    assert len(re.findall(r'<li class="(?:off )?clash">', water)) == 6  # three days, in each of the two strips
    house = section(page, "云州市住房和城乡建设局")
    assert "重叠" not in house
    assert len(re.findall(r'<li class="(?:off )?on">', house)) == 2  # 30 and 31 March; the rest is in April


def test_the_next_month_holds_what_goes_on_and_an_empty_month_says_so(at, month):
    he, year = at("he"), month[:4]
    assert "工地事件调查" in he.get(f"{PAGE}?month={year}-04").content.decode()
    assert "没有安排" in he.get(f"{PAGE}?month={year}-05").content.decode()


def test_a_unit_sees_its_own_calendar_only(at, month):
    page = at("lin").get(f"{PAGE}?month={month}").content.decode()
    assert "工地事件调查" in page
    assert "塌陷事件调查" not in page
    assert "没有安排" in at("lin").get(f"{PAGE}?month={month}&unit=yz-water").content.decode()


def test_what_was_not_opened_is_not_in_the_calendar(at, city, month):
    case = Case.objects.get(title="工地事件调查")
    act(case, "decline", city.people["gu"], {"remark": "并案"})
    assert "工地事件调查" not in at("he").get(f"{PAGE}?month={month}").content.decode()


def test_one_unit_can_be_chosen_and_left_again(at, month):
    he = at("he")
    page = he.get(f"{PAGE}?month={month}&unit=yz-house").content.decode()
    assert page.count("<section>") == 1
    assert f'href="{PAGE}?month={month}"' in page


@pytest.mark.parametrize("query", ["month=sometime", "month=2026-13", "month=0001-01", "month=2026-3-1"])
def test_what_is_no_month_is_not_found(at, query):
    assert at("he").get(f"{PAGE}?{query}").status_code == 404


def test_a_procedure_without_a_calendar_has_no_such_page(at, client, city):
    assert at("he").get("/supervision-item/calendar/").status_code == 404
    assert client.get(PAGE).status_code == 302
    ledger = at("he").get("/inspection/").content.decode()
    assert f'href="{PAGE}"' in ledger


def test_the_page_asks_a_fixed_number_of_questions(at, city, month):
    he, url = at("he"), f"{PAGE}?month={month}"
    he.get(url)
    with CaptureQueriesContext(connection) as few:
        he.get(url)
    for number in range(5):
        city.unit(f"yz-{number}", f"云州市第{number}局", f"Bureau {number}", "yz", "bureau")
        inspected(city, f"事件{number}", [f"yz-{number}", "yz-water"], f"{month}-05", f"{month}-25")
    with CaptureQueriesContext(connection) as many:
        page = he.get(url).content.decode()
    assert page.count("<section>") == 7
    assert len(many) == len(few) <= 12


def test_an_invited_inspector_finds_the_visits_in_the_side_bar_and_no_more(at, city):
    city.person("xu", "许清", "yz-gov", "invited_inspector")
    page = at("xu").get("/visit/").content.decode()
    assert re.findall(r'href="/([a-z-]+)/"[^>]*>', page.split("<main")[0]).count("visit") >= 1
    assert 'href="/supervision-item/"' not in page
