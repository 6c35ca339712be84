"""The days of a month: its name, its scale, and the strip of one stay in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404

from fadu.cases.definitions import calendar
from fadu.words import MONTHS, day, language, t, today


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the scale: its number where a week begins, and whether nobody works."""

    number: str
    css: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month from its first to its last day."""

    first: date

    @classmethod
    def asked(cls, text: str) -> "Month":
        """`2026-03`, or this month. Raises Http404 for what is none."""
        try:
            found = cls(date.fromisoformat(f"{text}-01") if text else today().replace(day=1))
        except ValueError as error:
            raise Http404(text) from error
        if not 1900 <= found.first.year < 2200:
            raise Http404(text)
        return found

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def is_now(self) -> bool:
        return self.first == today().replace(day=1)

    @property
    def words(self) -> str:
        one = self.first
        return f"{MONTHS[one.month - 1]} {one.year}" if language() == "en" else f"{one.year}年{one.month}月"

    @property
    def scale(self) -> list[Day]:
        return [
            Day(str(one.day) if one.day == 1 or one.weekday() == 0 else "", _off(one))
            for one in days(self.first, self.last)
        ]

    def strip(self, first: date, last: date, shared: Collection[date]) -> tuple[str, ...]:
        """The classes of each day: whether nobody works, whether it is taken, whether something else takes it too."""
        return tuple(
            " ".join(filter(None, (_off(one), ("clash" if one in shared else "on") if first <= one <= last else "")))
            for one in days(self.first, self.last)
        )

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def between(first: date, last: date) -> str:
    return day(first) if first == last else t("{first}至{last} | {first} – {last}", first=day(first), last=day(last))


def _off(one: date) -> str:
    return "" if calendar().is_workday(one) else "off"
