"""When the deeds of one case fall: counted from the one before, along the way to the due date, or past it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from fadu.kernel.calendar import Calendar
from fadu.replay.office_hours import later, some_time
from fadu.replay.span import Span, Wish


class Timing:
    """The time of one case: `at` is the deed in hand, `start` the day it counts from, `due` the day it is due."""

    def __init__(self, calendar: Calendar, rng: Random, length: Span, wish: Wish) -> None:
        self.calendar, self.rng, self.length = calendar, rng, length
        self.at = self.start = wish.opens
        self.due = wish.due

    def moments(self, step: Mapping[str, Any]) -> Iterator[datetime]:
        """When a step is done; several times when it is monthly, at once when nothing is said."""
        if "after" in step:
            yield self._after(Span.parse(step["after"]))
        elif "monthly" in step:
            yield from self._monthly(float(step["monthly"]))
        elif "past_due" in step:
            yield self._not_before(self._past_due(Span.parse(step["past_due"])))
        elif "share" in step:
            yield self._not_before(self.on_the_way(Span.parse(step["share"]).uniform(self.rng)))
        else:
            yield self.at

    def set_due(self) -> str:
        """The due date, drawn from the length of the course unless a scene fixed it."""
        if self.due is None and self.hourly:
            self.due = (self.at + timedelta(hours=self.length.draw(self.rng))).replace(minute=0)
        elif self.due is None:
            self.due = self.calendar.add_workdays(self.at.date(), self.length.draw(self.rng))
        return _iso(self.due)

    def set_later(self, span: Span) -> str:
        """A later due date, so many workdays on."""
        self.due = self.calendar.add_workdays(self._due_day, span.draw(self.rng))
        return _iso(self.due)

    def next(self) -> datetime:
        """A little later than the deed in hand."""
        return self._after(Span(1, 20, "minutes") if self.hourly else Span(0, 0, "workdays"))

    @property
    def hourly(self) -> bool:
        return self.length.unit == "hours"

    @property
    def _due_day(self) -> date:
        due = self.due or self.at
        return due.date() if isinstance(due, datetime) else due

    def _not_before(self, found: datetime) -> datetime:
        return found if found > self.at else self.next()

    def _after(self, span: Span) -> datetime:
        if span.unit == "workdays":
            return later(self.at, span.draw(self.rng), self.calendar, self.rng)
        return self.at + timedelta(**{span.unit: max(span.draw(self.rng), 1)})

    def on_the_way(self, share: float) -> datetime:
        if isinstance(self.due, datetime):
            return (self.start + (self.due - self.start) * share).replace(second=0, microsecond=0)
        whole = self.calendar.workdays_between(self.start.date(), self._due_day)
        day = self.calendar.add_workdays(self.start.date(), int(whole * share))
        return some_time(self.calendar.roll(day), self.rng)

    def _past_due(self, span: Span) -> datetime:
        if isinstance(self.due, datetime):
            return self.due + timedelta(hours=span.draw(self.rng), minutes=7)
        return some_time(self.calendar.add_workdays(self._due_day, span.draw(self.rng)), self.rng)

    def _monthly(self, until: float) -> Iterator[datetime]:
        last, day = self.on_the_way(until).date(), self.at.date()
        while (day := self.calendar.roll(day + timedelta(days=self.rng.randint(25, 28)))) < last:
            yield some_time(day, self.rng)


def _iso(moment: date | datetime) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
