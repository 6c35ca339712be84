from datetime import datetime
from typing import Any

from django.utils import translation

from fadu.desk.timeline import TimelineLine, Told, timeline
from fadu.desk.values import Anchor, Names
from fadu.kernel.state import fold
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
    assert [link.text for link in approved.links] == ["发出 督办单"]
    signed.do(OFFICER, "chase", "2026-09-28", slip="blue")
    assert [link.text for link in lines_of(signed)[0].links] == ["发出 督查催办单（蓝单） 蓝〔2026〕1号"]


def test_an_entry_recorded_later_than_it_happened_says_when(signed):
    late = [Told(signed.entries[0], datetime(2026, 9, 10, 9, 0), "0" * 64)]
    names = Names({1: "何以宁"})
    names.__dict__["units"] = {}
    assert timeline(signed.procedure, signed.procedure.fields, late, names)[0].notes == ("9月10日 09:00 录入",)


def after(walk: Walk, **body: Any) -> list[TimelineLine]:
    """The lines with one more entry of the kernel's own."""
    seq = len(walk.entries) + 1
    walk.entries.append({"seq": seq, "by": "1", "day": "2026-09-30", **body})
    return lines_of(walk)


def test_a_new_holiday_notice_tells_which_terms_it_moved(signed):
    run = signed.folder.state.to_json()["clocks"]["item"]
    clocks = {"item": {**run, "due": "2026-10-23", "provisional": True}}
    top = after(signed, action="@calendar", by="clock", calendar="0" * 12, clocks=clocks)[0]
    assert (top.who, top.action) == ("系统", "按新的放假安排重算期限")
    assert [(change.title, change.before, change.after) for change in top.changes] == [
        ("“办结”期限", "10月22日到期", "10月23日到期（暂定）")
    ]


def test_a_sub_matter_that_closes_or_reopens_is_named_with_its_outcome(signed):
    news = {"id": 7, "key": "co_part", "open": False, "outcome": "given"}
    assert after(signed, action="@child", child=news)[0].notes == ("子事项“协办事项”已办结：已提供",)
    assert after(signed, action="@child", child={**news, "open": True})[0].notes == ("子事项“协办事项”重新办理",)
    with translation.override("en"):
        assert lines_of(signed)[1].notes[0] == "Sub-matter 'Co-unit's part' was closed: Given"


def test_a_link_names_the_other_case_only_to_who_may_see_it(signed):
    top = after(signed, action="@link", link={"case": 9, "number": "督〔2026〕9号", "kind": "related"})[0]
    assert (top.action, top.links) == ("关联事项", (Anchor("您看不到的一件事项"),))


def test_a_rectification_strikes_the_entry_and_tells_where_stage_and_terms_stand_again(signed):
    before = fold(signed.entries[:-1]).to_json()
    top, struck, *others = after(signed, action="@rectify", voids=3, reason="误签", state=before)
    assert (top.action, top.moved, top.notes) == ("更正", "已交办待签收", ("撤销第 3 条记录，理由：误签",))
    assert ("“签收”期限", "按期完成", "9月14日到期") in [(one.title, one.before, one.after) for one in top.changes]
    assert struck.void == "已由第 4 条撤销，理由：误签"
    assert [line.void for line in others] == ["", ""]


def test_after_a_rectification_values_are_compared_with_those_that_stand(signed):
    signed.do(OFFICER, "chase", "2026-09-28", slip="blue")
    before = fold(signed.entries[:-1]).to_json()
    after(signed, action="@rectify", voids=4, reason="误发", state=before)
    signed.entries.append({"seq": 6, "action": "chase", "by": "1", "day": "2026-09-30", "data": {"slip": "red"}})
    (change,) = lines_of(signed)[0].changes
    assert (change.before, change.after) == ("", "红单")
