import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fadu.cases.act import act
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.figures.ranking import Ranked, named, rules
from fadu.figures.span import Span
from fadu.kernel.state import State
from tests.desk.city import City

pytestmark = pytest.mark.django_db

PAGE = "/figures/ranking/delivery/"


def struck_off(city: City, unit: str, officer: str) -> Case:
    case = city.approved("某事项", 20, 3, lead_unit=unit)
    people = city.people
    act(case, "sign", people[officer], {})
    act(case, "ask_closing", people[officer], {"evidence": city.document("办结报告.pdf", officer)})
    act(case, "verify", people["luo"], {"verified_how": "papers", "remark": "属实"})
    return act(case, "strike_off", people["gu"], {"outcome": "done"})


@pytest.fixture
def quarter(city: City) -> str:
    """Four items of the housing bureau and three of the water bureau struck off today."""
    city.person("luo", "罗清", "yz-sup", "supervision_officer")
    for _ in range(4):
        struck_off(city, "yz-house", "lin")
    for _ in range(3):
        struck_off(city, "yz-water", "shen")
    return str(Span.holding(now().date()))


def test_the_page_places_the_units_with_every_number_opening_its_evidence(at, quarter):
    he = at("he")
    page = he.get(f"{PAGE}?period={quarter}").content.decode()
    assert re.findall(r'<th scope="row">([^<]+)', page) == ["云州市住房和城乡建设局", "云州市水务局"]
    assert "满分60分" in page
    links = [link.replace("&amp;", "&") for link in re.findall(r'<a class="num" href="([^"]+)"', page)]
    assert len(links) == 8
    assert all(he.get(link).status_code == 200 for link in links)


def test_the_rules_are_said_in_both_languages():
    said = rules(named("delivery"))
    assert "按时办结率" in said.zh
    assert "takes 5 points" in said.en


def test_the_office_takes_the_ranking_into_a_round_with_rows_reasons_and_digest(at, quarter):
    answer = at("he").post(f"{PAGE}take/", {"period": quarter})
    case = Case.objects.get(procedure="reward-round")
    assert answer.headers["Location"] == f"/reward-round/{case.pk}/"
    data = State.from_json(case.state).data
    ranked = Ranked(named("delivery"), Span.parse(quarter))
    assert (case.stage, data["ranking"], data["counted"]) == ("ranked", ranked.rows, ranked.digest)
    assert [row["unit"] for row in data["ranking"]] == ["yz-house", "yz-water"]
    assert "按时办结率100%，得60分" in data["ranking"][0]["reasons"]
    assert [(data["since"], data["until"])] == [(f"{quarter}-01-01", f"{quarter}-12-31")]


def test_nothing_is_written_when_nobody_is_ranked(at, city):
    answer = at("he").post(f"{PAGE}take/", {"period": "2001"})
    assert answer.status_code == 422
    assert "请填写“排名”" in answer.content.decode()
    assert not Case.objects.filter(procedure="reward-round").exists()


def test_who_does_not_work_on_rewards_sees_no_ranking_and_takes_none(at, client, city):
    assert client.get(PAGE).status_code == 302
    assert at("shen").get(PAGE).status_code == 403
    assert at("shen").post(f"{PAGE}take/", {"period": "2026"}).status_code == 403
    assert at("gu").get(PAGE).status_code == 200
    assert at("gu").post(f"{PAGE}take/", {"period": "2026"}).status_code == 403  # a leader confirms, and begins none
    assert at("he").get("/figures/ranking/nothing/").status_code == 404
    assert at("he").get(f"{PAGE}?period=sometime").status_code == 404
    assert PAGE in at("he").get("/figures/").content.decode()
    assert PAGE not in at("shen").get("/figures/").content.decode()


def test_the_page_asks_a_fixed_number_of_questions(at, city, quarter):
    he = at("he")
    he.get(f"{PAGE}?period={quarter}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        he.get(f"{PAGE}?period={quarter}")
    for number in range(4):
        city.unit(f"yz-{number}", f"云州市第{number}局", f"Bureau {number}", "yz", "bureau")
        city.person(f"p{number}", f"某{number}", f"yz-{number}", "unit_officer")
        for _ in range(3):
            struck_off(city, f"yz-{number}", f"p{number}")
    with CaptureQueriesContext(connection) as many:
        page = he.get(f"{PAGE}?period={quarter}").content.decode()
    assert len(many) == len(few)
    assert page.count('<th scope="row">') == 6
