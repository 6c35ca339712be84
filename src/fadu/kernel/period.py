"""Periods and where they end: the counting rules of the Civil Code (CIV 200-204), forwards and back from an event."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from fadu.kernel.calendar import Calendar
from fadu.kernel.law import Text

Unit = Literal["workday", "day", "month", "year", "hour"]
UNITS: tuple[Unit, ...] = get_args(Unit)
Held = Sequence[tuple[date, date]]

_WORDS: dict[Unit, Text] = {
    "workday": Text("个工作日", "working day"),
    "day": Text("日", "calendar day"),
    "month": Text("个月", "month"),
    "year": Text("年", "year"),
    "hour": Text("小时", "hour"),
}
_SPANS: dict[str, Unit] = {"wd": "workday", "nd": "day", "mo": "month", "yr": "year", "h": "hour"}
_LONGEST_DAY = {"workday": 3, "day": 1, "month": 31, "year": 366, "hour": 1}  # an upper bound, in days


@dataclass(frozen=True, slots=True)
class Period:
    """A length: a whole number, at least 0, of workdays, calendar days, months, years or hours.

    Zero is an extension not yet used; a length of zero ends with the event's own day.
    """

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"'{self.unit}' is no unit of a period; use one of {', '.join(UNITS)}")
        if type(self.n) is not int or self.n < 0:
            raise ValueError(f"a period of {self.n!r} {self.unit}s: the number must be a whole one, at least 0")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """`20 workdays`, `30 days`, `1 months`, `3 years`, `2 hours`; the plain singular is read too."""
        number, _, word = text.strip().partition(" ")
        unit = next((unit for unit in UNITS if word in (unit, unit + "s")), None)
        if unit is None or not _is_number(number):
            raise ValueError(f"'{text}' is no period; write '20 workdays', '30 days', '3 months', '1 years', '2 hours'")
        return cls(int(number), unit)

    def __str__(self) -> str:
        return f"{self.n} {self.unit}s"

    @property
    def text(self) -> Text:
        """`20个工作日`, `20 working days`."""
        word = _WORDS[self.unit]
        return Text(f"{self.n}{word.zh}", f"{self.n} {word.en}{'' if self.n == 1 else 's'}")


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period. A date means 24:00 of that day; provisional while a notice it depends on is missing."""

    at: date | datetime
    provisional: bool = False

    @property
    def ends(self) -> datetime:
        """The first moment that is too late."""
        if isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at + timedelta(days=1), time())

    def iso(self) -> str:
        """`2026-10-20`, or `2026-10-20T09:30` with seconds only where there are any."""
        whole_minutes = isinstance(self.at, datetime) and not (self.at.second or self.at.microsecond)
        return self.at.isoformat()[:16] if whole_minutes else self.at.isoformat()

    @classmethod
    def parse(cls, iso: str, provisional: bool = False) -> "Due":  # noqa: FBT001, FBT002  # the second stored column
        return cls(datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso), provisional)


