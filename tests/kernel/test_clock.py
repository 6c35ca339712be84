"""Reading a clock: when it ends, how it stands at a moment, how much is left."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fadu.data.calendars import state_council
from fadu.kernel.clock import due_of, end_of, held_days, is_past, moment, share_left, status_at, turns_scarce
from fadu.kernel.definition import Clock, Extension
from fadu.kernel.law import Text
from fadu.kernel.period import Period
from fadu.kernel.state import Run

CALENDAR = state_council()


def clock(shape: str = "within", length: str = "10 workdays", **more: object) -> Clock:
    period = Period.parse(length) if length else None
    return Clock("c", Text("期限", "clock"), 1, shape, (), period, **more)  # type: ignore[arg-type]


def run(start: str, **more: object) -> Run:
    return Run(start, 1, more.pop("due", start), **more)  # type: ignore[arg-type]


# -- when it ends


def test_hours_run_by_the_wall_clock_from_the_minute() -> None:
    assert due_of(clock(length="24 hours"), run("2026-09-30T21:40"), {}, CALENDAR).iso() == "2026-10-01T21:40"


def test_hours_are_extended_by_hours_or_to_a_total_of_hours() -> None:
    by = clock(length="24 hours", extension=Extension(2, Period.parse("12 hours")))
    assert due_of(by, run("2026-03-02T08:00", extended=2), {}, CALENDAR).iso() == "2026-03-04T08:00"
    to = clock(length="24 hours", extension=Extension(1, None, Period.parse("72 hours")))
    assert due_of(to, run("2026-03-02T08:00", extended=1), {}, CALENDAR).iso() == "2026-03-05T08:00"


def test_hours_stand_still_during_a_pause() -> None:
    held = run("2026-03-02T08:00", holds=(("2026-03-02T10:00", "2026-03-02T13:30"),))
    assert due_of(clock(length="2 hours"), held, {}, CALENDAR).iso() == "2026-03-02T13:30"


def test_a_total_counts_from_the_start_and_never_adds_up() -> None:
    total = clock(length="3 months", extension=Extension(1, None, Period.parse("6 months")))
    assert due_of(total, run("2026-01-15", extended=1), {}, CALENDAR).iso() == "2026-07-15"


def test_an_agreed_date_is_not_rolled_over_a_holiday() -> None:
    until = clock("until", "", until="due")
    assert due_of(until, run("2026-03-02"), {"due": "2026-10-01"}, CALENDAR).iso() == "2026-10-01"
    assert due_of(until, run("2026-03-02"), {"due": "2026-10-01T18:00"}, CALENDAR).iso() == "2026-10-01T18:00"


def test_an_agreed_date_moves_by_the_days_of_a_pause_each_once() -> None:
    until = clock("until", "", until="due")
    holds = (("2026-03-03", "2026-03-06"), ("2026-03-05", "2026-03-10"))
    assert held_days(run("2026-03-02", holds=holds)) == [(date(2026, 3, 3), date(2026, 3, 10))]
    assert due_of(until, run("2026-03-02", holds=holds), {"due": "2026-03-20"}, CALENDAR).iso() == "2026-03-27"


def test_a_pause_into_a_year_without_notice_makes_the_date_provisional() -> None:
    until = clock("until", "", until="due")
    held = run("2026-12-01", holds=(("2026-12-02", "2026-12-20"),))
    assert due_of(until, held, {"due": "2026-12-28"}, CALENDAR).provisional


@pytest.mark.parametrize(
    ("start", "due"), [("2026-01-30", "2026-01-31"), ("2026-01-31", "2027-01-31"), ("2026-12-31", "2027-01-31")]
)
def test_the_thirty_first_of_january_is_the_next_one(start: str, due: str) -> None:
    yearly = clock("until", "", yearly="01-31")
    assert due_of(yearly, run(start), {}, CALENDAR).iso() == due


def test_a_length_in_a_field_is_read_from_the_field() -> None:
    by_field = clock(length="", length_field="days", length_unit="day")
    assert due_of(by_field, run("2026-03-02"), {"days": 30}, CALENDAR).iso() == "2026-04-01"


def test_hours_before_an_event_are_counted_from_its_moment() -> None:
    before = clock("before", "2 hours", until="at")
    assert due_of(before, run("2026-03-02"), {"at": "2026-03-05T09:00"}, CALENDAR).iso() == "2026-03-05T07:00"


def test_a_recurring_clock_counts_every_round_from_its_start() -> None:
    monthly = clock("every", "1 months")
    dues = [due_of(monthly, run("2026-01-31", round=n), {}, CALENDAR).iso() for n in (1, 2, 3)]
    assert dues == ["2026-02-28", "2026-03-31", "2026-04-30"]


# -- how it stands


def test_a_day_ends_at_midnight_and_a_moment_just_after_itself() -> None:
    assert end_of("2026-03-02") == datetime(2026, 3, 3)
    assert not is_past(run("2026-03-01", due="2026-03-02"), datetime(2026, 3, 2, 23, 59))
    assert is_past(run("2026-03-01", due="2026-03-02"), datetime(2026, 3, 3))
    assert not is_past(run("2026-03-01", due="2026-03-02T18:00"), datetime(2026, 3, 2, 18))
    assert is_past(run("2026-03-01", due="2026-03-02T18:00"), datetime(2026, 3, 2, 18, 1))


@pytest.mark.parametrize(
    ("shape", "before", "after"),
    [("within", "running", "overdue"), ("at_least", "running", "elapsed"), ("before", "running", "missed")],
)
def test_what_a_clock_is_called_before_and_after_its_day(shape: str, before: str, after: str) -> None:
    one = run("2026-03-01", due="2026-03-10")
    assert status_at(clock(shape), one, datetime(2026, 3, 10)) == before
    assert status_at(clock(shape), one, datetime(2026, 3, 11)) == after
    paused = run("2026-03-01", due="2026-03-10", holds=(("2026-03-05", None),))
    assert status_at(clock(shape), paused, datetime(2026, 4, 1)) == "paused"
    assert status_at(clock(shape), None, datetime(2026, 3, 1)) == "none"
    assert status_at(clock(shape), run("2026-03-01", status="met"), datetime(2027, 1, 1)) == "met"


# -- how much is left

STARTS = st.dates(date(2026, 1, 1), date(2026, 9, 30)).map(str)
LENGTHS = st.builds("{} {}".format, st.integers(1, 40), st.sampled_from(["workdays", "days", "hours"]))


@given(start=STARTS, length=LENGTHS, share=st.sampled_from([0.1, 0.3, 0.5, 1.0]), minutes=st.integers(0, 70 * 1440))
def test_the_moment_computed_in_advance_is_when_little_is_left(
    start: str, length: str, share: float, minutes: int
) -> None:
    one = clock(length=length)
    begun = run(f"{start}T08:00" if "hours" in length else start)
    counted = Run(begun.start, 1, due_of(one, begun, {}, CALENDAR).iso())
    turns, now = turns_scarce(one, counted, share, CALENDAR), moment(begun.start) + timedelta(minutes=minutes)
    assume(abs(now - turns) > timedelta(seconds=1))  # a share of seconds is not exact to the microsecond
    left = share_left(one, counted, now, CALENDAR)
    assert left is not None
    assert (now >= turns) == (left < share)


PAUSES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), min_size=1, max_size=4)


@given(start=STARTS, length=LENGTHS | st.just("2 months"), pauses=PAUSES)
def test_one_more_pause_never_brings_the_end_nearer(start: str, length: str, pauses: list[tuple[int, int]]) -> None:
    one, begun = clock(length=length), run(f"{start}T08:00" if "hours" in length else start)
    ends = [
        due_of(one, Run(begun.start, 1, begun.due, holds=held), {}, CALENDAR).iso() for held in grown(begun, pauses)
    ]
    assert sorted(ends, key=end_of) == ends


def grown(begun: Run, pauses: list[tuple[int, int]]) -> list[tuple[tuple[str, str], ...]]:
    """The pauses one after the other: none, the first, the first two, …; each after the one before."""
    holds, at = list[tuple[str, str]](), moment(begun.start)
    for wait, lasted in pauses:
        first, at = at + timedelta(days=wait), at + timedelta(days=wait + lasted)
        holds.append((first.isoformat(timespec="minutes"), at.isoformat(timespec="minutes")))
    return [tuple(holds[:n]) for n in range(len(holds) + 1)]


def test_nothing_is_left_to_say_of_a_clock_that_does_not_run() -> None:
    now = datetime(2026, 3, 3)
    assert share_left(clock(), None, now, CALENDAR) is None
    assert share_left(clock(), run("2026-03-02", status="met"), now, CALENDAR) is None
    assert share_left(clock(), run("2026-03-02", holds=(("2026-03-02", None),)), now, CALENDAR) is None
