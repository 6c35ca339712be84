"""The working calendar: which days are worked by the State Council's yearly notices, and counting by workdays.

Days come as already parsed year files (`calendar_from`); a year without a notice follows the weekend rule and is not
known, so whatever is counted into it stays provisional.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Literal

from fadu.kernel.notices import CalendarError, Mark, YearNotice, merge, read_notices

__all__ = ["Calendar", "CalendarError", "Day", "DayKind", "YearNotice", "calendar_from"]

DayKind = Literal["workday", "make_up", "weekend", "holiday"]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: whether it is worked, its name in Chinese, and the notice that says so (empty for an ordinary day)."""

    date: date
    workday: bool
    kind: DayKind
    name: str
    source: str


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays from day 1 up to and with this proleptic ordinal; day 1 is a Monday."""
    return ordinal // 7 * 5 + min(ordinal % 7, 5)


def _weekday(number: int) -> int:
    """The ordinal of the number-th Monday-to-Friday day; the inverse of `_weekdays`."""
    weeks, rest = divmod(number - 1, 5)
    return weeks * 7 + rest + 1


class Calendar:
    """Which days are worked, immutable.

    Counting looks up two tables: for each day how many workdays have passed, and for each workday its date. Outside the
    years of the notices the weekend rule continues both by arithmetic.
    """

    __slots__ = ("_counts", "_days", "_first", "_last", "_marks", "_worked", "local", "version", "years")

    years: Mapping[int, YearNotice]
    local: tuple[YearNotice, ...]
    version: str  # 12 hex digits of a digest over all notices

    def __init__(
        self, years: Mapping[int, YearNotice], marks: Mapping[date, Mark], local: tuple[YearNotice, ...] = ()
    ) -> None:
        self.years, self.local = MappingProxyType(dict(sorted(years.items()))), local
        self._marks = dict(marks)
        touched = {day.year for day in marks} | set(years) or {2000}
        self._first = date(min(touched), 1, 1).toordinal()
        self._last = date(max(touched), 12, 31).toordinal()
        self._worked = self._table()
        self._counts = list(accumulate(self._worked))
        self._days = [self._first + i for i, worked in enumerate(self._worked) if worked]
        self.version = self._digest()

    def _table(self) -> bytes:
        table = bytearray(ordinal % 7 in range(1, 6) for ordinal in range(self._first, self._last + 1))
        for day, mark in self._marks.items():
            table[day.toordinal() - self._first] = mark.worked
        return bytes(table)

    def _digest(self) -> str:
        notices = [notice.content() for notice in (*self.years.values(), *self.local)]
        marks = [[day.isoformat(), mark.worked, mark.name, mark.source] for day, mark in sorted(self._marks.items())]
        text = json.dumps([notices, marks], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return f"<Calendar {self.version} {min(self.years, default='-')}-{max(self.years, default='-')}>"

    def knows(self, day: date) -> bool:
        """Whether the State Council's notice for this day's year is on file."""
        return day.year in self.years

    def unknown(self, years: Iterable[int]) -> tuple[int, ...]:
        """Those of the years that have no notice."""
        return tuple(year for year in sorted(set(years)) if year not in self.years)

    def notices_of(self, years: Iterable[int]) -> tuple[str, ...]:
        """The numbers of the notices on file for these years, amendments and local additions after their notice."""
        numbers: list[str] = []
        for year in sorted(set(years)):
            notice = self.years.get(year)
            numbers += [part.source for part in (notice, *notice.amended)] if notice else []
            numbers += [part.source for part in self.local if part.year == year]
        return tuple(numbers)

    def day(self, day: date) -> Day:
        mark = self._marks.get(day)
        if mark is None:
            worked = day.weekday() < 5
            return Day(day, worked, "workday" if worked else "weekend", "工作日" if worked else "周末", "")
        if not mark.worked:
            return Day(day, workday=False, kind="holiday", name=mark.name, source=mark.source)
        kind: DayKind = "make_up" if day.weekday() >= 5 else "workday"
        return Day(day, workday=True, kind=kind, name=mark.name, source=mark.source)

    def is_workday(self, day: date) -> bool:
        ordinal = day.toordinal()
        if self._first <= ordinal <= self._last:
            return self._worked[ordinal - self._first] == 1
        return day.weekday() < 5

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th workday after start, start itself not counted; a negative n counts back, 0 gives start."""
        ordinal = start.toordinal()
        if n > 0:
            index = ordinal - self._first
            if 0 <= index < len(self._counts):  # the usual case without a further call: about a third of the time
                position = self._counts[index] + n - 1
                if position < len(self._days):
                    return date.fromordinal(self._days[position])
            return date.fromordinal(self._nth(self._rank(ordinal) + n))
        if n < 0:
            return date.fromordinal(self._nth(self._rank(ordinal - 1) + n + 1))
        return date.fromordinal(ordinal)

    def workdays_between(self, a: date, b: date) -> int:
        """The workdays in (a, b]: after a, up to and with b; negative when b comes before a."""
        return self._rank(b.toordinal()) - self._rank(a.toordinal())

    def roll(self, day: date) -> date:
        """The day itself when worked, otherwise the first workday after it (CIV 203)."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def add_workdays_many(self, starts: Sequence[int], n: int) -> list[int]:
        """`add_workdays` over proleptic ordinals (date.toordinal), n at least 1, in one pass."""
        if not starts:
            return []
        first, counts, days = self._first, self._counts, self._days
        low, high = min(starts), max(starts)
        if first <= low and high <= self._last and counts[high - first] + n <= len(days):
            return [days[counts[start - first] + n - 1] for start in starts]
        return [self._nth(self._rank(start) + n) for start in starts]

    def _rank(self, ordinal: int) -> int:
        """The workdays of the table up to and with this day; below zero before the table, above its length after it."""
        if ordinal < self._first:
            return _weekdays(ordinal) - _weekdays(self._first - 1)
        if ordinal > self._last:
            return len(self._days) + _weekdays(ordinal) - _weekdays(self._last)
        return self._counts[ordinal - self._first]

    def _nth(self, rank: int) -> int:
        """The ordinal of the workday with this rank; the inverse of `_rank` on workdays."""
        if rank < 1:
            return _weekday(_weekdays(self._first - 1) + rank)
        if rank > len(self._days):
            return _weekday(_weekdays(self._last) + rank - len(self._days))
        return self._days[rank - 1]


def calendar_from(years: Iterable[Mapping[str, Any]]) -> Calendar:
    """A calendar of parsed year files: `year, notice, number, issued, off: {date: name}, work: [date], amended, local`.

    Amendments change the notice of their year, local additions (`local: true`, HOL 4) come last and may only add days
    off and their make-up days. Raises CalendarError naming file, key and rule.
    """
    notices = read_notices(years)
    national, local, marks = merge(notices)
    return Calendar(national, marks, local)
