"""The document that describes the API: valid, complete, and telling the truth about what is accepted."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from fadu.api.openapi import document
from fadu.api.schemas import by_person
from fadu.api.views import api
from fadu.cases import definitions
from tests.api.conftest import ROOT
from tests.api.test_cases import LEDGER, PROPOSAL
from tests.cases.cast import World

DOCUMENT = json.loads(json.dumps(document(api)))
SCHEMAS = DOCUMENT["components"]["schemas"]
ACTIONS = [
    (procedure, action)
    for procedure in (definitions.library().in_force(key) for key in definitions.library().keys)
    for action in procedure.actions.values()
]


def refs(value: Any) -> Iterator[str]:
    """Every reference inside."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def resolved(ref: str) -> Any:
    found = DOCUMENT
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_it_is_openapi_3_1_with_an_answer_for_every_operation():
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    ids = []
    for path, operations in DOCUMENT["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            ids.append(operation["operationId"])
            assert operation["responses"].keys() & {"200", "201", "202", "204"}
            assert operation["responses"]["401"]["content"]["application/problem+json"]
            assert operation["security"]
            named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere():
    found = set(refs(DOCUMENT))
    assert "#/components/schemas/Document" in found
    for ref in found:
        assert resolved(ref)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_json_schema_of_2020_12(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("procedure", "action"), ACTIONS, ids=[f"{p.key}.{a.key}" for p, a in ACTIONS])
def test_every_action_a_person_may_do_is_named_with_what_it_takes(procedure, action):
    name = f"{procedure.key}.{action.key}"
    if not by_person(action):
        assert name not in SCHEMAS
        return
    asked = {item.field for item in action.takes if procedure.fields[item.field].is_typed}
    assert asked <= SCHEMAS[name]["properties"]["data"]["properties"].keys()
    path = "/procedures/{key}/cases" if action.is_opening else "/cases/{case_id}/actions/{action}"
    body = DOCUMENT["paths"][f"/api/v1{path}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"$ref": f"#/components/schemas/{name}"} in body["anyOf"]


def test_choices_dates_and_titles_are_told_in_both_languages():
    fields = SCHEMAS["supervision-item.propose"]["properties"]["data"]["properties"]
    assert fields["source"]["title"] == "来源 | Source"
    assert fields["source"]["enum"] == list(definitions.library().in_force("supervision-item").fields["source"].choices)
    assert fields["source"]["x-titles"]["meeting"] == "会议纪要 | meeting minutes"
    assert SCHEMAS["proposal.answer" if "proposal.answer" in SCHEMAS else "supervision-item.propose"]
    dates = [item for schema in SCHEMAS.values() for item in _strings(schema) if item.get("format") == "date"]
    assert dates


def _strings(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "string":
            yield schema
        for inner in schema.values():
            yield from _strings(inner)


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMAS[name], "components": DOCUMENT["components"]})


def test_what_the_schema_takes_the_api_takes_and_the_other_way_round(world: World, caller):
    good, bad = {"data": PROPOSAL}, {"data": {**PROPOSAL, "source": "rumour"}}
    validator("supervision-item.propose").validate(good)
    with pytest.raises(jsonschema.ValidationError):
        validator("supervision-item.propose").validate(bad)
    assert caller("he").post(LEDGER, good).status_code == 201
    assert caller("he").post(LEDGER, bad).status_code == 422


def test_it_is_served_to_who_is_signed_in_with_chinese_as_it_is(world: World, caller):
    response = caller("he").get("/openapi.json")
    assert response.json() == DOCUMENT
    assert "督办".encode() in response.content


def test_the_page_of_the_document_loads_nothing_from_outside_and_nothing_inline(world: World):
    client = Client()
    assert client.get(f"{ROOT}/docs").status_code == 302
    client.force_login(world.people["he"])
    page = client.get(f"{ROOT}/docs").content.decode()
    scripts = [part.split(">", 1) for part in page.split("<script")[1:]]
    assert len(scripts) == 3
    for attributes, body in scripts:
        inline = body.split("</script>")[0].strip()
        assert 'src="/static/' in attributes or 'type="application/json"' in attributes or not inline
    assert "http://" not in page
    assert "https://" not in page
    assert f"{ROOT}/openapi.json" in page


def test_a_procedure_is_told_whole(world: World, caller):
    found = caller("he").get("/procedures/supervision-item").json()
    actions = {action["key"]: action for action in found["actions"]}
    assert actions["verify"]["by"] == ["supervision_officer"]
    assert "member of lead_unit" in actions["verify"]["not_by"] or actions["verify"]["not_by"]
    assert {gate["key"]: gate["severity"] for gate in found["gates"]}["evidence_filed"] == "block"
    assert "signing" in {clock["key"] for clock in found["clocks"]}
    assert {"law": "SUP", "articles": "11", "tag": "V"}.items() <= next(
        cite for cite in found["articles"] if (cite["law"], cite["articles"]) == ("SUP", "11")
    ).items()
    listed = caller("he").get("/procedures").json()["items"]
    assert [item["key"] for item in listed] == list(definitions.library().keys)


def test_units_are_told_in_the_order_of_the_tree(world: World, caller):
    found = caller("he").get("/units").json()["items"]
    assert [unit["path"] for unit in found] == sorted(unit["path"] for unit in found)
    assert {unit["code"] for unit in found} == world.units.keys()
