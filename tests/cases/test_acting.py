"""The one write path: what it refuses, what it writes, who may, and when it counts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fadu.cases import act as acting
from fadu.cases import definitions
from fadu.cases.act import Occasion, Stale, act, act_all, choices, open_case, recount, rectify, tick
from fadu.cases.listing import Inbox
from fadu.cases.models import Attachment, Case, Concern, Definition, Entry, Link, NumberSeries
from fadu.cases.verify import verify
from fadu.data import calendars
from fadu.kernel.calendar import calendar_from
from fadu.kernel.refusal import Refusal, Refused
from tests.cases.cast import PAPER, World, columns_of, local, stored


def everything() -> dict[str, Any]:
    """Every row a deed could write."""
    tables = (Case, Entry, Concern, NumberSeries, Link, Attachment, Definition)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


def refused(deed: Callable[[], Any]) -> Refusal:
    """The first reason why a deed was refused; it must have written nothing."""
    before = everything()
    with pytest.raises(Refused) as found:
        deed()
    assert everything() == before
    return found.value.refusals[0]


def bodies(case: Case) -> list[dict[str, Any]]:
    return [entry.content for entry in Entry.objects.filter(case=case).order_by("seq")]


# -- what is refused writes nothing ------------------------------------------------------------------------------------


def test_a_refused_first_deed_writes_nothing_and_spoils_nothing_later(world: World):
    assert refused(lambda: world.propose(by="shen")).gate == "by"
    assert refused(lambda: world.propose(matter="")).gate == "required"
    assert world.propose().stage == "proposed"


def test_refused_deeds_write_nothing(world: World):
    case = world.underway(co_units=["yz-parks"])
    deeds = {
        "stage": lambda: world.do(case, "approve", "gu", due="2026-10-22"),
        "by": lambda: world.do(case, "report", "lin", progress="不是我的"),
        "required": lambda: world.do(case, "report", "shen"),
        "unknown": lambda: world.do(case, "report", "shen", progress="好", weather="晴"),
        "kind": lambda: world.do(case, "report", "shen", progress=["一", "二"]),
        "action": lambda: world.do(case, "fly", "shen"),
        "was_asked": lambda: world.do(case, "grant_later_date", "gu", due="2026-11-30"),
        "parts_done": lambda: world.do(case, "ask_closing", "shen", evidence=PAPER),
    }
    assert [refused(deed).gate for deed in deeds.values()] == list(deeds)


@pytest.mark.parametrize("name", ["mo", "xi", "an", "shi", "feng", "hai", "lin"])
def test_a_stranger_an_administrator_another_unit_and_another_government_may_do_nothing(world: World, name: str):
    case = world.approved()
    assert not [choice for choice in choices(case, world.people[name]) if choice.allowed]
    for action in ("sign", "chase", "suspend", "return_it"):
        assert refused(partial(world.do, case, action, name)).gate == "by"


def test_a_button_and_its_deed_agree(world: World):
    """What is shown as refused before any data is refused when it is done, for everybody and every action."""
    case = world.underway()
    for person in world.people.values():
        for choice in choices(case, person):
            if not choice.allowed:
                assert refused(partial(act, case, choice.action.key, person, {})).gate == choice.refusals[0].gate


def test_an_unknown_procedure_is_a_key_error_and_a_day_before_the_law_a_refusal(world: World):
    with pytest.raises(KeyError):
        open_case("no-such-procedure", world.people["he"], {}, world.units["yz-sup"])
    early = Occasion(at=datetime(2025, 12, 31, 9, 0))
    refusal = refused(lambda: open_case("supervision-item", world.people["he"], {}, world.units["yz-sup"], early))
    assert (refusal.gate, refusal.field) == ("range", "at")


# -- what a value points to --------------------------------------------------------------------------------------------

ABSENT = {"sha256": "b" * 64, "name": "无.pdf", "size": 1, "type": "application/pdf"}
SPOILED = ["a\x00b", "\ud800", {"name": "x\x00"}, [float("nan")], {"x": float("inf")}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead_unit", "no-such-unit"),
        ("lead_unit", {"id": "yz-water"}),
        ("lead_unit", 7),
        ("co_units", ["yz-parks", "no-such-unit"]),
        ("co_units", [["yz-parks"]]),
        ("co_units", [{"id": "yz-parks"}]),
        ("co_units", ["yz-parks", "yz-parks"]),
        ("source_document", ABSENT),
        ("source_document", "a" * 64),
        ("matter", "督\x00办"),
        ("matter", "督\ud800办"),
        ("source_document", {**PAPER, "name": "a\x00.pdf"}),
        ("lead_unit", "yz\x00water"),
        ("lead_unit", "yz\ud800water"),
        ("co_units", ["yz\x00water"]),
        ("co_units", [float("nan")]),
        ("no_such_field\x00", "x"),
    ],
)
def test_a_value_that_points_nowhere_or_cannot_be_stored_is_refused_by_its_name(world: World, field: str, value: Any):
    assert refused(lambda: world.propose(**{field: value})).field == field


@pytest.mark.parametrize("person", ["0", "99999999999999999999999999", "１２", "x", "-1", "1\x00", {"id": 1}, [1], 1.5])
def test_an_unknown_person_is_refused_by_the_name_of_the_field(world: World, person: Any):
    world.person("fa", "法制", "enforcement_officer@yz-water")
    procedure = definitions.in_force("penalty", "2026-09-08")
    taken = {key for key, field in procedure.fields.items() if field.kind == "person"}
    for field in sorted(taken):
        deed = partial(open_case, "penalty", world.people["fa"], {field: person}, world.units["yz-water"])
        assert field in {found.field for found in _all(deed)}


def _all(deed: Callable[[], Any]) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as found:
        deed()
    return found.value.refusals


@pytest.mark.parametrize("due", ["9999-12-31", "9999-12-31T23:59", "9998-12-31"])
def test_a_date_at_the_end_of_time_is_refused_not_an_error(world: World, due: str):
    case = world.propose()
    assert refused(lambda: world.do(case, "approve", "gu", due=due)).field == "due"


def test_a_backslash_is_only_a_sign(world: World):
    assert world.propose("路径 C:\\u0000 与 \\\\u0000").title == "路径 C:\\u0000 与 \\\\u0000"


def test_an_override_with_a_sign_that_cannot_be_stored_is_refused(world: World):
    case = world.underway()
    occasion = Occasion(overrides={"any": "理由\x00"})
    assert refused(lambda: world.do(case, "report", "shen", occasion, progress="好")).gate == "kind"


# -- a page that was read earlier --------------------------------------------------------------------------------------


def test_a_stale_page_is_told_what_happened_meanwhile(world: World):
    case = world.underway()
    seen = stored(case).seq
    world.do(case, "report", "shen", progress="六处开工")
    world.do(case, "chase", "he", slip="blue")
    before = everything()
    with pytest.raises(Stale) as found:
        world.do(case, "report", "tao", Occasion(seen=seen), progress="晚了一步")
    assert everything() == before
    assert [(entry.action, str(entry.actor)) for entry in found.value.entries] == [
        ("report", "沈知远"),
        ("chase", "何以宁"),
    ]
    world.do(case, "report", "tao", Occasion(seen=seen + 2), progress="又一次")


def test_several_actions_from_one_screen_are_done_together_or_not_at_all(world: World):
    case = world.underway()
    seen = stored(case).seq
    deeds = [("report", {"progress": "六处开工"}), ("ask_later_date", {"why_later": "交叉施工"})]
    act_all(case, deeds, world.people["shen"], Occasion(seen=seen))
    assert [body["action"] for body in bodies(case)[-2:]] == ["report", "ask_later_date"]
    spoiled = [("report", {"progress": "七处开工"}), ("approve", {"due": "2026-12-01"})]
    assert refused(lambda: act_all(case, spoiled, world.people["shen"])).gate == "stage"


# -- who acts ----------------------------------------------------------------------------------------------------------


def test_a_recorder_writes_down_what_a_leader_signed(world: World):
    case = world.propose()
    world.do(case, "approve", "ji", Occasion(on_behalf_of=world.people["gu"]), due="2026-10-22")
    ji, gu = (str(world.people[name].pk) for name in ("ji", "gu"))
    body = bodies(case)[-1]
    assert (body["by"], body["for"], body["as"]) == (ji, gu, "leader@yz-gov")
    assert Entry.objects.get(case=case, seq=2).actor == world.people["ji"]
    assert stored(case).state["set_by"]["due"] == gu


def test_only_a_recorder_of_the_same_government_acts_for_a_leader_and_only_within_the_leaders_right(world: World):
    case = world.propose()
    gu, mo = world.people["gu"], world.people["mo"]
    assert refused(lambda: world.do(case, "approve", "he", Occasion(on_behalf_of=gu), due="2026-10-22")).gate == "by"
    assert refused(lambda: world.do(case, "approve", "ji", Occasion(on_behalf_of=mo), due="2026-10-22")).gate == "by"
    assert refused(lambda: world.do(case, "approve", "ji", due="2026-10-22")).gate == "by"
    world.person("yu", "云东代录", "recorder@yd-gov")
    assert refused(lambda: world.do(case, "approve", "yu", Occasion(on_behalf_of=gu), due="2026-10-22")).gate == "by"


def test_a_deputy_acts_and_the_entry_says_as_which_post(world: World):
    case = world.propose()
    world.delegate("gu", "lin", date(2026, 9, 8), date(2026, 9, 9), "leader")
    world.do(case, "approve", "lin", due="2026-10-22")
    body = bodies(case)[-1]
    assert (body["by"], body["as"]) == (str(world.people["lin"].pk), "leader@yz-gov")
    world.set("2026-09-10T09:00")
    later = world.propose()
    assert refused(lambda: world.do(later, "approve", "lin", due="2026-10-22")).gate == "by"


def test_a_post_must_be_held_on_the_legal_day_and_still_when_it_is_written_down(world: World):
    world.set("2026-09-08T09:00")
    case = world.approved()
    world.person("past", "前任", "unit_officer@yz-water", since=date(2026, 1, 1), until=date(2026, 9, 9))
    world.person("next", "后任", "unit_officer@yz-water", since=date(2026, 9, 10))
    world.set("2026-09-10T09:00")
    yesterday = Occasion(at=datetime(2026, 9, 9, 15, 0))
    for name in ("past", "next"):
        assert refused(partial(world.do, case, "sign", name, yesterday)).gate == "by", name
    world.do(case, "sign", "next")


def test_who_set_a_value_may_not_use_it_after_leaving(world: World):
    """`setter of due` names a person; without a post that person sees nothing and does nothing."""
    world.person("wu", "吴副市长", "leader@yz-gov", since=date(2026, 1, 1), until=date(2026, 9, 30))
    case = world.propose()
    world.do(case, "approve", "wu", due="2026-10-22")
    world.do(case, "sign", "shen")
    world.set("2026-10-08T09:00")
    assert refused(lambda: world.do(case, "suspend", "wu", remark="等待批复")).gate == "by"
    assert not [choice for choice in choices(case, world.people["wu"]) if choice.allowed]


def test_a_closed_account_does_nothing(world: World):
    case = world.underway()
    gu = world.people["gu"]
    gu.is_active = False
    gu.save()
    assert refused(lambda: world.do(case, "suspend", "gu", remark="等待批复")).gate == "by"


def test_nobody_verifies_what_they_reported(world: World):
    world.post("shen", "supervision_officer@yz-sup")
    case = world.asked_to_close()
    assert refused(lambda: world.do(case, "verify", "shen", verified_how="papers", remark="自己核查")).gate == "not_by"


# -- when it counts ----------------------------------------------------------------------------------------------------


def test_a_fact_of_the_past_counts_on_its_day_and_is_recorded_now(world: World):
    case = world.approved(due="2026-10-22")
    world.set("2026-09-10T16:00")
    began = datetime.now(UTC) - timedelta(milliseconds=1)
    world.do(case, "sign", "shen", Occasion(at=datetime(2026, 9, 9, 10, 30)))
    entry = Entry.objects.get(case=case, seq=3)
    assert entry.day == local("2026-09-09T10:30")
    assert began <= entry.recorded_at == datetime.fromisoformat(entry.content["at"]) <= datetime.now(UTC)
    assert stored(case).state["clocks"]["signing"]["status"] == "met"
    assert stored(case).state["clocks"]["planning"]["start"] == "2026-09-09T10:30"


def test_a_deed_lies_neither_in_the_future_nor_before_its_case(world: World):
    case = world.approved()
    for at in (datetime(2026, 9, 8, 9, 1), datetime(2026, 9, 8, 8, 59), datetime(1, 1, 1), datetime(9999, 12, 31)):
        refusal = refused(partial(world.do, case, "sign", "shen", Occasion(at=at)))
        assert (refusal.gate, refusal.field) == ("range", "at")
    he, unit = world.people["he"], world.units["yz-sup"]
    long_ago = Occasion(at=datetime(1, 1, 1))
    assert refused(lambda: open_case("supervision-item", he, {}, unit, long_ago)).field == "at"


# -- children ----------------------------------------------------------------------------------------------------------


def test_co_units_get_cases_of_their_own_and_report_into_the_parents_ledger(world: World):
    case = world.underway(co_units=["yz-parks", "yz-roads"])
    parks, roads = Case.objects.filter(parent=case).order_by("pk")
    opened = next(body["opened"] for body in bodies(case) if "opened" in body)
    assert [child["id"] for child in opened] == [parks.pk, roads.pk]
    assert (parks.root_id, parks.child_key, parks.government_id, parks.unit_id) == (case.pk, "co_part", "yz", "yz-sup")
    assert (parks.turn, parks.handling_id, parks.procedure) == ("unit_officer@yz-parks", "yz-parks", "co-handling")
    first = Entry.objects.get(case=parks, seq=1)
    assert (first.content["by"], first.content["person"], first.actor) == (
        "parent",
        str(world.people["gu"].pk),
        world.people["gu"],
    )
    world.do(parks, "sign", "lin")
    world.do(parks, "submit", "lin", answer="已移栽")
    before = stored(case).seq
    world.do(parks, "confirm", "shen")
    news = bodies(case)[-1]
    assert stored(case).seq == before + 1
    assert (news["action"], news["by"]) == ("@child", str(world.people["shen"].pk))
    assert news["child"] == {
        "id": parks.pk,
        "key": "co_part",
        "open": False,
        "outcome": "given",
        "digest": stored(parks).head,
    }
    assert refused(lambda: world.do(case, "ask_closing", "shen", evidence=PAPER)).gate == "parts_done"
    assert verify().fault == ""


def test_another_unit_ends_the_parts_of_the_first(world: World):
    case = world.approved(co_units=["yz-parks"])
    (first,) = Case.objects.filter(parent=case)
    world.do(case, "return_it", "shen", return_reason="不属于本局职责", suggested_unit="yz-roads")
    world.do(case, "reassign", "he", lead_unit="yz-roads")
    second = Case.objects.get(parent=case, is_open=True)
    assert (stored(first).stage, stored(first).outcome, stored(first).is_open) == ("closed", "stopped", False)
    assert second.pk != first.pk
    assert stored(first).closed == stored(case).opened
    assert (stored(case).handling_id, stored(case).turn) == ("yz-roads", "unit_officer@yz-roads")
    assert verify().fault == ""


def test_a_case_of_the_district_belongs_to_the_district_with_its_children(world: World):
    case = world.propose(by="feng", unit="yd-gov", lead_unit="yd-water", co_units=["yz-water"])
    assert refused(lambda: world.do(case, "approve", "gu", due="2026-10-22")).gate == "by"
    world.do(case, "approve", "bai", due="2026-10-22")
    part = Case.objects.get(parent=case)
    assert (part.government_id, part.turn) == ("yd", "unit_officer@yz-water")
    world.do(part, "sign", "shen")  # named by the action itself, so another government's unit may


# -- taking back, counting anew, the clock -----------------------------------------------------------------------------


def test_a_rectified_closing_opens_the_case_again_in_every_column(world: World):
    case = world.approving()
    before = columns_of(case)
    world.set("2026-09-09T09:00")
    world.do(case, "strike_off", "gu", outcome="done", remark="同意销号")
    world.set("2026-09-10T09:00")
    rectify(case, world.people["he"], "佐证材料系误传")
    after = columns_of(case)
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"seq", "head", "state"}
    after["state"]["done"].pop("@rectify", None)
    assert after["state"] == {**before["state"], "seq": before["seq"] + 2, "day": "2026-09-10T09:00"}
    assert verify().fault == ""


def test_a_rectified_reopening_keeps_the_day_of_closing(world: World):
    world.person("rou", "柔", "hotline_officer@yz-gov")
    procedure = definitions.in_force("supervision-item", "2026-09-08")
    assert "archive" in procedure.actions
    case = world.struck_off()
    closed = stored(case).closed
    world.set("2026-09-20T09:00")
    world.do(case, "archive", "he", archive_number="2026-1")
    rectify(case, world.people["he"], "档号有误")
    assert (stored(case).closed, stored(case).is_open) == (closed, False)
    assert verify().fault == ""


def test_a_rectified_text_is_no_longer_found(world: World):
    case = world.underway()
    tokens = stored(case).tokens
    world.do(case, "report", "shen", progress="误填的进展")
    assert stored(case).tokens != tokens
    rectify(case, world.people["he"], "填错了事项")
    assert stored(case).tokens == tokens
    assert verify().fault == ""


def test_only_the_owner_rectifies_with_a_reason_and_on_a_fresh_page(world: World):
    case = world.underway()
    world.do(case, "report", "shen", progress="误填的进展")
    shen, he, feng = (world.people[name] for name in ("shen", "he", "feng"))
    assert refused(lambda: rectify(case, shen, "填错了")).gate == "by"
    assert refused(lambda: rectify(case, feng, "填错了")).gate == "by"
    assert refused(lambda: rectify(case, he, " ")).field == "reason"
    assert refused(lambda: rectify(case, he, "错\x00")).field == "reason"
    with pytest.raises(Stale):
        rectify(case, he, "填错了", Occasion(seen=1))
    rectify(case, he, "填错了")
    assert refused(lambda: rectify(case, he, "再来一次")).gate == "order"


def test_the_owner_of_a_part_is_the_lead_unit_and_no_other(world: World):
    """The owner of co-handling is `unit_officer of asked_by`: not any unit officer of the government."""
    case = world.underway(co_units=["yz-parks"])
    part = Case.objects.get(parent=case)
    world.do(part, "sign", "lin")
    world.do(part, "submit", "lin", answer="已移栽")
    for name in ("qin", "lin"):
        assert refused(partial(rectify, part, world.people[name], "填错了")).gate == "by", name
    rectify(part, world.people["shen"], "填错了")
    assert stored(part).stage == "underway"


def test_a_new_calendar_recounts_and_says_so_in_the_ledger(world: World, monkeypatch: pytest.MonkeyPatch):
    case = world.approved(due="2026-10-22")
    head = stored(case).head
    assert recount(case) is False
    assert stored(case).head == head
    before = stored(case).state["clocks"]["return_term"]["due"]
    fewer = calendar_without(date(2026, 9, 10))
    monkeypatch.setattr(definitions, "calendar", lambda: fewer)
    assert recount(case) is True
    body = bodies(case)[-1]
    assert (body["action"], body["by"], body["calendar"]) == ("@calendar", "clock", fewer.version)
    assert stored(case).state["clocks"]["return_term"]["due"] > before
    assert verify().fault == ""


def calendar_without(day: date) -> Any:
    """The State Council's calendar with one more day off."""
    local_notice = {
        "year": day.year, "notice": "本市调休", "number": "云政办〔2026〕1号", "issued": "2026-09-01", "local": True,
        "file": "local.yaml", "off": {day.isoformat(): "建城日"}, "work": [],
    }  # fmt: skip
    return calendar_from([*national(), local_notice])


