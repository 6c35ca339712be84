"""The world of the tests of cases."""

import pytest

from tests.cases.cast import World, build


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    return build(monkeypatch)
