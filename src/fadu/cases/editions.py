"""What was published here, as every process sees it: within seconds, for one look at an index now and then."""

import time
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from fadu.cases.models import Edition
from fadu.kernel.source import Map, Source

DEFINITIONS = (Edition.Kind.PROCEDURE, Edition.Kind.REGISTER)


@dataclass
class Look:
    """The number of the latest publication, and when this process last asked for it (by the monotonic clock)."""

    every: float | None = 2.0  # seconds; None: never, where nothing is published
    at: float | None = None
    number: int = 0


look = Look()


def number() -> int:
    """The latest publication this process knows of; asked of the database at most once in `look.every` seconds."""
    at = time.monotonic()
    if look.every is not None and (look.at is None or at - look.at >= look.every):
        look.number = Edition.objects.aggregate(last=Max("number"))["last"] or 0
        look.at = at
    return look.number


def refresh() -> None:
    """Something was published in this process: look again at once."""
    look.at = None


def forget() -> None:
    """The database was made anew."""
    look.at, look.number = None, 0
    read.cache_clear()


@lru_cache(maxsize=2)
def read(upto: int) -> tuple[tuple[Edition, Map], ...]:
    """Every published edition with its document, in the order of publication, as of a publication (0: none yet)."""
    if not upto:
        return ()
    found = Edition.objects.filter(state=Edition.State.PUBLISHED, number__lte=upto).order_by("number")
    return tuple((edition, document_of(edition)) for edition in found)


def document_of(edition: Edition) -> Map:
    """The text as it is read; raises DefinitionError."""
    return Source(edition.file).read(edition.text)


def definitions(upto: int) -> list[Map]:
    """The procedures and registers published here, every version."""
    return [document for edition, document in read(upto) if edition.kind in DEFINITIONS]


def overlays(upto: int) -> list[Map]:
    """The local rules published here, every version."""
    return [document for edition, document in read(upto) if edition.kind == Edition.Kind.OVERLAY]


def calendars(upto: int) -> list[Map]:
    """The calendars published here, of each the latest text."""
    return [document for _, document in latest(upto, Edition.Kind.CALENDAR)]


def latest(upto: int, kind: str) -> list[tuple[Edition, Map]]:
    """Of each key the last that was published."""
    return list({edition.key: (edition, document) for edition, document in read(upto) if edition.kind == kind}.values())
