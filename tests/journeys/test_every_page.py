"""Every kind of page that any account of the demo city can reach: axe finds nothing, and none sticks out sideways."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.cases import definitions
from fadu.replay import demo
from fadu.replay.city import read
from fadu.units.models import Person
from tests.cases.tampering import clear_guarded
from tests.desk.crawl import kind, walk
from tests.journeys.desk import reading
from tests.journeys.test_desk_looks import RULES

pytestmark = [pytest.mark.journey, pytest.mark.looks]


@pytest.fixture
def demo_city(live_server: LiveServer, settings: Settings) -> Iterator[None]:
    """Committed, so that the server sees it; cleared away afterwards."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    definitions.forget()
    demo.build(share=0.01)
    yield
    clear_guarded()
    definitions.forget()


@pytest.fixture
def addresses(demo_city: None) -> dict[str, str]:
    """Address -> who reads it; a kind of page is read by the first account that reaches it."""
    found: dict[str, tuple[str, str]] = {}
    for username in read(demo.CITY)["accounts"]:
        for address in walk(username, alike=1).pages:
            found.setdefault(kind(address).partition("?")[0], (address, username))
    return dict(found.values())


def test_every_kind_of_page_is_accessible_and_fits_a_desk_and_a_phone(
    browser: Browser, live_server: LiveServer, addresses: dict[str, str]
):
    faults = []
    assert len(addresses) > 60
    with reading(browser, live_server.url) as page:
        for address, username in addresses.items():
            become(page, live_server.url, username)
            page.goto(address)
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                faults += [f"{address} ({username}): {wide} px wide at {width}"] if wide > width else []
            violations = Axe().run(page, options=RULES).response["violations"]
            faults += [f"{address} ({username}): {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    assert faults == [], "\n".join(faults)


def become(page: Page, url: str, username: str) -> None:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    value = client.cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": value, "url": url}])
