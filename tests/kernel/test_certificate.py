import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.data.calendars import state_council
from fadu.kernel.certificate import Certificate, Line, certify, render_text
from fadu.kernel.period import Period, due, latest_before

CALENDAR = state_council()
DAYS = st.dates(date(2004, 1, 1), date(2027, 6, 30))
UNITS = st.sampled_from(["workday", "day", "month"])
LENGTHS = st.builds(Period, st.integers(1, 40), UNITS)
OFFSETS = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 40)), max_size=3)  # of holds, seen from the start
NOTICE = "国办发明电〔2025〕7号"
LETTER = ("征求第三方意见", "third party consulted", "政府信息公开条例第33条")


def holds(start: date, offsets: list[tuple[int, int]]) -> list[tuple[date, date]]:
    return [(start + timedelta(days=first), start + timedelta(days=first + length)) for first, length in offsets]


HELD_STARTS = st.builds(lambda start, offsets: (start, holds(start, offsets)), DAYS, OFFSETS)


def day(text: str) -> date:
    return date.fromisoformat(text)


def of(certificate: Certificate, effect: str) -> list[Line]:
    return [line for line in certificate.lines if line.effect == effect]


@given(HELD_STARTS, LENGTHS, st.none() | LENGTHS, st.none() | LENGTHS)
def test_the_certificate_ends_where_the_deadline_ends(held_start, period, more, total):
    start, held = held_start
    certificate = certify(start, period, CALENDAR, held=held, more=more, total=total)
    assert certificate.due == due(start, period, CALENDAR, held=held, more=more, total=total)
    assert certificate.lines[-1].date == certificate.due.at
    assert certificate.due.provisional == bool(certificate.unknown_years) == (certificate.reason is not None)


@given(HELD_STARTS, st.integers(1, 60), st.integers(0, 30), st.sampled_from(["workday", "day"]))
def test_as_many_days_are_counted_as_the_period_has(held_start, n, extension, unit):
    start, held = held_start
    certificate = certify(start, Period(n, unit), CALENDAR, more=Period(extension, unit), held=held)
    assert certificate.summary["counted"] == n
    assert certificate.summary["added"] == extension
    ordinals = [line.ordinal for line in certificate.lines if line.ordinal is not None]
    assert ordinals == list(range(1, n + extension + 1))


@given(HELD_STARTS, LENGTHS, st.none() | LENGTHS)
def test_every_day_from_start_to_end_has_a_line_and_every_line_a_cause(held_start, period, more):
    start, held = held_start
    certificate = certify(start, period, CALENDAR, more=more, held=held)
    ordinals = range(start.toordinal(), certificate.due.at.toordinal() + 1)
    assert {line.date for line in certificate.lines} == set(map(date.fromordinal, ordinals))
    assert all(line.cause and line.cause_en for line in certificate.lines)
    assert all(line.cites and line.cites_en for line in certificate.lines if line.effect != "held")


@given(HELD_STARTS, st.integers(1, 60))
def test_a_day_is_excluded_only_when_it_would_have_counted(held_start, n):
    start, held = held_start
    certificate = certify(start, Period(n, "workday"), CALENDAR, held=held)
    assert all(CALENDAR.is_workday(line.date) for line in certificate.lines if line.effect in ("held", "counted"))
    assert not any(CALENDAR.is_workday(line.date) for line in of(certificate, "skipped"))


@given(DAYS, st.builds(Period, st.integers(1, 40), st.sampled_from(["workday", "day", "month", "year"])))
def test_counting_back_is_certified_day_by_day(event, period):
    certificate = certify(event, period, CALENDAR, before=True)
    assert certificate.due == latest_before(event, period, CALENDAR)
    assert certificate.lines[-1].date == certificate.due.at
    if period.unit in ("workday", "day"):
        assert certificate.summary["counted"] == period.n
    assert not of(certificate, "rolled")