def national() -> list[dict[str, Any]]:
    return [calendars._read(file) for file in calendars._yaml(files("fadu.data") / "calendar")]


def test_the_clock_acts_after_a_workday_of_grace_and_dates_its_entry_back(world: World):
    late, never = world.underway("甲", due="2026-10-23"), world.underway("乙", due="2026-12-31")
    world.set("2026-10-26T23:59")
    assert tick() == 0
    world.set("2026-10-27T00:00")
    assert tick() == 1
    entry = Entry.objects.filter(case=late).latest("seq")
    assert (entry.action, entry.actor, entry.content["by"], entry.content["day"]) == (
        "escalate",
        None,
        "clock",
        "2026-10-23",
    )
    assert (tick(), stored(late).timer_at) == (0, None)
    assert Entry.objects.filter(case=never).latest("seq").action == "sign"
    assert verify().fault == ""


def test_a_fact_of_the_last_day_recorded_within_the_grace_comes_before_the_clock(world: World):
    case = world.underway(due="2026-10-23")
    world.set("2026-10-26T10:00")
    world.do(case, "ask_closing", "shen", Occasion(at=datetime(2026, 10, 23, 17, 0)), evidence=PAPER)
    world.set("2026-10-27T10:00")
    assert tick() == 0
    assert stored(case).state["clocks"]["item"]["status"] == "met"


