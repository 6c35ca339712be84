from datetime import date

import pytest

from fadu.cases.certificates import certificate_of
from fadu.desk.certificate import Sheet, sheet, term
from fadu.desk.weeks import LONGEST, plain_count, weeks
from tests.desk.conftest import LEADER


def texts(drawn: Sheet) -> dict[str, tuple[str, str]]:
    return {fact.title: (fact.text, fact.note) for fact in drawn.lines}


def test_every_certificate_ends_on_the_day_the_ledger_holds(signed):
    """The desk explains the kernel's date; it never counts a date of its own."""
    checked = 0
    for key, run in signed.folder.state.clocks.items():
        clock = signed.procedure.clocks[key]
        counted = certificate_of(clock, run, signed.folder.state.data, signed.calendar)
        if counted:
            assert counted.due.iso() == run.due, key
            checked += 1
    assert checked >= 3


def test_an_agreed_day_is_explained_by_who_set_it_and_the_workdays_in_between(signed):
    drawn = sheet(signed.bench("2026-10-14"), signed.procedure.clocks["item"])
    said = texts(drawn)
    assert said["规则"][0] == "到“办结时限”所定之日"
    assert said["计入"] == ("25 日", "含调休上班 2 日：9月20日、10月10日")
    assert said["不计"][0] == "16 日：周末 6 日、中秋节 3 日、国庆节 7 日"
    assert drawn.term.used == 19


def test_the_calendar_of_weeks_marks_start_holidays_make_up_days_today_and_the_last_day(signed):
    drawn = sheet(signed.bench("2026-10-14"), signed.procedure.clocks["item"])
    cells = {cell.label: cell for week in drawn.weeks for cell in week.cells}
    assert len(drawn.weeks) == 7
    assert (cells["11"].css, cells["10/1"].note) == ("skipped", "国庆节")  # 11 September was overwritten by 11 October
    assert cells["20"].note in ("班·6", "第23日")
    assert cells["22"].note == "到期"
    assert "today" in cells["14"].css


def test_the_days_of_a_count_carry_their_numbers(signed):
    lines = list(plain_count(date(2026, 9, 11), date(2026, 9, 21), signed.calendar))
    (first, second, third) = weeks(lines, signed.calendar, date(2026, 9, 14))
    assert [cell.note for cell in first.cells] == ["", "", "", "", "起算", "周末", "周末"]
    assert [cell.note for cell in second.cells] == ["第1日", "第2日", "第3日", "第4日", "第5日", "周末", "班·6"]
    assert third.cells[0].note == "到期"
    assert second.cells[0].css == "counted today"


def test_a_long_count_tells_its_middle_instead_of_drawing_it(signed):
    drawn = weeks(plain_count(date(2026, 1, 5), date(2026, 12, 31), signed.calendar), signed.calendar, date(2026, 1, 5))
    assert len(drawn) < LONGEST
    assert [week.gap for week in drawn if week.gap] == ["…… 中间 42 周略 ……"]


def test_a_clock_that_never_ran_says_so(walk):
    assert term(walk.bench("2026-09-09"), walk.procedure.clocks["item"]).lamp.words == "未起算"
    with pytest.raises(KeyError):
        sheet(walk.bench("2026-09-09"), walk.procedure.clocks["item"])


def test_a_provisional_date_says_why(walk):
    walk.do(LEADER, "approve", "2026-12-31", due="2027-03-01")
    clock = walk.procedure.clocks["return_term"]
    assert walk.folder.state.clocks["return_term"].provisional
    assert "2027年放假安排" in sheet(walk.bench("2026-12-31"), clock).provisional
