"""Several people at the same moment: numbers without gaps, no deadlock between parent and child, each deed whole."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fadu.cases.act import act, act_all, tick
from fadu.cases.models import Case, Entry, NumberSeries
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World, stored

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*streams: Callable[[], Any]) -> list[Any]:
    """What each stream gave or raised; every one has a connection of its own and all begin together."""
    start = threading.Barrier(len(streams))
    outcomes: list[Any] = [None] * len(streams)

    def run(place: int, stream: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcomes[place] = stream()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "waits for ever"
    return outcomes


def test_numbers_have_neither_gaps_nor_duplicates(lasting_world: World):
    """Some deeds are refused after their number was taken; they give it back."""
    world = lasting_world
    gu = world.people["gu"]
    lots = [[world.propose(f"事项{lane}-{place}") for place in range(6)] for lane in range(4)]

    def approve(cases: list[Case]) -> int:
        refused = 0
        for place, case in enumerate(cases):
            deeds = [("approve", {"due": "2026-10-22"})]
            try:
                act_all(case, [*deeds, ("sign", {})] if place % 3 == 1 else deeds, gu)
            except Refused:
                refused += 1
        return refused

    assert at_once(*(lambda lot=lot: approve(lot) for lot in lots)) == [2, 2, 2, 2]
    numbers = sorted(int(case.number[7:-1]) for case in Case.objects.exclude(number=""))
    assert numbers == list(range(1, 17))
    assert NumberSeries.objects.get().last == 16
    assert verify().fault == ""


def test_parent_and_child_never_wait_for_each_other(lasting_world: World):
    world = lasting_world
    case = world.underway(co_units=["yz-parks", "yz-roads"])
    parks, roads = Case.objects.filter(parent=case).order_by("pk")
    world.do(parks, "sign", "lin")
    world.do(roads, "sign", "qin")
    shen, tao, lin, qin = (world.people[name] for name in ("shen", "tao", "lin", "qin"))

    def parent() -> int:
        for place in range(12):
            act(case, "report", shen, {"progress": f"进展{place}"})
        return 12

    def part(child: Case, officer: Any) -> int:
        for place in range(5):
            act(child, "submit", officer, {"answer": f"意见{place}"})
            act(child, "send_back", tao, {"remark": "请补充"})
        act(child, "submit", officer, {"answer": "定稿"})
        act(child, "confirm", tao, {})
        return 12

    assert at_once(parent, lambda: part(parks, lin), lambda: part(roads, qin)) == [12, 12, 12]
    actions = list(Entry.objects.filter(case=case).values_list("action", flat=True))
    assert (actions.count("report"), actions.count("@child")) == (12, 2)
    assert [child[2] for child in stored(case).state["children"]] == [False, False]
    assert verify().fault == ""


def test_of_two_who_do_the_same_at_once_one_is_refused(lasting_world: World):
    world = lasting_world
    case = world.approved()
    people = [world.people[name] for name in ("shen", "tao")]
    outcomes = at_once(*(lambda person=person: act(case, "sign", person, {}) for person in people))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "Refused"]
    assert Entry.objects.filter(case=case, action="sign").count() == 1


def test_two_clocks_do_what_is_owed_once(lasting_world: World):
    world = lasting_world
    for place in range(4):
        world.underway(f"事项{place}", due="2026-10-23")
    world.set("2026-11-02T09:00")
    assert sum(at_once(tick, tick)) == 4
    assert Entry.objects.filter(action="escalate").count() == 4
    assert verify().fault == ""


def test_a_version_first_used_by_two_at_once_is_kept_once(lasting_world: World):
    world = lasting_world
    outcomes = at_once(*(lambda place=place: world.propose(f"事项{place}") for place in range(4)))
    assert [type(outcome) for outcome in outcomes] == [Case] * 4
    assert len({outcome.definition_id for outcome in outcomes}) == 1
    assert verify().cases == 4
