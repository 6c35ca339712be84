"""Looking for other cases in the database: it finds what the kernel's own reading finds, and two who look at once agree."""

from random import Random
from typing import Any

import pytest

from fadu.cases import definitions
from fadu.cases.act import Occasion, act, open_case
from fadu.cases.bulk import BulkDocket
from fadu.cases.found import Outlook
from fadu.cases.models import Case
from fadu.cases.preview import preview, preview_opening
from fadu.cases.verify import verify
from fadu.kernel.decide import Actor
from fadu.kernel.definition import CASE, Found, Sought
from fadu.kernel.perform import Deed, Folder
from fadu.kernel.perform import open_case as open_folder
from fadu.kernel.refusal import Refused
from fadu.kernel.seeking import Query, answers, gathered, query
from fadu.kernel.state import State
from tests.cases.cast import World, stored
from tests.cases.test_at_once import at_once
from tests.kernel.yearly import library

pytestmark = pytest.mark.usefixtures("corner")
UNITS = ("yz-water", "yz-parks", "yz-roads")
DAYS = {"objects": ["yz-water"], "starts_on": "2026-10-01", "ends_on": "2026-10-03"}


def capped(world: World, cap: int = 1) -> Case:
    return open_case("cap", world.people["gu"], {"name": "总量", "year": 2026, "cap": cap}, world.units["yz-gov"])


def line(world: World, **data: Any) -> Case:
    return open_case("line", world.people["he"], {"name": "检查", "year": 2026, **data}, world.units["yz-sup"])


def visit(world: World, by: str = "he", **data: Any) -> Case:
    unit = world.units["yd-gov" if by == "feng" else "yz-sup"]
    return open_case("visit", world.people[by], {"name": "检查", **DAYS, **data}, unit)


@pytest.mark.django_db
def test_beyond_the_cap_it_is_refused_with_the_numbers(world: World):
    capped(world)
    first = world.do(line(world), "approve", "gu")
    assert {key: first.state["data"][key] for key in ("approved", "weight", "cap")} == {
        "approved": 0,
        "weight": 0,
        "cap": 1,
    }
    with pytest.raises(Refused) as refused:
        world.do(line(world), "approve", "gu")
    assert refused.value.refusals[0].text.zh == "2026年已批准 1 项，达到总量 1 项"
    assert verify().fault == ""


@pytest.mark.django_db
def test_cases_of_another_government_are_not_found(world: World):
    visit(world, by="feng")
    assert visit(world).state["data"]["earlier"] == []


@pytest.mark.django_db
def test_the_refusal_names_the_earlier_case_by_its_number(world: World):
    first = visit(world)
    with pytest.raises(Refused) as refused:
        visit(world)
    assert refused.value.refusals[0].text.zh == f"同一对象同期已有检查：{first.number}"


@pytest.mark.django_db
def test_earlier_cases_that_were_found_are_links(world: World):
    first = visit(world)
    second = open_case(
        "visit",
        world.people["he"],
        {"name": "复查", **DAYS},
        world.units["yz-sup"],
        Occasion(overrides={"no_repeat": "复查"}),
    )
    assert list(second.links.values_list("kind", "other_id")) == [("earlier", first.pk)]
    assert verify().fault == ""


@pytest.mark.django_db
def test_a_form_in_the_making_shows_what_would_be_found(world: World):
    capped(world)
    world.do(line(world), "approve", "gu")
    foreseen = preview(line(world), "approve", world.people["gu"], {})
    assert foreseen.found == {"approved": 1, "weight": 1, "cap": 1}
    assert [refusal.gate for refusal in foreseen.refusals] == ["within_cap"]
    first = visit(world, line=line(world).pk)
    opening = preview_opening("visit", world.people["he"], DAYS, world.units["yz-sup"])
    assert opening.found == {"earlier": [first.pk]}


# -- the two readings ------------------------------------------------------------------------------------------------------


def crowd(world: World, chance: Random, size: int = 40) -> list[Case]:
    lines = [line(world, points=chance.randint(1, 5)) for _ in range(4)]
    found = []
    for _ in range(size):
        data = {
            "objects": chance.sample(UNITS, chance.randint(1, 3)),
            "starts_on": f"2026-10-{chance.randint(1, 20):02}",
            "ends_on": f"2026-10-{chance.randint(1, 28):02}",
            "met_at": f"2026-10-{chance.randint(8, 12):02}T{chance.choice(('09:00', '23:30'))}"[
                : chance.choice((10, 16))
            ],
            "inspectors": [str(world.people[name].pk) for name in chance.sample(("lin", "qin", "shen"), 2)],
        }
        more: dict[str, Any] = {"line": chance.choice(lines).pk} if chance.random() < 0.7 else {}
        if chance.random() < 0.5:
            more |= {"unit": chance.choice(UNITS), "also": [one.pk for one in chance.sample(lines, 2)]}
        given, passed = {"name": "检查", **data, **more}, Occasion(overrides={"no_repeat": "是"})
        case = open_case("visit", world.people["he"], given, world.units["yz-sup"], passed)
        for action in ("start", "end")[: chance.randint(0, 2)]:
            case = act(case, action, world.people["he"], {})
        found.append(case)
    return found


