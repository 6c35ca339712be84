"""What an entry does to the clocks: start, pause, extend, restart, recur, expire, close."""

import pytest

from fadu.kernel.decide import CLOCK
from fadu.kernel.perform import Deed, perform
from tests.kernel.small import FIRST, HELPER, LEADER, MATTER, OFFICER, REVIEWER, City, assigned, handed_in

# -- pauses


def test_a_pause_moves_the_due_date_by_the_days_it_lasted() -> None:
    city = City()
    assert city.run("whole").due == "2026-03-16"
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    city.act(LEADER, "pause", "2026-03-05")
    assert city.clock("whole", "2026-03-30") == "paused"
    city.act(LEADER, "resume", "2026-03-11")
    assert city.run("whole").due == "2026-03-20"
    assert city.run("term").due == "2026-05-06", "six days on, and over the holiday of May"


def test_pauses_that_overlap_count_their_days_once() -> None:
    city = assigned(helpers=["parks"])
    city.act(LEADER, "pause", "2026-03-05")
    city.act(LEADER, "resume", "2026-03-09")
    assert city.run("whole").is_held, "the part is still out"
    assert city.run("whole").holds == (("2026-03-03", None),)
    city.act(HELPER, "answer_it", "2026-03-10", case=2, answer="好")
    assert city.run("whole").holds == (("2026-03-03", "2026-03-10"),)
    assert city.run("whole").due == "2026-03-23"


def test_a_pause_of_no_day_is_none() -> None:
    city = assigned()
    before = city.run("whole")
    city.act(LEADER, "pause", "2026-03-05")
    city.act(LEADER, "resume", "2026-03-05")
    assert city.run("whole") == before


def test_a_resumption_recorded_with_an_earlier_day_takes_no_time_away() -> None:
    city = assigned()
    before = city.run("whole").due
    city.act(LEADER, "pause", "2026-03-09")
    city.act(LEADER, "resume", "2026-03-06")
    assert city.run("whole").due == before
    city.act(LEADER, "pause", "2026-03-05")
    city.act(LEADER, "resume", "2026-03-10")
    city.act(LEADER, "pause", "2026-03-06")  # a fact recorded late: the pauses overlap
    city.act(LEADER, "resume", "2026-03-12")
    assert city.run("whole").due == "2026-03-23", "five workdays between the 5th and the 12th, each once"


def test_a_pause_after_expiry_pauses_nothing() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-17")
    assert city.clock("whole", "2026-03-17") == "overdue"
    city.act(LEADER, "resume", "2026-03-30")
    assert city.run("whole").due == "2026-03-16"


def test_the_day_on_which_a_pause_begins_is_still_counted() -> None:
    for began, due in (("2026-03-13", "2026-03-19"), ("2026-03-16", "2026-03-16")):
        city = assigned()
        city.act(LEADER, "pause", began)
        city.act(LEADER, "resume", "2026-03-18")
        assert city.run("whole").due == due


def test_a_later_date_is_not_moved_again_by_pauses_that_were_over_when_it_was_set() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-05")
    city.act(LEADER, "resume", "2026-03-11")
    city.act(LEADER, "later", "2026-03-12", due="2026-06-10")
    assert city.run("term").due == "2026-06-10"


# -- extension and restart


def test_an_extension_is_added_to_the_length() -> None:
    city = assigned()
    city.act(LEADER, "more", "2026-03-10")
    assert (city.run("whole").due, city.run("whole").extended) == ("2026-03-23", 1)


def test_a_restart_counts_anew_from_its_day_without_old_pauses_and_extensions() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-04")
    city.act(LEADER, "resume", "2026-03-06")
    city.act(LEADER, "more", "2026-03-09")
    city.act(LEADER, "again", "2026-03-10")
    run = city.run("whole")
    assert (run.start, run.due, run.holds, run.extended) == ("2026-03-10", "2026-03-24", (), 0)


def test_a_clock_can_restart_on_the_day_it_ends() -> None:
    city = handed_in()
    assert city.run("rest").due == "2026-03-13"
    city.act(REVIEWER, "back", "2026-03-10")
    city.act(OFFICER, "hand_in", "2026-03-10")
    assert (city.run("rest").status, city.run("rest").seq) == ("open", city.case.state.seq)
    assert city.run("term").status == "met"