def test_what_the_clock_owes_comes_before_what_a_person_does(world: World):
    case = world.underway(due="2026-10-23")
    world.set("2026-10-30T10:00")
    world.do(case, "report", "shen", progress="迟到的进展")
    clock, report = bodies(case)[-2:]
    assert (clock["action"], clock["by"], "person" in clock) == ("escalate", "clock", False)
    assert (report["action"], report["by"]) == ("report", str(world.people["shen"].pk))
    assert refused(lambda: world.do(case, "report", "shen")).gate == "required"


def test_one_case_that_cannot_be_ticked_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch):
    broken, sound = world.underway("甲", due="2026-10-22"), world.underway("乙", due="2026-10-23")
    world.set("2026-11-02T10:00")
    one = acting._tick_one

    def failing(case_id: int, moment: datetime) -> int:
        if case_id == broken.pk:
            raise Refused(())
        return one(case_id, moment)

    monkeypatch.setattr(acting, "_tick_one", failing)
    assert tick() == 1
    assert Entry.objects.filter(case=sound).latest("seq").action == "escalate"


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_within_a_year_and_a_refused_deed_gives_its_number_back(world: World):
    assert world.approved().number == "督〔2026〕1号"
    case = world.propose()
    assert refused(lambda: world.do(case, "approve", "gu", due="2026-10-22", co_units=["yz-parks"])).gate == "unknown"
    assert (
        refused(lambda: act_all(case, [("approve", {"due": "2026-10-22"}), ("sign", {})], world.people["gu"])).gate
        == "by"
    )
    world.do(case, "approve", "gu", due="2026-10-22")
    assert stored(case).number == "督〔2026〕2号"
    world.set("2027-01-04T09:00")
    assert world.approved().number == "督〔2027〕1号"