def test_v1_names_the_holidays_and_the_make_up_days_with_their_notice():
    certificate = certify(day("2026-09-16"), Period(20, "workday"), CALENDAR)
    lines = {line.date: line for line in certificate.lines}
    assert certificate.lines[0].effect == "start"
    assert "第201条" in certificate.lines[0].cites
    assert (lines[day("2026-09-20")].effect, lines[day("2026-09-20")].cause) == ("counted", "调休上班日")
    assert (lines[day("2026-09-25")].effect, lines[day("2026-09-25")].cause) == ("skipped", "中秋节放假")
    assert lines[day("2026-10-01")].cause_en == "National Day holiday"
    assert lines[day("2026-10-11")].cause == "周末"
    assert all(NOTICE in lines[day(text)].cites for text in ("2026-09-20", "2026-09-25", "2026-10-01", "2026-10-10"))
    assert certificate.summary == {"counted": 20, "skipped": 14, "held": 0, "added": 0, "rolled": 0}
    assert certificate.notices == (NOTICE,)
    assert certificate.calendar_version == CALENDAR.version


def test_v5_excludes_nine_workdays_with_their_cause():
    held = [(day("2026-03-09"), day("2026-03-20"))]
    certificate = certify(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=held, held_causes=[LETTER])
    excluded = of(certificate, "held")
    assert len(excluded) == 9
    assert {(line.cause, line.cause_en, line.cites) for line in excluded} == {LETTER}
    assert (excluded[0].date, excluded[-1].date) == (day("2026-03-10"), day("2026-03-20"))


def test_v7_counts_ninety_days_and_moves_on_past_the_holiday():
    certificate = certify(day("2026-07-03"), Period(90, "day"), CALENDAR)
    assert of(certificate, "counted")[-1].date == day("2026-10-01")
    assert [line.date.day for line in of(certificate, "rolled")] == [1, 2, 3, 4, 5, 6, 7]
    assert all("第203条" in line.cites and NOTICE in line.cites for line in of(certificate, "rolled"))
    assert certificate.lines[-1].date == day("2026-10-08")


def test_an_extension_is_told_from_the_first_length():
    certificate = certify(day("2026-09-16"), Period(20, "workday"), CALENDAR, more=Period(20, "workday"))
    added = of(certificate, "added")
    assert (added[0].date, added[0].ordinal) == (day("2026-10-21"), 21)
    assert (added[-1].date, added[-1].ordinal) == (day("2026-11-17"), 40)


def test_an_extension_in_months_is_told_from_the_first_months():
    certificate = certify(day("2026-01-15"), Period(1, "month"), CALENDAR, more=Period(1, "month"))
    assert of(certificate, "counted")[-1].date == day("2026-02-15")
    assert of(certificate, "added")[0].date == day("2026-02-16")


@pytest.mark.parametrize(
    ("start", "says"), [("2025-11-30", "月末日"), ("2026-03-30", "对应日"), ("2025-12-31", "月末日")]
)
def test_the_last_day_of_months_says_why_it_is_the_last(start, says):
    last = of(certify(day(start), Period(2 if start == "2025-12-31" else 3, "month"), CALENDAR), "counted")[-1]
    assert says in last.cause
    assert "第202条" in last.cites


def test_days_counted_into_an_unknown_year_say_so():
    certificate = certify(day("2026-12-20"), Period(20, "workday"), CALENDAR)
    in_2027 = [line for line in of(certificate, "counted") if line.date.year == 2027]
    assert in_2027
    assert all("暂定" in line.cause and "provisional" in line.cause_en for line in in_2027)
    assert certificate.unknown_years == (2027,)
    assert "2027" in render_text(certificate)
    assert certificate.notices == (NOTICE,)


def test_a_natural_period_names_only_the_notice_of_the_year_it_ends_in():
    assert certify(day("2024-06-03"), Period(2, "year"), CALENDAR).notices == (NOTICE,)


def test_a_year_with_a_later_notice_names_both():
    assert certify(day("2020-01-20"), Period(7, "workday"), CALENDAR).notices == (
        "国办发明电〔2019〕16号",
        "国办发明电〔2020〕1号",
    )


def test_papers_due_on_a_holiday_are_advised_for_the_workday_before():
    """V16."""
    last = certify(day("2026-10-13"), Period(7, "day"), CALENDAR, before=True).lines[-1]
    assert last.date == day("2026-10-06")
    assert "2026-09-30" in last.cause
    assert "2026-09-30" in last.cause_en


def test_hours_take_few_lines_and_no_notice():
    certificate = certify(datetime(2026, 9, 16, 10, 30), Period(2, "hour"), CALENDAR)
    assert [line.effect for line in certificate.lines] == ["start", "counted", "due"]
    assert "12:30" in certificate.lines[-1].cause
    assert certificate.notices == ()


