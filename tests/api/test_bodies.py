"""Whatever is sent, the answer says what is wrong with it, nothing is half-written, and the server does not stumble."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fadu.api.openapi import document
from fadu.api.parsing import DEEPEST
from fadu.api.views import api
from fadu.cases import definitions
from fadu.cases.models import Attachment, Case, Concern, Entry, File, NumberSeries
from fadu.cases.verify import verify
from fadu.units.roles import ADMINISTRATORS
from fadu.units.tokens import issue
from tests.api.conftest import Caller
from tests.api.test_cases import LEDGER, PROPOSAL, told
from tests.cases.cast import PAPER, World


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, Entry, Concern, Attachment, File, NumberSeries))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "第1行第2个字符"),
        ('{"data":\n  {"matter": }}', "第2行第14个字符"),
        ("nonsense", "第1行第1个字符"),
        ('{"data": {"matter": NaN}}', "NaN"),
        ('{"data": {"matter": -Infinity}}', "Infinity"),
        ('{"data": {}, "data": {}}', "“data”出现了两次"),
        ('{"data": {"matter": "a\\u0000b"}}', "$.data.matter"),
        ('{"data": {"matter": "\\ud800"}}', "$.data.matter"),
        ('{"data": {"co_units": ["x", "\\ud800"]}}', "$.data.co_units[1]"),
        ("[" * 100_000, "嵌套过深"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "嵌套过深"),
        ('{"data": {"matter": ' + "9" * 5000 + "}}", "数字过长"),
        (b"\xff\xfe{}", "第0字节"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(world: World, caller, text, place):
    before = everything()
    found = told(caller("he").post(LEDGER, text), 400, "malformed")
    assert place in found["detail"]
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "body"),
        ("text", "body"),
        ({"data": []}, "data"),
        ({"date": {}}, "date"),
        ({"data": PROPOSAL, "at": 5}, "at"),
        ({"data": PROPOSAL, "overrides": {"x": 1}}, "overrides.x"),
        ({"data": PROPOSAL, "unit": None}, "unit"),
    ],
)
def test_json_of_another_shape_is_told_with_its_place(world: World, caller, body, place):
    found = told(caller("he").post(LEDGER, json.dumps(body)), 422, "unfit")
    assert [error["place"] for error in found["errors"]] == [place]


def test_an_unknown_field_and_a_wrong_kind_are_told_with_their_field(world: World, caller):
    body = {"data": {**PROPOSAL, "colour": "red", "urgent": 5, "matter": ["x"]}}
    found = told(caller("he").post(LEDGER, body), 422, "unfit")
    assert {(item["gate"], item["field"]) for item in found["refusals"]} == {
        ("unknown", "colour"),
        ("kind", "urgent"),
        ("kind", "matter"),
    }


@pytest.mark.parametrize("unit", ["", "x", 5, ["yz-water"], {"code": "yz-water"}, "yz-water' OR 1=1 --"])
def test_a_unit_that_is_none_is_told(world: World, caller, unit):
    found = told(caller("he").post(LEDGER, {"data": {**PROPOSAL, "lead_unit": unit}}), 422, "unfit")
    assert {item["field"] for item in found["refusals"]} == {"lead_unit"}


def test_a_body_beyond_the_limit_is_told(world: World, caller):
    told(caller("he").post(LEDGER, {"data": {**PROPOSAL, "matter": "长" * 1_000_000}}), 413, "too-large")


def test_too_many_actions_at_once_are_told(world: World, caller):
    case = world.underway()
    body = {"actions": [{"action": "report", "data": {"progress": "一"}}] * 21}
    told(caller("shen").post(f"/cases/{case.pk}/actions", body), 422, "unfit")
    told(caller("shen").post(f"/cases/{case.pk}/actions", {"actions": []}), 422, "unfit")


# -- anything at all ---------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
    | st.sampled_from(["yz-water", "1", "2026-10-22", "0001-01-01", "9999-12-31", "2026-10-22T18:00", "true", "13"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted(name for name in document(api)["components"]["schemas"] if "." in name)
OPENINGS = sorted({name for name in NAMES if document(api)["components"]["schemas"][name]["properties"].get("unit")})


AROUND = {
    "at": st.sampled_from(["2026-09-08", "2026-09-08T09:00", "2026-01-01", "2000-01-01", "x"]) | JSON,
    "seen": st.integers(-1, 5) | JSON,
    "overrides": JSON,
}
QUERY = "state kind stage unit light outcome q since until children sort size after before tab".split()


@st.composite
def data_of(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Values that look right for what an action takes, of which up to two are spoilt or left out."""
    schema = document(api)["components"]["schemas"][name]["properties"]["data"]
    found = {key: draw(_value(inner)) for key, inner in schema["properties"].items() if draw(st.integers(0, 9))}
    for key in draw(st.lists(st.sampled_from(sorted(schema["properties"]) or ["x"]), max_size=2)):
        if draw(st.booleans()):
            found[key] = draw(JSON)
        else:
            found.pop(key, None)
    return found


