"""The small city of the desk, in Chinese."""

import pytest
from django.utils import translation

from tests.desk.city import City, build


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def city(db: None) -> City:
    return build()
