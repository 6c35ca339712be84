"""Which definition a case runs under: the one in force when it began, for as long as it lives."""

import hashlib
import json
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from fadu import definitions
from fadu.cases.models import Definition
from fadu.data.calendars import state_council
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
    """What is in force here: what ships, with the local rules of FADU_CITY."""
    return definitions.library(settings.FADU_CITY)


def calendar() -> Calendar:
    """The State Council's working days, with the local additions kept in the data folder."""
    folder = settings.FADU_CALENDARS
    return state_council(folder if folder.is_dir() else None)


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
    _ids.clear()
    _stored.cache_clear()
    _loaded.cache_clear()


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
