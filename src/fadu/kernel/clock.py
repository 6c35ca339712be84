"""Reading a clock: its due date from its run, its condition at a moment, and when that will change.

A deadline is a pure function of the definition, the entries and the calendar: a run holds only what entries said
(start, pauses, extensions, end), and `due_of` counts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Clock
from fadu.kernel.period import Due, Period, due, latest_before, merged
from fadu.kernel.state import Run

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=65536)
def moment(text: str) -> datetime:
    """A stored day or moment as a naive local datetime; a bare day is its first instant."""
    return datetime.fromisoformat(text)


def is_day(text: str) -> bool:
    return len(text) == 10


def end_of(text: str) -> datetime:
    """The first instant after a due day or moment has passed (CIV 203: a last day ends at 24:00)."""
    return moment(text) + ONE_DAY if is_day(text) else moment(text) + timedelta(microseconds=1)


def is_past(run: Run, now: datetime) -> bool:
    return now >= end_of(run.due)


_CENTURY = {"hour": 876_600, "day": 36_525, "workday": 26_000, "month": 1_200, "year": 100}


def has_come(run: Run, day: str) -> bool:
    """Whether a running clock is due by a day; the action by the clock bears that very day, which is not yet over."""
    return run.is_open and not run.is_held and run.due <= day


def is_founded(clock: Clock, data: Mapping[str, Any]) -> bool:
    """Whether it is known how long the clock runs: while the field of its length or its date is empty there is none."""
    has_length = not clock.length_field or data.get(clock.length_field) is not None
    return has_length and (not clock.until or bool(data.get(clock.until)))


def length_of(clock: Clock, data: Mapping[str, Any]) -> Period:
    """The clock's period; its number may stand in a field."""
    return clock.period or Period(data[clock.length_field], clock.length_unit)  # type: ignore[arg-type]  # loader checked it


def lengths_allowed(clock: Clock) -> tuple[int, int]:
    """The least and the most that a field may say of a length: no round of nothing, and no more than a century."""
    return int(clock.shape == "every"), _CENTURY[clock.length_unit]


def due_of(clock: Clock, run: Run, data: Mapping[str, Any], calendar: Calendar) -> Due:
    """When the run ends, counted anew from its facts."""
    if clock.shape == "until":
        return _until(clock, run, data, calendar)
    period = length_of(clock, data)
    if clock.shape == "before":
        event = moment(data[clock.until])
        return latest_before(event if period.unit == "hour" else event.date(), period, calendar)
    if clock.shape == "every":
        period = Period(period.n * run.round, period.unit)
    more, total = _extension(clock, run)
    if period.unit == "hour":
        hours = (total or period).n + (more.n if more else 0)
        return Due(moment(run.start) + timedelta(hours=hours) + held_time(run), provisional=False)
    return due(moment(run.start).date(), period, calendar, held=held_days(run), more=more, total=total)


def _until(clock: Clock, run: Run, data: Mapping[str, Any], calendar: Calendar) -> Due:
    if clock.yearly:
        return Due(_next_yearly(moment(run.start).date(), clock.yearly), provisional=False)
    agreed = str(data[clock.until])
    if not is_day(agreed):
        return Due(moment(agreed) + held_time(run), provisional=False)
    held = sum((last - first).days for first, last in held_days(run))
    if not held:
        return Due(moment(agreed).date(), provisional=False)
    moved = calendar.roll(moment(agreed).date() + timedelta(days=held))
    return Due(moved, provisional=not calendar.knows(moved))


def _next_yearly(start: date, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    this_year = date(start.year, month, day)
    return this_year if this_year > start else date(start.year + 1, month, day)


def as_if_resumed(clock: Clock, run: Run, data: Mapping[str, Any], calendar: Calendar, now: datetime) -> Run:
    """A pausing run as it would end if it went on today: the date that is shown, as "not before"."""
    if not run.is_held:
        return run
    ended = replace(run, holds=(*run.holds[:-1], (run.holds[-1][0], now.isoformat(timespec="minutes"))))
    counted = due_of(clock, ended, data, calendar)
    return replace(ended, due=counted.iso(), provisional=counted.provisional)


def held_days(run: Run) -> list[tuple[date, date]]:
    """Pauses that have ended, as (first day, last day): the days after the first up to the last are not counted.

    Facts recorded late can make pauses overlap; a day counts among them once.
    """
    return merged([(moment(first).date(), moment(last).date()) for first, last in run.holds if last is not None])


def held_time(run: Run) -> timedelta:
    """How long the pauses that have ended lasted."""
    return sum((moment(last) - moment(first) for first, last in run.holds if last is not None), timedelta())


def _extension(clock: Clock, run: Run) -> tuple[Period | None, Period | None]:
    extension = clock.extension
    if extension is None or not run.extended:
        return None, None
    more = Period(extension.up_to.n * run.extended, extension.up_to.unit) if extension.up_to else None
    return more, extension.total


def status_at(clock: Clock, run: Run | None, now: datetime) -> str:
    """One of condition.CLOCK_WORDS."""
    if run is None:
        return "none"
    if not run.is_open:
        return run.status
    if run.is_held:
        return "paused"
    if not is_past(run, now):
        return "running"
    return {"at_least": "elapsed", "before": "missed"}.get(clock.shape, "overdue")


def share_left(clock: Clock, run: Run | None, now: datetime, calendar: Calendar) -> float | None:
    """What share of the whole time is left, in the clock's own unit; None when it does not run."""
    if run is None or not run.is_open or run.is_held:
        return None
    total = _total(clock, run, calendar)
    return _units(clock, now, run.due, calendar) / total if total > 0 else 0.0


def turns_scarce(clock: Clock, run: Run, share: float, calendar: Calendar) -> datetime:
    """The moment from which less than `share` of the whole time is left."""
    total = _total(clock, run, calendar)
    if not is_day(run.due):
        return moment(run.due) - timedelta(seconds=total * share)
    left = max(ceil(share * total) - 1, 0)
    last = moment(run.due).date()
    day = calendar.add_workdays(last, -left) if _counts_workdays(clock) and left else last - timedelta(days=left)
    return datetime(day.year, day.month, day.day)


def _counts_workdays(clock: Clock) -> bool:
    return (clock.period is not None and clock.period.unit == "workday") or clock.length_unit == "workday"


def _units(clock: Clock, start: datetime, due_text: str, calendar: Calendar) -> float:
    """Workdays, days or seconds from a moment to the due date."""
    if not is_day(due_text):
        return max((moment(due_text) - start).total_seconds(), 0.0)
    last = moment(due_text).date()
    if start.date() >= last:
        return 0
    if _counts_workdays(clock):
        return calendar.workdays_between(start.date(), last)
    return (last - start.date()).days


def _total(clock: Clock, run: Run, calendar: Calendar) -> float:
    start = moment(run.period_start or run.start)
    if not is_day(run.due):
        return (moment(run.due) - start).total_seconds() - held_time(run).total_seconds()
    whole = _units(clock, start, run.due, calendar)
    held = sum(_units(clock, datetime(a.year, a.month, a.day), b.isoformat(), calendar) for a, b in held_days(run))
    return whole - held
