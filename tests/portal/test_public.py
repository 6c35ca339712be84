"""The public pages: what the definitions publish, once they publish it, and nothing else."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fadu.cases import definitions
from fadu.cases.act import act, open_case
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.definitions import library
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.state import State
from fadu.portal.public import open_columns, public_lists, public_view
from fadu.portal.shown import Around, public_case
from tests.desk.city import City, build

pytestmark = pytest.mark.django_db

LISTED = [key for key in library().keys if public_view(library().in_force(key)) is not None]
MILESTONES = [
    {"name": "开工", "weight": 40, "due": "2026-03-01", "reached_on": "2026-02-20"},
    {"name": "完工", "weight": 60, "due": "2099-12-31"},
]


@pytest.fixture
def city(db: None) -> City:
    return build()


def enlisted(city: City, name: str = "新建改建公厕 20 座") -> Case:
    due = (now().date() + timedelta(days=200)).isoformat()
    given = {
        "year": 2026, "name": name, "area": "services", "target": "20 座", "lead_unit": "yz-water", "due": due,
        "co_units": ["yz-house"],
    }  # fmt: skip
    return open_case("livelihood-project", city.people["he"], given, city.units["yz-sup"])


def announced(city: City, name: str = "新建改建公厕 20 座") -> Case:
    return act(enlisted(city, name), "announce", city.people["gu"], {"milestones": MILESTONES})


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ---- when


def test_nothing_is_public_before_it_is_published(client, city):
    case = enlisted(city)
    assert "公厕" not in text_of(client, "/public/")
    assert "还没有公开的事项" in text_of(client, "/public/")
    assert "公厕" not in text_of(client, "/public/livelihood-project/")
    assert client.get(f"/public/livelihood-project/{case.pk}/").status_code == 404


def test_what_is_published_is_there_without_an_account_with_its_progress(client, city):
    case = announced(city)
    for url in ("/public/", "/public/livelihood-project/"):
        page = text_of(client, url)
        assert f'href="/public/livelihood-project/{case.pk}/">新建改建公厕 20 座' in page
        assert "40%" in page
    page = text_of(client, f"/public/livelihood-project/{case.pk}/")
    for words in ("20 座", "云州市水务局", "2026年2月20日", 'value="40"', "实施中"):
        assert words in page, words
    act(
        case,
        "report",
        city.people["shen"],
        {"progress": "已完工。", "milestones": [{**one, "reached_on": "2026-04-01"} for one in MILESTONES]},
    )
    page = text_of(client, f"/public/livelihood-project/{case.pk}/")
    assert "100%" in page
    assert "已完工。" in page


def test_what_is_not_named_by_the_publication_stays_inside(client, city):
    case = announced(city)
    page = text_of(client, f"/public/livelihood-project/{case.pk}/")
    assert "云州市住房和城乡建设局" not in page, "the co-unit is no part of the public list"
    assert "便民服务" not in page
    assert "何以宁" not in page


def test_an_item_that_is_taken_back_is_gone(client, city):
    """A decision of the annual catalogue: removed from the view when its condition no longer holds."""
    case = announced(city)
    Case.objects.filter(pk=case.pk).update(state={**case.state, "done": {}})
    assert client.get(f"/public/livelihood-project/{case.pk}/").status_code == 404
    assert "公厕" not in text_of(client, "/public/livelihood-project/")


# ---- what


def _value(field: Field, mark: str) -> Any:
    """A value of the field that shows where it comes from."""
    if field.kind == "list":
        row = {key: _value(column, f"{mark}.{key}") for key, column in field.rows.items()}
        return [row or _value(Field(field.key, field.title, field.of or "text"), mark)]  # type: ignore[arg-type]
    if field.choices:
        return next(iter(field.choices))
    if field.kind == "document":
        return {"sha256": mark, "name": f"〈{mark}〉.pdf", "size": 1, "type": "application/pdf"}
    kinds = {
        "number": 7,
        "money": 7,
        "date": "2031-03-05",
        "moment": "2031-03-05",
        "yes_no": True,
        "person": "1",
        "case": 1,
    }
    return kinds.get(field.kind, {"name": f"〈{mark}〉"} if field.kind == "party" else f"〈{mark}〉")


def _lit(procedure: Procedure) -> Case:
    """A case of it in which every field says its own name, published as far as a publication can be."""
    data = {key: _value(field, key) for key, field in procedure.fields.items()}
    stage = next(iter(procedure.ends_in))
    return Case(
        pk=7,
        procedure=procedure.key,
        definition_id=definitions.definition_id(procedure),
        title="〈title〉",
        number="〈number〉",
        stage=stage,
        outcome=next(iter(procedure.outcomes), None),
        state=State(stage=stage, data=data).to_json(),
    )


@pytest.mark.parametrize("key", LISTED)
def test_no_field_appears_that_is_private_for_some_roles_or_not_marked_public(client, city, key, monkeypatch):
    """Of every shipped procedure with a public list, with every field filled, whatever its condition says."""
    procedure = library().in_force(key)
    view = public_view(procedure)
    assert view is not None
    monkeypatch.setattr("fadu.portal.public.public_view", lambda _: replace(view, when=None))
    found = public_case(_lit(procedure), Around())
    assert found is not None, "its publication names no public field"
    seen = set(re.findall(r"〈([^〉]+)〉", repr(found)))
    assert seen, "nothing of it is seen"
    allowed = {name for name in view.shows if name in procedure.fields}
    columns = {f"{name}.{one.key}" for name in allowed for one in open_columns(procedure.fields[name])}
    assert seen <= allowed | columns | ({"number"} if "number" in view.shows else set())
    for name in seen:
        field, _, column = name.partition(".")
        assert procedure.fields[field].public, name
        assert not procedure.fields[field].private, name
        assert not procedure.fields[field].seen_by, name
        assert not (column and procedure.fields[field].rows[column].private), name


def test_lists_that_need_a_choice_or_go_to_one_party_are_not_for_everybody():
    for one in public_lists():
        assert not one.view.to
        assert not one.view.choice_of
    assert "disclosure-request" not in LISTED
    assert "appeal" not in LISTED
    assert "livelihood-project" in LISTED


@pytest.mark.parametrize(
    "url",
    [
        "/public/supervision-item/", "/public/appeal/", "/public/nothing/", "/public/disclosure-request/",
        "/public/livelihood-project/1/", f"/public/livelihood-project/1/files/{'a' * 64}/",
    ],
)  # fmt: skip
def test_what_is_not_published_does_not_exist(client, city, url):
    assert client.get(url).status_code == 404


def test_a_case_of_another_procedure_is_not_reached_through_a_public_list(client, city):
    case = city.signed()
    assert client.get(f"/public/livelihood-project/{case.pk}/").status_code == 404
    assert client.get(f"/public/supervision-item/{case.pk}/").status_code == 404


# ---- files


def test_only_documents_in_published_fields_are_handed_out(client, city):
    case = announced(city)
    proof = city.document("佐证.pdf", "shen")
    act(
        case,
        "report",
        city.people["shen"],
        {"progress": "完工", "milestones": [{**one, "reached_on": "2026-04-01"} for one in MILESTONES]},
    )
    act(case, "ask_check", city.people["shen"], {"evidence": proof})
    assert client.get(f"/public/livelihood-project/{case.pk}/files/{proof['sha256']}/").status_code == 404
    assert "佐证.pdf" not in text_of(client, f"/public/livelihood-project/{case.pk}/")


# ---- the pages


def test_texts_are_never_markup(client, city):
    case = announced(city, "<script>alert(1)</script>")
    for url in ("/public/", "/public/livelihood-project/", f"/public/livelihood-project/{case.pk}/"):
        assert "<script>alert" not in text_of(client, url)


def test_a_long_list_is_paged_and_no_case_comes_twice(client, city):
    for n in range(33):
        announced(city, f"项目{n:02}")
    url, seen = "/public/livelihood-project/", []
    while url:
        page = text_of(client, url)
        seen += re.findall(r">(项目\d\d)</a>", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/public/livelihood-project/{onward[1]}" if onward else ""
    assert sorted(seen) == [f"项目{n:02}" for n in range(33)]
    assert client.get("/public/livelihood-project/?after=x").status_code == 200


@pytest.mark.parametrize("url", ["/public/", "/public/livelihood-project/"])
def test_the_number_of_queries_does_not_depend_on_the_rows(client, city, url):
    announced(city)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(9):
        announced(city, f"项目{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
    assert len(few) <= len(LISTED) + 3


def test_the_size_of_the_text_is_kept(client, city):
    answer = client.get("/public/", {"size": "elder"})
    assert answer.cookies["size"].value == "elder"
    assert 'class="portal elder"' in text_of(client, "/public/")
    assert 'class="portal"' in text_of(client, "/public/?size=nonsense").replace(" elder", "")
    assert client.get("/public/").headers["Cache-Control"] == "public, max-age=60"


def test_reading_is_all_that_can_be_done(client, city):
    assert client.post("/public/").status_code == 405
