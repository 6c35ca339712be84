"""A scratch installation for measurements: a data folder (or an empty database) of its own, with a small invented office."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("FADU_HOME", tempfile.mkdtemp(prefix="fadu-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")

import django  # the settings read the environment set above

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from fadu.cases.files import store_bytes  # noqa: E402
from fadu.units.models import Person, Post, Unit  # noqa: E402

HOME = Path(os.environ["FADU_HOME"])


@dataclass(frozen=True)
class Office:
    """Whom the measurements act as."""

    unit: Unit
    officer: Person
    leader: Person
    handler: Person
    paper: Mapping[str, Any]

    @property
    def proposal(self) -> dict[str, Any]:
        return {
            "matter": "河道整治工程进度督办", "source": "meeting", "source_document": self.paper,
            "lead_unit": "yz-water", "result_required": "验收报告", "urgent": False,
        }  # fmt: skip


def prepare() -> Office:
    """Tables, three people, one paper."""
    call_command("migrate", verbosity=0)
    government = Unit(code="yz", name_zh="云州市人民政府", kind="government")
    government.save()
    unit = Unit(code="yz-office", name_zh="市政府办公室", kind="office", parent=government)
    unit.save()
    Unit(code="yz-water", name_zh="市水务局", kind="bureau", parent=government).save()
    officer = _person("officer", "supervision_officer", "yz-office")
    leader = _person("leader", "leader", "yz")
    handler = _person("handler", "unit_officer", "yz-water")
    return Office(
        unit,
        officer,
        leader,
        handler,
        store_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "纪要.pdf", officer),
    )


def _person(name: str, role: str, unit: str) -> Person:
    person = Person.objects.create_user(name, "correct-horse-battery", name=name)
    Post(person=person, unit=Unit.objects.get(code=unit), role=role, since=date(2020, 1, 1)).save()
    return person


def database() -> str:
    return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
