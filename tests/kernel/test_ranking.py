"""A ranking: points as the rules say, places with ties, and every fault of a declaration seen."""

from collections.abc import Mapping
from functools import cache

import pytest

from fadu.definitions import book, figures, library, rankings_in
from fadu.kernel.figure import Figure
from fadu.kernel.ranking import Placed, Ranking, load_ranking, placed
from fadu.kernel.source import DefinitionError, Source

TEXT = """
ranking: delivery
domain: supervision
title: 排名 | Ranking
version: 1
in_force: 2026-01-01
basis: practice (P)
figures: supervision-item
by: lead_unit
least: {struck_off: 3}
ties: [struck_off]
for: reward-round
parts:
  on_time_rate: {weight: 60}
  struck_off:   {weight: 40}
  overdue:      {each: -5}
"""
KEYS = ("on_time_rate", "struck_off", "overdue")


@cache
def known() -> Mapping[str, Figure]:
    return {key: figure for file in figures().values() for key, figure in file.figures.items()}


def load(text: str = TEXT) -> Ranking:
    return load_ranking(Source("ranking.yaml").read(text), library(), known())


def ranked(**units: tuple[float, int, int]) -> list[Placed]:
    """Units with their rate, items struck off and overdue."""
    values = {
        f"supervision-item-{key}": {unit: given[place] for unit, given in units.items()}
        for place, key in enumerate(KEYS)
    }
    return placed(load(), values)


def test_a_rate_scores_by_its_height_a_number_by_the_best_and_each_one_costs_its_points() -> None:
    first, second = ranked(water=(90, 10, 1), parks=(100, 5, 0))
    assert (first.unit, first.score, [points for *_, points in first.parts]) == ("water", 89.0, [54.0, 40.0, -5])
    assert (second.unit, second.score, [points for *_, points in second.parts]) == ("parks", 80.0, [60.0, 20.0, 0])


def test_equal_scores_are_told_apart_by_the_ties_and_share_a_place_when_these_are_equal_too() -> None:
    found = ranked(water=(50, 10, 0), parks=(100, 10, 6), roads=(50, 10, 0), lights=(0, 4, 0))
    assert [(one.place, one.unit, one.score) for one in found] == [
        (1, "parks", 70.0), (1, "roads", 70.0), (1, "water", 70.0), (4, "lights", 16.0),
    ]  # fmt: skip


def test_a_unit_with_fewer_than_the_least_is_not_ranked_and_sets_no_best() -> None:
    assert [one.unit for one in ranked(water=(100, 2, 0), parks=(80, 3, 0))] == ["parks"]
    assert ranked() == []


@pytest.mark.parametrize(
    ("written", "instead", "rule"),
    [
        ("overdue:", "overdo:", "unknown-figure"),
        ("overdue:", "average_days:", "split"),
        ("{each: -5}", "{each: -5, weight: 3}", "ranking"),
        ("{each: -5}", "{}", "ranking"),
        ("{each: -5}", "{each: many}", "ranking"),
        ("for: reward-round", "for: co-handling", "ranking"),
        ("for: reward-round", "for: nothing", "unknown-procedure"),
        ("struck_off: 3", "struck: 3", "unknown-figure"),
        ("ties: [struck_off]", "ties: [kinds]", "split"),
        ("by: lead_unit", "by: unit", "split"),
        ("title: 排名 | Ranking", "title: 排名", "bilingual"),
        ("version: 1", "colour: red\nversion: 1", "unknown-word"),
    ],
)
def test_a_ranking_that_cannot_be_counted_is_a_fault(written: str, instead: str, rule: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(TEXT.replace(written, instead))
    assert rule in {fault.rule for fault in caught.value.faults}


def test_the_shipped_rankings_cite_what_is_in_the_book() -> None:
    found = rankings_in(library(), known())
    assert all(cite.law in book().laws for ranking in found.values() for cite in ranking.basis)
    assert "delivery" in found