def _value(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("$ref"):
        return st.just(PAPER)
    if schema.get("format") == "date" or schema.get("pattern", "").startswith(r"^\d{4}"):
        return st.sampled_from(["2026-10-22", "2026-09-08", "2027-03-01"])
    if schema.get("type") == "array":
        return st.lists(_value(schema["items"]), max_size=2)
    if schema.get("type") == "object":
        return st.fixed_dictionaries({key: _value(column) for key, column in schema.get("properties", {}).items()})
    plain = {
        "boolean": st.booleans(),
        "number": st.integers(-5, 400),
        "string": st.sampled_from(["yz-water", "1", "文字"]),
    }
    return plain.get(str(schema.get("type")), st.just("yz-water"))


FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def everyone(world: World) -> Caller:
    """Somebody who holds every role at the office and at a bureau, so that it is the data that is judged."""
    library = definitions.library()
    world.person("everyone", "全能")
    for role in sorted(library.book.roles):
        if role not in ADMINISTRATORS:
            world.post("everyone", f"{role}@yz-gov")
            world.post("everyone", f"{role}@yz-water")
    return Caller(Client(), issue(world.people["everyone"], "测试")[0])


def answered(call: Callable[[], Any]) -> None:
    """The answer is a success or a problem, never a stumble; a problem has written nothing."""
    before = everything()
    with transaction.atomic():
        response = call()
        event(str(response.status_code))
        assert response.status_code in (200, 201, 400, 403, 404, 409, 413, 422), response.content.decode()
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
            assert everything() == before
        else:
            assert verify().fault == ""
        transaction.set_rollback(True)  # the next example begins where this one did


@FIXED
@given(data=st.data())
def test_any_opening_of_any_procedure_is_done_or_told(everyone: Caller, data):
    name = data.draw(st.sampled_from(OPENINGS))
    body = {"data": data.draw(data_of(name))}
    answered(lambda: everyone.post(f"/procedures/{name.partition('.')[0]}/cases", body))


@FIXED
@given(data=st.data())
def test_any_action_on_a_case_is_done_or_told(world: World, everyone: Caller, data):
    case = Case.objects.first() or world.underway(co_units=["yz-parks"])
    name = data.draw(st.sampled_from([name for name in NAMES if name.startswith("supervision-item.")]))
    body = {"data": data.draw(data_of(name)), **data.draw(st.fixed_dictionaries({}, optional=AROUND))}
    answered(lambda: everyone.post(f"/cases/{case.pk}/actions/{name.partition('.')[2]}", body))


@FIXED
@given(body=JSON, path=st.sampled_from(["", "/sign", "/fly", "/@rectify"]))
def test_any_json_at_all_is_told(world: World, everyone: Caller, body, path):
    case = Case.objects.first() or world.underway()
    answered(lambda: everyone.post(f"/cases/{case.pk}/actions{path}", json.dumps(body)))


@FIXED
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all_are_told(everyone: Caller, content):
    answered(lambda: everyone.post(LEDGER, content))


@FIXED
@given(query=st.dictionaries(st.sampled_from(QUERY), st.text(max_size=10) | st.sampled_from(["open", "due", "1"])))
def test_any_question_at_all_is_answered(world: World, everyone: Caller, query):
    for path in (LEDGER, "/inbox", "/search", "/cases/1/entries"):
        answered(partial(everyone.get, f"{path}?{urlencode(query)}"))
