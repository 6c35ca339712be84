"""Who is let in: a token with its person's rights, or a session with its CSRF token; everybody else hears why not."""

import hashlib
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fadu.cases.models import Entry
from fadu.units.models import ApiToken
from fadu.units.tokens import issue, revoke
from tests.api.conftest import ROOT, Caller
from tests.api.test_cases import LEDGER, PROPOSAL, told
from tests.cases.cast import World

READ = ["/procedures", "/procedures/appeal", "/units", LEDGER, "/inbox", "/search?q=x", "/tokens", "/openapi.json"]
WRITE = [LEDGER, "/files", "/tokens", "/cases/1/actions", "/cases/1/actions/sign"]


@pytest.mark.parametrize("path", [*READ, "/cases/1", "/cases/1/entries", "/cases/1/actions", "/cases/1/files/x"])
def test_a_stranger_reads_nothing(world: World, caller, path):
    response = caller().get(path)
    told(response, 401, "signed-out")
    assert response["WWW-Authenticate"] == 'Bearer realm="fadu"'


@pytest.mark.parametrize("path", WRITE)
def test_a_stranger_writes_nothing(world: World, caller, path):
    told(caller().post(path), 401, "signed-out")


@pytest.mark.parametrize("path", READ)
def test_whoever_has_a_token_reads(world: World, caller, path):
    assert caller("he").get(path).status_code == 200


def test_the_token_itself_is_not_kept(world: World):
    token, row = issue(world.people["he"], "接口")
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(ApiToken.objects.values().get())
    assert len(token) > 40


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer nonsense", "Basic aGU6aGU=", "Bearer fadu_é"])
def test_a_token_that_is_none_opens_nothing_even_beside_a_session(world: World, header):
    client = Client()
    client.force_login(world.people["he"])
    response = client.get(f"{ROOT}/inbox", headers={"Authorization": header})
    assert response.status_code == (200 if header.startswith("Basic") else 401)


def test_a_revoked_token_opens_nothing(world: World, caller):
    he = caller("he")
    revoke(ApiToken.objects.get())
    told(he.get("/inbox"), 401, "signed-out")


def test_a_token_works_to_the_end_of_its_last_day(world: World):
    token, row = issue(world.people["he"], "接口", days=2)
    assert row.expires.isoformat() == "2026-09-10"
    he = Caller(Client(), token)
    world.set("2026-09-10T23:59")
    assert he.get("/inbox").status_code == 200
    world.set("2026-09-11T00:00")
    told(he.get("/inbox"), 401, "signed-out")


def test_a_closed_account_and_an_unchanged_password_close_the_token_too(world: World, caller):
    he, person = caller("he"), world.people["he"]
    for name, value in (("is_active", False), ("must_change_password", True)):
        setattr(person, name, value)
        person.save()
        told(he.get("/inbox"), 401, "signed-out")
        setattr(person, name, not value)
        person.save()
    assert he.get("/inbox").status_code == 200


def test_the_day_of_last_use_is_noted_once_a_day(world: World, caller, django_assert_num_queries):
    he = caller("he")
    he.get("/procedures")
    assert ApiToken.objects.get().last_used == date(2026, 9, 8)
    with django_assert_num_queries(1):
        he.get("/procedures")
    world.set("2026-09-09T08:00")
    he.get("/procedures")
    assert ApiToken.objects.get().last_used == date(2026, 9, 9)


def test_a_token_has_the_rights_of_its_person_as_they_are_now(world: World, caller):
    case = world.propose()
    gu = caller("gu")
    assert gu.get(f"/cases/{case.pk}").status_code == 200
    world.people["gu"].posts.update(until=timezone.localdate() - timedelta(days=1))
    told(gu.get(f"/cases/{case.pk}"), 404, "not-found")


# -- sessions ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def session(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["he"])
    return client


def test_a_session_reads_without_and_writes_with_its_csrf_token(world: World, session):
    assert session.get(f"{ROOT}/inbox").status_code == 200
    before = Entry.objects.count()
    told(session.post(f"{ROOT}{LEDGER}", {"data": PROPOSAL}, "application/json"), 403, "csrf")
    told(session.post(f"{ROOT}/files", {}), 403, "csrf")
    assert Entry.objects.count() == before
    session.cookies["csrftoken"] = "a" * 32
    allowed = session.post(f"{ROOT}{LEDGER}", {"data": PROPOSAL}, "application/json", headers={"X-CSRFToken": "a" * 32})
    assert allowed.status_code == 201


def test_a_token_needs_no_csrf(world: World, caller):
    assert caller("he").post(LEDGER, {"data": PROPOSAL}).status_code == 201


# -- making tokens -----------------------------------------------------------------------------------------------------


def test_a_session_makes_a_token_that_is_shown_once(world: World):
    client = Client()
    client.force_login(world.people["he"])
    made = client.post(f"{ROOT}/tokens", {"name": "月报", "days": 30}, "application/json")
    assert made.status_code == 201
    assert made.json()["expires"] == "2026-10-08"
    he = Caller(Client(), made.json()["token"])
    (listed,) = he.get("/tokens").json()["items"]
    assert listed == {key: value for key, value in made.json().items() if key != "token"} | {"last_used": "2026-09-08"}
    assert he.call("delete", f"/tokens/{listed['id']}").status_code == 204
    told(he.get("/tokens"), 401, "signed-out")


def test_a_token_cannot_make_another(world: World, caller):
    told(caller("he").post("/tokens", {"name": "更多"}), 401, "signed-out")


def test_nobody_ends_the_token_of_somebody_else(world: World, caller):
    caller("gu")
    told(caller("he").call("delete", f"/tokens/{ApiToken.objects.get(person__username='gu').pk}"), 404, "not-found")
    assert ApiToken.objects.filter(revoked=None).count() == 2


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "days": 0}, {"name": "x", "days": 367}, {"name": 1}])
def test_a_token_without_a_name_or_without_an_end_is_not_made(world: World, body):
    client = Client()
    client.force_login(world.people["he"])
    told(client.post(f"{ROOT}/tokens", body, "application/json"), 422, "unfit")
    assert not ApiToken.objects.exists()


# -- languages and verbs -----------------------------------------------------------------------------------------------


def test_problems_speak_the_language_that_was_asked_for(world: World, caller):
    assert caller().get("/inbox", **{"Accept-Language": "en"}).json()["title"] == "Sign in, or give a token"
    assert caller().get("/inbox", **{"Accept-Language": "zh-CN"}).json()["title"] == "请先登录或者提供令牌"
    found = caller("he").post(LEDGER, {"data": {**PROPOSAL, "urgent": "maybe"}}, **{"Accept-Language": "en"}).json()
    assert found["detail"] == "Urgent: must be yes or no"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("put", "/procedures"),
        ("delete", LEDGER),
        ("patch", "/cases/1"),
        ("delete", "/cases/1"),
        ("delete", "/cases/1/entries"),
        ("post", "/inbox"),
        ("put", "/cases/1/actions/sign"),
        ("post", "/openapi.json"),
    ],
)
def test_a_verb_that_does_not_belong_is_refused_with_those_that_do(world: World, caller, verb, path):
    response = caller("he").call(verb, path)
    told(response, 405, "wrong-verb")
    assert "GET" in response["Allow"] or "POST" in response["Allow"]


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/cases/abc", "/cases/-1", f"/cases/{'9' * 40}", "/cases/1/nothing"]
)
def test_any_other_address_is_not_found(world: World, caller, path):
    told(caller("he").get(path), 404, "not-found")
