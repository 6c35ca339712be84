"""What holds for every test: how long Hypothesis searches, and static files served as they are."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from fadu.cases.editions import look

# Quick by default, the same examples every time in CI, and at length with --hypothesis-profile=deep.
# The machine may be busy with other work: a slow example is no fault of the code.
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("quick"), derandomize=True, print_blob=True)
settings.register_profile("deep", parent=settings.get_profile("quick"), max_examples=5_000)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "quick")

# Hashed names come from collectstatic, which the tests do not wait for.
django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Nothing is published in most tests, and one that needs no database must not ask it; those that publish switch it on.
look.every = None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A browser's last request may still hold a connection when all is over; PostgreSQL would keep the database for it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
