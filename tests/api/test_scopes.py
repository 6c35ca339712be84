"""A token is good for no more than its scope: reading only, or some procedures only."""

import pytest
from django.test import Client

from fadu.units.models import Scope
from fadu.units.tokens import issue
from tests.api.conftest import Caller
from tests.cases.cast import World


def narrowed(world: World, scope: Scope = Scope.ACT, *procedures: str) -> Caller:
    return Caller(Client(), issue(world.people["he"], "月报", 30, scope, procedures)[0])


def out_of_scope(response) -> bool:
    return response.status_code == 403 and bool(response.json()["type"] == "urn:fadu:problem:scope")


def test_a_reading_token_reads_and_does_nothing(world: World):
    case = world.approved()
    reading = narrowed(world, Scope.READ)
    assert reading.get(f"/cases/{case.pk}").status_code == 200
    assert out_of_scope(reading.post(f"/cases/{case.pk}/actions/chase", {"data": {"slip": "blue"}}))
    assert out_of_scope(reading.post("/procedures/supervision-item/cases", {"data": {}}))
    assert out_of_scope(reading.call("delete", "/tokens/1"))
    assert case.entries.count() == 2


def test_a_token_for_some_procedures_knows_of_no_other_case(world: World):
    case = world.approved("城区积水点整治")
    other = narrowed(world, Scope.ACT, "appeal")
    assert other.get(f"/cases/{case.pk}").status_code == 404
    assert other.get("/search?q=积水").json()["items"] == []
    assert other.get("/inbox?tab=waiting").json()["items"] == []
    assert other.get("/inbox").json()["counts"]["waiting"] == 0
    assert out_of_scope(other.get("/procedures/supervision-item/cases"))
    assert out_of_scope(other.post("/procedures/supervision-item/cases", {"data": {}}))
    assert out_of_scope(other.get("/figures"))
    sha = case.state["data"]["source_document"]["sha256"]
    assert other.get(f"/cases/{case.pk}/files/{sha}").status_code == 404


def test_a_token_for_this_procedure_does_what_its_person_may(world: World):
    case = world.approved()
    own = narrowed(world, Scope.ACT, "supervision-item")
    assert own.get(f"/cases/{case.pk}").status_code == 200
    assert own.post(f"/cases/{case.pk}/actions/chase", {"data": {"slip": "blue"}}).status_code == 200


@pytest.mark.parametrize("given", [{"scope": "all"}, {"procedures": ["nonsense"]}])
def test_a_scope_that_means_nothing_makes_no_token(world: World, given):
    client = Client()
    client.force_login(world.people["he"])
    answer = client.post("/api/v1/tokens", {"name": "x", **given}, content_type="application/json")
    assert answer.status_code == 422
