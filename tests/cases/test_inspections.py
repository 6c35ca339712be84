"""Inspections as stored: the cap with its numbers, who is invited and sees what, who never learns who reported."""

from datetime import date
from typing import Any

import pytest

from fadu.cases.access import may_see, shown_fields, visible
from fadu.cases.act import act, open_case
from fadu.cases.definitions import procedure_of
from fadu.cases.models import Case
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State
from fadu.units.posts import posts_of
from tests.cases.cast import PAPER, World

pytestmark = pytest.mark.django_db

LINE: dict[str, Any] = {
    "year": 2026, "name": "水利工程质量检查", "organ": "yz-water", "sort": "inspection", "subject": "projects",
    "objects": ["yz-parks"], "starts_on": "2026-10-12", "ends_on": "2026-10-30", "basis_text": "建设工程质量管理条例",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "name": "防汛现场督查",
    "sort": "site",
    "scheme": "查看泵站",
    "visit_on": "2026-09-30",
    "units": ["yz-water"],
}


def opened(world: World, procedure: str, by: str, at: str = "yz-sup", **data: Any) -> Case:
    return open_case(procedure, world.people[by], data, world.units[at])


def capped(world: World, cap: int) -> Case:
    return opened(
        world,
        "inspection-cap",
        "he",
        name="2026年度总量",
        year=2026,
        cap=cap,
        approval=PAPER,
        effective_on="2026-01-01",
    )


def planned(world: World, **data: Any) -> Case:
    line = opened(world, "plan-line", "shen", "yz-water", **{**LINE, **data})
    return act(line, "approve", world.people["luo"], {})


def invited(world: World, *names: str) -> Case:
    people = [str(world.people[name].pk) for name in names]
    return opened(world, "visit", "he", **VISIT, inspectors=[str(world.people["he"].pk)], invited=people)


@pytest.fixture
def guests(world: World) -> World:
    """Two invited inspectors within their term, one whose term is over; kept at the very office that opens the cases."""
    for name, until in (("xu", date(2027, 3, 1)), ("yan", date(2027, 3, 1)), ("old", date(2026, 8, 31))):
        world.person(name, name, "invited_inspector@yz-sup", since=date(2025, 3, 2), until=until)
    return world


def test_beyond_the_cap_filing_and_approving_are_refused_with_the_numbers(world: World) -> None:
    capped(world, 1)
    second = opened(world, "plan-line", "lin", "yz-parks", **{**LINE, "organ": "yz-parks", "objects": ["yz-water"]})
    planned(world)
    with pytest.raises(Refused) as approving:
        act(second, "approve", world.people["luo"], {})
    with pytest.raises(Refused) as filing:
        opened(world, "plan-line", "lin", "yz-parks", **{**LINE, "organ": "yz-parks"})
    for refused in (approving, filing):
        assert "2026年度已批准1项，总量1项，已经用完" in refused.value.refusals[0].text.zh
        assert refused.value.refusals[0].severity == "block"


def test_an_overlap_names_the_earlier_one_by_its_number(world: World) -> None:
    capped(world, 9)
    first = planned(world)
    later = opened(world, "plan-line", "lin", "yz-parks", **{**LINE, "organ": "yz-parks"})
    with pytest.raises(Refused) as refused:
        act(later, "approve", world.people["luo"], {})
    assert first.number in refused.value.refusals[0].text.zh
    assert refused.value.refusals[0].severity == "warn"


def test_only_an_invited_inspector_within_the_term_is_added_to_a_visit(guests: World) -> None:
    with pytest.raises(Refused) as refused:
        invited(guests, "xu", "old")
    (refusal,) = refused.value.refusals
    assert (refusal.field, refusal.text.zh) == ("invited", "特邀督查员：“old”不在聘期内")
    with pytest.raises(Refused):
        invited(guests, "shen")
    assert invited(guests, "xu").stage == "planned"


def test_an_invited_inspector_sees_the_visits_they_were_invited_to_and_comments_on_them(guests: World) -> None:
    mine, other = invited(guests, "xu"), invited(guests, "yan")
    guests.propose("与他无关的事项")
    xu, he = guests.people["xu"], guests.people["he"]
    assert list(visible(xu)) == [mine]
    done = {"visited_on": "2026-09-08", "people_met": "王站长", "record": "查看六处"}
    act(mine, "record_it", he, done)
    act(other, "record_it", he, done)
    act(mine, "comment_it", xu, {"comment": "建议增设水位标尺"})
    with pytest.raises(Refused):
        act(other, "comment_it", xu, {"comment": "建议"})
    assert State.from_json(Case.objects.get(pk=mine.pk).state).data["comment"] == "建议增设水位标尺"


def test_an_invited_inspector_whose_term_is_over_sees_nothing_and_cannot_comment(guests: World) -> None:
    mine = invited(guests, "xu")
    act(mine, "record_it", guests.people["he"], {"visited_on": "2026-09-08", "people_met": "王", "record": "查看"})
    guests.set("2027-03-02T09:00")
    assert not visible(guests.people["xu"]).exists()
    with pytest.raises(Refused):
        act(mine, "comment_it", guests.people["xu"], {"comment": "建议"})


def test_a_unit_is_told_at_once_and_the_organ_sees_the_correction_but_never_who_reported(world: World) -> None:
    capped(world, 9)
    line = planned(world)
    notice = {
        "name": "质量检查通知",
        "unit": "yz-parks",
        "organ": "yz-water",
        "notice_on": "2026-09-08",
        "paper": PAPER,
    }
    known = opened(world, "unplanned-notice", "lin", "yz-parks", **notice, plan_number=line.number)
    assert (known.stage, known.outcome) == ("closed", "in_plan")
    unknown = opened(world, "unplanned-notice", "lin", "yz-parks", **notice, plan_number="督检考〔2026〕99号")
    assert unknown.stage == "reported"
    act(unknown, "correct", world.people["he"], {"demand": "立即停止", "answer_by": "2026-09-15"})
    correction = Case.objects.get(parent=unknown)
    assert may_see(world.people["lin"], unknown)
    assert not may_see(world.people["shen"], unknown)
    assert may_see(world.people["shen"], correction)


def test_the_unit_inspected_reads_its_conclusion_and_not_the_report_behind_it(world: World) -> None:
    feedback = procedure_of(opened_feedback(world).definition_id)
    shown = shown_fields(posts_of(world.people["shen"], date(2026, 9, 8)), feedback, "yz")
    assert {"finding", "conclusion", "rectify_by"} <= shown
    assert not {"report", "opinion"} & shown


def opened_feedback(world: World) -> Case:
    he, chief = world.people["he"], world.people["zhou"]
    case = opened(
        world, "inspection", "he", name="事件调查", sort="event", subject="safety", origin="proposal",
        basis_text="条例", organ="yz-sup", by_department=False,
    )  # fmt: skip
    act(case, "approve", chief, {})
    team = {"team_leader": str(world.people["luo"].pk), "team": [str(he.pk)]}
    plan = {"content": "原因", "objects": ["yz-water"], "scope": "东风路", "methods": [{"method": "site"}], **team}
    act(case, "plan", he, {**plan, "starts_on": "2026-09-08", "ends_on": "2026-09-18"})
    act(case, "start_it", he, {})
    act(case, "report_back", he, {"report": "渗漏", "evidence": PAPER})
    parts = [{"unit": "yz-water", "finding": "巡查不到位", "rectify_by": "2026-09-30"}]
    act(case, "conclude", chief, {"conclusion": "处置不及时", "parts": parts, "outcome": "not_done"})
    return Case.objects.get(parent=case)
