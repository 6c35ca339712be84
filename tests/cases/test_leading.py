"""Cases that lead to cases in the database: split into several at once, or completed by a person; links in both ledgers."""

from typing import Any

import pytest

from fadu.cases.act import Occasion, open_case, rectify
from fadu.cases.leading import prefill
from fadu.cases.links import pointers
from fadu.cases.models import Case, Entry, Link
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World, stored
from tests.cases.tampering import sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corner")]
TASKS = [{"paragraph": 1, "text": "修闸", "unit": "yz-water"}, {"paragraph": 3, "text": "巡查", "unit": "yz-parks"}]


@pytest.fixture
def paper(world: World) -> Case:
    return open_case("paper", world.people["he"], {"name": "纪要", "text": "修闸\n清淤\n巡查"}, world.units["yz-sup"])


def links(case: Case) -> set[tuple[str, int]]:
    return set(Link.objects.filter(case=case).values_list("kind", "other_id"))


def test_each_row_becomes_a_case_and_both_ledgers_say_so(world: World, paper: Case):
    world.do(paper, "split", "he", tasks=TASKS)
    tasks = list(Case.objects.filter(procedure="task").order_by("pk"))
    assert [(one.title, one.handling_id, one.unit_id, one.begun_by) for one in tasks] == [
        ("修闸", "yz-water", "yz-sup", world.people["he"]),
        ("巡查", "yz-parks", "yz-sup", world.people["he"]),
    ]
    assert links(paper) == {("led_to", one.pk) for one in tasks}
    for one in tasks:
        assert links(one) == {("came_from", paper.pk), ("from_paper", paper.pk)}
        assert one.root_id == one.pk
    assert [(item.procedure, item.where, item.open) for item in pointers(paper, world.people["he"])] == [
        ("task", "from_paper", 2)
    ]
    assert verify().fault == ""


def test_all_or_none(world: World, paper: Case):
    with pytest.raises(Refused) as refused:
        world.do(paper, "split", "he", tasks=[*TASKS, {"paragraph": 2, "unit": "yz-roads"}])
    assert "第3行" in refused.value.refusals[0].text.zh
    assert not Case.objects.filter(procedure="task").exists()
    assert Entry.objects.filter(case=paper).count() == 1


def test_a_row_that_names_no_unit_opens_nothing(world: World, paper: Case):
    with pytest.raises(Refused) as refused:
        world.do(paper, "split", "he", tasks=[{"paragraph": 1, "text": "修闸", "unit": "yz-nothing"}])
    assert refused.value.refusals[0].field == "tasks"


def test_an_entry_that_other_cases_came_from_is_not_undone(world: World, paper: Case):
    world.do(paper, "split", "he", tasks=TASKS)
    with pytest.raises(Refused):
        rectify(paper, world.people["he"], "填错")


def test_the_form_of_the_second_is_prefilled_with_the_story_of_the_first(world: World, paper: Case):
    world.set("2026-09-09T10:30")
    case = world.do(paper, "close", "he")
    given = prefill(case, "close", "task", world.people["he"])
    assert given["matter"] == "纪要"
    assert given["from_paper"] == case.pk
    assert given["story"].splitlines() == [
        "2026-09-08 09:00 收文（督查室 何以宁）：标题：纪要；正文：修闸",
        "清淤",
        "巡查；年度：2026",
        "2026-09-09 10:30 办结（督查室 何以宁）",
    ]


def test_nothing_is_prefilled_where_nothing_leads_or_nothing_is_seen(world: World, paper: Case):
    assert prefill(paper, "close", "line", world.people["he"]) == {}
    assert prefill(paper, "split", "task", world.people["he"]) == {}, "opened at once, not by a form"
    assert prefill(paper, "no_such", "task", world.people["he"]) == {}
    assert prefill(paper, "close", "task", world.people["feng"]) == {}


def test_a_case_filed_from_another_is_linked_in_both_ledgers(world: World, paper: Case):
    case = world.do(paper, "close", "he")
    data = prefill(case, "close", "task", world.people["he"])
    made = open_case("task", world.people["he"], data, world.units["yz-sup"], source=(case.pk, "close"))
    assert [Entry.objects.filter(case=one).latest("seq").content["link"]["kind"] for one in (case, made)] == [
        "led_to",
        "came_from",
    ]
    assert ("led_to", made.pk) in links(case)
    assert ("came_from", case.pk) in links(made)
    assert verify().fault == ""


@pytest.mark.parametrize("wrong", ["not done", "no such action", "another target", "not seen", "no such case"])
def test_what_is_said_to_lead_here_must_have(world: World, paper: Case, wrong: str):
    if wrong != "not done":
        world.do(paper, "close", "he")
    source = {"no such action": (paper.pk, "split"), "no such case": (paper.pk + 1, "close")}.get(
        wrong, (paper.pk, "close")
    )
    person, unit = ("feng", "yd-gov") if wrong == "not seen" else ("he", "yz-sup")
    target, data = (
        ("line", {"name": "检查", "year": 2026}) if wrong == "another target" else ("task", {"matter": "某事"})
    )
    with pytest.raises(Refused) as refused:
        open_case(target, world.people[person], data, world.units[unit], source=source)
    assert refused.value.refusals[0].field == "source"
    assert stored(paper).seq == (1 if wrong == "not done" else 2)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cases_link WHERE kind = 'led_to'",
        "DELETE FROM cases_link WHERE kind = 'came_from'",
        "UPDATE cases_link SET kind = 'related' WHERE kind = 'led_to'",
    ],
)
def test_verify_misses_what_led_where(world: World, paper: Case, statement: str):
    world.do(paper, "split", "he", tasks=TASKS)
    sql(statement)
    assert "linked" in verify().fault


def test_a_warning_of_the_second_case_is_passed_with_the_reason_given(world: World, paper: Case):
    occasion = Occasion(overrides={"no_such_gate": "无妨"})
    case: Any = world.do(paper, "split", "he", occasion, tasks=TASKS[:1])
    assert case.stage == "new"
