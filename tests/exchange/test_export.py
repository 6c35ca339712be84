"""A ledger as a file: exactly its rows, nothing the reader may not see, no formula, and a record of who took it."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.act import act
from fadu.cases.models import Case
from fadu.desk import exporting
from fadu.exchange import export as exchange_export
from fadu.exchange.models import ExportRecord
from fadu.exchange.sheets import DANGEROUS, LONGEST_CELL, as_meant, harmless
from fadu.jobs.models import Job
from fadu.jobs.worker import drain
from fadu.units.models import Post
from tests.desk.city import fill
from tests.exchange.conftest import body, lines, sheet

pytestmark = pytest.mark.django_db
URL = "/supervision-item/export/"


def table(client: Any, query: str = "", form: str = "csv") -> list[list[Any]]:
    answer = client.get(f"{URL}?format={form}&{query}")
    assert answer.status_code == 200
    return lines(body(answer)) if form == "csv" else sheet(body(answer))


def titles(client: Any, query: str) -> list[str]:
    rows = table(client, f"cols=title&{query}")
    assert rows[0] == ["事项"]
    return [row[0] for row in rows[1:]]


@pytest.fixture
def full(city):
    fill(city)
    return city


FILTERS = [
    "", "state=all", "state=closed", "unit=yz-house", "kind=meeting", "light=yellow", "light=red", "stage=underway",
    "q=整治", "sort=-due", "sort=-opened&state=all", "since=2000-01-01&until=2000-12-31",
]  # fmt: skip


@pytest.mark.parametrize("query", FILTERS)
def test_the_file_holds_exactly_the_rows_of_the_ledger_in_their_order(at, full, query):
    he = at("he")
    page = he.get(f"/supervision-item/?{query}")
    shown = [line.row.title for line in page.context["lines"]]
    assert len(shown) < 30, "the ledger has one page here"
    assert titles(he, query) == shown


def test_ticked_rows_alone(at, full):
    first, second = Case.objects.order_by("pk")[:2]
    assert set(titles(at("he"), f"ids={first.pk},{second.pk}")) == {first.title, second.title}
    assert set(titles(at("he"), f"ids={first.pk}&ids={second.pk}")) == {first.title, second.title}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_reader_takes_out_only_what_they_may_see(at, full, form):
    everything = {row[0] for row in table(at("he"), "state=all&cols=title", form)[1:]}
    assert {row[0] for row in table(at("lin"), "state=all&cols=title", form)[1:]} < everything
    assert table(at("audit"), "state=all&cols=title", form) == [["事项"]]


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(f"{URL}?format=csv").status_code == 302


def test_columns_are_as_asked_and_dates_and_numbers_are_what_they_are(at, city):
    case = city.signed(due_in=20)
    rows = table(at("he"), "cols=number,title,unit,due,light&cols=data.due&cols=id&cols=no-such", "xlsx")
    assert rows[0] == ["编号", "事项", "单位", "到期日", "灯", "办结时限", "系统编号"]
    number, title, unit, due, light, agreed, pk = rows[1]
    assert (number, title, unit, light) == (case.number, case.title, "云州市水务局", "正常")
    assert isinstance(due, date)
    assert due == agreed
    assert pk == str(case.pk), "an id is text: sixteen digits do not survive as a number"


def test_a_private_field_leaves_only_when_asked_for_and_a_hidden_one_never(at, city, monkeypatch):
    procedure = definitions.library().in_force("supervision-item")
    fields = dict(procedure.fields)
    fields["result_required"] = replace(fields["result_required"], private=True)
    fields["urgent"] = replace(fields["urgent"], seen_by=("leader",))
    changed = replace(procedure, fields=fields)
    monkeypatch.setattr(definitions, "current", lambda key: changed)
    monkeypatch.setattr(definitions, "procedure_of", lambda pk: changed)
    city.signed()
    wanted = fields["result_required"].title.zh
    assert wanted not in table(at("he"))[0]
    assert table(at("he"), "cols=data.result_required")[1] == ["整治方案、验收材料和点位清单"]
    assert "data.urgent" not in at("he").get(URL).content.decode()
    assert "data.urgent" in at("gu").get(URL).content.decode()


NASTY = [
    "=1+1",
    "+8613800000000",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "＝1+1",
    "<script>alert(1)</script>",
    'a,"b"\nc',
    "000123",
]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula(at, city, text):
    city.propose(f"x{text}" if text[0] == "\t" else text, 1)
    stored = Case.objects.get().title
    (written,) = table(at("he"), "cols=title")[1]
    assert not written.startswith(DANGEROUS)
    assert as_meant(written) == stored
    content = body(at("he").get(f"{URL}?format=xlsx&cols=title"))
    assert sheet(content)[1] == [stored]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist() if "sheets/" in name)


def test_what_was_made_harmless_is_read_back_as_it_was():
    for sign in DANGEROUS:
        assert harmless(f"{sign}1").startswith("'")
        assert as_meant(harmless(f"{sign}1")) == f"{sign}1"
    assert harmless("'quoted'") == as_meant("'quoted'") == "'quoted'"


def test_a_text_too_long_for_a_cell_says_that_there_is_more(at, city):
    act(city.signed(), "report", city.people["shen"], {"progress": "长" * 40_000})
    (written,) = table(at("he"), "cols=data.progress", "xlsx")[1]
    assert len(written) == LONGEST_CELL
    assert written.endswith("全文请看系统）")
    (whole,) = table(at("he"), "cols=data.progress", "csv")[1]
    assert len(whole) == 40_000


def test_the_second_sheet_tells_where_the_rows_come_from(at, full):
    answer = at("he").get(f"{URL}?format=xlsx&unit=yz-house")
    told = dict(sheet(body(answer), 1))
    assert told["导出人"] == "何以宁"
    assert "住房" in told["条件"]
    assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_every_export_is_recorded_for_good(at, full):
    table(at("he"), "unit=yz-house&cols=title")
    record = ExportRecord.objects.get()
    assert (record.person, record.procedure, record.form) == (full.people["he"], "supervision-item", "csv")
    assert (record.query, record.columns) == ("unit=yz-house", ["title"])
    assert record.rows == Case.objects.filter(handling__code="yz-house", parent=None).count()
    for spoil in (lambda: ExportRecord.objects.update(rows=0), lambda: ExportRecord.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()


# -- many rows ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def few_at_once(monkeypatch):
    for module in (exporting, exchange_export):
        monkeypatch.setattr(module, "AT_ONCE", 2)


def test_many_rows_become_a_job_that_a_reader_must_ask_for(at, full, few_at_once):
    he = at("he")
    page = he.get(f"{URL}?format=csv&state=all&cols=title")
    assert "超过 2 行" in page.content.decode()
    assert not Job.objects.exists()
    answer = he.post(f"{URL}?state=all", {"format": "csv", "cols": ["title"]})
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    drain()
    job.refresh_from_db()
    assert (job.state, job.total) == ("done", Case.objects.filter(parent=None).count())
    rows = lines(body(he.get(reverse("job-file", args=[job.pk]))))
    assert len(rows) == job.total + 1
    record = ExportRecord.objects.get()
    assert (record.query, record.rows, record.job) == ("state=all", job.total, job.pk)


def test_a_job_looks_anew_at_what_its_person_may_see(at, full, few_at_once):
    lin = at("lin")
    lin.post(URL, {"format": "csv", "cols": ["title"], "state": "all"})
    Post.objects.filter(person=full.people["lin"]).delete()
    drain()
    job = Job.objects.get()
    assert (job.state, job.message_zh) == ("failed", "您已没有有效的岗位，不能导出")
    assert not ExportRecord.objects.exists()


def test_a_job_speaks_the_language_it_was_asked_in(at, full, few_at_once):
    he = at("he")
    he.cookies["django_language"] = "en"
    he.post(URL, {"format": "csv", "cols": ["title", "light"], "state": "all"})
    drain()
    job = Job.objects.get()
    assert job.path is not None
    assert lines(job.path.read_bytes())[0] == ["Matter", "Light"]


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_offers_files_and_columns_and_keeps_the_filter(at, full):
    page = at("he").get(f"{URL}?unit=yz-house").content.decode()
    assert '<input type="hidden" name="unit" value="yz-house">' in page
    assert 'value="data.result_required"' in page
    assert "审计可查" in page


def test_with_nothing_to_export_the_page_says_so(at, city):
    assert "没有可导出的行" in at("he").get(URL).content.decode()


@pytest.mark.parametrize(("query", "number"), [("", 7), ("?format=csv", 9), ("?format=xlsx", 9)])
def test_more_rows_ask_no_more_of_the_database(at, city, django_assert_num_queries, query, number):
    he = at("he")
    city.propose("一", 1)
    he.get(URL + query)
    with django_assert_num_queries(number):
        he.get(URL + query)
    for matter in "甲乙丙丁戊":
        city.signed(matter)
    with django_assert_num_queries(number):
        he.get(URL + query)
