"""The leader's page and the page of a unit: who may open them, whether they add up, where their numbers lead."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from fadu.cases.act import act, open_case
from fadu.cases.models import Case
from fadu.units.models import Post
from tests.desk.city import City, fill
from tests.desk.test_pages import titles

pytestmark = pytest.mark.django_db

ONE = "/leader/?procedure=supervision-item"


@pytest.fixture
def full(city: City) -> City:
    fill(city)
    return city


def page_of(client: Client, url: str = "/leader/") -> str:
    return str(client.get(url).content.decode())


def part(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def numbers(row: str) -> list[int]:
    return [
        int(re.sub(r"\D", "", re.sub(r"<[^>]+>", "", cell))) for cell in re.findall(r'<td class="n">(.*?)</td>', row)
    ]


def table(section: str) -> tuple[list[list[int]], list[int]]:
    """The lines that count, and the total below them."""
    body, foot = section[section.index("<tbody>") :].split("<tfoot>")
    lines = [line for line in body.split("<tr")[1:] if 'class="over"' not in line.split(">")[0] + ">"]
    return [numbers(line) for line in lines], numbers(foot)


def test_only_who_leads_or_supervises_may_open_it(at, client, full):
    assert client.get("/leader/").status_code == 302
    for username, status in (("gu", 200), ("he", 200), ("shen", 403), ("audit", 403)):
        assert at(username).get("/leader/").status_code == status, username
        side = at(username).get("/me/").content.decode()
        assert ('href="/leader/"' in side) is (status == 200), username
    assert at("gu").post("/leader/").status_code == 405


def test_the_heading_is_the_finding(at, full):
    late, running = titles(at("he"), "/supervision-item/?light=red"), titles(at("he"), "/supervision-item/")
    page = page_of(at("gu"))
    heading = re.sub(r"<[^>]+>", "", re.search(r"<h1>.*?</h1>", page, re.DOTALL)[0])  # type: ignore[index]
    assert f"在办 {len(running)} 项，逾期 {len(late)} 项" in heading
    assert "逾期最多的是" in page
    assert all(title in part(page, "late") for title in late)


def test_without_anything_late_it_says_so(at, city):
    city.signed(due_in=40)
    page = page_of(at("gu"))
    assert "在办 1 项，没有逾期" in page
    assert "没有逾期的事项" in part(page, "late")
    assert "在办的都在期限内" in page


def test_an_empty_city_is_no_error(at, city):
    assert "在办 0 项，没有逾期" in page_of(at("gu"))


@pytest.mark.parametrize(
    "url", ["/leader/", ONE, f"{ONE}&kind=meeting", f"{ONE}&unit=yz-water", "/leader/?unit=yz-house"]
)
@pytest.mark.parametrize("name", ["units", "kinds"])
def test_the_parts_add_up_to_the_total(at, full, url, name):
    lines, total = table(part(page_of(at("he"), url), name))
    assert [sum(column) for column in zip(*lines, strict=True)] == total
    assert total[0] > 0


def test_what_is_left_out_is_counted_together(at, full, monkeypatch):
    monkeypatch.setattr("fadu.desk.leader.UNITS", 1)
    section = part(page_of(at("he"), ONE), "units")
    lines, total = table(section)
    assert [sum(column) for column in zip(*lines, strict=True)] == total
    assert "其余 1 个单位" in section
    assert "其余" not in part(page_of(at("he"), f"{ONE}&units=all"), "units")


def test_every_number_opens_exactly_its_cases(at, full):
    he = at("he")
    page = page_of(he, ONE)
    links = re.findall(r'<a class="num[^"]*" href="(/supervision-item/[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 20
    for url, number in set(links):
        assert len(titles(he, unescape(url))) == int(number.replace(",", "")), url


def test_a_case_is_two_clicks_away(at, full):
    gu = at("gu")
    first = next(url for url in re.findall(r'<th scope="row"><a href="([^"]+)">', part(page_of(gu), "units")))
    assert first.startswith("/units/")
    second = re.search(r'<a class="t" href="(/supervision-item/\d+/)"', page_of(gu, first))
    assert second is not None
    assert gu.get(second[1]).status_code == 200


def test_what_does_not_fit_the_conditions_is_not_counted(at, full):
    page = page_of(at("gu"), f"{ONE}&kind=meeting&unit=yz-water")
    expected = titles(at("he"), "/supervision-item/?kind=meeting&unit=yz-water")
    assert f"在办 {len(expected)} 项" in page
    assert "在办 0 项" in page_of(at("gu"), f"{ONE}&unit=no-such-unit")
    assert page_of(at("gu"), "/leader/?procedure=no-such&kind=x&gov=y") != ""


def test_another_government_is_not_in_it(at, full):
    before = re.findall(r"<h1>.*?</h1>", page_of(at("gu")), re.DOTALL)
    full.unit("lj", "临江市", "Linjiang", None, "government")
    full.unit("lj-sup", "临江市督查室", "Supervision", "lj", "section")
    full.person("wei", "魏然", "lj-sup", "supervision_officer")
    given = {
        "matter": "临江事项", "source": "meeting", "source_document": full.document("纪要.pdf", "wei"),
        "lead_unit": "lj-sup", "result_required": "报告", "urgent": False,
    }  # fmt: skip
    open_case("supervision-item", full.people["wei"], given, full.units["lj-sup"])
    assert re.findall(r"<h1>.*?</h1>", page_of(at("gu")), re.DOTALL) == before
    assert "在办 1 项" in page_of(at("wei"))


def test_a_late_item_tells_since_when_how_often_it_was_urged_and_whether_it_is_reviewed(at, full):
    item = Case.objects.filter(procedure="supervision-item", red_at__isnull=False).order_by("red_at").first()
    assert item is not None
    he = full.people["he"]
    line = re.search(rf"<tr data-row[^>]*/{item.pk}/.*?</tr>", part(page_of(at("he")), "late"), re.DOTALL)
    assert line is not None
    assert "未催" in line[0]
    act(item, "chase", he, {"slip": "blue"})
    review = {"matter": "复盘", "item": str(item.pk), "lead_unit": "yz-water", "why": "连续逾期"}
    opened = open_case("after-action-review", he, review, full.units["yz-sup"])
    line = re.search(rf"<tr data-row[^>]*/{item.pk}/.*?</tr>", part(page_of(at("he")), "late"), re.DOTALL)
    assert line is not None
    assert "1 次" in line[0]
    assert f'href="/after-action-review/{opened.pk}/"' in line[0]
    assert opened.number in line[0]


def test_weeks_are_told_in_words_and_numbers_too(at, full):
    section = part(page_of(at("he"), ONE), "weeks")
    assert len(re.findall(r'role="img" aria-label="[^"]+近 12 周：', section)) == 3
    opened = [int(n) for n in re.findall(r"amp;since=[^>]*>(\d+)</a></td><td", section)]
    assert sum(opened) == Case.objects.filter(procedure="supervision-item").count()
    told = re.search(r'aria-label="立项，近 12 周：([^"]+)"', section)
    assert told is not None
    assert [int(n) for n in told[1].split("、")] == opened


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(at, full, django_assert_num_queries):
    for url in COST:
        at("gu").get(url)  # what is kept for the life of the process
    for url, cost in COST.items():
        gu = at("gu")
        with django_assert_num_queries(cost):
            gu.get(url)
    for n in range(15):
        full.signed(f"逾期{n}", due_in=-3)
    for url, cost in COST.items():
        gu = at("gu")
        with django_assert_num_queries(cost):
            gu.get(url)


COST = {"/leader/": 13, "/units/yz-water/": 11}


def test_in_english_it_says_the_same(at, full):
    gu = at("gu")
    gu.cookies["django_language"] = "en"
    page = page_of(gu)
    assert "overdue" in page
    assert "Most of it is with" in page
    for number in re.findall(r'(?:width|height|x|y)="([\d.]+)"', part(page, "weeks")):
        assert float(number) >= 0


# ---- the page of a unit


def test_a_unit_shows_what_the_reader_may_see_of_it(at, full):
    page = page_of(at("he"), "/units/yz-water/")
    for title in titles(at("he"), "/supervision-item/?unit=yz-water"):
        assert title in page
    full.unit("yz-civil", "云州市民政局", "Civil Affairs Bureau", "yz", "bureau")
    full.person("min", "闵安", "yz-civil", "unit_officer")
    stranger = page_of(at("min"), "/units/yz-water/")
    assert "没有您看得到的在办事项" in stranger
    assert not re.search(r'class="t"', stranger)
    assert at("he").get("/units/nowhere/").status_code == 404


def test_what_a_unit_closed_last_is_at_its_end(at, city):
    case = city.signed("已了结的事")
    act(case, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    act(case, "verify", city.people["he"], {"verified_how": "papers", "remark": "齐全"})
    act(case, "strike_off", city.people["gu"], {"outcome": "done"})
    page = page_of(at("he"), "/units/yz-water/")
    assert "已了结的事" in page[page.index("最近办结") :]
    assert "最近办结" not in page_of(at("he"), "/units/yz-house/")


def test_who_leads_in_two_governments_chooses_one(at, full):
    full.unit("lj", "临江市", "Linjiang", None, "government")
    Post.objects.create(person=full.people["gu"], unit=full.units["lj"], role="leader", since=date(2020, 1, 1))
    assert "在办 0 项" in page_of(at("gu"), "/leader/?gov=lj")
    assert "在办 0 项" not in page_of(at("gu"), "/leader/?gov=yz")
    assert 'name="gov"' in page_of(at("gu"))
