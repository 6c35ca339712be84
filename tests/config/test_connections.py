"""The settings made from the environment, tried on the database the tests run on."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from fadu.config.database import database_from_env

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL")
on_sqlite = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="needs SQLite")


def scalar(link: BaseDatabaseWrapper, sql: str) -> Any:
    with link.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def connect(option: str) -> Any:
    url = os.environ["DATABASE_URL"]
    database = database_from_env({"DATABASE_URL": f"{url}{'&' if '?' in url else '?'}{option}"}, Path())
    return ConnectionHandler({"default": {**database, "TIME_ZONE": None}})["default"]


@on_postgres
@pytest.mark.parametrize(
    ("option", "shown", "value"),
    [("schema=yunzhou", "search_path", "yunzhou"), ("application_name=fadu", "application_name", "fadu")],
)
def test_an_option_reaches_the_server(option, shown, value):
    with closing(connect(option)) as link:
        assert scalar(link, f"SHOW {shown}") == value


@on_postgres
def test_a_pool_hands_out_connections():
    link = connect("pool=2")
    try:
        assert scalar(link, "SELECT 1") == 1
    finally:
        link.close()
        link.close_pool()


@on_sqlite
@pytest.mark.parametrize(("pragma", "value"), [("recursive_triggers", 1), ("foreign_keys", 1), ("synchronous", 2)])
def test_djangos_own_connection_has_the_pragmas(pragma, value):
    assert scalar(connection, f"PRAGMA {pragma}") == value


@on_sqlite
def test_a_write_lock_is_taken_when_the_transaction_begins(tmp_path):
    database = database_from_env({}, tmp_path)
    database["OPTIONS"]["timeout"] = 0
    databases = ConnectionHandler(
        {"default": {**database, "TIME_ZONE": None}, "other": {**database, "TIME_ZONE": None}}
    )
    one, other = databases["default"], databases["other"]
    with closing(one), closing(other):
        one.ensure_connection()
        other.ensure_connection()
        one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with pytest.raises(OperationalError, match="locked"):
            other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        one.rollback()
