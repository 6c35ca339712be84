"""Minutes split into items: paragraph by paragraph, each item pointing back to its own; and cases that lead to one more."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from fadu.cases.act import act, open_case
from fadu.cases.models import Case
from tests.desk.city import City

pytestmark = pytest.mark.django_db

TEXT = "一、会议听取了汛期工作汇报。\n二、由市水务局牵头整治城区积水点，年底前完成。\n\n三、由市住建局核查老旧小区排水管网。"


@pytest.fixture
def paper(city: City) -> Case:
    given = {"name": "市长办公会议纪要〔2026〕15号", "kind_of": "meeting", "text": TEXT}
    return open_case("source-paper", city.people["he"], given, city.units["yz-sup"])


def url(case: Case, more: str = "") -> str:
    return f"/{case.procedure}/{case.pk}/{more}"


def ticked(*numbers: int, **columns: dict[int, str]) -> dict[str, Any]:
    """The form of a split with some of the three paragraphs ticked."""
    lines = [line for line in TEXT.splitlines() if line]
    return {
        "tasks--tick": [str(n) for n in numbers],
        "tasks--row": ["1", "2", "3"],
        "tasks-paragraph": ["1", "2", "3"],
        "tasks-text": lines,
        "tasks-unit": ["", "云州市水务局", "云州市住房和城乡建设局"],
        "tasks-result": ["", "整治完成报告", "核查报告"],
        "tasks-wanted_by": ["", "", ""],
        "tasks-urgent": ["", "false", "false"],
        **{f"tasks-{key}": [one.get(n, "") for n in (1, 2, 3)] for key, one in columns.items()},
    }


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def ticks(page: str) -> list[str]:
    return re.findall(r'name="tasks--tick" value="(\d+)" checked', page)


def test_the_text_stands_in_numbered_paragraphs(at, paper):
    page = page_of(at("he"), url(paper))
    assert [int(n) for n in re.findall(r'<li id="p(\d+)">', page)] == [1, 2, 3]


def test_the_form_offers_every_paragraph_to_be_ticked(at, paper):
    page = page_of(at("he"), url(paper, "do/split_up/"))
    assert page.count('name="tasks--tick"') == 3
    assert ticks(page) == []
    assert page.count('name="tasks-unit"') == 3


def test_each_ticked_paragraph_becomes_an_item_that_points_back(at, city, paper):
    he = at("he")
    answer = he.post(url(paper, "do/split_up/"), {**ticked(2, 3), "seen": paper.seq})
    assert (answer.status_code, answer["Location"]) == (302, url(paper))
    items = list(Case.objects.filter(procedure="supervision-item").order_by("pk"))
    assert [item.state["data"]["paragraph"] for item in items] == [2, 3]
    assert [item.state["data"]["from_paper"] for item in items] == [paper.pk] * 2
    page = page_of(he, url(paper))
    second = page[page.index('id="p2"') : page.index('id="p3"')]
    assert f'href="{url(items[0])}"' in second
    assert "立项 2 件" in page
    assert page.count(f'class="t" href="{url(items[0])}"') == 1, "named once, by the field that points here"
    assert f'href="/supervision-item/?link=from_paper:{paper.pk}' not in page, "two are shown whole"
    back = page_of(he, url(items[0]))
    assert f'href="{url(paper)}"' in back


def test_a_paragraph_split_before_says_what_was_made_of_it_and_is_not_offered_ticked(at, paper):
    he = at("he")
    he.post(url(paper, "do/split_up/"), {**ticked(2), "seen": paper.seq})
    page = page_of(he, url(paper, "do/split_up/"))
    assert page.count("已立项") == 1
    assert ticks(page) == []


def test_one_row_that_cannot_be_opened_opens_none(at, paper):
    answer = at("he").post(
        url(paper, "do/split_up/"), {**ticked(2, 3, unit={2: "云州市水务局", 3: "无此局"}), "seen": paper.seq}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行：单位表中没有“无此局”" in page
    assert 'value="无此局"' in page
    assert ticks(page) == ["2", "3"]
    assert not Case.objects.filter(procedure="supervision-item").exists()


def test_nothing_ticked_is_refused_at_the_field(at, paper):
    answer = at("he").post(url(paper, "do/split_up/"), {**ticked(), "seen": paper.seq})
    assert answer.status_code == 422
    assert 'href="#f-tasks"' in answer.content.decode()


def test_a_paper_is_not_closed_over_items_that_are_open(at, city, paper):
    he = at("he")
    he.post(url(paper, "do/split_up/"), {**ticked(2, 3), "seen": paper.seq})
    refused = he.get(url(paper, "do/finish/"))
    assert refused.status_code == 409
    assert "仍有 2 项未销号（已销号 0 项）" in refused.content.decode()


def test_a_split_costs_the_same_however_many_paragraphs(at, city, django_assert_num_queries):
    he = at("he")
    papers = [
        open_case("source-paper", city.people["he"], {"name": f"纪要{n}", "kind_of": "meeting", "text": text}, city.units["yz-sup"])
        for n, text in enumerate((TEXT, "\n".join(f"第{n}段" for n in range(60))))
    ]  # fmt: skip
    he.get(url(papers[0], "do/split_up/"))
    for paper in papers:
        with django_assert_num_queries(SPLIT_COST):
            he.get(url(paper, "do/split_up/"))


SPLIT_COST = 9


# ---- one case leads to one more


@pytest.fixture
def campaign(city: City) -> Case:
    he, gu = city.people["he"], city.people["gu"]
    given = {
        "theme": "汛期安全专项督查",
        "source_basis": "市政府常务会议",
        "scope": "积水点、排水管网",
        "starts_on": "2026-01-01",
        "ends_on": "2099-12-30",
        "plan": city.document("方案.pdf", "he"),
        "team": [{"person": str(he.pk), "duty": "组长"}],
    }
    case = open_case("campaign", he, given, city.units["yz-sup"])
    return act(case, "approve", gu, {})


ITEM = {
    "matter": "城区积水点整治", "source": "meeting", "lead_unit": "云州市水务局", "result_required": "报告", "urgent": "false",
}  # fmt: skip


def test_an_action_that_leads_on_opens_the_next_form_filled_in_and_both_ledgers_say_so(at, city, campaign):
    he = at("he")
    answer = he.post(url(campaign, "do/add_item/"), {"seen": campaign.seq})
    form = f"/supervision-item/new/?from={campaign.pk}&by=add_item"
    assert answer["Location"] == form
    page = page_of(he, form)
    assert 'value="2099-12-30"' in page
    assert f'value="{campaign.number} 汛期安全专项督查"' in page
    assert f'href="{url(campaign)}"' in page
    hidden = {"from": str(campaign.pk), "by": "add_item", "campaign": f"{campaign.number} 汛期安全专项督查"}
    paper = {"source_document-kept": json.dumps(city.document("纪要.pdf", "he"))}
    assert he.post("/supervision-item/new/", {**ITEM, **hidden, **paper}).status_code == 302
    item = Case.objects.get(procedure="supervision-item")
    assert item.state["data"]["campaign"] == campaign.pk
    assert "引出事项" in page_of(he, url(campaign))
    assert "由事项转来" in page_of(he, url(item))
    group = page_of(he, url(campaign))
    assert group.count(f'class="t" href="{url(item)}"') == 1


def test_what_an_action_led_to_waits_on_the_page_until_somebody_opens_it(at, city, campaign):
    act(campaign, "add_item", city.people["he"], {})
    form = f"/supervision-item/new/?from={campaign.pk}&amp;by=add_item"
    assert form in page_of(at("he"), url(campaign))
    assert form not in page_of(at("gu"), url(campaign)), "a leader opens no items"
    given = {
        "matter": "积水点",
        "source": "meeting",
        "source_document": city.document("纪要.pdf", "he"),
        "urgent": False,
    }
    more = {"lead_unit": "yz-water", "result_required": "报告"}
    open_case(
        "supervision-item", city.people["he"], {**given, **more}, city.units["yz-sup"], source=(campaign.pk, "add_item")
    )
    assert form not in page_of(at("he"), url(campaign))


@pytest.mark.parametrize(
    "query", ["from=1&by=add_item", "from=x&by=y", "from=&by=", "from=9999999999999999999999&by=add_item"]
)
def test_an_address_that_leads_from_nowhere_is_an_empty_form(at, campaign, query):
    page = page_of(at("he"), f"/supervision-item/new/?{query}")
    assert 'name="from"' not in page


def test_drafts_of_forms_that_come_from_different_cases_are_kept_apart(at, city, campaign):
    act(campaign, "add_item", city.people["he"], {})
    he, form = at("he"), f"/supervision-item/new/?from={campaign.pk}&by=add_item"
    he.post("/supervision-item/new/draft/", {"matter": "甲", "from": campaign.pk, "by": "add_item"})
    he.post("/supervision-item/new/draft/", {"matter": "乙"})
    assert 'value="甲"' in page_of(he, form)
    assert 'value="乙"' in page_of(he, "/supervision-item/new/")
    dropped = he.post("/supervision-item/new/draft/", {"drop": "1", "from": campaign.pk, "by": "add_item"})
    assert dropped["Location"] == form
    assert 'value="2099-12-30"' in page_of(he, form), "filled in anew from the campaign"
    assert 'value="乙"' in page_of(he, "/supervision-item/new/")
