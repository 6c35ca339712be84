"""The side bar: the ledgers one works with, by domain, and which of them is at hand."""

import re
from datetime import date

import pytest

from fadu.definitions import book, library
from fadu.units.models import Post
from tests.desk.city import City

pytestmark = pytest.mark.django_db


def side(client, url: str) -> str:
    page: str = client.get(url).content.decode()
    return page[page.index('<header class="side">') : page.index("</header>")]


def posted(city: City, username: str, *roles: str) -> None:
    for role in roles:
        Post.objects.create(person=city.people[username], unit=city.units["yz-gov"], role=role, since=date(2020, 1, 1))


def test_every_folder_of_definitions_has_a_title():
    assert {procedure.domain for procedure in library().versions.values()} <= set(book().domains)


def test_what_a_domain_lists_first_is_there():
    for key, domain in book().domains.items():
        assert {library().in_force(first).domain for first in domain.first} <= {key}


def test_only_ledgers_the_reader_works_with_are_listed(at, city):
    found = side(at("shen"), "/")
    assert 'href="/supervision-item/"' in found
    assert 'href="/disclosure-request/"' not in found
    assert 'href="/supervision-item/"' not in side(at("audit"), "/")


def test_ledgers_stand_under_their_domain_and_a_lone_one_without(at, city):
    posted(city, "he", "disclosure_officer")
    found = side(at("he"), "/")
    folded = re.search(r'<details data-keep="disclosure".*?</details>', found, re.DOTALL)
    assert folded is not None
    assert "政务公开" in folded[0]
    assert {"/disclosure-request/", "/third-party-opinion/"} <= set(re.findall(r'href="([^"]+)"', folded[0]))
    lone = library().in_force("supervision-item")
    alone = [item for item in library().versions.values() if item.domain == lone.domain]
    assert ("督查督办" in found) is (len(alone) > 1)


def test_the_domain_of_the_ledger_being_read_is_open_and_the_others_are_not(at, city):
    posted(city, "he", "disclosure_officer", "hotline_officer")
    he = at("he")
    assert re.findall(r'data-keep="(\w+)" open', side(he, "/appeal/")) == ["appeals"]
    assert re.findall(r'data-keep="(\w+)" open', side(he, "/disclosure-request/")) == ["disclosure"]
    assert re.findall(r'data-keep="(\w+)" open', side(he, "/")) == ["disclosure"], "the one read last"


def test_the_keyboard_leads_to_the_ledger_used_last(at, city):
    posted(city, "he", "disclosure_officer")
    he, leads = at("he"), r'href="([^"]+)" data-go="l"'
    assert re.findall(leads, side(he, "/")) == ["/supervision-item/"], "the first, when none was read yet"
    he.get("/third-party-opinion/")
    assert re.findall(leads, side(he, "/")) == ["/third-party-opinion/"]
    he.cookies["ledger"] = "no-such-procedure"
    assert re.findall(leads, side(he, "/")) == ["/supervision-item/"]
