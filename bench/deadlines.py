"""Measure the workday count against numpy.busday_offset on the same calendar: `python bench/deadlines.py [starts]`."""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from fadu.data.calendars import state_council
from fadu.kernel.calendar import Calendar
from fadu.kernel.certificate import certify
from fadu.kernel.period import Period, due, due_many

WORKDAYS = 20
EPOCH = date(1970, 1, 1).toordinal()  # numpy counts its days from here


def best(call: Callable[[], Any], rounds: int = 5) -> tuple[float, Any]:
    """The shortest time of a few rounds, in seconds, and what the call gave."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - begin)
    return min(times), result


def numpy_calendar(calendar: Calendar) -> np.busdaycalendar:
    """All seven days worked, less every day that our calendar has off: numpy cannot work a single Saturday otherwise."""
    first, last = date(2003, 12, 1), date(2027, 12, 31)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return np.busdaycalendar(weekmask="1111111", holidays=[day for day in days if not calendar.is_workday(day)])


def main() -> None:
    starts_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    loading, calendar = best(state_council.__wrapped__, rounds=3)
    draw = random.Random(20260916)
    first, last = date(2004, 1, 1).toordinal(), date(2026, 10, 31).toordinal()
    starts = [draw.randint(first, last) for _ in range(starts_wanted)]
    dates = [date.fromordinal(start) for start in starts[:100_000]]
    array = (np.array(starts) - EPOCH).astype("datetime64[D]")
    worked = numpy_calendar(calendar)
    period = Period(WORKDAYS, "workday")

    # numpy first moves a start on a day off; rolling it back makes "the n-th workday after" the same question as ours
    numpy_time, theirs = best(lambda: np.busday_offset(array, WORKDAYS, roll="backward", busdaycal=worked))
    many_time, ours = best(lambda: due_many(starts, WORKDAYS, calendar))
    if ours != (theirs.astype(int) + EPOCH).tolist():
        raise SystemExit("numpy and Fadu disagree")
    one_time, _ = best(lambda: [calendar.add_workdays(day, WORKDAYS) for day in dates])
    due_time, _ = best(lambda: [due(day, period, calendar) for day in dates[:20_000]])
    sheet_time, _ = best(lambda: [certify(day, period, calendar) for day in dates[:1_000]])

    print(f"{starts_wanted:,} starts, {WORKDAYS} workdays each; numpy and due_many give the same dates\n")
    print(f"{'':<34}{'calls':>10}{'total':>12}{'each':>12}")
    rows = [
        ("numpy.busday_offset (array)", starts_wanted, numpy_time),
        ("due_many (list)", starts_wanted, many_time),
        ("Calendar.add_workdays", len(dates), one_time),
        ("due", len(dates[:20_000]), due_time),
        ("certify", len(dates[:1_000]), sheet_time),
        ("reading the 23 year files", 1, loading),
    ]
    for name, calls, seconds in rows:
        print(f"{name:<34}{calls:>10,}{seconds * 1e3:>9.1f} ms{seconds / calls * 1e6:>9.3f} us")


if __name__ == "__main__":
    main()
