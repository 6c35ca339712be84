"""Walking through the site by its links, as somebody."""

import html
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client

from fadu.units.models import Person

HREF = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
ELSEWHERE = re.compile(r"/files/|/export/|\.(pdf|docx|xlsx|csv)$|^/api/|^/static/|^/accounts/")
MOST, ALIKE = 90, 2  # pages; addresses that differ only in numbers and in what stands behind the question mark


@dataclass
class Walk:
    """Pages by address; `wrong` are links that led nowhere: from, to, status."""

    pages: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[str, str, int]] = field(default_factory=list)


def walk(username: str, language: str = "zh-hans", most: int = MOST, alike: int = ALIKE) -> Walk:
    """Breadth first from the inbox."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    client.cookies["django_language"] = language
    found, queue, seen, kinds = Walk(), deque([("", "/")]), {"/"}, Counter[str]()
    while queue and len(found.pages) < most:
        origin, address = queue.popleft()
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            found.wrong.append((origin, address, answer.status_code))
        elif answer["Content-Type"].startswith("text/html"):
            found.pages[address] = answer.content.decode()
            for target in _links(address, found.pages[address]):
                if target not in seen and kinds[kind(target)] < alike:
                    kinds[kind(target)] += 1
                    seen.add(target)
                    queue.append((address, target))
    return found


def _links(address: str, page: str) -> list[str]:
    targets = [urldefrag(urljoin(address, html.unescape(link))).url for link in HREF.findall(page)]
    return [target for target in targets if target.startswith("/") and not ELSEWHERE.search(urlsplit(target).path)]


def kind(address: str) -> str:
    parts = urlsplit(address)
    return re.sub(r"\d+", "n", parts.path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", parts.query)))
