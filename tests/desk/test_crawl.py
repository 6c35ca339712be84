"""The demo city walked through by its links, as every account: nothing leads nowhere, and English pages are in English."""

import html
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from fadu.cases.models import Entry, File
from fadu.replay import demo
from fadu.replay.city import read
from fadu.units.models import Person, Post, Unit

HREF = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
ELSEWHERE = re.compile(r"/files/|/export/|\.(pdf|docx|xlsx|csv)$|^/api/|^/static/|^/accounts/")
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


@dataclass
class Walk:
    """Pages by address; `wrong` are links that led nowhere: from, to, status."""

    pages: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[str, str, int]] = field(default_factory=list)


def walk(username: str, language: str = "zh-hans") -> Walk:
    """Breadth first from the inbox."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    client.cookies["django_language"] = language
    found, queue, seen, kinds = Walk(), deque([("", "/")]), {"/"}, Counter[str]()
    while queue and len(found.pages) < MOST:
        origin, address = queue.popleft()
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            found.wrong.append((origin, address, answer.status_code))
        elif answer["Content-Type"].startswith("text/html"):
            found.pages[address] = answer.content.decode()
            for target in _links(address, found.pages[address]):
                if target not in seen and kinds[_kind(target)] < ALIKE:
                    kinds[_kind(target)] += 1
                    seen.add(target)
                    queue.append((address, target))
    return found


def _links(address: str, page: str) -> list[str]:
    targets = [urldefrag(urljoin(address, html.unescape(link))).url for link in HREF.findall(page)]
    return [target for target in targets if target.startswith("/") and not ELSEWHERE.search(urlsplit(target).path)]


def _kind(address: str) -> str:
    parts = urlsplit(address)
    return re.sub(r"\d+", "n", parts.path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", parts.query)))


@pytest.mark.parametrize("username", read(demo.CITY)["accounts"])
def test_every_link_leads_somewhere(username: str):
    found = walk(username)
    assert found.wrong == []
    assert len(found.pages) > 5
    leaks = {
        address: leak.group()
        for address, page in found.pages.items()
        if (leak := re.search(r"{{|{%|None\b", text_of(page)))
    }
    assert leaks == {}


@pytest.mark.parametrize("username", ["heyining", "zhoumu", "shenzhiyuan", "admin", "security", "auditor"])
def test_english_pages_say_nothing_of_their_own_in_chinese(username: str):
    """What stands in Chinese must be data: a name, a title, what somebody typed."""
    data = "\n".join(
        [
            *Entry.objects.values_list("body", flat=True),
            *(str(name) for row in Unit.objects.values_list("name_zh", "short_zh") for name in row),
            *Person.objects.values_list("name", flat=True),
            *Post.objects.values_list("title", flat=True),
            *File.objects.values_list("name", flat=True),
            OWN_NAMES,
        ]
    )
    strange: dict[str, set[str]] = {}
    for address, page in walk(username, "en").pages.items():
        runs = {run for run in HAN.findall(text_of(page)) if run not in data}
        if runs:
            strange[address] = runs
    assert strange == {}


def text_of(page: str) -> str:
    """What is read or heard: no tags, no scripts, no values somebody typed."""
    page = re.sub(r"<(script|style|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    labels = " ".join(re.findall(r'\b(?:title|aria-label|placeholder|alt|content)="([^"]*)"', page))
    return html.unescape(re.sub(r"<[^>]+>", "\n", page) + labels)
