from datetime import datetime

from fadu.desk.timeline import TimelineLine, Told, timeline
from fadu.desk.values import Names
from tests.desk.conftest import LEADER, OFFICER, WATER, Walk


def lines_of(walk: Walk) -> list[TimelineLine]:
    names = Names({1: "何以宁", 2: "顾长川", 3: "沈知远"})
    names.__dict__["units"] = {"yz-sup": "督查室", "yz-gov": "市政府", "yz-water": "市水务局"}
    told = [Told(body, datetime.fromisoformat(body["day"]), f"{n:064x}") for n, body in enumerate(walk.entries, 1)]
    return timeline(walk.procedure, walk.procedure.fields, told, names)


def test_the_newest_entry_stands_on_top_with_who_and_what(signed):
    top, *_, first = lines_of(signed)
    assert (top.who, top.action, top.moved) == ("市水务局 · 沈知远", "签收", "办理中")
    assert (first.who, first.action, first.moved) == ("督查室 · 何以宁", "拟立项", "")


def test_a_changed_value_is_shown_beside_the_former_one(signed):
    signed.do(WATER, "ask_later_date", "2026-10-13", why_later="协办单位意见未齐")
    signed.do(LEADER, "grant_later_date", "2026-10-14", due="2026-11-05")
    top = lines_of(signed)[0]
    (change,) = [change for change in top.changes if change.title == "办结时限"]
    assert (change.before, change.after) == ("10月22日", "11月5日")
    assert top.tone == "amber"


def test_words_said_anew_are_not_struck_through(signed):
    signed.do(OFFICER, "chase", "2026-09-28", slip="blue", remark="请于国庆前报送")
    signed.do(OFFICER, "chase", "2026-09-29", slip="blue", remark="再次催办")
    (change,) = lines_of(signed)[0].changes
    assert (change.title, change.before, change.after) == ("意见", "", "再次催办")


def test_issued_letters_are_named(signed):
    approved = next(line for line in lines_of(signed) if line.action == "批准立项并交办")
    assert "发出 督办单" in approved.notes
    signed.do(OFFICER, "chase", "2026-09-28", slip="blue")
    assert lines_of(signed)[0].notes == ("发出 督查单 催〔2026〕1号",)


def test_an_entry_recorded_later_than_it_happened_says_when(signed):
    late = [Told(signed.entries[0], datetime(2026, 9, 10, 9, 0), "0" * 64)]
    names = Names({1: "何以宁"})
    names.__dict__["units"] = {}
    assert timeline(signed.procedure, signed.procedure.fields, late, names)[0].notes == ("9月10日 09:00 录入",)
