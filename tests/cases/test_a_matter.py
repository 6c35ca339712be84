"""A supervised item from its proposal to the archive, with every column after every step."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fadu.cases.definitions import library
from fadu.cases.models import NEVER, Case
from fadu.cases.projection import main_run
from fadu.cases.verify import verify
from fadu.kernel.state import Run, State
from tests.cases.cast import PAPER, World, columns_of, local, stored


def shown(case: Case) -> dict[str, Any]:
    """The columns a list shows."""
    names = (
        "number title kind stage is_open outcome turn handling_id opened closed due due_clock provisional grey".split()
    )
    return {name: value for name, value in columns_of(case).items() if name in names}


def test_a_proposed_matter_has_no_number_no_date_and_is_the_leaders_turn(world: World):
    case = world.propose()
    assert shown(case) == {
        "number": "",
        "title": "城区积水点整治",
        "kind": "meeting",
        "stage": "proposed",
        "is_open": True,
        "outcome": None,
        "turn": "leader@yz",
        "handling_id": "yz-water",
        "opened": local("2026-09-08T09:00"),
        "closed": None,
        "due": NEVER,
        "due_clock": "",
        "provisional": False,
        "grey": False,
    }
    columns = columns_of(case)
    assert (columns["unit_id"], columns["government_id"], columns["root_id"]) == ("yz-sup", "yz", case.pk)
    assert (columns["parent_id"], columns["child_key"], columns["seq"]) == (None, "", 1)


def test_every_step_moves_its_columns_and_no_others(world: World):
    case = world.propose()
    before = shown(case)

    def moved(action: str, by: str, **data: Any) -> dict[str, Any]:
        nonlocal before
        world.do(case, action, by, **data)
        after = shown(case)
        changes = {name: value for name, value in after.items() if before[name] != value}
        before = after
        return changes

    world.set("2026-09-11T10:00")
    assert moved("approve", "gu", due="2026-10-22") == {
        "number": "督〔2026〕1号",
        "stage": "assigned",
        "turn": "unit_officer@yz-water",
        "due": local("2026-10-23T00:00"),
        "due_clock": "item",
    }
    world.set("2026-09-11T15:00")
    assert moved("sign", "shen") == {"stage": "underway"}
    world.set("2026-09-30T15:00")
    assert moved("report", "shen", progress="六处已开工") == {}
    world.set("2026-10-09T15:00")
    assert moved("ask_later_date", "shen", why_later="与地铁施工交叉") == {}
    assert moved("grant_later_date", "gu", due="2026-10-30T18:00") == {
        "due": datetime.fromisoformat("2026-10-30T18:00:00.000001+08:00")
    }
    world.set("2026-10-28T11:00")
    assert moved("ask_closing", "shen", evidence=PAPER) == {
        "stage": "verifying",
        "turn": "supervision_officer@yz",
        "due": NEVER,
        "due_clock": "",
    }
    world.set("2026-10-29T09:00")
    assert moved("verify", "he", verified_how="papers", remark="材料齐全") == {
        "stage": "approving",
        "turn": f"person:{world.people['gu'].pk}",
    }
    world.set("2026-10-29T16:30")
    assert moved("strike_off", "gu", outcome="done") == {
        "stage": "closed",
        "is_open": False,
        "outcome": "done",
        "turn": "",
        "closed": local("2026-10-29T16:30"),
    }
    world.set("2026-12-01T09:00")
    assert moved("archive", "he", archive_number="2026-DC-001") == {}
    assert verify().fault == ""


def test_lights_turn_when_the_columns_say(world: World):
    world.set("2026-09-11T10:00")
    case = world.approved(due="2026-10-22")
    columns = columns_of(case)
    assert columns["red_at"] == local("2026-10-23T00:00")
    # Signing overdue is yellow: one workday after the 11th, a Friday.
    assert columns["amber_at"] == local("2026-09-15T00:00")
    world.do(case, "sign", "shen")
    assert columns_of(case)["amber_at"] > local("2026-10-01T00:00")
    world.do(case, "suspend", "gu", remark="等待批复")
    columns = columns_of(case)
    assert (columns["grey"], columns["timer_at"]) == (True, None)


def test_the_timer_waits_a_workday_of_grace(world: World):
    case = world.approved(due="2026-10-23")  # a Friday
    assert columns_of(case)["timer_at"] == local("2026-10-27T00:00")


def test_of_two_clocks_on_one_day_the_list_shows_the_one_that_ends_sooner(world: World):
    """A bare day ends at 24:00, so six o'clock of that day comes before it."""
    found = library().in_force("supervision-item")
    both = replace(found, shows=replace(found.shows, due=("item", "signing_urgent")))
    state = State(
        clocks={"item": Run("2026-10-20", 1, "2026-10-22"), "signing_urgent": Run("x", 1, "2026-10-22T18:00")}
    )
    assert main_run(both, state)[0] == "signing_urgent"
    urgent = world.approved(urgent=True, due="2026-10-22T18:00")
    assert stored(urgent).due == datetime.fromisoformat("2026-10-22T18:00:00.000001+08:00")
