from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.data.calendars import state_council
from fadu.kernel.calendar import Calendar, CalendarError, calendar_from

CALENDAR = state_council()
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ANY_DAY = st.dates(date(1990, 1, 1), date(2060, 12, 31))

# Where the kept data differ from the package chinesecalendar, and why the notice decides for ours.
EXPLAINED = {
    date(
        2005, 12, 31
    ): "国办发明电〔2005〕35号 一：12月31日（星期六）上班；the package has no make-up day for New Year 2006",
}

NOTICE = {
    "year": 2030,
    "notice": "国务院办公厅关于2030年部分节假日安排的通知",
    "number": "国办发明电〔2029〕1号",
    "issued": "2029-11-01",
    "off": {"2030-01-01": "元旦", "2030-10-01": "国庆节"},
    "work": ["2030-09-28"],
    "file": "2030.yaml",
}


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def test_every_day_of_23_years_agrees_with_an_independent_source():
    differing = {day for day in days(FIRST, LAST) if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)}
    assert differing == set(EXPLAINED)


def test_the_make_up_saturday_before_new_year_2006_is_worked_by_the_notice_of_2006():
    found = CALENDAR.day(date(2005, 12, 31))
    assert (found.kind, found.source) == ("make_up", "国办发明电〔2005〕35号")


@pytest.mark.parametrize("day", [date(2026, 9, 20), date(2026, 10, 10), date(2026, 2, 28)])
def test_a_made_up_working_weekend_day_counts(day):
    """V18."""
    assert day.weekday() >= 5
    assert CALENDAR.is_workday(day)
    assert CALENDAR.day(day).kind == "make_up"


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_workdays(year):
    assert CALENDAR.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


@pytest.mark.parametrize(
    ("day", "kind", "name", "source"),
    [
        (date(2026, 10, 3), "holiday", "国庆节", "国办发明电〔2025〕7号"),
        (date(2026, 10, 17), "weekend", "周末", ""),
        (date(2026, 10, 12), "workday", "工作日", ""),
        (date(2007, 12, 31), "holiday", "元旦", "国办发明电〔2007〕52号"),
        (date(2018, 12, 29), "make_up", "调休上班", "国办发明电〔2018〕15号"),
        (date(2022, 12, 31), "holiday", "元旦", "国办发明电〔2022〕16号"),
    ],
)
def test_a_day_names_its_notice(day, kind, name, source):
    found = CALENDAR.day(day)
    assert (found.kind, found.name, found.source) == (kind, name, source)


def test_the_extension_of_spring_festival_2020_cancels_a_make_up_saturday():
    saturday, source = date(2020, 2, 1), "国办发明电〔2020〕1号"
    assert not CALENDAR.is_workday(saturday)
    assert CALENDAR.day(saturday).source == source
    assert CALENDAR.add_workdays(date(2020, 1, 23), 1) == date(2020, 2, 3)
    assert source in CALENDAR.notices_of([2020])


def test_labour_day_2019_became_four_days_by_the_later_notice():
    assert [CALENDAR.day(date(2019, 5, d)).source for d in (1, 2)] == ["国办发明电〔2019〕3号"] * 2
    assert CALENDAR.is_workday(date(2019, 4, 28))


def test_victory_day_2015_is_off_by_a_notice_of_its_own():
    assert CALENDAR.day(date(2015, 9, 3)).source == "国发明电〔2015〕1号"
    assert CALENDAR.is_workday(date(2015, 9, 6))


def test_years_without_a_notice_follow_the_weekend_rule_and_are_not_known():
    for year in (2003, 2027, 1970, 2090):
        week = days(date(year, 6, 1), date(year, 6, 7))
        assert [CALENDAR.is_workday(day) for day in week] == [day.weekday() < 5 for day in week]
        assert not CALENDAR.knows(week[0])
    assert CALENDAR.unknown([2027, 2026, 2003]) == (2003, 2027)


def test_every_year_from_2004_to_2026_has_its_notice_and_number():
    assert list(CALENDAR.years) == list(range(2004, 2027))
    assert all(notice.number for notice in CALENDAR.years.values())
    assert all(notice.issued and notice.issued.year == year - 1 for year, notice in CALENDAR.years.items())


