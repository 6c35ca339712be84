"""A city with its three administrators."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from fadu.administration import faults
from fadu.cases import definitions
from fadu.cases.editions import look
from fadu.units.models import Person, Post
from tests.desk.city import PASSWORD, City, build

ADMINISTRATORS = {"sys": "system_admin", "sys2": "system_admin", "sec": "security_admin", "audit": "audit_admin"}


@pytest.fixture(autouse=True)
def chinese():
    """Texts are compared in Chinese unless a test chooses English."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """What is tested here is not how passwords are kept."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def published(db: None) -> Iterator[None]:
    """What is published is seen at once, and forgotten when the database is rolled back."""
    definitions.forget()
    faults.forget()
    look.every = 0.0
    yield
    look.every = None
    definitions.forget()


@pytest.fixture
def city(db: None) -> City:
    """The small city of the desk's tests; its auditor is there already."""
    city = build()
    for username, role in ADMINISTRATORS.items():
        if username not in city.people:
            person = Person.objects.create_user(username, PASSWORD, name=f"管理员{username}")
            Post.objects.create(person=person, unit=city.units["yz-gov"], role=role, since=date(2020, 1, 1))
            city.people[username] = person
    return city


@pytest.fixture
def at(city: City) -> Callable[[str], Client]:
    """A signed-in client for a person of the city."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(city.people[username])
        return client

    return sign_in


@pytest.fixture
def cost(db: None) -> Callable[[Client, str], int]:
    """How many queries a page asks beyond those of the frame around every page, as an empty search shows it."""

    def queries(client: Client, address: str) -> int:
        look.every = None
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    return lambda client, address: queries(client, address) - queries(client, "/search/")
