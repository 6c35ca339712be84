"""Quarters of a year: which one a day lies in, when it ends, what its round of routine items is called."""

from datetime import date, timedelta

NAMES = ("一", "二", "三", "四")


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def quarter_end(day: date, on: int = 0) -> date:
    """The last day of the quarter so many quarters on (0: the one the day lies in, -1: the one before)."""
    quarters = day.year * 4 + quarter_of(day) + on  # of the quarter that follows, from zero
    return date(quarters // 4, quarters % 4 * 3 + 1, 1) - timedelta(days=1)


def round_name(day: date) -> str:
    return f"{day.year}年{NAMES[quarter_of(day) - 1]}季度常规工作督办"