def slowly(calendar: Calendar, start: date, n: int) -> date:
    """Counting as a person does it: one day at a time."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        start += step
        while not calendar.is_workday(start):
            start += step
    return start


@given(ANY_DAY, st.integers(-400, 400))
def test_adding_workdays_is_counting_them_one_by_one(start, n):
    assert CALENDAR.add_workdays(start, n) == slowly(CALENDAR, start, n)


@given(ANY_DAY, st.integers(0, 5000))
def test_adding_and_counting_workdays_are_inverse(start, n):
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, n)) == n


@given(ANY_DAY, ANY_DAY)
def test_workdays_between_counts_the_days_after_the_first_up_to_the_last(a, b):
    a, b = min(a, b), min(max(a, b), min(a, b) + timedelta(days=800))
    assert CALENDAR.workdays_between(a, b) == sum(map(CALENDAR.is_workday, days(a, b)[1:]))
    assert CALENDAR.workdays_between(b, a) == -CALENDAR.workdays_between(a, b)


@given(ANY_DAY, st.integers(0, 800), st.integers(0, 800))
def test_n_then_m_workdays_are_n_plus_m(start, n, m):
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, n), m) == CALENDAR.add_workdays(start, n + m)


@given(ANY_DAY, st.integers(1, 3000))
def test_counting_back_mirrors_counting_forward(start, n):
    workday = CALENDAR.roll(start)
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(workday, n), -n) == workday
    assert (
        CALENDAR.workdays_between(CALENDAR.add_workdays(start, -n) - timedelta(days=1), start - timedelta(days=1)) == n
    )


@given(ANY_DAY)
def test_a_rolled_day_is_the_first_workday_not_before(day):
    rolled = CALENDAR.roll(day)
    assert CALENDAR.is_workday(rolled)
    assert not any(map(CALENDAR.is_workday, days(day, rolled)[:-1]))


@given(st.lists(ANY_DAY, max_size=30), st.integers(1, 300))
def test_many_starts_in_one_call_give_what_one_by_one_gives(starts, n):
    one_by_one = [CALENDAR.add_workdays(start, n).toordinal() for start in starts]
    assert CALENDAR.add_workdays_many([start.toordinal() for start in starts], n) == one_by_one


@pytest.mark.parametrize("n", [1, 20, 60])
def test_many_starts_near_the_last_notice_leave_the_table_safely(n):
    starts = [LAST.toordinal() - i for i in range(40)]
    expected = [slowly(CALENDAR, date.fromordinal(start), n).toordinal() for start in starts]
    assert CALENDAR.add_workdays_many(starts, n) == expected


def test_the_version_is_a_digest_of_the_content_and_not_of_the_order_or_file_name():
    other = {**NOTICE, "year": 2031, "off": {"2031-01-01": "元旦"}, "work": [], "file": "2031.yaml"}
    version = calendar_from([NOTICE, other]).version
    assert len(version) == 12
    assert version == calendar_from([other, {**NOTICE, "file": "renamed.yaml"}]).version
    assert version != calendar_from([NOTICE, {**other, "off": {"2031-01-01": "元旦", "2031-01-02": "元旦"}}]).version
    assert version != calendar_from([NOTICE, {**other, "number": "国办发明电〔2030〕9号"}]).version


def test_an_empty_calendar_still_counts_by_weekends():
    empty = calendar_from([])
    assert empty.add_workdays(date(2026, 10, 2), 1) == date(2026, 10, 5)
    assert not empty.knows(date(2000, 1, 3))


def test_a_number_not_verified_leaves_the_title_as_the_source():
    calendar = calendar_from([{**NOTICE, "number": None}])
    assert calendar.day(date(2030, 10, 1)).source == NOTICE["notice"]


LOCAL = {
    "year": 2030,
    "notice": "凉山州人民政府办公室关于2030年部分节假日安排的通知",
    "number": "凉府办发〔2029〕31号",
    "off": {"2030-07-24": "火把节", "2030-09-28": "州庆"},
    "work": ["2030-07-27"],
    "local": True,
    "file": "liangshan.yaml",
}


def test_a_local_notice_adds_days_off_and_may_free_a_make_up_day():
    """HOL 4: the holidays of ethnic areas are set by local governments."""
    calendar = calendar_from([LOCAL, NOTICE])
    assert not calendar.is_workday(date(2030, 7, 24))
    assert calendar.is_workday(date(2030, 7, 27))
    assert not calendar.is_workday(date(2030, 9, 28))
    assert calendar.day(date(2030, 7, 24)).source == "凉府办发〔2029〕31号"
    assert calendar.notices_of([2030]) == ("国办发明电〔2029〕1号", "凉府办发〔2029〕31号")
    assert calendar.version != calendar_from([NOTICE]).version


def test_a_local_notice_alone_does_not_make_the_year_known():
    calendar = calendar_from([LOCAL])
    assert not calendar.is_workday(date(2030, 7, 24))
    assert not calendar.knows(date(2030, 7, 24))


def test_a_later_notice_may_cancel_a_weekday_off():
    amended = [{"notice": "调整", "number": "国办发明电〔2030〕2号", "issued": "2030-09-01", "work": ["2030-10-01"]}]
    found = calendar_from([{**NOTICE, "amended": amended}]).day(date(2030, 10, 1))
    assert (found.workday, found.kind, found.source) == (True, "workday", "国办发明电〔2030〕2号")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"year": "2030"}, ["year", "must be a year"]),
        ({"year": True}, ["year", "must be a year"]),
        ({"notice": " "}, ["notice", "title"]),
        ({"number": 7}, ["number", "number of issue"]),
        ({"issued": "2029-13-01"}, ["issued", "2029-13-01", "not a date"]),
        ({"issued": "20291101"}, ["issued", "not a date"]),
        ({"off": ["2030-01-01"]}, ["off", "must map"]),
        ({"off": {"2030-02-30": "元旦"}}, ["off: 2030-02-30", "not a date"]),
        ({"off": {"2030-01-01": ""}}, ["off: 2030-01-01", "name"]),
        ({"off": {"2029-12-10": "元旦"}}, ["off: 2029-12-10", "turn of that year"]),
        ({"off": {"2031-02-01": "春节"}}, ["off: 2031-02-01", "turn of that year"]),
        ({"work": "2030-09-28"}, ["work", "list of dates"]),
        ({"work": ["2030-09-27"]}, ["work: 2030-09-27", "Saturday or a Sunday"]),
        ({"work": ["2030-09-28", "2030-09-28"]}, ["work: 2030-09-28", "listed twice"]),
        ({"work": ["2031-09-28"]}, ["work: 2031-09-28", "turn of that year"]),
        ({"off": {"2030-09-28": "国庆节"}}, ["off/work: 2030-09-28", "both off and worked"]),
        ({"holidays": {}}, ["holidays", "unknown key"]),
        ({"amended": {"off": {}}}, ["amended", "list of notices"]),
        ({"amended": [{"notice": "调整", "year": 2030}]}, ["year", "unknown key"]),
        ({"amended": [{"notice": "调整", "work": ["2030-09-27"]}]}, ["work: 2030-09-27", "Saturday or a Sunday"]),
        ({"local": "yes"}, ["local", "true or false"]),
    ],
)
def test_a_bad_year_file_names_file_key_and_rule(change, says):
    with pytest.raises(CalendarError) as caught:
        calendar_from([{**NOTICE, **change}])
    message = str(caught.value)
    assert message.startswith("2030.yaml: ")
    assert all(part in message for part in says), message


def test_late_december_and_early_january_may_stand_in_a_neighbours_notice():
    calendar = calendar_from([{**NOTICE, "off": {"2029-12-31": "元旦"}, "work": ["2029-12-29"]}])
    assert calendar.is_workday(date(2029, 12, 29))
    assert not calendar.is_workday(date(2029, 12, 31))
    assert not calendar.knows(date(2029, 12, 31))


def test_two_files_for_one_year_are_refused():
    with pytest.raises(CalendarError, match=r"year: 2030.*2030\.yaml"):
        calendar_from([NOTICE, {**NOTICE, "file": "copy.yaml"}])


def test_two_notices_that_contradict_each_other_are_refused():
    before = {**NOTICE, "year": 2029, "off": {"2029-12-29": "元旦"}, "work": [], "file": "2029.yaml"}
    with pytest.raises(CalendarError, match=r"2030.yaml: 2029-12-29: .*both off and worked"):
        calendar_from([before, {**NOTICE, "work": ["2029-12-29"]}])


def test_a_local_notice_cannot_make_people_work_on_a_national_holiday():
    national = {**NOTICE, "off": {"2030-10-05": "国庆节"}}
    with pytest.raises(CalendarError, match=r"liangshan\.yaml: work: 2030-10-05.*HOL 4"):
        calendar_from([national, {**LOCAL, "off": {}, "work": ["2030-10-05"]}])


def test_a_folder_of_local_additions_lies_over_the_state_councils_calendar(tmp_path):
    (tmp_path / "torch.yaml").write_text(
        "year: 2026\nnotice: 火把节放假通知\nnumber: null\noff:\n  2026-08-06: 火把节\nwork: [2026-08-08]\n",
        encoding="utf-8",
    )
    calendar = state_council(tmp_path)
    assert calendar.day(date(2026, 8, 6)).source == "火把节放假通知"
    assert calendar.day(date(2026, 8, 8)).kind == "make_up"
    assert CALENDAR.is_workday(date(2026, 8, 6))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("year: 2026\nyear: 2026\n", "bad.yaml:2: double-key"),
        ("year: 2026\nnotice: 通知\noff: {2026-08-06}\n", "bad.yaml"),
        ("- 2026\n", "bad.yaml:1: yaml"),
    ],
)
def test_a_local_file_that_is_no_calendar_is_named_with_its_line(tmp_path, text, says):
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError, match=says):
        state_council(tmp_path)


def test_a_local_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "bad.yaml").write_bytes("notice: 国务院办公厅".encode("gb18030"))
    with pytest.raises(CalendarError, match=r"bad\.yaml.*UTF-8"):
        state_council(tmp_path)


def test_a_missing_folder_of_local_additions_is_named(tmp_path):
    with pytest.raises(CalendarError, match="nowhere"):
        state_council(tmp_path / "nowhere")
