"""The chapter on supervision as a page: every number opens its evidence, the same as files, published by who may."""

import io
import re

import pytest
from docx import Document

from fadu.cases.moments import now
from fadu.figures.models import Snapshot
from tests.desk.city import City
from tests.papers.seen import read

pytestmark = pytest.mark.django_db

YEAR = now().year
PAGE = f"/reports/{YEAR}/supervision/"


@pytest.fixture
def busy(city: City) -> City:
    for n in range(2):
        city.approved(f"事项{n}", days_ago=0)
    return city


def test_strangers_sign_in_first(client, busy):
    for address in ("/reports/", PAGE, f"{PAGE}document.pdf", f"{PAGE}document.docx"):
        assert client.get(address).status_code == 302
    assert client.post(f"{PAGE}publish/").status_code == 302


@pytest.mark.parametrize(
    "address", [f"/reports/{YEAR}/nothing/", "/reports/1999/supervision/", f"/reports/{YEAR + 1}/supervision/"]
)
def test_a_chapter_or_year_that_is_not_there_is_not_found(at, busy, address):
    assert at("he").get(address).status_code == 404


def test_every_number_of_the_page_leads_to_its_figure_and_its_note(at, busy):
    client = at("he")
    page = client.get(PAGE).content.decode()
    assert re.search(
        rf'<a class="num" href="/figures/supervision-item-opened/\?period={YEAR}">2 项</a><sup><a href="#s1">1</a></sup>',
        page,
    )
    links = set(re.findall(r'<a class="num" href="([^"]+)"', page))
    assert len(links) > 4
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    notes = re.findall(r'href="#s(\d+)"', page)
    assert all(f'id="s{note}"' in page for note in notes)
    bare = re.sub(
        r"<[^>]+>",
        "",
        re.sub(
            r'<a class="num".*?</a>|<sup>.*?</sup>', "", page[page.index('class="body"') : page.index("数字的出处")]
        ),
    )
    assert not re.search(r"\d", bare.replace(str(YEAR), "")), bare


def test_the_list_names_every_chapter_and_year(at, busy):
    page = at("he").get("/reports/").content.decode()
    assert f'href="{PAGE}"' in page
    assert f'href="/reports/{YEAR - 1}/' not in page
    assert 'href="/reports/"' in at("he").get("/figures/").content.decode()


def test_it_is_saved_as_pdf_and_word_with_the_same_numbers(at, busy):
    answer = at("he").get(f"{PAGE}document.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.text for page in read(b"".join(answer.streaming_content)))
    assert "全年立项督办2项" in text.replace(" ", "")
    assert "草稿" in text
    document = Document(io.BytesIO(b"".join(at("he").get(f"{PAGE}document.docx").streaming_content)))
    assert any("全年立项督办 2 项" in paragraph.text for paragraph in document.paragraphs)
    assert [cell.text for cell in document.tables[0].rows[-1].cells] == ["合计", "2"]


@pytest.mark.parametrize("username", ["shen", "gu", "audit"])
def test_only_the_owner_of_the_figures_publishes_the_chapter(at, busy, username):
    assert f'action="{PAGE}publish/"' not in at(username).get(PAGE).content.decode()
    assert at(username).post(f"{PAGE}publish/").status_code == 403
    assert at("he").get(f"{PAGE}publish/").status_code == 405
    assert not Snapshot.objects.exists()


def test_what_was_published_stands_and_is_marked(at, busy):
    client = at("he")
    assert "草稿" in client.get(PAGE).content.decode()
    page = client.post(f"{PAGE}publish/", follow=True).content.decode()
    assert "全部数字已公布" in page
    snapshot = Snapshot.objects.get(figure="supervision-item-opened")
    assert f'href="/figures/supervision-item-opened/published/{snapshot.pk}/"' in page
    assert f"{snapshot.digest[:4]}·{snapshot.digest[-4:]}" in page
    assert f'action="{PAGE}publish/"' not in page
    busy.approved("后来的", days_ago=0)
    page = client.get(PAGE).content.decode()
    assert ">2 项</a>" in page
    assert "公布为 2，现在是 3" in page
    assert "全部数字已公布" not in page


def test_a_year_without_records_says_what_to_do(at, busy):
    page = at("he").get(f"/reports/{YEAR - 3}/supervision/").content.decode()
    assert "本年度没有记录" in page


def test_the_page_costs_no_more_with_more_cases(django_assert_max_num_queries, at, busy):
    client = at("he")
    client.get(PAGE)
    with django_assert_max_num_queries(85):
        client.get(PAGE)