def parse_span(text: str) -> Period:
    """`20wd` workdays, `30nd` calendar days, `3mo` months, `1yr` years, `2h` hours."""
    match = re.fullmatch(r"([0-9]{1,6})(wd|nd|mo|yr|h)", text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no span; write 20wd, 30nd, 3mo, 1yr or 2h")
    return Period(int(match[1]), _SPANS[match[2]])


def due(
    start: date | datetime,
    period: Period,
    calendar: Calendar,
    *,
    held: Held = (),
    more: Period | None = None,
    total: Period | None = None,
) -> Due:
    """When a period ends that begins with the event at `start`, whose own day is not counted (CIV 201).

    held: pairs (a, b), the days after a up to and with b are not counted, a day in two pairs once.
    more: an extension, added to a length of the same unit, otherwise counted after it.
    total: replaces the length, from the same start.
    Periods in days, months and years end on the first workday when their last day is none (CIV 203); workdays and
    hours never move. Raises ValueError for an hour period without the hour, and beyond the year 9999.
    """
    return reckon(start, period, calendar, held=held, more=more, total=total)[0]


def reckon(
    start: date | datetime,
    period: Period,
    calendar: Calendar,
    *,
    held: Held = (),
    more: Period | None = None,
    total: Period | None = None,
) -> tuple[Due, tuple[int, ...]]:
    """`due` together with the years whose notices the count read: the whole count for workdays, the end for others."""
    moment, years, holds = start, set[int](), merged(held)
    for number, leg in enumerate(legs(total or period, more)):
        if leg.unit == "hour":
            moment = _hours(Due(moment).ends if number else moment, leg, holds)
            continue
        after = day_of(moment)
        raw = unrolled(after, leg, calendar, holds)
        moment = raw if leg.unit == "workday" else calendar.roll(raw)
        first_read = after + timedelta(days=1) if leg.unit == "workday" else raw
        years.update(range(first_read.year, moment.year + 1))
    return Due(moment, bool(calendar.unknown(years))), tuple(sorted(years))


def latest_before(event: date | datetime, period: Period, calendar: Calendar) -> Due:
    """The last day (for hours, moment) on which a thing can be done `period` before an event (T8, from CIV 201).

    The event's own day is not counted, and the result never moves for a holiday: later would be too late. Calendar days,
    months and years back do not read the notices, so only workdays can be provisional.
    """
    return reckon_back(event, period, calendar)[0]


def reckon_back(event: date | datetime, period: Period, calendar: Calendar) -> tuple[Due, tuple[int, ...]]:
    """`latest_before` together with the years whose notices the count read."""
    if period.unit == "hour":
        begin = _stated_hour(event)
        _in_range(begin, -_days(period))
        return Due(begin - timedelta(hours=period.n)), ()
    day = day_of(event)
    _in_range(day, -_days(period))
    if period.unit != "workday":
        return Due(_shifted(day, period, -1)), ()
    first = calendar.add_workdays(day, -period.n)
    years = tuple(range(first.year, (day - timedelta(days=1)).year + 1))
    return Due(first, bool(calendar.unknown(years))), years


def due_many(starts: Sequence[int], n: int, calendar: Calendar) -> list[int]:
    """The n-th workday after each start, as proleptic ordinals (date.toordinal); a million in one call.

    For lists and replays: says nothing about provisional years and knows no holds.
    """
    if n < 1:
        raise ValueError(f"{n} workdays: the number must be at least 1")
    return calendar.add_workdays_many(starts, n)


def legs(period: Period, more: Period | None) -> tuple[Period, ...]:
    """What is counted one after the other: one length when the extension has the same unit, otherwise two."""
    if more is None or more.n == 0:
        return (period,)
    if more.unit == period.unit:
        return (Period(period.n + more.n, period.unit),)
    return (period, more)


def merged(held: Held) -> list[tuple[date, date]]:
    """The pairs as days, in order, overlaps joined; raises ValueError for a pair that ends before it begins."""
    joined: list[tuple[date, date]] = []
    for a, b in sorted((day_of(a), day_of(b)) for a, b in held):
        if b < a:
            raise ValueError(f"days not counted from {a} to {b}: the second day comes before the first")
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


def unrolled(start: date, period: Period, calendar: Calendar, holds: Held) -> date:
    """The last day of a period in days, before any move for a holiday; `holds` as `merged` gives them."""
    _in_range(start, _days(period) + sum((b - a).days for a, b in holds) * 3)
    if period.unit == "workday":
        return _workdays(start, period.n, calendar, holds)
    end = _shifted(start, period, 1)
    for a, b in holds:
        if a >= end:
            break
        end += timedelta(days=max((b - max(a, start)).days, 0))
    return end


def day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _workdays(start: date, n: int, calendar: Calendar, holds: Held) -> date:
    end = calendar.add_workdays(start, n)
    for a, b in holds:
        if a >= end:
            break
        n += max(calendar.workdays_between(max(a, start), b), 0)
        end = calendar.add_workdays(start, n)
    return end


def _hours(start: date | datetime, period: Period, holds: Held) -> datetime:
    begin = _stated_hour(start)
    _in_range(begin, _days(period) + sum((b - a).days for a, b in holds))
    end = begin + timedelta(hours=period.n)
    for a, b in holds:
        pause, resume = Due(a).ends, Due(b).ends
        if pause >= end:
            break
        end += max(resume - max(pause, begin), timedelta())
    return end


def _shifted(start: date, period: Period, sign: int) -> date:
    """The corresponding day n days, months or years away, or the month's last day when there is none (CIV 202)."""
    if period.unit == "day":
        return start + sign * timedelta(days=period.n)
    months = period.n * (12 if period.unit == "year" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + sign * months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


def _stated_hour(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        raise ValueError(f"a period in hours begins at a stated hour (CIV 201), {moment} names only the day")  # noqa: TRY004
    return moment


def _days(period: Period) -> int:
    return period.n * _LONGEST_DAY[period.unit] + 60


def _in_range(start: date, days: int) -> None:
    if not date.min.toordinal() < start.toordinal() + days < date.max.toordinal():
        raise ValueError(f"a period from {day_of(start)} that leaves the years 1 to 9999")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6
