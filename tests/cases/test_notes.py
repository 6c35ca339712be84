"""Notes: anybody who may see a case may add one; it is sealed like any entry, and stands in nobody's way."""

from typing import Any

import pytest

from fadu.cases.act import Occasion, Stale, act, note, rectify
from fadu.cases.models import Entry
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World, columns_of, stored
from tests.cases.tampering import sql, unguarded

pytestmark = pytest.mark.django_db
MOVED = {"seq", "head", "state"}


def test_a_note_is_an_entry_that_changes_nothing_else(world: World):
    case = world.underway()
    before = columns_of(case)
    world.set("2026-11-30T10:00")  # overdue meanwhile: a note neither acts nor counts anew
    note(case, world.people["shen"], "  请补充照片。 ")
    entry = Entry.objects.filter(case=case).latest("seq")
    assert (entry.action, entry.content["note"], entry.actor) == ("@note", "请补充照片。", world.people["shen"])
    after = columns_of(case)
    assert {key for key in after if after[key] != before[key]} == MOVED
    assert {key for key, value in stored(case).state.items() if value != before["state"][key]} == {"seq", "day", "done"}
    assert verify().fault == ""


@pytest.mark.parametrize("who", ["lin", "feng", "mo", "shi", "an", "xi"])
def test_whoever_may_not_see_the_case_writes_nothing(world: World, who: str):
    case = world.underway()
    with pytest.raises(Refused):
        note(case, world.people[who], "你好")
    assert stored(case).seq == case.seq


@pytest.mark.parametrize(
    ("text", "fits"),
    [("", False), (" \n", False), ("长" * 5000, True), ("长" * 5001, False), ("\x00", False), ("\ud800", False)],
)
def test_a_note_has_from_one_to_five_thousand_characters(world: World, text: str, fits: bool):
    case = world.underway()
    if fits:
        assert note(case, world.people["he"], text).seq == case.seq + 1
        return
    with pytest.raises(Refused) as refused:
        note(case, world.people["he"], text)
    assert refused.value.refusals[0].field == "text"


def test_a_closed_case_takes_notes_too(world: World):
    case = note(world.struck_off(), world.people["he"], "群众来电致谢")
    assert (case.is_open, case.stage) == (False, "closed")
    assert verify().fault == ""


def test_a_page_read_before_a_note_is_not_stale(world: World):
    case = world.underway()
    note(case, world.people["he"], "请抓紧")
    moved = act(case, "report", world.people["shen"], {"progress": "过半"}, Occasion(seen=case.seq))
    note(moved, world.people["he"], "收到")
    with pytest.raises(Stale):
        act(case, "report", world.people["shen"], {"progress": "又过半"}, Occasion(seen=case.seq))


def test_a_note_does_not_keep_the_last_deed_from_being_rectified(world: World):
    case = world.underway()
    before: Any = stored(case).state["data"]
    world.do(case, "report", "shen", progress="写错了事项")
    note(case, world.people["he"], "这条写错了")
    note(case, world.people["shen"], "是的")
    done = rectify(case, world.people["he"], "写错事项")
    assert done.state["data"] == before
    assert done.state["done"]["@note"][0] == 2
    assert verify().fault == ""
    with pytest.raises(Refused):
        rectify(case, world.people["he"], "再撤一条")


def test_a_note_changed_by_hand_is_found(world: World):
    note(world.underway(), world.people["he"], "甲")
    with unguarded():
        sql("UPDATE cases_entry SET body = replace(body, '甲', '乙') WHERE action = '@note'")
    assert "does not match its digest" in verify().fault
