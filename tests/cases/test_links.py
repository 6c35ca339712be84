"""Linking two cases: an entry in both ledgers, and only by who may see both."""

import pytest

from fadu.cases.links import link
from fadu.cases.models import Entry, Link
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World

pytestmark = pytest.mark.django_db


def test_a_link_stands_in_both_ledgers(world: World):
    one, other = world.approved("甲"), world.approved("乙")
    link(one, other.number, world.people["he"])
    for case, far in ((one, other), (other, one)):
        entry = Entry.objects.filter(case=case).order_by("-seq")[0]
        assert (entry.action, entry.content["link"]["case"]) == ("@link", far.pk)
        assert list(Link.objects.filter(case=case).values_list("other", flat=True)) == [far.pk]
    assert verify().fault == ""


@pytest.mark.parametrize("number", ["", "督〔2026〕999号", "\x00"])
def test_there_must_be_such_a_case(world: World, number: str):
    case = world.approved()
    with pytest.raises(Refused):
        link(case, number, world.people["he"])
    assert not Link.objects.exists()


def test_a_case_is_not_linked_to_itself_nor_twice(world: World):
    one, other = world.approved("甲"), world.approved("乙")
    with pytest.raises(Refused):
        link(one, one.number, world.people["he"])
    link(one, other.number, world.people["he"])
    with pytest.raises(Refused):
        link(one, other.number, world.people["he"])


def test_who_may_not_see_the_other_case_cannot_link_to_it(world: World):
    one, other = world.approved("甲"), world.approved("乙")
    with pytest.raises(Refused):
        link(one, other.number, world.people["mo"])


def test_verify_misses_a_link_that_was_taken_away(world: World):
    one, other = world.approved("甲"), world.approved("乙")
    link(one, other.number, world.people["he"])
    Link.objects.filter(case=one).delete()
    assert "linked" in verify().fault