def test_starting_anew_after_expiry_leaves_the_breach_on_record() -> None:
    city = assigned()
    city.act(LEADER, "again", "2026-03-17")
    assert (city.run("whole").late_before, city.run("whole").due) == (1, "2026-03-31")
    city.act(LEADER, "again", "2026-03-18")
    assert city.run("whole").late_before == 1


def test_a_deed_sent_back_reopens_the_term_it_had_met() -> None:
    city = handed_in()
    assert city.clock("term", "2026-05-04") == "met"
    city.act(REVIEWER, "back", "2026-03-11")
    assert city.clock("term", "2026-03-11") == "running"
    assert city.clock("term", "2026-05-04") == "overdue"


# -- reports that recur


def test_a_monthly_report_keeps_the_corresponding_day() -> None:
    city = City(day="2026-01-30")
    city.act(LEADER, "assign", "2026-01-31", due="2026-12-31")
    assert city.run("reports").due == "2026-02-28"
    city.act(OFFICER, "report", "2026-02-20")
    assert city.run("reports").due == "2026-03-31"


def test_a_second_report_inside_a_kept_month_keeps_nothing_more() -> None:
    city = assigned()
    city.act(OFFICER, "report", "2026-04-02")
    once = city.run("reports")
    city.act(OFFICER, "report", "2026-04-03")
    city.act(OFFICER, "report", "2026-04-03")
    assert city.run("reports") == once
    city.act(OFFICER, "report", "2026-04-07")
    assert city.run("reports").due == "2026-06-03", "the next period begins the day after the 3rd of April"


def test_months_without_a_report_are_each_late_and_the_next_one_is_still_to_come() -> None:
    city = assigned()
    city.act(OFFICER, "report", "2026-06-15")
    run = city.run("reports")
    assert (run.due, run.round, run.late_before) == ("2026-07-03", 4, 3)


def test_a_quarterly_report_counts_by_the_field_that_says_how_often() -> None:
    city = City()
    city.act(LEADER, "assign", "2026-03-03", due="2026-12-31", months=3)
    assert city.run("reports").due == "2026-06-03"
    city.act(OFFICER, "report", "2026-06-04")
    assert (city.run("reports").due, city.run("reports").late_before) == ("2026-09-03", 1)


def test_an_hourly_report_runs_through_nights_and_holidays() -> None:
    text = MATTER.replace("every: months months", "every: months hours")
    city = City(text, day="2026-09-30")
    city.act(LEADER, "assign", "2026-09-30T22:30", due="2026-12-31", months=6)
    assert city.run("reports").due == "2026-10-01T04:30"
    city.act(OFFICER, "report", "2026-10-01T04:00")
    city.act(OFFICER, "report", "2026-10-01T04:20")
    assert city.run("reports").due == "2026-10-01T10:30"
    city.act(OFFICER, "report", "2026-10-02T00:00")
    assert (city.run("reports").due, city.run("reports").late_before) == ("2026-10-02T04:30", 3)


def test_a_paused_report_is_not_late_when_it_resumes() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-20")
    city.act(LEADER, "resume", "2026-06-20")
    assert city.clock("reports", "2026-06-20") == "running"
    city.act(OFFICER, "report", "2026-06-22")
    assert city.run("reports").late_before == 0


def test_without_its_length_a_clock_does_not_begin() -> None:
    text = MATTER.replace("kind: number, default: 1}", "kind: number}")
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-12-31")
    assert "reports" not in city.case.state.clocks


def test_a_length_changed_on_the_way_counts_at_once() -> None:
    text = MATTER.replace("every: months months", "within: months months").replace(
        "takes: ['amount?'", "takes: ['months?', 'amount?'"
    )
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-12-31")
    assert city.run("reports").due == "2026-04-03"
    city.act(OFFICER, "work", "2026-03-04", months=2)
    assert city.run("reports").due == "2026-05-06", "the 3rd of May is a holiday"


# -- conditions and the end of the case


def test_a_clock_with_a_condition_runs_only_under_it() -> None:
    assert "signing" not in assigned().case.state.clocks
    city = assigned(urgent=True, why="汛期")
    assert city.run("signing").due == "2026-03-03T02:00"


