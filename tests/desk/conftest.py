"""A supervised item walked in memory, as the desk's modules read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.desk.certificate import Bench
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.facts import CaseFacts
from fadu.kernel.perform import Deed, Folder, open_case, perform
from tests.desk.city import City, build

OFFICER = Actor("1", frozenset({("supervision_officer", "yz-sup")}))
LEADER = Actor("2", frozenset({("leader", "yz-gov")}))
WATER = Actor("3", frozenset({("unit_officer", "yz-water")}))

PROPOSAL = {
    "matter": "城区积水点整治",
    "source": "meeting",
    "source_document": {"sha256": "a" * 64, "name": "会议纪要.pdf"},
    "lead_unit": "yz-water",
    "result_required": "整治方案和验收材料",
    "urgent": False,
}


@dataclass
class Walk:
    """A case in memory, moved by `do`."""

    docket: MemoryDocket
    folder: Folder
    calendar: Calendar

    @property
    def procedure(self) -> Procedure:
        return self.folder.procedure

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.docket.entries[self.folder.id]

    def do(self, actor: Actor, action: str, day: str, **data: Any) -> None:
        perform(self.docket, self.calendar, self.folder.id, Deed.of(actor, action, day, data))

    def facts(self, day: str) -> CaseFacts:
        return CaseFacts(self.procedure, self.folder.state, datetime.fromisoformat(day), self.calendar)

    def bench(self, day: str) -> Bench:
        book = library().book
        return Bench(self.procedure, self.folder.state, self.calendar, book, datetime.fromisoformat(day))


@pytest.fixture(autouse=True)
def chinese():
    """Texts are compared in Chinese unless a test chooses English."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 takes a tenth of a second by design; what is tested here is not how passwords are kept."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def procedure() -> Procedure:
    return library().in_force("supervision-item")


@pytest.fixture
def walk(procedure: Procedure) -> Walk:
    docket, calendar = MemoryDocket.of(library()), state_council()
    folder = open_case(docket, calendar, procedure, Deed.of(OFFICER, "propose", "2026-09-08", PROPOSAL), "yz-sup")
    return Walk(docket, folder, calendar)


@pytest.fixture
def signed(walk: Walk) -> Walk:
    """Approved on 11 September for 22 October, over two holidays; signed for on the same day."""
    walk.do(LEADER, "approve", "2026-09-11", due="2026-10-22")
    walk.do(WATER, "sign", "2026-09-11")
    return walk


@pytest.fixture
def city(db: None) -> City:
    """The small city whose people open the desk's pages."""
    return build()


@pytest.fixture
def at(city: City) -> Callable[[str], Client]:
    """A signed-in client for a person of the city."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(city.people[username])
        return client

    return sign_in