def test_hours_show_the_days_that_stop_them_and_their_extension():
    held = [(day("2026-09-16"), day("2026-09-17"))]
    start = datetime(2026, 9, 16, 23)
    certificate = certify(start, Period(2, "hour"), CALENDAR, held=held, more=Period(3, "hour"))
    assert [(line.effect, line.ordinal) for line in certificate.lines] == [
        ("start", None), ("held", None), ("counted", 2), ("added", 5), ("due", None),
    ]  # fmt: skip
    assert certificate.due.at == datetime(2026, 9, 18, 4)


def test_hours_after_days_follow_from_midnight():
    certificate = certify(day("2026-10-12"), Period(1, "workday"), CALENDAR, more=Period(2, "hour"))
    assert certificate.due.at == datetime(2026, 10, 14, 2)
    assert [line.effect for line in certificate.lines] == ["start", "counted", "added", "due"]


def test_five_years_are_complete():
    certificate = certify(day("2021-03-01"), Period(5, "year"), CALENDAR)
    assert certificate.summary["counted"] == (day("2026-03-01") - day("2021-03-01")).days
    assert certificate.due.at == day("2026-03-02")  # 1 March 2026 is a Sunday


def test_json_is_plain_and_complete():
    certificate = certify(
        day("2026-09-16"), Period(20, "workday"), CALENDAR, more=Period(20, "workday"), cites="GKI 33 (V)"
    )
    plain = certificate.to_json()
    assert json.loads(json.dumps(plain, ensure_ascii=False)) == plain
    assert (plain["start"], plain["period"], plain["more"], plain["due"]) == (
        "2026-09-16",
        "20 workdays",
        "20 workdays",
        "2026-11-17",
    )
    assert (plain["cites"], plain["provisional"], plain["calendar_version"]) == ("GKI 33 (V)", False, CALENDAR.version)
    assert len(plain["lines"]) == len(certificate.lines)
    assert plain["lines"][1] == {
        "date": "2026-09-17",
        "effect": "counted",
        "ordinal": 1,
        "cause": "工作日",
        "cause_en": "workday",
        "cites": "全国年节及纪念日放假办法第6—7条",
        "cites_en": "Holiday Measures arts. 6-7",
    }


@given(DAYS, LENGTHS, st.booleans())
def test_the_text_leaves_no_day_out(start, period, before):
    certificate = certify(start, period, CALENDAR, before=before)
    told = 0
    for row in render_text(certificate, "en").splitlines()[1:]:
        dates = [word for word in row.split() if word[:4].isdecimal() and word.count("-") == 2]
        if row.startswith(("Provisional", "Calendar", "Notices")):
            continue
        told += abs((day(dates[1]) - day(dates[0])).days) + 1 if " … " in row else 1
    assert told == len(certificate.lines)


def test_the_text_is_written_in_either_language():
    certificate = certify(day("2026-07-03"), Period(90, "day"), CALENDAR, cites="PEN 60 (V)")
    chinese, english = render_text(certificate), render_text(certificate, "en")
    assert chinese.startswith("自 2026-07-03 起 90日，届满 2026-10-08 [PEN 60 (V)]")
    assert english.startswith("90 calendar days from 2026-07-03: ends 2026-10-08 [PEN 60 (V)]")
    assert "2026-10-01 … 2026-10-07" in chinese
    notices = "Notices 国办发明电〔2025〕7号"
    assert notices in english
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english.replace(NOTICE, ""))


def test_the_text_of_counting_back_says_at_the_latest():
    certificate = certify(day("2026-10-13"), Period(7, "workday"), CALENDAR, before=True)
    assert render_text(certificate).startswith("2026-10-13 之前 7个工作日，最迟 2026-09-28")
    assert render_text(certificate, "en").startswith("7 working days before 2026-10-13: at the latest 2026-09-28")


def test_a_count_back_with_holds_or_extension_is_refused():
    with pytest.raises(ValueError, match="counted back"):
        certify(day("2026-10-13"), Period(7, "day"), CALENDAR, before=True, more=Period(1, "day"))


def test_causes_must_match_the_excluded_spans():
    held = [(day("2026-03-09"), day("2026-03-20"))]
    with pytest.raises(ValueError, match="1 excluded spans with 2 causes"):
        certify(day("2026-03-02"), Period(20, "workday"), CALENDAR, held=held, held_causes=[LETTER, LETTER])
