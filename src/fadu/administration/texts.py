"""Every text there is of a definition, of local rules or of a calendar year: what ships and what was published here."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from django.conf import settings

from fadu import definitions
from fadu.cases import editions
from fadu.cases.models import Edition
from fadu.data.calendars import shipped as shipped_years
from fadu.kernel.law import Text
from fadu.kernel.source import Map

Kind = Edition.Kind


@dataclass(frozen=True, slots=True)
class Written:
    """One text. `edition` is None for what ships; `is_offered` for what ships but was overtaken by the city's own."""

    kind: str
    key: str
    version: int
    in_force: str
    title: Text
    file: str
    text: str
    edition: Edition | None = None
    is_offered: bool = False


def written(kind: str, key: str = "") -> list[Written]:
    """All texts of a kind (of one key), by key and version, the newest last."""
    own = [_own(edition, document) for edition, document in editions.read(editions.number()) if edition.kind == kind]
    found = [*_shipped(kind, own), *own]
    return sorted(
        (one for one in found if key in ("", one.key)), key=lambda one: (one.key, one.version, one.is_offered)
    )


def newest(kind: str, key: str) -> Written | None:
    """The text that a new version begins from: the latest that holds here."""
    return next((one for one in reversed(written(kind, key)) if not one.is_offered), None)


def kind_of(key: str) -> str:
    """Whether a key is a procedure or a register; empty when it is neither."""
    return next((kind for kind in editions.DEFINITIONS if newest(kind, key)), "")


def _own(edition: Edition, document: Map) -> Written:
    title = Text.parse(str(document.get("title", document.get("notice", edition.key))))
    return Written(
        edition.kind, edition.key, edition.version, edition.in_force, title, edition.file, edition.text, edition
    )


def _shipped(kind: str, own: Iterable[Written]) -> Iterator[Written]:
    firsts: dict[str, int] = {}
    for one in own:
        firsts[one.key] = min(firsts.get(one.key, one.version), one.version)
    for found in _calendars() if kind == Kind.CALENDAR else _documents(kind):
        offered = found.key in firsts and found.version >= firsts[found.key]
        yield found if not offered else _offered(found)


def _offered(found: Written) -> Written:
    parts = (found.kind, found.key, found.version, found.in_force, found.title, found.file, found.text)
    return Written(*parts, is_offered=True)


def _documents(kind: str) -> Iterator[Written]:
    found = definitions.overlays(settings.FADU_CITY) if kind == Kind.OVERLAY else definitions.documents()
    for document in found:
        if kind in document:
            title = Text.parse(str(document.get("title", document[kind])))
            yield Written(
                kind,
                str(document[kind]),
                document["version"],
                str(document["in_force"]),
                title,
                document.file,
                definitions.text_of(document),
            )


def _calendars() -> Iterator[Written]:
    folder = files("fadu.data") / "calendar"
    for year in shipped_years():
        text = (folder / year["file"]).read_text(encoding="utf-8")
        key, issued = str(year["year"]), str(year.get("issued") or "")
        yield Written(Kind.CALENDAR, key, 0, issued, Text.parse(year["notice"]), year["file"], text)


def with_head(text: str, **values: object) -> str:
    """The text with other values at its head, such as `version` and `in_force`, each on the line it stands on."""
    for word, value in values.items():
        text, changed = re.subn(rf"(?m)^{word}:.*$", f"{word}: {value}", text, count=1)
        if not changed:
            first, end, rest = text.partition("\n")
            text = f"{first}{end}{word}: {value}\n{rest}"
    return text
