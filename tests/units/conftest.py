"""A small city to put people into."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import allauth
import pytest
from pytest_django import Settings

from fadu.units.models import Person, Post, Unit


@pytest.fixture
def unit(db: None) -> Callable[..., Unit]:
    def make(code: str, parent: Unit | None = None, kind: str = "bureau", **fields: Any) -> Unit:
        return Unit.objects.create(code=code, name_zh=f"单位{code}", parent=parent, kind=kind, **fields)

    return make


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    def make(username: str, **fields: Any) -> Person:
        return Person.objects.create_user(username, name=fields.pop("name", username), **fields)

    return make


@pytest.fixture
def water(unit: Callable[..., Unit]) -> Unit:
    city = unit("yz", kind="government")
    return unit("yz-water", city)


@pytest.fixture
def post(water: Unit) -> Callable[..., Post]:
    def make(person: Person, role: str = "unit_officer", **fields: Any) -> Post:
        return Post.objects.create(
            **{"person": person, "role": role, "unit": water, "since": date(2026, 1, 1), **fields}
        )

    return make


@pytest.fixture
def plain_pages(settings: Settings) -> None:
    """The pages allauth brings: what is tested here is who gets in, not how the desk draws the door."""
    folder = Path(allauth.__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "DIRS": [folder]}]
