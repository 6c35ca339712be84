"""The FADU_* environment variables, read once into one typed value; a bad one is named, never guessed at."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})


class BadSetting(ImproperlyConfigured):
    """An environment variable that cannot be used; the message begins with its name."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. FADU_MAIL is `smtps://user:password@host:465` (TLS), `smtp://…:587` (STARTTLS), or `smtp+plain://host:25`."""

    host: str
    port: int
    user: str
    password: str
    scheme: str
    sender: str

    @classmethod
    def read(cls, address: str, sender: str) -> "MailServer | None":
        """None without FADU_MAIL. Raises BadSetting; the message never shows the password."""
        if not address:
            return None
        parts = urlsplit(address)
        if parts.scheme not in _MAIL_PORTS or not parts.hostname:
            raise BadSetting("FADU_MAIL: write smtps://user:password@host:465, smtp://… or smtp+plain://host:25")
        if "@" not in sender:
            raise BadSetting("FADU_MAIL_FROM: mails need a sender's address, such as fadu@example.gov.cn")
        try:
            port = parts.port or _MAIL_PORTS[parts.scheme]
        except ValueError:
            raise BadSetting("FADU_MAIL: the port is a number from 1 to 65535") from None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, user, password, parts.scheme, sender)


_MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says.

    `home` is the data folder (absolute); `city` the folder of local rules that hold here (cities/, empty: none); `fonts` a folder of
    the office's own font files (None: those of the system only); `hosts` the names this server answers to; `proxies` how many
    reverse proxies stand in front of it and may be believed about the client's address and https;
    `max_upload` the bytes of the largest file taken (FADU_MAX_UPLOAD is in MB). `url` is the site's own address as mails name it, `mail` the
    server that takes them (none: they are printed), `webhook_hosts` the hosts that other systems may be told at.
    """

    home: Path
    city: str
    fonts: Path | None
    hosts: tuple[str, ...]
    proxies: int
    demo: bool
    debug: bool
    max_upload: int
    url: str
    mail: "MailServer | None"
    webhook_hosts: tuple[str, ...]

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Environment":
        """Raises BadSetting."""
        return cls(
            home=Path(environ.get("FADU_HOME") or "var").expanduser().absolute(),
            city=environ.get("FADU_CITY", "").strip(),
            fonts=_folder("FADU_FONTS", environ.get("FADU_FONTS", "")),
            hosts=_hosts(environ.get("FADU_ALLOWED_HOSTS", "")),
            proxies=_count("FADU_PROXIES", environ.get("FADU_PROXIES", "0")),
            demo=_flag("FADU_DEMO", environ.get("FADU_DEMO", "")),
            debug=_flag("FADU_DEBUG", environ.get("FADU_DEBUG", "")),
            max_upload=_count("FADU_MAX_UPLOAD", environ.get("FADU_MAX_UPLOAD", "50")) * 2**20,
            url=_address("FADU_URL", environ.get("FADU_URL") or f"http://127.0.0.1:{environ.get('PORT') or 8000}"),
            mail=MailServer.read(environ.get("FADU_MAIL", ""), environ.get("FADU_MAIL_FROM", "")),
            webhook_hosts=_listed(environ.get("FADU_WEBHOOK_HOSTS", "")),
        )

    @property
    def local(self) -> bool:
        """Only this machine is served, so plain http is no risk (and browsers refuse Secure cookies there)."""
        return set(self.hosts) <= set(LOCAL_HOSTS)


def secret_key(environ: Mapping[str, str], home: Path) -> str:
    """FADU_SECRET_KEY, or the key kept in the data folder, made there on the first start (mode 0600)."""
    given = environ.get("FADU_SECRET_KEY", "")
    if given:
        return _long_enough("FADU_SECRET_KEY", given)
    kept = made_folder(home) / "secret_key"
    if not kept.exists():
        _write_once(kept, secrets.token_urlsafe(64))
    return _long_enough(str(kept), kept.read_text(encoding="ascii").strip())


def made_folder(folder: Path) -> Path:
    """The folder, made when it is missing; nobody else on the machine may look inside."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"FADU_HOME: cannot make the folder {folder}: {error.strerror}") from error
    return folder


def _write_once(path: Path, text: str) -> None:
    # Several server processes start at once: a hard link appears whole or not at all, and the first one wins.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _long_enough(where: str, key: str) -> str:
    if len(key) < 50:
        raise BadSetting(f"{where}: a secret key needs at least 50 characters, this one has {len(key)}")
    return key


def _hosts(text: str) -> tuple[str, ...]:
    hosts = _listed(text)
    for host in hosts:
        if "/" in host or host == "*":
            raise BadSetting(f"FADU_ALLOWED_HOSTS: {host!r} is not a host name; write for example fadu.example.gov.cn")
    return hosts or LOCAL_HOSTS


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"{name}: {text!r} is no address; write for example https://fadu.example.gov.cn")
    return text.rstrip("/")


def _folder(name: str, text: str) -> Path | None:
    """A folder that must be there when it is named."""
    if not text.strip():
        return None
    folder = Path(text.strip()).expanduser().absolute()
    if not folder.is_dir():
        raise BadSetting(f"{name}: there is no folder {folder}")
    return folder


def _flag(name: str, text: str) -> bool:
    value = text.strip().lower()
    if value not in YES | NO:
        raise BadSetting(f"{name}: {text!r} is neither yes nor no; write 1 or 0")
    return value in YES


def _count(name: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise BadSetting(f"{name}: {text!r} is not a whole number")
    return int(text)
