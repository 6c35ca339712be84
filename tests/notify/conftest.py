import pytest
from django.utils import translation

from fadu.notify import reading, rounds
from tests.cases.cast import World, build


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A Tuesday in September, nine o'clock; the reading of the ledger begins here."""
    world = build(monkeypatch)
    for person in world.people.values():
        person.email = f"{person.username}@example.gov.cn"
        person.save()
    reading.begin()
    return world


@pytest.fixture
def tell():
    return rounds.tell_all
