"""Periods are legal days: named, parsed, laid end to end."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.figures.span import Span, SpanError

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
SIZES = st.sampled_from(["year", "half", "quarter", "month"])


@pytest.mark.parametrize(
    ("name", "first", "last", "zh", "en"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026年", "2026"),
        ("2026H1", "2026-01-01", "2026-06-30", "2026年上半年", "first half of 2026"),
        ("2026H2", "2026-07-01", "2026-12-31", "2026年下半年", "second half of 2026"),
        ("2026Q3", "2026-07-01", "2026-09-30", "2026年第3季度", "Q3 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月", "February 2024"),
        ("2026-01-15..2026-03-31", "2026-01-15", "2026-03-31", "2026-01-15至2026-03-31", "2026-01-15 to 2026-03-31"),
        ("2026-01-15..2026-01-15", "2026-01-15", "2026-01-15", "2026-01-15至2026-01-15", "2026-01-15 to 2026-01-15"),
    ],
)
def test_a_period_has_its_days_and_its_name(name: str, first: str, last: str, zh: str, en: str):
    span = Span.parse(name)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)
    assert (str(span), span.text.zh, span.text.en) == (name, zh, en)


def test_a_period_ends_at_midnight_after_its_last_day():
    span = Span.parse("2026")
    assert (span.start, span.end) == (datetime(2026, 1, 1), datetime(2027, 1, 1))


@pytest.mark.parametrize(
    "name", ["", "26", "2026H3", "2026Q0", "2026-13", "2026-03-31..2026-01-01", "2026-02-30..2026-03-01", "x..y"]
)
def test_what_is_no_period_is_refused_with_examples(name: str):
    with pytest.raises(SpanError, match="2026Q3"):
        Span.parse(name)


@given(DAYS, SIZES)
def test_every_day_lies_in_its_period_and_periods_follow_without_gap(day: date, size):
    span = Span.holding(day, size)
    assert span.first <= day <= span.last
    assert span.previous.end == span.start
    assert span.previous.size == size
    assert Span.parse(str(span)) == span


@given(DAYS, st.integers(0, 900))
def test_free_ranges_go_back_by_their_own_length(day: date, length: int):
    span = Span(day, date.fromordinal(day.toordinal() + length))
    assert span.previous.end == span.start
    assert (span.previous.last - span.previous.first).days == length
