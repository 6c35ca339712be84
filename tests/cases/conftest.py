"""The world of cast.py: undone after each test, or committed for other connections to see and cleared away after."""

from collections.abc import Iterator

import pytest

from fadu.cases import definitions
from tests.cases.cast import World, build
from tests.cases.tampering import sql, unguarded
from tests.kernel.yearly import library


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    return build(monkeypatch)


@pytest.fixture
def lasting_world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield build(monkeypatch)
    with unguarded():  # the flush that follows may not delete entries
        sql("DELETE FROM cases_entry")


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up definitions beside those that ship."""
    monkeypatch.setattr(definitions, "library", library)
