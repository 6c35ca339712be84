"""The demo city walked through by its links, as every account: nothing leads nowhere, and English pages are in English."""

import html
import re

import pytest

from fadu.cases.models import Entry, File
from fadu.data.calendars import state_council
from fadu.replay import demo
from fadu.replay.city import read
from fadu.units.models import Person, Post, Unit
from tests.desk.crawl import walk

HAN = re.compile(r"[㐀-鿿][㐀-鿿0-9a-zA-Z、，。：；（）“”〔〕《》—%·-]*")
OWN_NAMES = "简体 繁體 法度 国办发明电"  # a language, this system and the numbers of notices are named in themselves
MOST, ALIKE = (
    90,
    2,
)  # pages an account; addresses that differ only in numbers and in what stands behind the question mark


@pytest.fixture(autouse=True)
def small_city(db: None, settings) -> None:
    """Every scene, and a hundredth of the year around them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    demo.build(share=0.01)


def test_every_link_leads_somewhere():
    wrong, leaks, reached = list[str](), list[str](), 0
    for username in read(demo.CITY)["accounts"]:
        found = walk(username)
        reached += len(found.pages)
        wrong += [f"{username}: {origin} -> {address}: {status}" for origin, address, status in found.wrong]
        for address, page in found.pages.items():
            leaks += [f"{username}: {address}: {leak}" for leak in re.findall(r"{{|{%|None\b", text_of(page))]
    assert wrong == []
    assert leaks == []
    assert reached > 200


def test_english_pages_say_nothing_of_their_own_in_chinese():
    """What stands in Chinese must be data: a name, a title, what somebody typed, the number of a notice."""
    data = "\n".join(
        [
            *Entry.objects.values_list("body", flat=True),
            *(str(name) for row in Unit.objects.values_list("name_zh", "short_zh") for name in row),
            *Person.objects.values_list("name", flat=True),
            *Post.objects.values_list("title", flat=True),
            *File.objects.values_list("name", flat=True),
            *(f"{year.notice} {year.number} {' '.join(year.off.values())}" for year in state_council().years.values()),
            OWN_NAMES,
        ]
    )
    strange: dict[str, set[str]] = {}
    for username in ("heyining", "zhoumu", "shenzhiyuan", "admin", "security", "auditor"):
        for address, page in walk(username, "en").pages.items():
            runs = {run for run in HAN.findall(text_of(page)) if run not in data}
            if runs:
                strange[f"{username}: {address}"] = runs
    assert strange == {}


def text_of(page: str) -> str:
    """What is read or heard: no tags, no scripts, no source of a definition, no values somebody typed."""
    page = re.sub(r"<(script|style|textarea|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(
        r'<article [^>]*lang="zh-Hans".*?</article>', " ", page, flags=re.DOTALL
    )  # a document in its language
    labels = " ".join(re.findall(r'\b(?:title|aria-label|placeholder|alt|content)="([^"]*)"', page))
    return html.unescape(re.sub(r"<[^>]+>", "\n", page) + labels)
