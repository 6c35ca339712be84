"""Documents read where they stand: pictures and PDF framed, text as text, the rest fetched."""

import base64
import re
from typing import Any

import pytest
from django.test import Client

from fadu.cases.act import act
from fadu.cases.files import store_bytes
from fadu.cases.models import Case
from tests.desk.city import City

pytestmark = pytest.mark.django_db

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def planned(city: City, content: bytes, name: str) -> tuple[Case, str]:
    """A case whose plan is that file, and the address of the file."""
    case = city.signed()
    document: dict[str, Any] = dict(store_bytes(content, name, city.people["shen"]))
    act(case, "file_plan", city.people["shen"], {"section": "工程科", "plan": document})
    return case, f"/supervision-item/{case.pk}/files/{document['sha256']}/"


def fetched(client: Client, url: str) -> Any:
    """An answer read to its end."""
    answer: Any = client.get(url)
    assert b"".join(answer.streaming_content)
    answer.close()
    return answer


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [(b"%PDF-1.7\nplan\n%%EOF", "计划.pdf", "application/pdf"), (DOT, "现场.png", "image/png")],
    ids=["pdf", "png"],
)
def test_a_picture_or_pdf_is_shown_in_a_page_and_only_in_ours(at, city, content, name, media):
    case, url = planned(city, content, name)
    shen = at("shen")
    assert f'href="{url}read/"' in shen.get(f"/supervision-item/{case.pk}/").content.decode()
    page = shen.get(f"{url}read/").content.decode()
    assert f'src="{url}?inline"' in page
    shown = fetched(shen, f"{url}?inline")
    assert shown["Content-Type"] == media
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "script-src" not in shown["Content-Security-Policy"]


def test_without_being_asked_a_file_is_a_download_that_can_do_nothing(at, city):
    _, url = planned(city, DOT, "现场.png")
    answer = fetched(at("shen"), url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_is_shown_as_text_whatever_stands_in_it(at, city, encoding):
    _, url = planned(city, "一、摸排 1 < 2\n二、<b>整改</b>".encode(encoding), "计划.txt")
    page = at("shen").get(f"{url}read/").content.decode()
    assert "一、摸排 1 &lt; 2" in page
    assert "&lt;b&gt;整改" in page
    inline = fetched(at("shen"), f"{url}?inline")
    assert inline["Content-Disposition"].startswith("attachment")


def test_of_a_long_text_the_beginning_is_shown(at, city):
    _, url = planned(city, ("长" * 70_000).encode(), "计划.txt")
    page = at("shen").get(f"{url}read/").content.decode()
    assert "这里只显示开头" in page
    assert re.search("长{66666}", page)
    assert "�" not in page


def test_a_document_is_not_there_for_who_may_not_see_its_case(at, city):
    _, url = planned(city, DOT, "现场.png")
    assert at("lin").get(f"{url}read/").status_code == 404
    assert at("lin").get(f"{url}?inline").status_code == 404


def test_a_preview_costs_the_same_whatever_it_shows(at, city, django_assert_num_queries):
    _, url = planned(city, DOT, "现场.png")
    shen = at("shen")
    shen.get(f"{url}read/")
    with django_assert_num_queries(8):
        shen.get(f"{url}read/")
