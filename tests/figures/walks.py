"""Supervised items walked at random through 2025 and 2026 and stored, with their entries kept at hand for comparison."""

import json
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from fadu.cases.bulk import BulkDocket
from fadu.cases.models import Case, Entry
from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.kernel.decide import Actor, choices
from fadu.kernel.definition import Action, Field, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.perform import Deed, Folder, open_case, perform, tick
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State, fold

UNITS = ("yz-water", "yz-parks", "yz-roads")
PAPER = {"sha256": "a" * 64, "name": "材料.pdf", "size": 1024, "type": "application/pdf"}
ACTORS = (
    Actor("1", frozenset({("supervision_officer", "yz-sup")})),
    Actor("2", frozenset({("leader", "yz-gov"), ("chief", "yz-gov")})),
    *(Actor(str(10 + n), frozenset({("unit_officer", unit)})) for n, unit in enumerate(UNITS)),
)
TURNS = {
    "decline": 0.2,
    "ask": 0.3,
    "join_campaign": 0.1,
    "gather": 0.1,
    "call_review": 0.1,
    "send_back": 0.4,
    "suspend": 0.4,
    "return_it": 3,
    "ask_closing": 3,
    "verify": 5,
    "strike_off": 2,
    "confirm": 3,
}  # without a push few would ever close
CALENDAR = state_council()


@dataclass
class Walker:
    """Draws deeds until a case closes or time is up. The same seed gives the same cases."""

    seed: int
    until: datetime
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)

    def walk(self, number: int) -> None:
        procedure = library().in_force("supervision-item")
        for _ in range(number):
            docket = BulkDocket(CALENDAR, "yz", find=lambda key, day: library().in_force(key))
            with docket.batch():
                self._one(docket, procedure)

    def _one(self, docket: BulkDocket, procedure: Procedure) -> None:
        at = datetime(2025, 1, 1, 9) + timedelta(days=self.draw.randrange(0, 600))
        day = at.isoformat(timespec="minutes")
        data = self._data(procedure.opening, Folder(0, procedure, State()), at)
        root = open_case(docket, CALENDAR, procedure, Deed.of(ACTORS[0], "propose", day, data), "yz-sup")
        for _ in range(self.draw.choice((0, 4, 12, 40))):
            at += timedelta(days=self.draw.choice((0, 1, 3, 9, 30)), minutes=self.draw.randrange(0, 60))
            if at >= self.until:
                break
            tick(docket, CALENDAR, root.id, at)
            self._deed(docket, self.draw.choice([held.folder for held in docket.held.values()]), at)

    def _deed(self, docket: BulkDocket, folder: Folder, at: datetime) -> None:
        day = at.isoformat(timespec="minutes")
        known = [
            (actor, choice.action)
            for actor in ACTORS
            for choice in choices(folder.procedure, CALENDAR, folder.state, actor, day)
            if choice.allowed
        ]
        if not known:
            return
        actor, action = self.draw.choices(known, [TURNS.get(action.key, 1) for _, action in known])[0]
        try:
            reasons = dict.fromkeys(action.needs, "理由")
            data = self._data(action, folder, at)
            perform(docket, CALENDAR, folder.id, Deed.of(actor, action.key, day, data, overrides=reasons))
        except Refused:
            return

    def _data(self, action: Action, folder: Folder, at: datetime) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for asked in action.takes:
            defined, state = folder.procedure.fields[asked.field], folder.state
            tried = CaseFacts(folder.procedure, replace(state, data={**state.data, **data}), at, CALENDAR)
            applies = defined.when is None or defined.when.holds(tried)
            if (
                applies
                and defined.kind != "case"
                and defined.is_typed
                and not (asked.optional and self.draw.random() < 0.4)
            ):
                data[asked.field] = self._value(defined, at)
        if action.outcomes:
            data["outcome"] = self.draw.choice(action.outcomes)
        return data

    def _value(self, asked: Field, at: datetime) -> Any:
        draw = self.draw
        if asked.kind == "choice":
            return draw.choice(list(asked.choices))
        if asked.rows:
            return [{key: self._value(column, at) for key, column in asked.rows.items()}]
        if asked.kind == "list":
            return draw.sample(UNITS, draw.randrange(1, 3))
        later = at + timedelta(days=draw.randrange(0, 90), hours=1)
        days = (later.date().isoformat(), later.isoformat(timespec="minutes"))
        return {
            "unit": draw.choice(UNITS),
            "yes_no": draw.random() < 0.3,
            "number": draw.randrange(1, 12),
            "date": days[0],
            "moment": draw.choice(days),
            "document": PAPER,
        }.get(asked.kind, draw.choice(("甲", "乙")))


def bodies(case_id: int) -> list[dict[str, Any]]:
    return [
        json.loads(body) for body in Entry.objects.filter(case=case_id).order_by("seq").values_list("body", flat=True)
    ]


def states(procedure: str = "supervision-item") -> dict[int, State]:
    """Every case folded from its entries, without a look at the database's columns."""
    return {
        case_id: fold(bodies(case_id))
        for case_id in Case.objects.filter(procedure=procedure).values_list("pk", flat=True)
    }


def is_varied(at: datetime) -> bool:
    """Every stage, and clocks in every condition; closed parts, and cases that moved on after a year's end."""
    procedure, known = library().in_force("supervision-item"), states()
    clocks = {CaseFacts(procedure, state, at, CALENDAR).clock("item") for state in known.values()}
    parts = {child.outcome is None for state in known.values() for child in state.children}
    return (
        {state.stage for state in known.values()} == set(procedure.stages)
        and clocks >= {"none", "running", "paused", "overdue", "met", "late"}
        and parts == {True, False}
    )