def questions(world: World, cases: list[Case]) -> list[Query]:
    lin, line_id = str(world.people["lin"].pk), cases[0].state["data"].get("line", 1)
    own = {
        "objects": ["yz-water", "yz-roads"],
        "unit": "yz-parks",
        "a": "2026-10-10",
        "b": "2026-10-15T09:00",
        "who": lin,
        "line": line_id,
        "also": cases[1].state["data"].get("also") or [line_id],
        "stage": "planned",
        "number": cases[1].number,
        "first": cases[0].pk,
        "name": "检查",
    }
    wheres: list[dict[str, tuple[str, Any]]] = [
        {},
        {"stage": ("in", ("planned", "underway"))},
        {"open": ("in", (False,))},
        {"unit": ("same_as", "unit")},
        {"objects": ("shares", "objects")},
        {"objects": ("shares", "unit")},
        {"objects": ("same_as", "unit")},
        {"starts_on": ("not_after", "b"), "ends_on": ("not_before", "a")},
        {"starts_on": ("not_before", "b")},
        {"met_at": ("not_after", "a")},
        {"met_at": ("not_before", "a")},
        {"inspectors": ("shares", "who")},
        {"line": ("same_as", "line")},
        {"also": ("same_as", "line")},
        {"line": ("same_as", CASE)},
        {"name": ("same_as", "name"), "starts_on": ("in", ("2026-10-05", "2026-10-06"))},
        {"name": ("same_as", "missing")},
        {"objects": ("covers", "objects")},
        {"objects": ("differs_from", "unit")},
        {"unit": ("differs_from", "unit")},
        {"unit": ("covers", "unit")},
        {"line": ("differs_from", "line")},
        {"also": ("covers", "also")},
        {"stage": ("differs_from", "stage")},
        {"outcome": ("differs_from", "stage")},
        {"number": ("same_as", "number")},
        {"number": ("differs_from", "number")},
        {"case": ("in", (cases[1].pk, cases[2].pk))},
        {"case": ("differs_from", "first"), "open": ("in", (True,))},
        {"parent": ("same_as", "line")},
    ]
    ways = [("count", ""), ("cases", ""), ("value", "starts_on"), ("values", "unit"), ("values", "ends_on")]
    asked = []
    for where in wheres:
        for how, field in ways:
            tests = tuple(Sought(name, test, operand) for name, (test, operand) in where.items())  # type: ignore[arg-type]
            asked.append(query(Found(how, "visit", field, tests), line_id, own))  # type: ignore[arg-type]
    own_kin = tuple(Sought(name, "in", (value,)) for name, value in (("stage", cases[0].stage), ("name", "检查")))
    asked.append(query(Found("cases", "visit", "", own_kin), cases[0].pk, own))  # the case that asks never counts
    asked.append(query(Found("sum", "line", "points", ()), 0, own))
    return asked


def folders() -> dict[int, Folder]:
    known = library()
    return {
        row.pk: Folder(row.pk, known.in_force(row.procedure), State.from_json(row.state)) for row in Case.objects.all()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_database_finds_what_the_kernel_finds(world: World, seed: int):
    """Stored, in hand, and half of each."""
    chance = Random(seed)
    asked = questions(world, crowd(world, chance))
    cases = folders()
    by_hand = [
        gathered(
            one,
            [(pk, folder.state.data.get(one.found.field)) for pk, folder in cases.items() if answers(one, folder)],
        )
        for one in asked
    ]
    some = {pk: folder for pk, folder in cases.items() if chance.random() < 0.5}
    for in_hand in ({}, some, cases):
        assert Outlook("yz", in_hand).found(asked) == by_hand
    assert len({str(answer) for answer in by_hand}) > 12, "the questions tell cases apart"


@pytest.mark.django_db
def test_cases_of_a_batch_find_each_other(world: World):
    capped(world, 2)
    docket = BulkDocket(definitions.calendar(), "yz", person_id=world.people["he"].pk)
    officer = Actor(str(world.people["he"].pk), frozenset({("supervision_officer", "yz-sup")}))
    with docket.batch():
        for place in range(2):
            deed = Deed.of(officer, "plan", "2026-09-08", {"name": f"甲{place}", **DAYS, "objects": [UNITS[place]]})
            open_folder(docket, docket.calendar, docket.find("visit", "2026-09-08"), deed, "yz-sup")
        deed = Deed.of(officer, "plan", "2026-09-08", {"name": "乙", **DAYS}, overrides={"no_repeat": "复查"})
        last = open_folder(docket, docket.calendar, docket.find("visit", "2026-09-08"), deed, "yz-sup")
        assert len(last.state.data["earlier"]) == 1
    assert verify().fault == ""


# -- at once -----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_cap_is_not_passed_by_two_who_approve_at_once(lasting_world: World):
    world = lasting_world
    capped(world, 3)
    lots = [[line(world) for _ in range(3)] for _ in range(3)]
    gu = world.people["gu"]

    def approve(lot: list[Case]) -> int:
        done = 0
        for case in lot:
            try:
                act(case, "approve", gu, {})
            except Refused:
                continue
            done += 1
        return done

    outcomes = at_once(*(lambda lot=lot: approve(lot) for lot in lots))
    assert sum(outcomes) == 3, outcomes
    assert Case.objects.filter(procedure="line", stage="approved").count() == 3
    assert sorted(stored(case).state["data"]["approved"] for case in Case.objects.filter(stage="approved")) == [0, 1, 2]
