"""Figures count what a plain loop over the folded ledgers counts, now and at the end of any earlier period."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.cases.models import Case
from fadu.definitions import library
from fadu.figures import declared as declarations
from fadu.figures.measure import Counter, value
from fadu.figures.span import Span
from fadu.kernel.facts import CaseFacts
from fadu.kernel.figure import Figure, load_figures
from fadu.kernel.source import Source
from fadu.kernel.state import State, fold
from tests.figures.conftest import PRESENT
from tests.figures.walks import CALENDAR, bodies

ITEM = library().in_force("supervision-item")
HEAD = """
figures_for: supervision-item
domain: supervision
title: 测试 | Test
version: 1
in_force: 2026-01-01
basis: practice (P)
figures:
"""
WHERE = (
    "",
    ", where: {item: [overdue, met]}",
    ", where: {stage: [underway, closed]}",
    ", where: {item: {left_under: 60%}}",
)
OVER = ("approve", "chase", "strike_off", "opened", "closed", "carried_in", "carried_out")
KINDS = (
    "count: supervision-item",
    "distinct: supervision-item, of: source",
    "sum: supervision-item, of: every_months",
    "average: supervision-item, days: [approve, sign]",
)


def declare(lines: str) -> list[Figure]:
    document = Source("test.yaml").read(HEAD + "\n".join(f"  {line.strip()}" for line in lines.strip().splitlines()))
    return list(load_figures(document, library()).figures.values())


def one(line: str) -> Figure:
    return declare(f"it: {{title: 数 | Number, cites: practice (P), {line}}}")[0]


def day_of(body: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(body["day"])


def counted(figure: Figure, span: Span, ledgers: dict[int, list[dict[str, Any]]]) -> dict[int, State]:
    """The cases behind a figure, found by reading every entry of every case."""
    found = {}
    for case_id, entries in ledgers.items():
        at, lines = PRESENT, entries
        if figure.over in ("carried_in", "carried_out"):
            at = min(span.start if figure.over == "carried_in" else span.end, PRESENT)
            lines = [body for body in entries if day_of(body) < at]
        if not lines:
            continue
        state = fold(lines)
        facts = CaseFacts(ITEM, state, at, CALENDAR)
        if falls(figure, span, state, entries) and (figure.where is None or figure.where.holds(facts)):
            found[case_id] = state
    return found


def falls(figure: Figure, span: Span, state: State, entries: list[dict[str, Any]]) -> bool:
    if figure.over in ("carried_in", "carried_out"):
        return state.stage != "closed"
    if figure.over == "opened":
        days = [day_of(entries[0])]
    elif figure.over == "closed":
        days = [day_of(body) for body in entries if body.get("closed")] if state.stage == "closed" else []
    else:
        days = [day_of(body) for body in entries if body["action"] == figure.over]
    return any(span.start <= day < span.end for day in days)


def expected(figure: Figure, states: list[State]) -> float | None:
    if figure.kind == "count":
        return len(states)
    if figure.kind == "distinct":
        return len({state.data["source"] for state in states})
    if figure.kind == "sum":
        return sum(state.data.get("every_months") or 0 for state in states)
    done = [state.done for state in states if "approve" in state.done and "sign" in state.done]
    days = [(last["sign"], last["approve"]) for last in done]
    gaps = [(datetime.fromisoformat(b.day).date() - datetime.fromisoformat(a.day).date()).days for b, a in days]
    return round(sum(gaps) / len(gaps), 4) if gaps else None


SPANS = st.tuples(st.integers(0, 700), st.integers(1, 400)).map(
    lambda pair: Span(PRESENT.date() - timedelta(days=pair[0]), PRESENT.date() - timedelta(days=pair[0] - pair[1]))
)
FIGURES = st.tuples(st.sampled_from(KINDS), st.sampled_from(OVER), st.sampled_from(WHERE)).map(
    lambda words: one(f"{words[0]}, over: {words[1]}, split: [lead_unit, urgent]{words[2]}")
)
EXAMPLES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)


@pytest.mark.usefixtures("walked")
def test_every_figure_in_every_period_is_what_the_ledgers_say():
    ids = Case.objects.filter(procedure="supervision-item").values_list("pk", flat=True)
    ledgers = {case_id: bodies(case_id) for case_id in ids}

    @EXAMPLES
    @given(FIGURES, SPANS)
    def agree(figure: Figure, span: Span) -> None:
        found = counted(figure, span, ledgers)
        measured = value(figure, span)
        assert measured.value == expected(figure, list(found.values()))
        if figure.kind == "count":
            assert set(measured.cases.values_list("pk", flat=True)) == set(found)
        for name in ("lead_unit", "urgent"):
            for word, number in measured.splits[name].items():
                part = [state for state in found.values() if str(state.data.get(name)).lower() == word]
                assert number == expected(figure, part), (name, word)

    agree()


@pytest.mark.usefixtures("walked")
def test_a_split_narrows_the_number_and_its_cases_alike():
    figure, year = one("count: supervision-item, over: opened, split: [lead_unit, urgent]"), Span.parse("2025")
    whole = value(figure, year)
    for name in figure.split:
        parts = [value(figure, year, split=(name, word)) for word in whole.splits[name]]
        assert [part.value for part in parts] == list(whole.splits[name].values())
        assert [part.cases.count() for part in parts] == [part.value for part in parts]
        assert sum(part.value or 0 for part in parts) == whole.value


@pytest.mark.usefixtures("walked")
def test_the_cases_without_a_value_are_a_group_of_their_own():
    figure = replace(one("count: supervision-item, over: opened, split: [source]"), split=("slip",))
    whole = value(figure, Span.parse("2025"))
    assert set(whole.splits["slip"]) == {"", "blue", "orange", "red"}
    for word, number in whole.splits["slip"].items():
        assert value(figure, Span.parse("2025"), split=("slip", word)).value == number


@pytest.mark.usefixtures("walked")
def test_only_a_declared_split_narrows():
    """A count for any value of any field would tell what is private."""
    figure, year = one("count: supervision-item, over: opened, split: [source]"), Span.parse("2025")
    assert value(figure, year, split=("matter", "甲")).value == value(figure, year).value


@pytest.mark.usefixtures("walked")
def test_what_one_period_carries_out_the_next_carries_in():
    out, into = one("count: supervision-item, over: carried_out"), one("count: supervision-item, over: carried_in")
    for month in ("2025-03", "2025-12", "2026-08"):
        span = Span.parse(month)
        following = Span.holding(span.end.date(), "month")
        assert value(out, span).value == value(into, following).value
        assert value(out, span).value


@pytest.mark.usefixtures("walked")
def test_a_ratio_is_its_parts_and_stands_on_the_cases_of_both(monkeypatch: pytest.MonkeyPatch):
    figures = declare("""
        closed: {title: 甲 | A, count: supervision-item, over: strike_off, split: [lead_unit], cites: practice (P)}
        done: {title: 乙 | B, count: supervision-item, over: strike_off, where: {outcome: done}, split: [lead_unit, urgent], cites: practice (P)}
        rate: {title: 丙 | C, ratio: [done, closed], cites: practice (P)}
        both: {title: 丁 | D, sum: [done, closed], cites: practice (P)}
    """)
    known = {figure.key: figure for figure in figures}
    monkeypatch.setattr(declarations, "_all", lambda *_: known)
    closed, done, rate, both = (value(figure, Span.parse("2025-01-01..2026-10-20")) for figure in figures)
    above, below = done.value or 0, closed.value or 0
    assert 0 < above < below
    assert (rate.numerator, rate.denominator) == (above, below)
    assert rate.value == round(100 * above / below, 4)
    assert set(rate.cases) == set(closed.cases)
    assert set(rate.splits) == {"lead_unit"}
    assert both.value == above + below
    empty = value(figures[2], Span.parse("2024"))
    assert (empty.value, empty.denominator) == (None, 0)


@pytest.mark.usefixtures("walked")
def test_a_page_of_figures_asks_one_question_a_figure_and_one_of_the_past(
    django_assert_max_num_queries: Callable[..., Any],
):
    lines = [f"f{n}: {{title: 数 | N, cites: practice (P), count: supervision-item, over: {over}, split: [lead_unit, source, urgent]}}"
             for n, over in enumerate(OVER)]  # fmt: skip
    figures = declare("\n".join(lines))
    with django_assert_max_num_queries(len(figures) + 1):
        counter = Counter()
        for figure in figures:
            assert counter.measure(figure, Span.parse("2026")).splits["source"] is not None


@pytest.mark.usefixtures("walked")
def test_a_page_of_a_past_year_folds_its_cases_once(django_assert_max_num_queries: Callable[..., Any]):
    lines = [f"f{n}: {{title: 数 | N, cites: practice (P), count: supervision-item, over: carried_out, where: {{stage: {stage}}}, split: [source]}}"
             for n, stage in enumerate(ITEM.stages)]  # fmt: skip
    figures = declare("\n".join(lines))
    with django_assert_max_num_queries(len(figures) + 1):
        counter = Counter()
        assert sum(counter.measure(figure, Span.parse("2025")).value or 0 for figure in figures)
