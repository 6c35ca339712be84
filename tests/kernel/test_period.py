from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.data.calendars import state_council
from fadu.kernel.calendar import calendar_from
from fadu.kernel.period import Due, Period, due, due_many, latest_before, parse_span

CALENDAR = state_council()
CONSULTATION = [(date(2026, 3, 9), date(2026, 3, 20))]
DAYS = st.dates(date(2005, 1, 1), date(2024, 12, 31))
UNITS = st.sampled_from(["workday", "day", "month", "year"])
LENGTHS = st.builds(Period, st.integers(1, 60), st.sampled_from(["workday", "day", "month"]))
OFFSETS = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 40)), max_size=4)  # of holds, seen from the start


def holds(start: date, offsets: list[tuple[int, int]]) -> list[tuple[date, date]]:
    return [(start + timedelta(days=first), start + timedelta(days=first + length)) for first, length in offsets]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "length", "more", "held", "expected"),
    [
        pytest.param(
            "2026-09-16", "20 workdays", None, (), "2026-10-20", id="V1 reply across Mid-Autumn and National Day"
        ),
        pytest.param("2026-09-30", "20 workdays", None, (), "2026-11-03", id="V2 reply"),
        pytest.param(
            "2026-02-13", "7 workdays", None, (), "2026-03-02", id="V3 correction notice across Spring Festival"
        ),
        pytest.param("2026-09-16", "20 workdays", "20 workdays", (), "2026-11-17", id="V4 reply with its extension"),
        pytest.param("2026-03-02", "20 workdays", None, CONSULTATION, "2026-04-13", id="V5 third-party consultation"),
        pytest.param("2026-03-02", "20 workdays", None, (), "2026-03-30", id="V5 without the consultation"),
        pytest.param("2026-03-09", "15 workdays", None, (), "2026-03-30", id="V6 the third party's own term"),
        pytest.param("2026-07-03", "90 days", None, (), "2026-10-08", id="V7 penalty decision rolls off 1 October"),
        pytest.param("2026-08-03", "60 days", None, (), "2026-10-08", id="V8 review rolls off 2 October"),
        pytest.param("2026-09-24", "5 workdays", None, (), "2026-10-09", id="V9 review screening"),
        pytest.param("2026-09-21", "15 days", None, (), "2026-10-08", id="V10 petition rolls off 6 October"),
        pytest.param("2026-09-18", "15 days", None, (), "2026-10-08", id="V11 fine payment rolls off 3 October"),
        pytest.param("2026-02-06", "20 workdays", None, (), "2026-03-12", id="V12 licence"),
        pytest.param("2025-11-30", "3 months", None, (), "2026-02-28", id="V13 no corresponding day"),
        pytest.param("2026-03-31", "6 months", None, (), "2026-09-30", id="V14 from a month's end"),
        pytest.param("2026-09-04", "30 days", None, (), "2026-10-08", id="V17 consultation closes safely"),
    ],
)
def test_golden_vectors_forward(start, length, more, held, expected):
    extension = Period.parse(more) if more else None
    assert due(day(start), Period.parse(length), CALENDAR, held=held, more=extension) == Due(day(expected))


@pytest.mark.parametrize(
    ("event", "length", "expected"),
    [
        pytest.param("2026-10-13", "7 workdays", "2026-09-28", id="V15 notice of a penalty hearing"),
        pytest.param("2026-10-13", "7 days", "2026-10-06", id="V16 papers of a decision hearing"),
    ],
)
def test_golden_vectors_back(event, length, expected):
    assert latest_before(day(event), Period.parse(length), CALENDAR) == Due(day(expected))


def test_the_earliest_close_of_v17_is_the_day_before_any_roll():
    assert day("2026-09-04") + timedelta(days=30) == day("2026-10-04")
    assert not CALENDAR.is_workday(day("2026-10-04"))


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2024-02-29", "1 years", "2025-02-28"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2026-01-31", "1 months", "2026-02-28"),
        ("2026-02-28", "1 months", "2026-03-30"),  # 28 March is a Saturday
        ("2025-12-08", "1 months", "2026-01-08"),
        ("2025-12-31", "12 months", "2026-12-31"),
    ],
)
def test_months_and_years_end_on_the_corresponding_day_or_the_months_last(start, length, expected):
    assert due(day(start), Period.parse(length), CALENDAR).at == day(expected)


def test_a_year_ends_on_a_make_up_saturday_without_moving():
    assert due(day("2025-02-28"), Period(1, "year"), CALENDAR).at == day("2026-02-28")


def test_the_time_of_the_event_does_not_matter_to_periods_in_days():
    assert due(datetime(2026, 9, 16, 23, 59), Period(20, "workday"), CALENDAR).at == day("2026-10-20")


@pytest.mark.parametrize(
    ("start", "length", "provisional"),
    [
        ("2026-12-01", "20 workdays", False),
        ("2026-12-31", "1 workdays", True),
        ("2026-12-20", "20 workdays", True),
        ("2003-12-31", "1 workdays", False),  # the start is not counted, so 2003 is not read
        ("2003-12-30", "10 workdays", True),
        ("2026-12-01", "30 days", False),
        ("2026-12-01", "31 days", True),
        ("2020-06-01", "10 years", True),
        ("2003-06-01", "2 years", False),  # only the last day reads the calendar
    ],
)
def test_a_date_that_reads_a_year_without_a_notice_is_provisional(start, length, provisional):
    assert due(day(start), Period.parse(length), CALENDAR).provisional is provisional


