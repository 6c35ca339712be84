import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.config.database import database_from_env
from fadu.config.environment import BadSetting


def read(url: str) -> dict[str, Any]:
    return database_from_env({"DATABASE_URL": url}, Path())


def test_without_a_url_it_is_one_sqlite_file_in_the_home(tmp_path):
    database = database_from_env({}, tmp_path / "home")
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "home" / "fadu.sqlite3")


def test_a_url_is_taken_apart():
    database = read("postgres://fadu:secret@db.example:5433/yunzhou?sslmode=require&connect_timeout=5")
    parts = {name: database[name] for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert parts == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "yunzhou",
        "USER": "fadu",
        "PASSWORD": "secret",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert database["OPTIONS"] == {"sslmode": "require", "connect_timeout": "5"}
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


@given(user=texts, password=texts, name=texts.filter(lambda text: "/" not in text))
def test_encoded_parts_come_back_as_they_were(user, password, name):
    database = read(f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h/{quote(name, safe='')}")
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == (user, password, name)


@pytest.mark.parametrize("url", ["postgres:///yunzhou?host=/run/postgresql", "postgres://%2Frun%2Fpostgresql/yunzhou"])
def test_a_socket_folder_may_be_the_host(url):
    assert read(url)["HOST"] == "/run/postgresql"


def test_a_schema_becomes_the_search_path():
    options = read("postgres://h/province?schema=yunzhou&options=-c%20jit=off")["OPTIONS"]
    assert options == {"options": "-c jit=off -c search_path=yunzhou"}


def test_a_pool_replaces_lasting_connections():
    database = read("postgres://h/yunzhou?pool=8")
    assert database["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8}
    assert database["CONN_MAX_AGE"] == 0


def test_there_is_no_pool_unless_asked_for():
    assert "pool" not in read("postgres://h/yunzhou")["OPTIONS"]


def test_behind_pgbouncer_no_cursor_stays_open_on_the_server():
    assert read("postgres://h/yunzhou?pgbouncer=1")["DISABLE_SERVER_SIDE_CURSORS"]
    assert "DISABLE_SERVER_SIDE_CURSORS" not in read("postgres://h/yunzhou?pgbouncer=0")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://fadu:swordfish@h/yunzhou", "begins with mysql"),
        ("yunzhou", "no scheme"),
        ("postgres://fadu:swordfish@h", "name is missing"),
        ("postgres://fadu:swordfish@h/", "name is missing"),
        ("postgres://fadu:swordfish@h/a/b", "more than one /"),
        ("postgres://fadu:swordfish@h:port/yunzhou", "host or port"),
        ("postgres://fadu:swordfish@h:99999/yunzhou", "host or port"),
        ("postgres://fadu:sword/fish@h/yunzhou", "host or port"),
        ("postgres://fadu:swordfish@[h/yunzhou", "host or port"),
        ("postgres://fadu:swordfish@h/yunzhou#x", "#"),
        ("postgres://fadu:swordfish@h/yunzhou?sslmod=require", "'sslmod'"),
        ("postgres://fadu:swordfish@h/yunzhou?sslmode=a&sslmode=b", "twice"),
        ("postgres://fadu:swordfish@h/yunzhou?sslmode", "name=value"),
        ("postgres://fadu:swordfish@h/yunzhou?conn_max_age=long", "conn_max_age"),
        ("postgres://fadu:swordfish@h/yunzhou?pool=many", "pool"),
        ("postgres://fadu:swordfish@h/yunzhou?schema=a,b", "schema"),
        ("postgres://fadu:swordfish@h/yunzhou?schema=a%20-c%20jit=off", "schema"),
    ],
)
def test_a_bad_url_is_told_what_is_wrong_and_never_repeats_the_password(url, says):
    with pytest.raises(BadSetting) as caught:
        read(url)
    message = str(caught.value)
    assert message.startswith("DATABASE_URL: ")
    assert says in message
    assert "fish" not in message


@pytest.fixture
def sqlite(tmp_path):
    """A connection set up as Django sets up each of its own."""
    database = database_from_env({}, tmp_path)
    connection = sqlite3.connect(database["NAME"])
    for command in database["OPTIONS"]["init_command"].split(";"):
        connection.execute(command)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1), ("temp_store", 2)],
)
def test_every_sqlite_connection_is_durable_and_strict(sqlite, pragma, value):
    assert sqlite.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_insert_or_replace_does_not_get_past_a_delete_trigger(sqlite):
    sqlite.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
    sqlite.execute("CREATE TRIGGER kept BEFORE DELETE ON line BEGIN SELECT RAISE(ABORT, 'kept'); END")
    sqlite.execute("INSERT INTO line VALUES (1, 'first')")
    with pytest.raises(sqlite3.IntegrityError, match="kept"):
        sqlite.execute("INSERT OR REPLACE INTO line VALUES (1, 'second')")
