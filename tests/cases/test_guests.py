"""Persons named in a case see it while they hold a post and while it names them; `listed of` lets them act."""

from datetime import date
from typing import Any

import pytest

from fadu.cases.access import may_see, visible
from fadu.cases.act import choices, open_case, rectify
from fadu.cases.listing import Inbox
from fadu.cases.models import Case, Guest
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World
from tests.cases.tampering import sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corner")]
DAYS = {"objects": ["yz-parks"], "starts_on": "2026-10-01", "ends_on": "2026-10-03"}


@pytest.fixture
def guest(world: World) -> Any:
    """An invited inspector, with a term, in an office of their own."""
    world.unit("yz-guests", "特邀督查员", "yz-gov", "section")
    return world.person("te", "特邀员", "invited@yz-guests", since=date(2026, 9, 1), until=date(2026, 12, 31))


def visit(world: World, **data: Any) -> Case:
    return open_case("visit", world.people["he"], {"name": "汛前检查", **DAYS, **data}, world.units["yz-sup"])


@pytest.mark.parametrize("where", ["inspectors", "drivers", "chief"])
def test_whoever_is_named_sees_the_case_and_no_other(world: World, guest: Any, where: str):
    named = {"inspectors": [str(guest.pk)], "drivers": [{"who": str(guest.pk)}], "chief": str(guest.pk)}
    other = visit(world)
    assert not may_see(guest, other)
    case = visit(world, starts_on="2026-11-01", ends_on="2026-11-02", **{where: named[where]})
    assert list(visible(guest)) == [case]
    assert verify().fault == ""


def test_a_term_begins_and_ends(world: World, guest: Any):
    case = visit(world, inspectors=[str(guest.pk)])
    seen = {day: visible(guest, date.fromisoformat(day)).exists() for day in ("2026-08-31", "2026-12-31", "2027-01-01")}
    assert seen == {"2026-08-31": False, "2026-12-31": True, "2027-01-01": False}
    assert case


def test_whoever_is_named_no_longer_sees_it_no_longer(world: World, guest: Any):
    case = visit(world, inspectors=[str(guest.pk)])
    world.do(case, "staff", "he", inspectors=[str(world.people["lin"].pk)])
    assert not may_see(guest, case)
    assert may_see(world.people["lin"], case)
    rectify(case, world.people["he"], "填错")
    assert may_see(guest, case)
    assert verify().fault == ""


@pytest.mark.parametrize("person", ["9999", "somebody", {"name": "某人"}])
def test_a_person_who_is_not_there_cannot_be_named(world: World, person: Any):
    for named in ({"inspectors": [person]}, {"drivers": [{"who": person}]}):
        with pytest.raises(Refused):
            visit(world, **named)
    assert not Guest.objects.exists()


def test_whoever_is_listed_may_act_and_nobody_else(world: World, guest: Any):
    case = visit(world, inspectors=[str(guest.pk)], drivers=[{"who": str(world.people["qin"].pk)}])
    case = world.do(case, "start", "he")
    for name in ("te", "qin"):
        assert world.do(case, "look", name, note="看过").state["done"]["look"]
    with pytest.raises(Refused):
        world.do(case, "look", "he", note="看过")
    world.set("2027-01-04T09:00")
    assert not any(choice.allowed for choice in choices(case, guest))
    with pytest.raises(Refused):
        world.do(case, "look", "te", note="任期已满")


def test_the_turn_can_be_that_of_a_person_named(world: World, guest: Any):
    case = world.do(visit(world, chief=str(guest.pk)), "start", "he")
    assert case.turn == f"person:{guest.pk}"
    assert list(Inbox.of(guest).rows("mine")) == [case]
    world.do(case, "end", "te")


@pytest.mark.parametrize("statement", ["DELETE FROM cases_guest", "UPDATE cases_guest SET person_id = person_id + 1"])
def test_verify_misses_a_guest_that_was_changed_by_hand(world: World, guest: Any, statement: str):
    visit(world, inspectors=[str(world.people["he"].pk)])
    sql(statement)
    assert "persons" in verify().fault
