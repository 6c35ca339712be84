"""The database Fadu uses: PostgreSQL when DATABASE_URL says so, else one SQLite file in the data folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from fadu.config.environment import BadSetting, made_folder

# WAL lets readers work while one writer writes; FULL makes a commit survive a power cut. Without recursive_triggers
# INSERT OR REPLACE deletes a ledger line past the trigger that forbids it (verified); it holds per connection.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "cache_size=-32768",  # 32 MB a connection
    "mmap_size=268435456",  # 256 MB, shared by all processes through the page cache
    "journal_size_limit=67108864",
    "temp_store=MEMORY",
)
SQLITE_BUSY_SECONDS = 20

# Passed on to libpq as they are; `host` here is how a socket folder is named.
LIBPQ_OPTIONS = frozenset(
    {
        "application_name",
        "connect_timeout",
        "host",
        "options",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "target_session_attrs",
    }
)
OWN_OPTIONS = frozenset({"schema", "conn_max_age", "pool", "pgbouncer"})


def database_from_env(environ: Mapping[str, str], home: Path) -> dict[str, Any]:
    """One entry of Django's DATABASES.

    DATABASE_URL is postgres://user:password@host:port/name?option=value, parts percent-encoded where needed. Options
    are libpq's (LIBPQ_OPTIONS) and our own: schema=NAME, conn_max_age=SECONDS, pool=CONNECTIONS, pgbouncer=1.
    Raises BadSetting, which never repeats the password.
    """
    url = environ.get("DATABASE_URL", "").strip()
    return _postgres(url) if url else _sqlite(home)


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(made_folder(home) / "fadu.sqlite3"),
        "CONN_MAX_AGE": None,
        # A file like the real one: the shared in-memory database Django would take locks differently.
        "TEST": {"NAME": str(home / "test.sqlite3")},
        "OPTIONS": {
            # Taking the write lock at BEGIN waits for the busy timeout; upgrading a read lock later fails at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in SQLITE_PRAGMAS),
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = _split(url)
    asked = _options(parts)
    own = {name: asked.pop(name) for name in OWN_OPTIONS & asked.keys()}
    host = asked.pop("host", None) or unquote(parts.hostname or "")
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": _number("conn_max_age", own.get("conn_max_age", "600")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(asked),
    }
    if "schema" in own:
        database["OPTIONS"]["options"] = _search_path(own["schema"], asked.get("options", ""))
    if _number("pool", own.get("pool", "0")):
        # Django refuses a pool together with persistent connections.
        database |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(own["pool"])}
    if _number("pgbouncer", own.get("pgbouncer", "0")):
        # In transaction mode the next statement may reach another server connection.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
    return database


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_a_number = False
    if not port_is_a_number:
        raise BadSetting("DATABASE_URL: the host or port cannot be read; a / : @ ? # in a password is written %XX")
    if parts.scheme not in {"postgres", "postgresql"}:
        scheme = parts.scheme or "no scheme"
        raise BadSetting(f"DATABASE_URL: begins with {scheme}, must be postgres:// (leave it out for SQLite)")
    if not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL: the database name is missing: postgres://user:password@host:port/name")
    if "/" in parts.path.strip("/"):
        raise BadSetting("DATABASE_URL: more than one / after the host; the database name is one word")
    if parts.fragment:
        raise BadSetting("DATABASE_URL: has a # part; a # in a password is written %23")
    return parts


def _options(parts: SplitResult) -> dict[str, str]:
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise BadSetting("DATABASE_URL: after the ? come name=value pairs joined by &") from None
    options: dict[str, str] = {}
    for name, value in pairs:
        if name not in LIBPQ_OPTIONS | OWN_OPTIONS:
            known = ", ".join(sorted(LIBPQ_OPTIONS | OWN_OPTIONS))
            raise BadSetting(f"DATABASE_URL: the option {name!r} is not known; known are {known}")
        if name in options:
            raise BadSetting(f"DATABASE_URL: the option {name!r} is given twice")
        options[name] = value
    return options


def _search_path(schema: str, options: str) -> str:
    if not schema.isidentifier() or not schema.isascii():
        raise BadSetting(f"DATABASE_URL: the schema {schema!r} may hold only letters, digits and _")
    return f"{options} -c search_path={schema}".strip()


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise BadSetting(f"DATABASE_URL: the option {name} must be a whole number, not {text!r}")
    return int(text)
