import json

import pytest
from django.http import QueryDict

from fadu.cases.directory import Directory, Unknown
from fadu.definitions import library
from fadu.desk.controls import Control
from fadu.desk.forms import Form, Maker, overrides
from fadu.desk.known import Known
from fadu.kernel.law import Text
from fadu.kernel.perform import Deed, perform
from fadu.kernel.refusal import Refusal, Refused
from tests.desk.conftest import LEADER, OFFICER, WATER, Walk

UNITS = [
    ("yz-water", "云州市水务局", "市水务局", "Water Bureau"),
    ("yz-fin", "云州市财政局", "市财政局", "Finance Bureau"),
]


@pytest.fixture
def directory():
    known = Directory()
    known.__dict__.update(_unit_rows=UNITS, _people=[(1, "何以宁", "he"), (2, "李明", "li1"), (3, "李明", "li2")])
    return known


def maker(walk: Walk, action: str, directory: Directory, day: str = "2026-10-14") -> Maker:
    return Maker(walk.procedure, walk.procedure.actions[action], library().book, Known(directory), walk.facts(day))


def controls(form: Form) -> dict[str, Control]:
    return {made.name: made for made in form.controls}


def test_the_form_of_a_new_case_asks_what_the_opening_action_takes(procedure, directory):
    form = Maker(procedure, procedure.opening, library().book, Known(directory)).blank()
    shown = controls(form)
    asked = ["matter", "source", "source_document", "lead_unit", "co_units", "result_required", "urgent"]
    more = ["wanted_by", "routine", "from_paper", "instruction", "paragraph", "campaign"]
    assert list(shown) == [*asked, *more]
    assert [shown[key].widget for key in asked] == ["text", "select", "file", "text", "rows", "text", "choice"]
    assert [key for key in shown if not shown[key].required] == ["co_units", *more]
    assert [(names.id, names.values) for names in form.lists] == [("units", ["云州市水务局", "云州市财政局"])]


def test_a_field_that_cannot_apply_to_this_case_is_not_asked(walk, directory):
    assert "chief_consent" not in controls(maker(walk, "approve", directory).blank())


def test_a_field_that_depends_on_the_same_form_says_on_what(signed, directory):
    signed.do(WATER, "ask_closing", "2026-10-13", evidence={"sha256": "b" * 64})
    shown = controls(maker(signed, "verify", directory).blank())
    assert json.loads(shown["scope_note"].when) == {"verified_how": ["site", "revisit"]}
    assert "“核查方式”为“现场核查 / 暗访回访”时填写" in shown["scope_note"].hint


def test_an_action_with_several_outcomes_asks_which(signed, directory):
    signed.do(WATER, "ask_closing", "2026-10-13", evidence={"sha256": "b" * 64})
    signed.do(OFFICER, "verify", "2026-10-14", verified_how="papers", remark="材料齐全")
    outcome = controls(maker(signed, "strike_off", directory).blank())["outcome"]
    assert [option.words for option in outcome.choices] == ["已办结", "部分完成，转常态推进", "不再办理"]


def test_the_present_value_stands_in_a_field_that_changes_it_but_old_remarks_do_not(signed, directory):
    signed.do(WATER, "ask_later_date", "2026-10-13", why_later="意见未齐")
    assert controls(maker(signed, "grant_later_date", directory).blank())["due"].value == "2026-10-22"
    assert controls(maker(signed, "ask_later_date", directory).blank())["why_later"].value == ""


def test_a_filled_form_gives_the_kernel_codes_and_lists(procedure, directory):
    posted = QueryDict(mutable=True)
    posted.update(
        {
            "matter": " 积水点整治 ",
            "source": "meeting",
            "lead_unit": "市水务局",
            "urgent": "false",
            "result_required": "方案",
        }
    )
    posted.setlist("co_units", ["云州市财政局", "", ""])
    answers = Maker(procedure, procedure.opening, library().book, Known(directory)).read(posted)
    assert answers.errors == {}
    assert answers.data == {
        "matter": "积水点整治", "source": "meeting", "lead_unit": "yz-water", "co_units": ["yz-fin"],
        "urgent": "false", "result_required": "方案",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "time", "value"), [("2026-10-22", "", "2026-10-22"), ("2026-10-22", "17:30", "2026-10-22T17:30")]
)
def test_a_moment_without_a_time_is_a_day(walk, directory, day, time, value):
    posted = QueryDict(f"due={day}&due-time={time}")
    assert maker(walk, "approve", directory).read(posted).data == {"due": value}


def test_an_unknown_unit_keeps_what_was_typed_and_names_the_nearest(procedure, directory):
    form_maker = Maker(procedure, procedure.opening, library().book, Known(directory))
    posted = QueryDict("matter=x&lead_unit=水务局")
    answers = form_maker.read(posted)
    again = form_maker.again(posted, answers, ())
    lead = controls(again)["lead_unit"]
    assert (lead.value, controls(again)["matter"].value) == ("水务局", "x")
    assert "是不是“云州市水务局”" in lead.error
    assert again.faults[0].anchor == "f-lead_unit"


def test_traditional_characters_find_the_unit(directory):
    assert directory.unit("雲州市水務局") == "yz-water"


def test_a_name_that_several_people_bear_needs_the_user_name(directory):
    with pytest.raises(Unknown, match="重名"):
        directory.person("李明")
    assert directory.person("李明（li2）") == "3"
    assert directory.person("he") == "1"


def test_refusals_stand_at_their_fields_and_in_the_summary_with_their_article(walk, directory):
    with pytest.raises(Refused) as refused:
        perform(walk.docket, walk.calendar, walk.folder.id, Deed.of(LEADER, "approve", "2026-09-11"))
    form_maker = maker(walk, "approve", directory)
    posted = QueryDict("")
    again = form_maker.again(posted, form_maker.read(posted), refused.value.refusals)
    assert controls(again)["due"].error == "请填写“办结时限”"
    assert [(fault.text, fault.anchor) for fault in again.faults] == [("请填写“办结时限”", "f-due")]
    assert "《政府督查工作条例》第11条" in again.faults[0].cites


def test_a_warning_can_be_passed_only_with_its_reason(walk, directory):
    warning = Refusal("was_asked", Text("没有申请", "not asked"), severity="warn")
    posted = QueryDict("pass-was_asked=on&why-was_asked=电话申请在先")
    again = maker(walk, "approve", directory).again(posted, maker(walk, "approve", directory).read(posted), [warning])
    assert (again.faults, again.warnings[0].passed, again.warnings[0].reason) == ((), True, "电话申请在先")
    assert overrides(walk.procedure, posted) == {"was_asked": "电话申请在先"}
    assert overrides(walk.procedure, QueryDict("why-was_asked=未勾选")) == {}


def test_every_action_of_every_shipped_procedure_has_a_form(directory):
    for procedure in library().versions.values():
        for action in procedure.actions.values():
            form = Maker(procedure, action, library().book, Known(directory)).blank()
            assert all(made.title for made in form.controls), (procedure.key, action.key)
