"""The ledger: tabs with their counts, columns, order, sums, views that are kept, and paper."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from fadu.cases import listing
from fadu.cases.act import act
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.desk.models import SavedView
from fadu.units.models import Post
from tests.desk.city import City
from tests.desk.test_pages import titles

pytestmark = pytest.mark.django_db

LEDGER = "/supervision-item/"


def page_of(client: Client, query: str = "") -> str:
    return str(client.get(f"{LEDGER}{query}").content.decode())


def headers(page: str) -> list[str]:
    head = page[page.index("<thead>") : page.index("</thead>")]
    return re.findall(r'<th scope="col"[^>]* title="([^"]*)"', head)


def cells(page: str, css: str) -> list[str]:
    return re.findall(rf'<td class="{css}"[^>]*>([^<]*)<', page)


def tabs(page: str) -> dict[str, str]:
    """Title -> the words below it."""
    nav = page[page.index('class="tabs counted"') :]
    found = re.findall(
        r"<span>([^<]+?) <span class=\"count\">([^<]*)</span></span>(.*?)</a>", nav[: nav.index("</nav>")]
    )
    return {title: " ".join([count, *re.findall(r">([^<]+)</span>", more)]) for title, count, more in found}


def closed(city: City, title: str, **data) -> Case:
    case = city.approved(title, **data)
    return close(city, act(case, "sign", city.people["shen"], {}))


def close(city: City, case: Case) -> Case:
    act(case, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    act(case, "verify", city.people["he"], {"verified_how": "papers", "remark": "齐全"})
    return act(case, "strike_off", city.people["gu"], {"outcome": "done"})


# ---- tabs


def test_every_kind_has_its_tab_with_what_is_open_overdue_and_closed(at, city):
    city.signed("一", due_in=30, source="meeting")
    city.signed("二", due_in=-3, source="meeting")
    city.signed("三", due_in=30, source="instruction")
    closed(city, "四", source="meeting")
    assert tabs(page_of(at("he"))) == {
        "全部": "3 逾期 1 办结 1",
        "会议纪要": "2 逾期 1 办结 1",
        "领导批示": "1 逾期 0 办结 0",
    }
    assert tabs(page_of(at("he"), "?unit=yz-house"))["全部"] == "0 逾期 0 办结 0", "counts follow the conditions"
    assert tabs(page_of(at("he"), "?q=二事")) == {"全部": "0"}, "a search is not split"


def test_counts_stop_at_the_cap_and_say_so(at, city, monkeypatch):
    for n in range(4):
        city.propose(f"事项{n}")
    monkeypatch.setattr(listing, "CAP", 2)
    monkeypatch.setattr("fadu.desk.counts.CAP", 2)
    monkeypatch.setattr(listing.capped_counts, "__defaults__", (2,))
    assert tabs(page_of(at("he")))["全部"] == "2+ 逾期 0 办结 0"


# ---- order


def test_closed_cases_are_listed_by_the_day_they_were_closed(at, city):
    first, second = city.signed("先办结"), city.signed("后办结")
    close(city, first)
    close(city, second)
    Case.objects.filter(pk=first.pk).update(closed=second.opened)
    assert titles(at("he"), f"{LEDGER}?state=closed") == ["后办结", "先办结"]
    assert titles(at("he"), f"{LEDGER}?state=closed&sort=closed") == ["先办结", "后办结"]
    assert headers(page_of(at("he"), "?state=closed")) == ["编号", "事项", "来源", "单位", "办理结果", "立项", "办结"]


def test_an_order_no_index_carries_is_not_offered(at, city):
    closed(city, "办结")
    page = page_of(at("he"), "?state=closed&sort=due")
    assert '<option value="-closed" selected>' in page
    assert 'value="due"' not in page


def test_open_cases_are_listed_by_the_day_they_were_opened(at, city):
    city.propose("早", days_ago=20)
    city.propose("晚", days_ago=3)
    assert titles(at("he"), f"{LEDGER}?sort=-opened") == ["晚", "早"]
    assert titles(at("he"), f"{LEDGER}?sort=opened&state=all") == ["早", "晚"]


def test_every_page_is_reached_in_every_order(at, city):
    for n in range(35):
        city.propose(f"事项{n:02}", days_ago=n % 5)
    he = at("he")
    for sort in ("due", "-due", "-opened", "opened"):
        url, seen = f"{LEDGER}?sort={sort}", []
        while url:
            seen += titles(he, url)
            onward = re.search(r'rel="next" href="([^"]+)"', he.get(url).content.decode())
            url = f"{LEDGER}{unescape(onward[1])}" if onward else ""
        assert sorted(seen) == [f"事项{n:02}" for n in range(35)], sort


def test_conditions_of_closing_and_of_none(at, city):
    closed(city, "办结")
    city.signed("在办")
    today = now().date().isoformat()
    assert titles(at("he"), f"{LEDGER}?state=closed&closed_since={today}&closed_until={today}") == ["办结"]
    assert titles(at("he"), f"{LEDGER}?state=closed&closed_until=2020-01-01") == []
    assert titles(at("he"), f"{LEDGER}?kind=-") == []
    assert titles(at("he"), f"{LEDGER}?unit=-") == []
    assert titles(at("he"), f"{LEDGER}?gov=yz") == ["在办"]


@pytest.mark.parametrize(
    "query", ["since=9999-12-31", "until=0001-01-01", "pick=" + "9" * 30, "cols=,,x", "after=~" + "9" * 30]
)
def test_what_no_calendar_holds_is_no_error(at, city, query):
    city.signed()
    assert at("he").get(f"{LEDGER}?{query}").status_code == 200


# ---- columns


def test_columns_are_those_of_the_address_in_its_order(at, city):
    city.signed("事项", result_required="点位清单")
    page = page_of(at("he"), "?cols=title,data.result_required,unit,no-such-column")
    assert headers(page) == ["事项", "成果形式", "单位"]
    assert cells(page, "c-text x") == ["点位清单"]
    assert headers(page_of(at("he"), "?cols=nothing")) == headers(page_of(at("he"))), "the usual ones when none fits"


def test_columns_are_moved_added_and_taken_away_by_links_alone(at, city):
    city.signed()
    he, page = at("he"), page_of(at("he"), "?light=green&cols=number,title,unit")
    menu = page[page.index('class="pickcols"') : page.index("</details>", page.index('class="pickcols"'))]
    ways = {label: unescape(url) for url, label in re.findall(r'href="([^"]+)" aria-label="([^"]+)"', menu)}
    assert headers(page_of(he, ways["前移：事项"])) == ["事项", "编号", "单位"]
    assert headers(page_of(he, ways["后移：事项"])) == ["编号", "单位", "事项"]
    assert headers(page_of(he, ways["不显示：单位"])) == ["编号", "事项"]
    assert "light=green" in ways["不显示：单位"]
    more = next(
        unescape(url)
        for url, words in re.findall(r'<li><a href="([^"]+)">.*?</svg>([^<]+)</a>', menu, re.DOTALL)
        if words == "阶段"
    )
    moved = page_of(he, more)
    assert headers(moved) == ["编号", "事项", "单位", "阶段"]
    assert '<details class="menu right wide" open>' in moved


def test_a_field_one_may_not_see_is_no_column(at, city):
    for username, role in (("he", "general_officer"), ("lin", "hotline_officer")):
        Post.objects.create(person=city.people[username], unit=city.units["yz-gov"], role=role, since=date(2020, 1, 1))
    assert "联系电话" not in at("he").get("/appeal/?cols=title,data.phone").content.decode()
    assert "联系电话" in at("lin").get("/appeal/?cols=title,data.phone").content.decode()


def test_columns_of_names_cost_the_same_however_many_rows(at, city, django_assert_num_queries):
    url = f"{LEDGER}?cols=title,data.co_units,data.every_months,unit,turn"
    city.signed("事项", co_units=["yz-house"])
    he = at("he")
    he.get(url)
    with django_assert_num_queries(COST):
        he.get(url)
    for n in range(12):
        city.signed(f"事项{n}", co_units=["yz-house"])
    with django_assert_num_queries(COST):
        page = he.get(url).content.decode()
    assert cells(page, "c-text x").count("云州市住房和城乡建设局") == 13


COST = 11


def test_numbers_are_added_up_under_their_column(at, city, monkeypatch):
    for months in (1, 2, 6):
        case = city.propose(f"每{months}月")
        act(case, "approve", city.people["gu"], {"due": "2099-12-31", "every_months": months})
    page = page_of(at("he"), "?cols=number,title,data.every_months")
    assert re.search(r'class="sums">.*?<td class="n">9</td>', page, re.DOTALL)
    assert "合计" in page
    monkeypatch.setattr("fadu.desk.columns.CAP", 2)
    monkeypatch.setattr(listing, "CAP", 2)
    page = page_of(at("he"), "?cols=number,title,data.every_months")
    assert 'class="sums"' not in page
    assert "不计合计" in page


# ---- views


def keep(client: Client, name: str, query: str, unit: str = ""):
    return client.post(f"{LEDGER}views/", {"name": name, "query": query, "unit": unit})


def test_a_view_keeps_conditions_order_and_columns(at, city):
    he = at("he")
    answer = keep(he, "水务逾期", "light=red&unit=yz-water&sort=-due&cols=number,title&after=9&pick=1&print=1")
    assert answer["Location"] == f"{LEDGER}?unit=yz-water&light=red&sort=-due&cols=number,title"
    assert "视图：水务逾期" in he.get(answer["Location"]).content.decode()
    assert "视图：水务逾期" in page_of(he, "?cols=number,title&sort=-due&light=red&unit=yz-water"), "in any order"
    assert "视图：水务逾期" not in page_of(he)
    assert "水务逾期" in page_of(he)


def test_a_view_of_the_same_name_takes_its_place(at, city):
    he = at("he")
    keep(he, "常看", "light=red")
    keep(he, "常看", "light=yellow")
    assert [view.query for view in SavedView.objects.all()] == ["light=yellow"]


def test_a_shared_view_reaches_the_unit_and_nobody_else(at, city):
    city.person("ye", "叶青", "yz-sup", "supervision_officer")
    keep(at("he"), "督查室的", "light=red", "yz-sup")
    keep(at("he"), "自己的", "light=grey")
    colleague, other = page_of(at("ye")), page_of(at("shen"))
    assert "督查室的" in colleague
    assert "自己的" not in colleague
    assert "督查室的" not in other
    keep(at("shen"), "越界", "light=red", "yz-sup")
    assert SavedView.objects.get(name="越界").unit is None, "a unit one does not work in is no choice"


def test_views_are_renamed_moved_and_deleted_by_their_owner_alone(at, city):
    he = at("he")
    for name in ("一", "二", "三"):
        keep(he, name, f"q={name}", "yz-sup")
    third = SavedView.objects.get(name="三")
    he.post(f"{LEDGER}views/{third.pk}/", {"do": "up"})
    assert [view.name for view in SavedView.objects.all()] == ["一", "三", "二"]
    he.post(f"{LEDGER}views/{third.pk}/", {"do": "change", "name": "新名", "unit": ""})
    third.refresh_from_db()
    assert (third.name, third.unit) == ("新名", None)
    taken = he.post(f"{LEDGER}views/{third.pk}/", {"do": "change", "name": "一"})
    assert taken.status_code == 422
    assert "您已有同名的视图" in taken.content.decode()
    assert at("shen").post(f"{LEDGER}views/{third.pk}/", {"do": "delete"}).status_code == 404
    he.post(f"{LEDGER}views/{third.pk}/", {"do": "delete"})
    assert not SavedView.objects.filter(pk=third.pk).exists()


@pytest.mark.parametrize("name", ["", " ", "长" * 61])
def test_a_name_that_is_none_is_refused_and_nothing_is_kept(at, city, name):
    answer = keep(at("he"), name, "light=red")
    assert answer.status_code == 422
    assert "没有保存" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_the_fifty_first_view_is_refused(at, city):
    SavedView.objects.bulk_create(
        SavedView(owner=city.people["he"], procedure="supervision-item", name=str(n)) for n in range(50)
    )
    assert "最多存 50 个视图" in keep(at("he"), "再一个", "").content.decode()


def test_texts_in_a_view_are_never_markup(at, city):
    keep(at("he"), "<script>alert(1)</script>", "q=<b>")
    for url in (LEDGER, f"{LEDGER}views/"):
        assert "<script>alert" not in at("he").get(url).content.decode()


# ---- paper and export


def test_on_paper_there_are_no_pages_and_the_conditions_are_said(at, city):
    for n in range(33):
        city.propose(f"事项{n:02}", source="meeting")
    page = page_of(at("he"), "?print=1&kind=meeting&cols=number,title")
    assert len(re.findall(r'<a class="t"', page)) == 33
    assert "类别：会议纪要" in page
    assert 'rel="next"' not in page
    assert 'type="checkbox"' not in page
    assert headers(page) == ["编号", "事项"]


def test_paper_ends_somewhere_and_says_so(at, city, monkeypatch):
    monkeypatch.setattr("fadu.desk.ledger.PRINTED", 3)
    for n in range(4):
        city.propose(f"事项{n}")
    page = page_of(at("he"), "?print=1")
    assert len(re.findall(r'<a class="t"', page)) == 3
    assert "只印前 3 项" in page


def test_the_export_is_of_exactly_this_list(at, city):
    wanted, _ = city.signed("甲", source="meeting"), city.signed("乙", source="instruction")
    page = page_of(at("he"), "?kind=meeting&cols=number,title&after=x")
    url = unescape(re.search(r'href="(/supervision-item/export/[^"]*)"', page)[1])  # type: ignore[index]
    assert url == "/supervision-item/export/?kind=meeting&cols=number,title"
    answer = at("he").get(f"{url}&format=csv")
    text = (
        b"".join(answer.streaming_content).decode("utf-8-sig")
        if answer.streaming
        else answer.content.decode("utf-8-sig")
    )
    assert wanted.title in text
    assert "乙" not in text
    assert 'formaction="/supervision-item/export/"' in page
