"""Several server threads write at the same moment."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from fadu.units.models import Delegation, Person, Unit

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 5, 6)


def at_once(*deeds: Callable[[], object]) -> list[Exception | None]:
    """What each deed raised, or None; all of them begin together."""
    start = threading.Barrier(len(deeds))
    outcomes: list[Exception | None] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_writers_wait_for_each_other(person):
    outcomes = at_once(*(lambda number=number: person(f"thread{number}") for number in range(6)))
    assert outcomes == [None] * 6
    assert Person.objects.count() == 6


def test_of_two_delegations_that_would_make_a_chain_one_is_refused(person):
    li, wang, zhao = person("li"), person("wang"), person("zhao")

    def delegate(absent: Person, deputy: Person) -> Callable[[], object]:
        return lambda: Delegation.objects.create(absent=absent, deputy=deputy, since=DAY, until=DAY, reason="出差")

    outcomes = at_once(delegate(li, wang), delegate(wang, zhao))
    assert [type(outcome) for outcome in sorted(outcomes, key=bool)] == [type(None), ValidationError]
    assert Delegation.objects.count() == 1


def test_of_two_moves_that_would_make_a_circle_one_is_refused(unit):
    root = unit("yz", kind="government")
    one, other = unit("one", root), unit("other", root)

    def move(what: Unit, under: Unit) -> Callable[[], None]:
        def deed() -> None:
            moving = Unit.objects.get(pk=what.pk)
            moving.parent = Unit.objects.get(pk=under.pk)
            moving.save()

        return deed

    outcomes = at_once(move(one, other), move(other, one))
    assert [type(outcome) for outcome in sorted(outcomes, key=bool)] == [type(None), ValidationError]
    assert root.subtree.count() == 3
