"""Cases named in a script before they exist: by the name of their scene, or some that have come so far by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from fadu.cases.bulk import BulkDocket
from fadu.cases.models import Case, Entry
from fadu.cases.moments import stored

RECENT = 300  # cases among which some are picked


@dataclass(frozen=True, slots=True)
class Named:
    """The case of a scene: `$case rail`."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field (or the number) of the case of a scene: `$field cap year`."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Some:
    """So many cases in which an action was done by then: `$some supervision-item.approve 3..6`; one alone: `$one …`."""

    procedure: str
    action: str
    number: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Of:
    """A field of the case in another column of the same row: `$of item lead_unit`."""

    column: str
    field: str


@dataclass(slots=True)
class Picks:
    """Puts cases in the place of what stands for them, when the deed is done; nothing where there is no such case."""

    docket: BulkDocket
    rng: Random
    names: dict[str, int] = field(default_factory=dict)  # of scenes -> their case

    def filled(self, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        found = ((key, self._value(value, at)) for key, value in data.items())
        return {key: value for key, value in found if value is not None}

    def _value(self, value: Any, at: datetime) -> Any:
        if isinstance(value, list):
            return [self._value(item, at) for item in value]
        if isinstance(value, dict):
            return self._row(value, at)
        if isinstance(value, Named):
            return self.names[value.name]
        if isinstance(value, FieldOf):
            return self._field(self.names[value.name], value.field)
        return self._some(value, at) if isinstance(value, Some) else value

    def _row(self, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        known = self.filled(row, at)
        found = {
            key: self._field(known.get(value.column), value.field) if isinstance(value, Of) else value
            for key, value in known.items()
        }
        return {key: value for key, value in found.items() if value is not None}

    def _some(self, wanted: Some, at: datetime) -> Any:
        found = self._in_hand(wanted) or self._stored(wanted, at)
        picked = self.rng.sample(found, min(wanted.number, len(found)))
        return next(iter(picked), None) if wanted.alone else sorted(picked)

    def _in_hand(self, wanted: Some) -> list[int]:
        folders = (held.folder for held in self.docket.held.values())
        found = [one.id for one in folders if one.procedure.key == wanted.procedure and wanted.action in one.state.done]
        return found[-RECENT:]

    def _stored(self, wanted: Some, at: datetime) -> list[int]:
        done = Entry.objects.filter(procedure=wanted.procedure, action=wanted.action, day__lte=stored(at))
        mine = done.filter(case__government__code=self.docket.government).order_by("-day", "-case_id")
        return list(dict.fromkeys(mine.values_list("case_id", flat=True)[:RECENT]))

    def _field(self, case_id: int | None, name: str) -> Any:
        if case_id is None:
            return None
        if case_id in self.docket.held:
            state = self.docket.get(case_id).state
            return state.number if name == "number" else state.data.get(name)
        return Case.objects.values_list(f"state__data__{name}", flat=True).get(pk=case_id)
