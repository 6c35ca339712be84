"""Letters read and saved from a case, and its whole record in the order of time: for whom, as what, and at what cost."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from docx import Document

from fadu.cases.act import act
from fadu.cases.definitions import procedure_of
from fadu.cases.models import Case
from fadu.papers import pdf as setter
from fadu.papers.fonts import NoFont
from fadu.units.models import Post
from tests.desk.city import City
from tests.papers.seen import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Case:
    return city.busy(city.signed(co_units=["yz-house"]))


def slip(case: Case, ending: str = "/") -> str:
    return f"/supervision-item/{case.pk}/letters/2/assignment_slip{ending}"


ENDINGS = [
    "letters/2/assignment_slip/",
    "letters/2/assignment_slip.pdf",
    "letters/2/assignment_slip.docx",
    "record.pdf",
    "record.docx",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_strangers_sign_in_first_and_others_find_nothing(client, at, city, case, ending):
    address = f"/supervision-item/{case.pk}/{ending}"
    assert client.get(address).status_code == 302
    assert at("shen").get(address).status_code == 200
    assert at("shen").post(address).status_code == 405
    Post.objects.filter(person=city.people["shen"]).delete()
    assert at("shen").get(address).status_code == 404
    assert at("audit").get(address).status_code == 404


def test_the_case_lists_its_letters_and_each_entry_leads_to_those_it_issued(at, case):
    page = at("shen").get(f"/supervision-item/{case.pk}/").content.decode()
    section = page[page.index('id="letters"') : page.index('id="entries"')]
    for ending in ("/", ".pdf", ".docx"):
        assert f'href="{slip(case, ending)}"' in section
    line = page[page.index('id="e2"') :]
    assert f'<a href="{slip(case)}">发出 督办单</a>' in line
    assert re.search(r"督查催办单（蓝单）.*?蓝〔\d{4}〕1号", section, re.DOTALL)
    assert f'href="/supervision-item/{case.pk}/record.pdf"' in page


def test_a_case_without_letters_has_no_such_section(at, city):
    page = at("he").get(f"/supervision-item/{city.propose().pk}/").content.decode()
    assert 'id="letters"' not in page


def test_the_page_reads_as_the_document_does(at, case):
    page = at("shen").get(slip(case)).content.decode()
    for words in ("云州市人民政府办公室督办单", case.number, "城区积水点整治验收", "云州市水务局", "显示版心和行线"):
        assert words in page
    assert '<article class="gw slip" lang="zh-Hans">' in page
    assert page.count("<h1") == 1


def test_a_file_is_saved_under_its_number_and_title_and_kept_by_nobody(at, case):
    for ending, media in (("pdf", "application/pdf"), ("docx", "application/vnd.openxmlformats-officedocument")):
        answer = at("shen").get(slip(case, f".{ending}"))
        assert answer["Content-Type"].startswith(media)
        assert "attachment" in answer["Content-Disposition"]
        assert "%E7%9D%A3%E5%8A%9E%E5%8D%95" in answer["Content-Disposition"]  # 督办单
        assert answer["Cache-Control"] == "private, no-store"
    pages = read(b"".join(at("shen").get(slip(case, ".pdf")).streaming_content))
    assert "城区积水点整治验收" in pages[0].text
    assert "云州市人民政府办公室督办单" in Document(_body(at("shen").get(slip(case, ".docx")))).paragraphs[0].text


def _body(answer) -> io.BytesIO:
    return io.BytesIO(b"".join(answer.streaming_content))


def test_english_readers_get_a_reading_copy_and_the_document_beside_it(at, case):
    client = at("shen")
    client.cookies["django_language"] = "en"
    page = client.get(slip(case)).content.decode()
    assert "General Office – Assignment slip" in page
    assert 'href="?lang=zh"' in page
    assert "云州市人民政府办公室督办单" in client.get(f"{slip(case)}?lang=zh").content.decode()
    assert "云州市人民政府办公室督办单" in read(_body(client.get(slip(case, ".pdf"))).getvalue())[0].text


@pytest.mark.parametrize("address", ["letters/1/assignment_slip/", "letters/2/chase_slip/", "letters/99/assignment_slip.pdf", "letters/2/nothing.docx"])  # fmt: skip
def test_a_letter_that_was_not_issued_is_not_found(at, case, address):
    assert at("shen").get(f"/supervision-item/{case.pk}/{address}").status_code == 404


def test_what_a_reader_may_not_see_is_in_neither_page_nor_file(monkeypatch, at, case):
    procedure = procedure_of(case.definition_id)
    hidden = replace(procedure.fields["result_required"], seen_by=("leader",))
    monkeypatch.setitem(procedure.fields, "result_required", hidden)
    secret = "整治方案、验收材料和点位清单"
    assert secret in at("gu").get(slip(case)).content.decode()
    page = at("shen").get(slip(case)).content.decode()
    assert secret not in page
    assert "节录" in page
    assert "有 1 项内容您无权查看" in page
    assert secret not in read(_body(at("shen").get(slip(case, ".pdf"))).getvalue())[0].text
    assert secret not in str(_body(at("shen").get(slip(case, ".docx"))).getvalue())
    record = at("shen").get(f"/supervision-item/{case.pk}/record.pdf")
    assert secret not in "".join(page.text for page in read(_body(record).getvalue()))


def test_the_record_tells_the_whole_exchange_oldest_first(at, city, case):
    act(case, "refuse_later_date", city.people["gu"], {"why_not_later": "仍须按原定时限办结"})
    case.refresh_from_db()
    (table,) = Document(_body(at("he").get(f"/supervision-item/{case.pk}/record.docx"))).tables
    assert [row.cells[0].text for row in table.rows[1:]] == [str(n) for n in range(1, case.seq + 1)]
    text = "".join(row.cells[3].text for row in table.rows)
    told = [
        "拟立项",
        "批准立项并交办",
        "报送计划",
        "请于月底前报送节点成果",
        "三处点位与地铁施工交叉",
        "仍须按原定时限办结",
    ]
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    pages = read(_body(at("he").get(f"/supervision-item/{case.pk}/record.pdf")).getvalue())
    assert case.head in pages[-1].text


def test_without_a_chinese_font_the_page_says_what_to_do_and_offers_word(monkeypatch, at, case):
    def none(_folder: Path | None = None) -> None:
        raise NoFont(Path("/srv/fonts"))

    monkeypatch.setattr(setter, "faces", none)
    answer = at("shen").get(slip(case, ".pdf"))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "apt install fonts-noto-cjk" in page
    assert f'href="{slip(case, ".docx")}"' in page
    assert at("shen").get(slip(case, ".docx")).status_code == 200


def test_a_letter_asks_the_same_of_the_database_however_long_the_case(django_assert_max_num_queries, at, city, case):
    client: Client = at("shen")
    client.get(slip(case))
    for address in (slip(case), slip(case, ".pdf"), slip(case, ".docx")):
        with django_assert_max_num_queries(12):
            client.get(address)
    with django_assert_max_num_queries(14):
        client.get(f"/supervision-item/{case.pk}/record.docx")


def test_markup_in_a_title_stays_text(at, city):
    case = city.approved(matter='<img src=x onerror="alert(1)">#panic()', days_ago=3)
    page = at("he").get(slip(case)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "#panic()" in read(_body(at("he").get(slip(case, ".pdf"))).getvalue())[0].text
