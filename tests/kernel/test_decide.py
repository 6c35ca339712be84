"""What stands against a deed: every check of the kernel, by its name, with its article and in both languages."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel.decide import CLOCK, PARENT, Actor, choices
from fadu.kernel.refusal import Refusal, Refused
from tests.kernel.small import FIRST, HELPER, LEADER, MATTER, OFFICER, REVIEWER, City, assigned, handed_in


def check(refusal: Refusal, gate: str, zh: str, en: str, cites: str, field: str = "") -> None:
    assert (refusal.gate, refusal.field) == (gate, field)
    assert zh in refusal.text.zh
    assert en in refusal.text.en
    assert [str(cite) for cite in refusal.cites] == [cites]


# -- before any data


def test_an_action_of_another_stage_is_refused_naming_the_present_one() -> None:
    refusal = City().refusal(OFFICER, "report", "2026-03-03")
    check(refusal, "stage", "当前为“待办”，到“办理”时才能反馈", "Not possible while: New; its time is: ", "ACT 5 (V)")


def test_a_case_is_opened_once() -> None:
    assert City().refusal(OFFICER, "begin", "2026-03-03", **FIRST).gate == "stage"


def test_what_no_procedure_knows_is_no_action() -> None:
    check(City().refusal(OFFICER, "dance", "2026-03-03"), "action", "没有“dance”", "No action 'dance'", "ACT 1 (V)")


def test_a_person_without_the_role_is_refused() -> None:
    check(
        City().refusal(OFFICER, "assign", "2026-03-03", due="2026-04-01"),
        "by", "不由您办理", "Not yours to do", "ACT 2 (V)",
    )  # fmt: skip


def test_the_role_counts_only_in_the_unit_that_handles_the_case() -> None:
    assert assigned().refusal(HELPER, "report", "2026-03-04").gate == "by"


def test_a_post_under_another_government_does_not_count_where_no_unit_is_named() -> None:
    post = ("leader", "elsewhere")
    stranger = Actor("wang", frozenset({post}), elsewhere=frozenset({post}))
    assert City().refusal(stranger, "assign", "2026-03-03", due="2026-04-01").gate == "by"


@pytest.mark.parametrize("who", [PARENT, CLOCK, Actor("None"), Actor("")])
def test_neither_the_clock_nor_nobody_stands_in_for_a_person(who: Actor) -> None:
    party = MATTER.replace("by: [officer, leader], takes: [name", "by: [officer, name], takes: [name").replace(
        "report:  {title: 反馈 | Report, from: working, by: officer of unit",
        "report:  {title: 反馈 | Report, from: new, by: remark",
    )
    assert City(party).refusal(who, "report", "2026-03-04").gate == "by"


def test_the_clock_acts_only_where_it_has_run_out() -> None:
    city = assigned()
    assert city.refusal(CLOCK, "remind", "2026-04-29").gate == "by"
    city.act(LEADER, "pause", "2026-04-01")
    assert city.refusal(CLOCK, "remind", "2026-04-30").gate == "by"
    city.act(LEADER, "resume", "2026-04-01")
    city.act(CLOCK, "remind", "2026-04-30")


def test_whoever_wrote_the_text_does_not_judge_it() -> None:
    city, both = assigned(), Actor("li", OFFICER.posts | REVIEWER.posts)
    city.act(both, "write", "2026-03-05", text="稿")
    refusal = city.refusal(both, "judge", "2026-03-06", verdict="good")
    check(
        refusal, "not_by", "您办理过“拟稿”，应当由他人评判", "You did: Write; somebody else must do this", "ACT 4 (V)"
    )


def test_a_person_named_in_the_file_does_not_judge_it_however_the_name_is_written() -> None:
    for person in ("ren", {"id": "ren", "name": "任"}):
        city = assigned()
        city.act(OFFICER, "work", "2026-03-05", team=[{"who": person}])
        assert city.refusal(REVIEWER, "judge", "2026-03-06", verdict="good").gate == "not_by"


def test_the_leader_who_set_the_date_does_not_finish_the_case() -> None:
    city, both = handed_in(), Actor("chen", LEADER.posts | REVIEWER.posts)
    refusal = city.refusal(both, "finish", "2026-03-11", outcome="done")
    check(refusal, "not_by", "您与“时限”有关", "You are concerned with: Due", "ACT 8 (V)")


def test_a_member_of_the_handling_unit_can_be_barred() -> None:
    text = MATTER.replace("not_by: [hand_in, setter of due]", "not_by: [member of unit]")
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    city.act(OFFICER, "write", "2026-03-05", text="稿")
    city.act(REVIEWER, "judge", "2026-03-06", verdict="good")
    city.act(OFFICER, "hand_in", "2026-03-10")
    insider = Actor("new", REVIEWER.posts | {("clerk", "water")})
    assert city.refusal(insider, "finish", "2026-03-11", outcome="done").text.zh.startswith("您属于承办单位")


def test_an_action_once_allowed_is_refused_the_second_time() -> None:
    city = assigned()
    city.act(OFFICER, "write", "2026-03-05", text="稿")
    city.act(REVIEWER, "judge", "2026-03-06", verdict="bad")
    refusal = city.refusal(REVIEWER, "judge", "2026-03-07", verdict="good")
    check(refusal, "times", "评判以1次为限", "At most 1 time(s)", "ACT 4 (V)")


def test_no_extension_after_expiry() -> None:
    refusal = assigned().refusal(LEADER, "later", "2026-05-01", due="2026-06-01")
    check(refusal, "extend_before_expiry", "期限届满后不得延期", "No extension after expiry", "ACT 6 (V)")


def test_the_last_day_is_not_too_late_to_extend() -> None:
    city = assigned()
    city.act(LEADER, "later", "2026-04-30T23:59", due="2026-06-01")
    assert city.run("term").due == "2026-06-01"


def test_a_second_extension_is_refused() -> None:
    city = assigned()
    city.act(LEADER, "later", "2026-04-01", due="2026-05-20")
    refusal = city.refusal(LEADER, "later", "2026-04-02", due="2026-06-01")
    check(refusal, "extend_times", "已经延期，不得再延", "Extended already", "ACT 6 (V)")


# -- the data


def test_a_field_the_action_does_not_take_is_refused() -> None:
    refusal = assigned().refusal(OFFICER, "report", "2026-03-04", amount=5)
    check(refusal, "unknown", "“反馈”没有“amount”这一项", "takes no 'amount'", "ACT 5 (V)", "amount")


def test_a_value_of_the_wrong_kind_names_field_and_reason() -> None:
    refusal = City().refusal(LEADER, "assign", "2026-03-03", due="明天")
    check(refusal, "kind", "时限：应当是日期", "Due: must be a date", "ACT 2 (V)", "due")


def test_what_is_missing_is_asked_for_all_at_once() -> None:
    with pytest.raises(Refused) as refused:
        City(data={})
    assert [(one.gate, one.field) for one in refused.value.refusals] == [("required", "name"), ("required", "unit")]
    check(refused.value.refusals[0], "required", "请填写“名称”", "Please fill in: Name", "ACT 1 (V)", "name")


def test_a_field_asked_under_a_condition_cites_its_own_article() -> None:
    with pytest.raises(Refused) as refused:
        City(data={**FIRST, "urgent": True})
    check(refused.value.refusals[0], "required", "急件理由", "Why urgent", "ACT 3 (V)", "why")


def test_a_field_whose_condition_does_not_hold_is_not_asked() -> None:
    with pytest.raises(Refused) as refused:
        City(data={**FIRST, "why": "忘了选"})
    check(refused.value.refusals[0], "not_asked", "此时不填“急件理由”", "Not asked here", "ACT 3 (V)", "why")


def test_spaces_are_no_answer_and_wipe_nothing_out() -> None:
    city = assigned()
    city.act(OFFICER, "work", "2026-03-04", remark="进展")
    city.act(OFFICER, "work", "2026-03-05", remark="  ")
    assert city.case.state.data["remark"] == "进展"
    with pytest.raises(Refused):
        City(data={**FIRST, "name": "  "})


def test_an_old_value_does_not_answer_for_a_later_action() -> None:
    city = assigned()
    city.act(OFFICER, "work", "2026-03-04", remark="旧话")
    assert city.refusal(LEADER, "cancel", "2026-03-05").gate == "required"


@pytest.mark.parametrize(("day", "gate"), [("2026-03-02", "range"), ("2026-03-03", "")])
def test_a_date_in_the_past_is_out_of_range_and_today_is_not(day: str, gate: str) -> None:
    city = City()
    if gate:
        refusal = city.refusal(LEADER, "assign", "2026-03-03", due=day)
        check(refusal, "range", "时限不得早于2026-03-03", "Due: not before 2026-03-03", "ACT 2 (V)", "due")
    else:
        city.act(LEADER, "assign", "2026-03-03T17:00", due=day)


def test_an_amount_above_its_limit_is_out_of_range() -> None:
    refusal = assigned().refusal(OFFICER, "work", "2026-03-04", amount=1000.01)
    check(refusal, "range", "金额不得大于1000", "at most 1000", "ACT 2 (V)", "amount")


@pytest.mark.parametrize("months", [0, -3, 1.5, 1201, 10**14])
def test_a_length_of_time_that_cannot_be_counted_is_out_of_range(months: float) -> None:
    refusals = City().refusals(LEADER, "assign", "2026-03-03", due="2026-04-30", months=months)
    assert {(one.gate, one.field) for one in refusals} == {("range", "months")}


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_date_out_of_this_age_is_no_date(day: str) -> None:
    assert City().refusal(LEADER, "assign", "2026-03-03", due=day).gate == "kind"


# -- outcome and reason


@pytest.mark.parametrize("outcome", [None, "", "no_such", ["done"], {"a": 1}])
def test_an_outcome_must_be_one_of_the_closed_list(outcome: object) -> None:
    refusal = handed_in().refusal(REVIEWER, "finish", "2026-03-11", outcome=outcome)
    check(refusal, "outcome", "请选择办理结果：办成、不办", "Choose an outcome: Done, Dropped", "ACT 8 (V)", "outcome")


def test_an_action_without_outcomes_takes_none() -> None:
    refusal = assigned().refusal(OFFICER, "report", "2026-03-04", outcome="done")
    check(refusal, "outcome", "此时不定办理结果", "No outcome is given here", "ACT 5 (V)", "outcome")


def test_the_only_outcome_of_an_action_need_not_be_named_but_must_not_be_another() -> None:
    assert assigned().act(LEADER, "cancel", "2026-03-04", remark="不办").state.outcome == "dropped"
    assert assigned().refusal(LEADER, "cancel", "2026-03-04", remark="不办", outcome="done").gate == "outcome"


def test_an_outcome_that_wants_a_reason_wants_it_now() -> None:
    city = handed_in()
    refusal = city.refusal(REVIEWER, "finish", "2026-03-11", outcome="dropped")
    check(refusal, "reason", "以“不办”办结，须填写“意见”", "'Dropped' needs: Remark", "ACT 8 (V)", "remark")
    assert city.act(REVIEWER, "finish", "2026-03-11", outcome="dropped", remark="无必要").state.stage == "closed"


# -- gates


def test_a_blocking_gate_gives_its_text_and_article_and_cannot_be_passed() -> None:
    city = assigned()
    refusal = city.refusal(OFFICER, "hand_in", "2026-03-04", overrides={"text_good": "赶时间"})
    check(refusal, "text_good", "现文稿未经评判为好", "not judged good", "ACT 4 (V)")
    assert refusal.severity == "block"


def test_a_warning_is_passed_with_a_reason_that_the_entry_keeps() -> None:
    city = assigned()
    city.act(OFFICER, "write", "2026-03-05", text="稿")
    city.act(REVIEWER, "judge", "2026-03-06", verdict="good")
    city.act(OFFICER, "work", "2026-03-09", amount=800)
    for reason in ("", "  "):
        assert city.refusal(OFFICER, "hand_in", "2026-03-10", overrides={"thrifty": reason}).severity == "warn"
    city.act(OFFICER, "hand_in", "2026-03-10", overrides={"thrifty": "已询价", "parts_back": "用不着"})
    assert city.last()["overrides"] == {"thrifty": "已询价"}


def test_a_reason_that_is_no_text_does_no_harm() -> None:
    city = assigned()
    assert city.refusals(OFFICER, "hand_in", "2026-03-10", overrides={"thrifty": 5, "text_good": None})


def test_a_judgement_holds_only_for_the_text_it_saw() -> None:
    city = assigned()
    city.act(OFFICER, "write", "2026-03-05", text="稿一")
    city.act(REVIEWER, "judge", "2026-03-06", verdict="good")
    city.act(OFFICER, "write", "2026-03-09", text="稿二")
    assert city.refusal(OFFICER, "hand_in", "2026-03-10").gate == "text_good"
    city.act(OFFICER, "write", "2026-03-11", text="稿一")
    city.act(OFFICER, "hand_in", "2026-03-12")


def test_a_case_does_not_close_over_an_open_child() -> None:
    city = assigned(helpers=["parks"])
    refusal = city.refusal(LEADER, "cancel", "2026-03-04", remark="不办")
    check(refusal, "children_open", "仍有子事项未办结", "A child case is still open", "ACT 8 (V)")
    city.act(LEADER, "stop", "2026-03-04", remark="不办")
    assert city.docket.folders[2].state.outcome == "stopped"


# -- on behalf of a leader


def test_a_recorder_acts_with_the_posts_of_the_leader_and_both_are_written_down() -> None:
    city = City()
    recorder = Actor("clerk", principal=LEADER)
    city.act(recorder, "assign", "2026-03-03", due="2026-04-30")
    assert (city.last()["by"], city.last()["for"], city.last()["as"]) == ("clerk", "chen", "leader@office")


def test_the_date_is_set_by_the_leader_not_by_the_recorder() -> None:
    city = City()
    city.act(Actor("clerk", principal=LEADER), "assign", "2026-03-03", due="2026-04-30")
    assert city.case.state.set_by["due"] == "chen"
    assert city.refusal(Actor("clerk"), "later", "2026-03-04", due="2026-05-20").gate == "by"
    city.act(LEADER, "later", "2026-03-04", due="2026-05-20")


def test_whoever_recorded_a_deed_for_another_has_had_a_hand_in_it() -> None:
    city = assigned()
    city.act(Actor("ren", principal=OFFICER), "write", "2026-03-05", text="稿")
    assert city.refusal(REVIEWER, "judge", "2026-03-06", verdict="good").gate == "not_by"
    disguised = Actor("ren", principal=Actor("tao", REVIEWER.posts))
    assert city.refusal(disguised, "judge", "2026-03-06", verdict="good").gate == "not_by"


# -- which state each check reads


def test_whoever_types_a_date_is_not_yet_its_setter() -> None:
    assert assigned().refusal(REVIEWER, "later", "2026-03-04", due="2026-05-20").gate == "by"


def test_a_clock_that_the_data_would_start_is_seen_by_the_gate() -> None:
    text = MATTER.replace(
        "thrifty:    {that: {not: {amount: {more_than: 500}}}", "thrifty:    {that: {term: running}"
    ).replace("takes: [due, 'months?'], opens", "takes: [due, 'months?'], needs: [thrifty], opens")
    city = City(text)
    shown = {
        choice.action.key: choice
        for choice in choices(city.procedure, city.calendar, city.case.state, LEADER, "2026-03-03")
    }
    assert shown["assign"].refusals == ()
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")


def test_the_button_and_the_deed_say_the_same() -> None:
    city = assigned(helpers=["parks"])
    found = choices(city.procedure, city.calendar, city.case.state, OFFICER, "2026-03-04")
    said = {choice.action.key: [one.gate for one in choice.refusals] for choice in found}
    assert said["report"] == []
    assert said["assign" if "assign" in said else "judge"] == ["by"]
    assert said["hand_in"] == ["text_good", "parts_back"]
    assert not {"remind", "begin"} & set(said), "the clock and the opening have no button"


def test_a_derived_field_is_nobodys_to_type() -> None:
    text = MATTER.replace(
        "  remark:  {title",
        "  grade: {title: 等级 | Grade, kind: text, is: {high: {urgent: true}, low: otherwise}}\n  remark:  {title",
    ).replace("takes: ['amount?'", "takes: ['grade?', 'amount?'")
    city = City(text)
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    assert city.case.state.data["grade"] == "low"
    assert city.refusal(OFFICER, "work", "2026-03-04", grade="high").gate == "unknown"


# -- anything at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["due", "months", "amount", "team", "remark", "text", "verdict", "outcome", "other", "helpers"])


@given(
    action=st.sampled_from(["assign", "work", "write", "judge", "later", "hand_in", "cancel", "finish", "begin"]),
    data=st.dictionaries(NAMES, JSON, max_size=4),
    overrides=st.dictionaries(NAMES, JSON, max_size=2),
)
def test_whatever_json_is_sent_it_is_done_or_refused(
    action: str, data: dict[str, Any], overrides: dict[str, Any]
) -> None:
    everyone = Actor("chen", OFFICER.posts | LEADER.posts | REVIEWER.posts)
    for city in (City(), assigned()):
        with suppress(Refused):
            city.act(everyone, action, "2026-03-04", overrides=overrides, **data)
