"""The world of the case tests, and a caller with a token for everybody in it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from fadu.units.tokens import issue
from tests.cases.cast import World, build
from tests.cases.tampering import sql, unguarded

ROOT = "/api/v1"


@dataclass
class Caller:
    """Calls the API as one person; `json` of an answer is checked to be what its type says."""

    client: Client
    token: str = ""

    def get(self, path: str, **headers: str) -> Any:
        return self._call("get", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._call("post", path, body, headers)

    def call(self, verb: str, path: str) -> Any:
        return self._call(verb, path, None, {})

    def _call(self, verb: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        text = body if isinstance(body, str | bytes) else json.dumps(body if body is not None else {})
        given = {"data": text, "content_type": "application/json"} if verb != "get" else {}
        return getattr(self.client, verb)(f"{ROOT}{path}", headers=headers, **given)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    return build(monkeypatch)


@pytest.fixture
def lasting_world(transactional_db: None, monkeypatch: pytest.MonkeyPatch):
    """Committed, for tests that let requests begin and end their own transactions."""
    yield build(monkeypatch)
    with unguarded():
        sql("DELETE FROM cases_entry")


@pytest.fixture
def caller(world: World):
    def make(username: str = "") -> Caller:
        token = issue(world.people[username], "测试")[0] if username else ""
        return Caller(Client(enforce_csrf_checks=True), token)

    return make