def test_a_last_day_of_a_known_year_that_rolls_into_an_unknown_one_is_provisional():
    holiday = {"year": 2030, "notice": "通知", "off": {"2030-12-31": "元旦"}}
    assert due(day("2030-12-01"), Period(30, "day"), calendar_from([holiday])) == Due(
        day("2031-01-01"), provisional=True
    )


def test_a_stored_moment_keeps_its_seconds():
    assert [Due(datetime(2026, 9, 16, 9, 30, s)).iso() for s in (0, 5)] == ["2026-09-16T09:30", "2026-09-16T09:30:05"]


def test_counting_back_by_workdays_from_an_unknown_year_is_provisional_and_by_days_is_not():
    event = day("2027-01-08")
    assert latest_before(event, Period(7, "workday"), CALENDAR).provisional
    assert latest_before(event, Period(7, "day"), CALENDAR) == Due(day("2027-01-01"))


def test_a_hold_that_touches_another_counts_their_common_days_once():
    once = due(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=CONSULTATION)
    twice = [(day("2026-03-09"), day("2026-03-16")), (day("2026-03-12"), day("2026-03-20")), *CONSULTATION]
    assert due(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=twice) == once


def test_a_hold_before_the_start_or_after_the_end_changes_nothing():
    plain = due(day("2026-03-02"), Period(20, "workday"), CALENDAR)
    outside = [(day("2026-01-05"), day("2026-03-02")), (day("2026-03-30"), day("2026-04-30"))]
    assert due(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=outside) == plain


def test_a_hold_that_pushes_the_end_into_the_next_hold_excludes_both():
    held = [(day("2026-03-27"), day("2026-03-30")), (day("2026-03-30"), day("2026-04-10"))]
    assert due(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=held).at == day("2026-04-13")
    assert due(day("2026-03-02"), Period(28, "day"), CALENDAR, held=held).at == day("2026-04-13")


def test_a_hold_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="2026-03-20 to 2026-03-09"):
        due(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=[(day("2026-03-20"), day("2026-03-09"))])


def test_an_extension_of_the_same_unit_lengthens_and_of_another_follows():
    start = day("2026-08-03")
    assert due(start, Period(60, "day"), CALENDAR, more=Period(30, "day")).at == day(
        "2026-11-02"
    )  # 1 November is a Sunday
    assert due(start, Period(60, "day"), CALENDAR, more=Period(5, "workday")).at == CALENDAR.add_workdays(
        day("2026-10-08"), 5
    )


def test_an_extension_of_zero_is_none():
    for unit in ("day", "workday", "month", "hour"):
        assert due(day("2026-08-03"), Period(60, "day"), CALENDAR, more=Period(0, unit)).at == day("2026-10-08")


def test_a_total_replaces_the_length_from_the_same_start():
    assert due(day("2026-09-16"), Period(7, "workday"), CALENDAR, total=Period(20, "workday")).at == day("2026-10-20")


def test_hours_run_on_through_nights_and_holidays():
    assert due(datetime(2026, 9, 30, 17, 30), Period(24, "hour"), CALENDAR) == Due(datetime(2026, 10, 1, 17, 30))
    assert latest_before(datetime(2026, 10, 1, 9), Period(48, "hour"), CALENDAR).at == datetime(2026, 9, 29, 9)


def test_hours_stop_on_days_that_do_not_count():
    held = [(day("2026-09-16"), day("2026-09-17"))]
    assert due(datetime(2026, 9, 16, 23), Period(2, "hour"), CALENDAR, held=held).at == datetime(2026, 9, 18, 1)
    assert due(datetime(2026, 9, 17, 12), Period(2, "hour"), CALENDAR, held=held).at == datetime(2026, 9, 18, 2)
    assert due(datetime(2026, 9, 16, 20), Period(2, "hour"), CALENDAR, held=held).at == datetime(2026, 9, 16, 22)


def test_hours_after_days_begin_at_the_end_of_the_last_day():
    assert due(day("2026-10-12"), Period(1, "day"), CALENDAR, more=Period(2, "hour")).at == datetime(2026, 10, 14, 2)


def test_hours_from_a_day_without_its_hour_are_refused():
    for count in (due, latest_before):
        with pytest.raises(ValueError, match=r"CIV 201.*2026-09-16"):
            count(day("2026-09-16"), Period(2, "hour"), CALENDAR)


@pytest.mark.parametrize("unit", ["workday", "day", "month", "year", "hour"])
def test_a_period_that_leaves_the_calendar_is_refused_with_its_start(unit):
    for count in (due, latest_before):
        with pytest.raises(ValueError, match="from 2026-01-05 that leaves the years 1 to 9999"):
            count(datetime(2026, 1, 5), Period(999_999_999, unit), CALENDAR)


