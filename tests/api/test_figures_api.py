"""Figures over the API: numbers with their definition, and the cases behind them, as far as the asker may see them."""

import pytest

from fadu.figures.declared import declared
from tests.api.test_cases import told
from tests.cases.cast import World

OPENED = next(key for key, figure in declared("supervision").items() if key.endswith("opened"))


@pytest.fixture
def matters(world: World) -> World:
    world.approved("甲", source="meeting")
    world.approved("乙", source="instruction")
    world.propose("丙")
    return world


def test_every_declared_figure_is_told_with_its_definition_and_articles(matters: World, caller):
    found = caller("he").get("/figures?period=2026").json()
    assert [one["key"] for one in found["items"]] == list(declared())
    opened = next(one for one in found["items"] if one["key"] == OPENED)
    assert (opened["value"], found["period"]) == (2, "2026")
    assert opened["definition"]["zh"]
    assert opened["definition"]["en"]
    assert {one["value"]: one["number"] for one in opened["splits"][0]["values"]} == {"meeting": 1, "instruction": 1}
    only = caller("he").get("/figures?domain=supervision").json()["items"]
    assert {one["domain"] for one in only} == {"supervision"}


def test_a_figure_leads_to_the_cases_behind_it(matters: World, caller):
    found = caller("he").get(f"/figures/{OPENED}?period=2026").json()
    assert (found["value"], sorted(row["title"] for row in found["items"])) == (2, ["乙", "甲"])
    narrowed = caller("he").get(f"/figures/{OPENED}?period=2026&split=source&value=meeting").json()
    assert [row["title"] for row in narrowed["items"]] == ["甲"]
    assert caller("he").get(f"/figures/{OPENED}?period=2025").json()["value"] == 0


def test_what_somebody_may_not_see_is_not_counted_for_them(matters: World, caller):
    for who in ("feng", "lin", "mo", "shi"):
        found = caller(who).get(f"/figures/{OPENED}?period=2026").json()
        assert (found["value"], found["items"]) == (0, [])
    assert caller("shen").get(f"/figures/{OPENED}?period=2026").json()["partial"]


@pytest.mark.parametrize("split", ["matter", "phone", "nothing", "state"])
def test_a_figure_is_split_by_what_it_declares_and_by_nothing_else(matters: World, caller, split):
    found = told(caller("he").get(f"/figures/{OPENED}?split={split}&value=x"), 422, "unfit")
    assert found["errors"][0]["place"] == "split"


@pytest.mark.parametrize(
    "period",
    ["soon", "2026Q5", "2026-13", "2026-02-01..2026-01-01", "0000", "9999", "1-1-1..x", "9999-01-01..9999-12-31"],
)
def test_a_period_that_is_none_is_named(matters: World, caller, period):
    found = told(caller("he").get(f"/figures/{OPENED}?period={period}"), 422, "unfit")
    assert found["errors"][0]["place"] == "period"


def test_a_figure_nobody_declares_is_not_found(matters: World, caller):
    told(caller("he").get("/figures/flying"), 404, "not-found")