def test_an_identity_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch):
    """Two processes may draw the same number within a millisecond; the deed is done again with another."""
    taken = world.propose().pk
    drawn = iter([taken, taken + 1])
    monkeypatch.setattr("fadu.cases.ids.new_id", lambda: next(drawn))
    assert world.propose().pk == taken + 1


def statements(deed: Callable[[], Any]) -> list[str]:
    """What a deed asks of the database, by verb and table, without the frame of its transaction."""
    with CaptureQueriesContext(connection) as queries:
        deed()
    words = [re.findall(r"[a-zA-Z_]+", query["sql"].split("times:")[-1]) for query in queries]
    kept = [found for found in words if found[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    return [f"{found[0]} {next(word for word in found if re.match('cases_|units_', word))}" for found in kept]


def test_a_deed_on_a_root_case_asks_four_statements(world: World):
    case = world.underway()
    world.do(case, "report", "shen", progress="五处开工")
    deed = ["SELECT cases_case", "SELECT units_post", "UPDATE cases_case", "INSERT cases_entry"]
    assert statements(lambda: world.do(case, "suspend", "gu", remark="等待批复")) == deed
    assert statements(lambda: world.do(case, "resume", "gu")) == deed


def test_a_deed_on_a_part_locks_its_root_first(world: World):
    part = Case.objects.get(parent=world.underway(co_units=["yz-parks"]))
    assert statements(lambda: world.do(part, "sign", "lin"))[:2] == ["SELECT cases_case", "SELECT cases_case"]


def test_dates_around_the_turn_of_the_year_are_provisional_until_the_notice_comes(world: World):
    case = world.approved(due=(world.present.date() + timedelta(days=500)).isoformat())
    assert columns_of(case)["due_clock"] == "item"


def test_a_deputy_does_what_only_the_absent_setter_may_and_sees_it_as_their_turn(world: World):
    case = world.approving(due="2026-10-22")  # the date was set by 顾长川, so striking off is for him
    assert case.turn == f"person:{world.people['gu'].pk}"
    zhou = world.people["zhou"]
    assert refused(lambda: world.do(case, "strike_off", "zhou", outcome="done")).gate == "by"
    world.delegate("gu", "zhou", date(2026, 9, 1), date(2026, 9, 30))
    assert case in Inbox.of(zhou).rows("mine")
    done = world.do(case, "strike_off", "zhou", outcome="done")
    assert done.entries.latest("seq").actor == zhou
    assert not done.is_open


def test_a_deputy_no_more_may_not(world: World):
    case = world.approving(due="2026-10-22")
    world.delegate("gu", "zhou", date(2026, 9, 1), date(2026, 9, 7))
    assert refused(lambda: world.do(case, "strike_off", "zhou", outcome="done")).gate == "by"
