"""Every page of the desk at every width: nothing sticks out sideways, and axe finds nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.desk.city import City
from tests.journeys.desk import addresses, lasting_city, reading, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.looks]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        yield found


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (1024, "light"), (390, "light"), (390, "dark")]
)
def test_every_page_is_accessible_and_no_wider_than_its_window(
    browser: Browser, live_server: LiveServer, city: City, width: int, scheme: str
):
    faults = []
    with reading(browser, live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for name, (who, address) in addresses().items():
            sign_in(page, live_server.url, city, who)
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{name}: {wide} px wide")
            found = Axe().run(page, options=RULES).response["violations"]
            faults += [f"{name}: {fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found]
    assert faults == []


def test_pages_in_english_and_at_twice_the_size_fit_too(browser: Browser, live_server: LiveServer, city: City):
    """A window of 720 at 1440 is what 200 % zoom leaves."""
    faults = []
    with reading(browser, live_server.url, viewport={"width": 720, "height": 450}) as page:
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        for name, (who, address) in addresses().items():
            sign_in(page, live_server.url, city, who)
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{name}: {wide} px wide"] if wide > 720 else []
    assert faults == []
