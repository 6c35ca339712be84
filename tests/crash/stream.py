"""A stream of deeds in a process of its own; each is told over a pipe once it is committed, and not before."""

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    django.setup()

from django.db import connection

from fadu.cases.act import act, open_case
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.definitions import library
from fadu.units.models import Person, Unit
from tests.cases.cast import PAPER

Told = tuple[int, int, str]  # a case, its last entry, and the digest of that entry

library("")  # read once, before the processes that die are forked; no question to a database that they would share


def run(pipe: Connection, database: str, die_at: int | None = None) -> None:
    """Deeds until somebody kills this process; with `die_at` it kills itself at that statement or commit."""
    connection.settings_dict["NAME"] = database
    if die_at is not None:
        _die_at(die_at)
    for case in matters():
        pipe.send((case.pk, case.seq, case.head))


def matters() -> Iterator[Case]:
    """One matter after another with parts of co-units; every deed committed gives its case."""
    he, gu, shen, lin = (Person.objects.get(username=name) for name in ("he", "gu", "shen", "lin"))
    office = Unit.objects.get(code="yz-sup")
    due = (now().date() + timedelta(days=40)).isoformat()
    given: dict[str, Any] = {
        "matter": "城区积水点整治", "source": "meeting", "source_document": PAPER, "lead_unit": "yz-water",
        "result_required": "整治方案", "urgent": False, "co_units": ["yz-parks", "yz-roads"],
    }  # fmt: skip
    while True:
        case = open_case("supervision-item", he, given, office)
        yield case
        yield act(case, "approve", gu, {"due": due})
        part = Case.objects.get(parent=case, handling__code="yz-parks")
        yield act(part, "sign", lin, {})
        yield act(part, "submit", lin, {"answer": "已移栽"})
        yield act(part, "confirm", shen, {})
        yield act(case, "sign", shen, {})
        for place in range(3):
            yield act(case, "report", shen, {"progress": f"进展{place}"})
        yield act(case, "suspend", gu, {"remark": "等待批复"})


def _die_at(instant: int) -> None:
    instants = itertools.count(1)

    def tick() -> None:
        if next(instants) == instant:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(execute: Callable[..., Any], *call: Any) -> Any:
        tick()
        return execute(*call)

    backend: Any = connection  # Django hands out a proxy that hides what a backend has
    commit = backend._commit

    def committing() -> None:
        tick()
        commit()
        tick()

    connection.execute_wrappers.append(around)
    backend._commit = committing
