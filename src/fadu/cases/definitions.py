"""Which definition a case runs under: the one in force when it began, for as long as it lives."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from fadu import definitions
from fadu.cases import editions
from fadu.cases.models import Definition
from fadu.cases.moments import now
from fadu.data.calendars import state_council, working_days
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.source import Source


class NotInForce(Refused, KeyError):
    """A day on which no version of the procedure was in force: a refusal that names the day."""


def library() -> Library:
    """What is in force here: what ships, the local rules of FADU_CITY, and everything published here."""
    return _library(settings.FADU_CITY, editions.number())


@lru_cache(maxsize=4)
def _library(city: str, upto: int) -> Library:
    """As of a publication. Raises DefinitionError."""
    own, rules = editions.definitions(upto), editions.overlays(upto)
    return definitions.with_local(city, own, rules) if own or rules else definitions.library(city)


def version() -> tuple[str, int]:
    """What `library()` depends on, for who keeps something made from it."""
    return settings.FADU_CITY, editions.number()


def calendar() -> Calendar:
    """The State Council's working days, with what was published here and the additions kept in the data folder."""
    folder = settings.FADU_CALENDARS
    return _calendar(folder if folder.is_dir() else None, editions.number())


@lru_cache(maxsize=4)
def _calendar(folder: Path | None, upto: int) -> Calendar:
    entered = editions.calendars(upto)
    return working_days(folder, entered) if entered else state_council(folder)


def in_force(key: str, day: str) -> Procedure:
    """The version of a procedure for a case that begins on a day.

    Raises KeyError for a procedure that there is none of, NotInForce for a day before its first version.
    """
    try:
        return library().in_force(key, day)
    except KeyError:
        if key not in library().keys:
            raise
    zh, en = f"{day}尚无施行中的本程序", f"No version of this procedure was in force on {day}"
    raise NotInForce((Refusal("range", Text(zh, en), field="at"),))


def current(key: str) -> Procedure:
    """The version in force today. Raises KeyError."""
    return everything()[key]


def everything() -> Mapping[str, Procedure]:
    """Of every procedure and register the version in force today, by its key."""
    return _today(*version(), now().date().isoformat())


@lru_cache(maxsize=4)
def _today(city: str, upto: int, day: str) -> Mapping[str, Procedure]:
    known = _library(city, upto)
    begun = {item.key for item in known.versions.values() if item.in_force <= day}
    return {key: known.in_force(key, day) for key in known.keys if key in begun}


_ids: dict[tuple[str, str], int] = {}


def definition_id(procedure: Procedure) -> int:
    """The stored row of a version, kept the first time a case begins under it.

    Remembered only once it is committed: a refused deed takes the row back. Its number comes from its content, so that
    a number never means another version later.
    """
    key = (procedure.name, procedure.digest)
    if key in _ids:
        return _ids[key]
    row, _ = Definition.objects.get_or_create(
        name=procedure.name,
        digest=procedure.digest,
        defaults={"id": _number(*key), "document": procedure.document},
    )
    transaction.on_commit(partial(_ids.__setitem__, key, row.pk))
    return row.pk


def _number(name: str, digest: str) -> int:
    """53 bits of a digest, as the numbers of cases."""
    return int(hashlib.sha256(f"{name}\n{digest}".encode()).hexdigest()[:16], 16) >> 11


@receiver(post_migrate)
def forget(**_: Any) -> None:
    """Drop what was remembered of the database: it was made anew, or emptied."""
    editions.forget()
    _ids.clear()
    for kept in (_library, _calendar, _today, _stored, _loaded):
        kept.cache_clear()


def procedure_of(definition_id: int) -> Procedure:
    """The procedure a case began under, read from what was kept with it, unless it is the one that ships."""
    name, digest = _stored(definition_id)
    shipped = library().versions.get(name)
    return shipped if shipped is not None and shipped.digest == digest else _loaded(definition_id)


@cache
def _stored(definition_id: int) -> tuple[str, str]:
    name, digest = Definition.objects.values_list("name", "digest").get(pk=definition_id)
    return name, digest


@cache
def _loaded(definition_id: int) -> Procedure:
    row = Definition.objects.get(pk=definition_id)
    text = json.dumps(row.document, ensure_ascii=False)
    return load(Source(row.name).read(text), definitions.book(), tuple(row.name.split("+")[1:]))