def test_a_condition_that_fails_ends_the_clock_but_not_its_breach() -> None:
    text = MATTER.replace("takes: ['amount?'", "takes: [urgent, why, 'amount?'").replace(
        "ends_with: [work], when: {urgent: true}", "ends_with: [report], when: {urgent: true}"
    )
    for day, status in (("2026-03-03T01:00", "void"), ("2026-03-03T03:00", "late")):
        city = City(text, data={**FIRST, "urgent": True, "why": "汛期"})
        city.act(LEADER, "assign", "2026-03-03T00:00", due="2026-12-31")
        city.act(OFFICER, "work", day, urgent=False)
        assert city.run("signing").status == status


@pytest.mark.parametrize(("day", "status"), [("2026-03-16T23:59", "void"), ("2026-03-17", "late")])
def test_closing_a_case_ends_its_clocks_but_not_a_breach(day: str, status: str) -> None:
    city = assigned()
    city.act(LEADER, "cancel", day, remark="不办")
    assert city.run("whole").status == status
    assert city.run("reports").status == "void"


def test_closing_while_paused_is_no_breach() -> None:
    city = assigned()
    city.act(LEADER, "pause", "2026-03-05")
    city.act(LEADER, "cancel", "2026-05-05", remark="不办")
    assert city.run("whole").status == "void"


def test_the_deed_in_time_is_met_and_the_deed_too_late_is_late() -> None:
    for day, status in (("2026-04-30", "met"), ("2026-05-01", "late")):
        city = assigned()
        city.act(OFFICER, "write", "2026-03-05", text="稿")
        city.act(REVIEWER, "judge", "2026-03-06", verdict="good")
        city.act(OFFICER, "hand_in", day)
        assert city.run("term").status == status


# -- counted back from a day

HEARING = (
    MATTER.replace("  verdict: {title", "  hearing: {title: 听证 | Hearing, kind: date}\n  verdict: {title")
    .replace(
        "  report:  {title",
        "  call:    {title: 定期 | Call, from: working, by: leader, takes: [hearing], cites: ACT 5 (V)}\n  report:  {title",
    )
    .replace(
        "  rest:    {title",
        "  papers:  {title: 送材料 | Papers, at_least: 7 workdays, before: hearing, done_by: report, cites: ACT 5 (V)}\n  rest:    {title",
    )
)


def hearing(on: str, papers: str) -> City:
    city = City(HEARING)
    city.act(LEADER, "assign", "2026-03-03", due="2026-12-31")
    city.act(LEADER, "call", "2026-03-04", hearing=on)
    city.act(OFFICER, "report", papers)
    return city


def test_papers_are_kept_on_the_last_day_and_missed_on_the_next() -> None:
    assert hearing("2026-03-20", "2026-03-11").run("papers").due == "2026-03-11"
    assert hearing("2026-03-20", "2026-03-11").run("papers").status == "kept"
    assert hearing("2026-03-20", "2026-03-12").run("papers").status == "missed"


def test_a_later_day_makes_papers_that_came_too_late_come_in_time() -> None:
    city = hearing("2026-03-20", "2026-03-12")
    city.act(LEADER, "call", "2026-03-13", hearing="2026-03-30")
    assert city.run("papers").status == "kept"


# -- the action by the clock


def test_the_clock_acts_once_and_bears_the_day_of_expiry() -> None:
    city = assigned()
    assert city.tick("2026-04-30T23:59") == 0
    assert city.tick("2026-05-08") == 1
    assert (city.last()["action"], city.last()["by"], city.last()["day"]) == ("remind", "clock", "2026-04-30")
    assert city.tick("2026-06-08") == 0
    assert city.clock("term", "2026-06-08") == "overdue"


def test_the_clock_of_one_term_says_nothing_of_another_that_is_paused() -> None:
    text = MATTER.replace(
        "extension: {up_to: 5 workdays, times: 1}, cites: ACT 1 (V)}",
        "extension: {up_to: 5 workdays, times: 1}, expires: remind, cites: ACT 1 (V)}",
    ).replace("pause: [waiting, part]", "pause: [part]")
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-03-16")
    city.act(LEADER, "pause", "2026-03-10")
    perform(city.docket, city.calendar, 1, Deed.of(CLOCK, "remind", "2026-03-16"))
    assert city.run("whole").fired
    assert not city.run("term").fired, "a paused term has not run out"
