"""When people work: moments on working days between half past eight and half past five."""

from datetime import date, datetime, time, timedelta
from random import Random

from fadu.kernel.calendar import Calendar

MORNING, EVENING = time(8, 30), time(17, 30)
_NOON, _AFTERNOON = time(11, 50), time(14, 0)


def some_time(day: date, rng: Random) -> datetime:
    """A moment of a working day, to the minute, never over lunch."""
    if rng.random() < 0.55:
        return datetime.combine(day, MORNING) + timedelta(minutes=rng.randrange(200))
    return datetime.combine(day, _AFTERNOON) + timedelta(minutes=rng.randrange(205))


def later(after: datetime, workdays: int, calendar: Calendar, rng: Random) -> datetime:
    """A moment so many workdays on, always after the one before; within the same day while the office is open."""
    if workdays > 0:
        return some_time(calendar.add_workdays(after.date(), workdays), rng)
    soon = after + timedelta(minutes=rng.randint(15, 120))
    if _NOON < soon.time() < _AFTERNOON:
        soon += timedelta(minutes=130)
    if not calendar.is_workday(soon.date()) or soon.time() > EVENING:
        return some_time(calendar.add_workdays(soon.date(), 1), rng)
    return soon if soon.time() >= MORNING else some_time(soon.date(), rng)
