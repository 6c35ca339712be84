from fadu.desk.next_step import expected, next_step
from tests.desk.conftest import LEADER, OFFICER, WATER, Walk

PROOF = {"evidence": {"sha256": "b" * 64, "name": "佐证.pdf"}}


def first(walk: Walk, *keys: str, my_turn: bool = True) -> str:
    possible = [action for action in walk.procedure.standing[walk.folder.state.stage] if action.key in keys]
    found = next_step(walk.procedure, walk.folder.state, possible, my_turn=my_turn)
    return found.key if found else ""


def test_the_action_that_the_nearest_term_waits_for_comes_first(signed):
    assert first(signed, "report", "file_plan", "ask_closing") == "file_plan"
    signed.do(WATER, "file_plan", "2026-09-14", section="工程科", plan={"sha256": "c" * 64, "name": "计划.docx"})
    assert first(signed, "report", "file_plan", "ask_closing") == "report"


def test_forwards_comes_before_back(signed):
    signed.do(WATER, "ask_closing", "2026-10-13", **PROOF)
    assert first(signed, "send_back", "verify") == "verify"


def test_out_of_turn_nothing_is_expected_but_an_answer(signed):
    assert first(signed, "suspend", "chase", my_turn=False) == ""
    signed.do(WATER, "ask_later_date", "2026-10-13", why_later="意见未齐")
    assert first(signed, "suspend", "grant_later_date", my_turn=False) == "grant_later_date"


def test_a_list_says_the_next_step_of_whoever_has_the_turn(walk):
    def said(turn: str) -> str:
        step = expected(walk.procedure, walk.folder.state, turn)
        return step.key if step else ""

    assert said("leader@yz") == "approve"
    walk.do(LEADER, "approve", "2026-09-11", due="2026-10-22")
    assert said("unit_officer@yz-water") == "sign"
    walk.do(WATER, "return_it", "2026-09-11", return_reason="不属本单位职责", suggested_unit="yz-house")
    assert said("supervision_officer@yz") == "reassign"
    walk.do(OFFICER, "reassign", "2026-09-14", lead_unit="yz-house")
    assert said("") == ""
