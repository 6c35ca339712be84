"""The light of a case in words: colour from the stored turning moments, days left in the unit of its clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from fadu.cases.models import NEVER
from fadu.kernel.calendar import Calendar
from fadu.words import is_midnight, last_day, local, t

COLOURS: Mapping[str, str] = {
    "red": "逾期 | Overdue",
    "amber": "临期 | Due soon",
    "green": "正常 | On time",
    "grey": "中止 | Paused",
}


@dataclass(frozen=True, slots=True)
class Lamp:
    """`colour` is red, amber, green, grey or done; `words` say the same without it."""

    colour: str
    words: str


class Lit(Protocol):
    """What a light needs to know of a case."""

    @property
    def closed(self) -> datetime | None: ...
    @property
    def grey(self) -> bool: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def amber_at(self) -> datetime | None: ...
    @property
    def red_at(self) -> datetime | None: ...


def colour(case: Lit, now: datetime) -> str:
    if case.closed:
        return "done"
    if case.grey:
        return "grey"
    if case.red_at and case.red_at <= now:
        return "red"
    if case.amber_at and case.amber_at <= now:
        return "amber"
    return "green"


def due_of(case: Lit) -> datetime | None:
    """The end of the term that is shown; None when no clock runs."""
    return case.due if case.due is not None and case.due < NEVER else None


def lamp(case: Lit, now: datetime, calendar: Calendar, *, workdays: bool = True) -> Lamp:
    """`workdays` is the unit of the clock that gives the due date."""
    shade = colour(case, now)
    if shade == "done":
        return Lamp(shade, t("已办结 | Closed"))
    if shade == "grey":
        return Lamp(shade, t("已中止 | Paused"))
    due = due_of(case)
    if due is None:
        return Lamp(shade, t(COLOURS[shade]) if shade != "green" else t("不计时 | No term"))
    return Lamp(shade, left(due, now, calendar, workdays=workdays))


def left(due: datetime, now: datetime, calendar: Calendar, *, workdays: bool = True) -> str:
    """`剩 6 日`, `今日到期`, `逾期 3 日`; hours when the term ends at a minute of today or tomorrow."""
    end, at = local(due), local(now)
    if not is_midnight(end) and abs(end - at) < timedelta(days=1):
        return _hours(end, at)
    last, day = last_day(due), at.date()
    if at >= end:
        count = calendar.workdays_between(last, day) if workdays else (day - last).days
        return _days_over(count, workdays=workdays)
    count = calendar.workdays_between(day, last) if workdays else (last - day).days
    if last == day:
        return t("今日到期 | Due today")
    return t("剩 {n} 日 | {n:workday} left", n=count) if workdays else t("剩 {n} 天 | {n:day} left", n=count)


def _days_over(count: int, *, workdays: bool) -> str:
    if count == 0:
        return t("已逾期 | Overdue")
    return t("逾期 {n} 日 | {n:workday} overdue", n=count) if workdays else t("逾期 {n} 天 | {n:day} overdue", n=count)


def _hours(end: datetime, at: datetime) -> str:
    minutes = int(abs(end - at).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    span = t("{h} 小时 {m} 分 | {h} h {m} min", h=hours, m=rest) if hours else t("{m} 分钟 | {m} min", m=rest)
    return t("逾期 {span} | {span} overdue", span=span) if at >= end else t("剩 {span} | {span} left", span=span)