@given(DAYS, LENGTHS, OFFSETS)
def test_holding_never_shortens(start, length, offsets):
    held = holds(start, offsets)
    assert due(start, length, CALENDAR, held=held).at >= due(start, length, CALENDAR).at


@given(DAYS, st.integers(1, 60), OFFSETS)
def test_holding_leaves_n_workdays_outside_the_holds(start, n, offsets):
    held = holds(start, offsets)
    end = due(start, Period(n, "workday"), CALENDAR, held=held).at
    assert CALENDAR.is_workday(end)
    counted = [
        one
        for one in map(date.fromordinal, range(start.toordinal() + 1, end.toordinal() + 1))
        if CALENDAR.is_workday(one) and not any(a < one <= b for a, b in held)
    ]
    assert len(counted) == n
    assert counted[-1] == end


@given(DAYS, LENGTHS)
def test_every_period_ends_on_a_workday(start, length):
    assert CALENDAR.is_workday(due(start, length, CALENDAR).at)


@given(DAYS, st.integers(1, 40), st.integers(1, 40))
def test_n_then_m_workdays_are_n_plus_m(start, n, m):
    first = due(start, Period(n, "workday"), CALENDAR).at
    together = due(start, Period(n, "workday"), CALENDAR, more=Period(m, "workday"))
    assert due(first, Period(m, "workday"), CALENDAR) == together == due(start, Period(n + m, "workday"), CALENDAR)


@given(DAYS, st.integers(1, 60))
def test_months_end_on_the_corresponding_day_or_the_months_last_day(start, n):
    raw = latest_before(start, Period(n, "month"), CALENDAR).at
    assert raw.day == start.day or ((raw + timedelta(days=1)).day == 1 and raw.day < start.day)
    assert (start.year - raw.year) * 12 + start.month - raw.month == n


@given(DAYS, st.integers(1, 90))
def test_counting_back_by_workdays_mirrors_counting_forward(event, n):
    latest = latest_before(event, Period(n, "workday"), CALENDAR).at
    day_before = event - timedelta(days=1)
    assert CALENDAR.workdays_between(latest - timedelta(days=1), day_before) == n
    assert due(latest, Period(n, "workday"), CALENDAR).at == CALENDAR.roll(event)


@given(DAYS, st.integers(1, 400))
def test_counting_back_by_days_mirrors_counting_forward(event, n):
    assert latest_before(event, Period(n, "day"), CALENDAR).at + timedelta(days=n) == event


@given(st.lists(DAYS, max_size=20), st.integers(1, 60))
def test_a_million_starts_in_one_call_give_what_due_gives(starts, n):
    many = due_many([start.toordinal() for start in starts], n, CALENDAR)
    assert [date.fromordinal(end) for end in many] == [
        due(start, Period(n, "workday"), CALENDAR).at for start in starts
    ]


def test_many_due_dates_of_no_workdays_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        due_many([1], 0, CALENDAR)


@given(st.integers(0, 999_999), st.sampled_from(["workday", "day", "month", "year", "hour"]))
def test_a_period_written_out_is_read_back(n, unit):
    assert Period.parse(str(Period(n, unit))) == Period(n, unit)


@pytest.mark.parametrize(
    "text", ["", "20", "20 weeks", "twenty days", "-1 days", "1.5 days", "20  days", "２０ days", "20workdays"]
)
def test_what_is_no_period_is_refused_with_the_accepted_forms(text):
    with pytest.raises(ValueError, match="20 workdays"):
        Period.parse(text)


@pytest.mark.parametrize(("n", "unit"), [(-1, "day"), (1.5, "day"), (True, "day"), (1, "week"), (1, "days")])
def test_a_period_is_a_whole_number_of_a_known_unit(n, unit):
    with pytest.raises(ValueError, match="period"):
        Period(n, unit)


def test_a_period_speaks_both_languages():
    assert [Period(20, "workday").text.zh, Period(1, "month").text.zh] == ["20个工作日", "1个月"]
    assert [Period(20, "workday").text.en, Period(1, "month").text.en] == ["20 working days", "1 month"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("20wd", (20, "workday")),
        ("30nd", (30, "day")),
        ("3mo", (3, "month")),
        ("1yr", (1, "year")),
        ("2h", (2, "hour")),
    ],
)
def test_a_span_is_a_period_in_short(text, period):
    assert parse_span(text) == Period(*period)


@pytest.mark.parametrize("text", ["20", "20d", "wd", "20 wd", "-3nd", "2H", "1e3h"])
def test_what_is_no_span_is_refused_with_the_accepted_forms(text):
    with pytest.raises(ValueError, match="write 20wd, 30nd, 3mo, 1yr or 2h"):
        parse_span(text)


@pytest.mark.parametrize(
    ("due_", "ends"),
    [
        (Due(date(2026, 10, 20)), datetime(2026, 10, 21)),
        (Due(datetime(2026, 10, 20, 9, 30)), datetime(2026, 10, 20, 9, 30)),
    ],
)
def test_a_date_lasts_until_midnight_and_a_moment_until_itself(due_, ends):
    assert due_.ends == ends
    assert Due.parse(due_.iso(), provisional=False) == due_
