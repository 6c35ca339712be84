"""Administrative entries as a reader sees them: who, what, when, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fadu.administration.acts import ACTS, SUBJECTS, VALUES
from fadu.administration.models import AdministrationEntry
from fadu.words import language, say, short_digest, t

LATEST = 20
DIGESTS = ("digest", "sha256")


@dataclass(frozen=True, slots=True)
class Changed:
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    seq: int
    at: datetime
    who: str
    username: str
    act: str
    kind: str
    subject: str
    changes: tuple[Changed, ...]
    note: str
    digest: str


def told_of(subject: str, *known: str) -> list[Line]:
    """The latest entries about one thing; what its page says anyway (`known`) is left out."""
    found = AdministrationEntry.objects.filter(subject=subject).select_related("by")[:LATEST]
    return list(lines(found, frozenset(known)))


def lines(entries: Iterable[AdministrationEntry], known: frozenset[str] = frozenset()) -> Iterator[Line]:
    for entry in entries:
        body = entry.content
        kind, _, name = entry.subject.partition(":")
        yield Line(
            seq=entry.seq,
            at=entry.at,
            who=entry.by.name if entry.by else t("命令行 | the command line"),
            username=entry.by.username if entry.by else "",
            act=say(ACTS[entry.act]) if entry.act in ACTS else entry.act,
            kind=say(SUBJECTS[kind]) if kind in SUBJECTS else kind,
            subject=name,
            changes=tuple(_changes(body["before"], body["after"], known)),
            note=body["note"],
            digest=entry.digest,
        )


def _changes(before: dict[str, Any], after: dict[str, Any], known: frozenset[str]) -> Iterator[Changed]:
    for key in {**before, **after}:
        if key not in known:
            title = say(VALUES[key]) if key in VALUES else key
            yield Changed(title, _text(key, before.get(key, "")), _text(key, after.get(key, "")))


def _text(key: str, value: Any) -> str:
    if isinstance(value, list):
        return ("、" if language() == "zh" else ", ").join(map(str, value))
    return short_digest(str(value)) if key in DIGESTS else str(value)
