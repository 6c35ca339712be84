"""A year of scripts: so many cases of a procedure, their openings spread over the working days of a window."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from fadu.kernel.calendar import Calendar
from fadu.replay.course import Courses
from fadu.replay.office_hours import some_time
from fadu.replay.plan import script
from fadu.replay.script import Script
from fadu.replay.span import Wish

# 政府工作报告和年度任务在二三月分解交办 | the year's tasks are handed out in February and March
BY_MONTH = (6, 9, 14, 10, 8, 8, 7, 7, 8, 7, 9, 7)


def year_of_work(courses: Courses, number: int, first: date, last: date) -> Iterator[Script]:
    """Scripts with exactly `number` counted cases, in the order of their openings within [first, last]."""
    names = list(_courses(courses, number))
    days = sorted(_days(len(names), *courses.window(first, last), courses.calendar, courses.rng))
    for name, day in zip(names, days, strict=True):
        yield script(courses, name, Wish(some_time(day, courses.rng)))


def _courses(courses: Courses, number: int) -> Iterator[str]:
    counted = 0
    while counted < number:
        name = courses.pick()
        counted += courses.counts(name)
        yield name


def _days(number: int, first: date, last: date, calendar: Calendar, rng: Random) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if calendar.is_workday(day)]
    return rng.choices(days, [BY_MONTH[day.month - 1] for day in days], k=number)
