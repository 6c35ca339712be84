"""A city that does anything at any time: random days, people, actions and data, with every invariant checked on the way."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.kernel import clock as reading
from fadu.kernel.asking import party_id
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import CLOCK, PARENT, Actor, choices
from fadu.kernel.definition import Action, Procedure, Who
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.ledger import canonical
from fadu.kernel.perform import Deed, Folder, open_case, owed, perform, tick
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State
from tests.domains import invariants
from tests.domains.typed import JUNK, UNITS, Typist

ATTEMPTS = 8
PEOPLE = 7


@dataclass
class Wanderer:
    """One root case and its children, walked at random. `seen` counts (procedure, stage), `done` (procedure, action)."""

    procedure: Procedure
    chance: Random
    city: str = ""
    calendar: Calendar = field(default_factory=state_council)
    trail: list[str] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        found = library(self.city).versions.values()
        self.newest = {item.key: item for item in sorted(found, key=lambda item: len(item.overlays))}

    def walk(self, steps: int) -> None:
        try:
            while steps > 0:
                steps = self._life(steps)
        except Exception as error:
            error.add_note("\n".join([f"{self.procedure.name}:", *self.trail]))
            raise

    def _life(self, steps: int) -> int:
        """One case from its opening until it has been closed for a while; the steps left."""
        self.docket = MemoryDocket(lambda key, day: self.newest[key])
        self.folded: dict[int, State] = {}
        self.trail.clear()
        self.now = datetime(2026, 1, 5, 9) + timedelta(days=self.chance.randrange(300))
        self.eager = self.chance.random() < 0.3  # to end it
        self._open()
        while steps > 0 and (self._open_ones() or self.chance.random() < 0.8):
            self._pass_time()
            self._tick()
            self._step()
            steps -= 1
        for folder in self.docket.folders.values():
            invariants.check_ledger(folder, self.docket.entries[folder.id], self.chance)
        return steps - 1

    def _open_ones(self) -> list[Folder]:
        return [one for one in self.docket.folders.values() if not one.procedure.is_closed(one.state.stage)]

    # -- time

    def _pass_time(self) -> None:
        roll = self.chance.random()
        if roll < 0.4:
            self.now += timedelta(minutes=self.chance.choice((0, 0, 5, 90)))
        elif roll < 0.75:
            self.now += timedelta(days=self.chance.randint(1, 4))
        elif roll < 0.92:
            self._to_a_due_day()
        else:
            self.now += timedelta(days=self.chance.randint(5, 120))

    def _to_a_due_day(self) -> None:
        runs = [run for folder in self.docket.folders.values() for run in folder.state.clocks.values() if run.is_open]
        ends = [end for run in runs if self.now < (end := reading.end_of(run.due)) < self.now + timedelta(days=400)]
        if ends:
            self.now = max(self.now, self.chance.choice(ends) + self.chance.choice((-1, 0, 1)) * timedelta(hours=1))

    def _day(self) -> str:
        """A day or a moment; now and then a fact is recorded late."""
        late = timedelta(days=self.chance.randint(1, 6)) if self.chance.random() < 0.03 else timedelta()
        return (self.now - late).isoformat(timespec="minutes")[: self.chance.choice((10, 16, 16))]

    def _tick(self) -> None:
        moved = True
        while moved:
            moved = False
            for folder in list(self.docket.folders.values()):
                moved = bool(tick(self.docket, self.calendar, folder.id, self.now)) or moved
                self._look()
        for folder in self.docket.folders.values():
            assert not owed(folder, self.calendar, self.now), "what the clock owes is not possible"

    # -- deeds

    def _open(self) -> None:
        opening = self.procedure.opening
        actor = self._right_actor(opening, {})
        helped = False
        for _ in range(ATTEMPTS * 5):
            if not helped:
                data, overrides = self._fill(self.procedure, opening, {}, opening.key), dict[str, str]()
            actor = self._right_actor(opening, data)
            deed = Deed.of(actor, opening.key, self.now.isoformat(timespec="minutes"), data, overrides=overrides)
            try:
                open_case(self.docket, self.calendar, self.procedure, deed, "office")
            except Refused as refused:
                assert not self.docket.folders, "a refused opening left a trace"
                blank = Folder(0, self.procedure, State())
                helped = self.chance.random() < 0.8 and self._mend(blank, opening, data, overrides, refused)
            else:
                self._look()
                return
        raise AssertionError(f"never opened: {data}")

    def _step(self) -> None:
        everyone, open_ones = list(self.docket.folders.values()), self._open_ones()
        folder = self.chance.choice(open_ones if open_ones and self.chance.random() < 0.9 else everyone)
        action = self._pick(folder)
        if action is None:
            return
        actor = self._right_actor(action, folder.state.data, folder.state)
        if self.chance.random() < 0.08:
            actor = Actor(f"p{self.chance.randrange(PEOPLE)}", frozenset({("hotline_officer", "water")}))
        elif self.chance.random() < 0.15 and actor not in (PARENT, CLOCK):
            actor = Actor("recorder", principal=actor)
        self._try(folder, action, actor)

    def _pick(self, folder: Folder) -> Action | None:
        """Mostly what the stage offers and was done least; now and then anything. A child's parent acts by itself."""
        procedure, stage = folder.procedure, folder.state.stage
        if self.chance.random() < 0.05:
            offered = list(procedure.actions.values())
        else:
            offered = [action for action in procedure.standing[stage] if not action.by_clock]
        offered = [action for action in offered if not (action.by_parent and folder.parent_id)]
        if not offered:
            return None
        weights = [self._weight(procedure, stage, action) for action in offered]
        return self.chance.choices(offered, weights)[0]

    def _weight(self, procedure: Procedure, stage: str, action: Action) -> float:
        ends = bool(set(action.targets()) & procedure.ends_in) and stage not in procedure.ends_in
        moves = action.to != "stay"
        return (
            (0.03 if ends and not self.eager else 1.0)
            * (2 if moves else 1)
            / (1 + self.done[procedure.key, action.key]) ** 2
        )

    def _right_actor(self, action: Action, data: Mapping[str, Any], state: State | None = None) -> Actor:
        return self._actor(self.chance.choice(action.by), data, state or State())

    def _actor(self, who: Who, data: Mapping[str, Any], state: State) -> Actor:
        if who.kind == "parent":
            return PARENT
        if who.kind == "clock":
            return CLOCK
        if who.kind == "setter":
            return Actor(state.set_by.get(who.of, "p0"), frozenset({("leader", "office")}))
        if who.kind == "listed":
            return Actor(self.chance.choice(_listed(data.get(who.name)) or ["p0"]), frozenset({("leader", "office")}))
        if who.kind == "party":
            return Actor(party_id(data.get(who.name)))
        unit = str(data.get(who.of)) if who.of else self.chance.choice(UNITS)
        return Actor(f"p{self.chance.randrange(PEOPLE)}", frozenset({(who.name, unit)}))

    def _try(self, folder: Folder, action: Action, actor: Actor) -> None:
        day = self._day()
        data = self._fill(folder.procedure, action, folder.state.data, folder.state.stage)
        overrides: dict[str, str] = {}
        if self.chance.random() < 0.1:
            self._spoil(data, action)
        for _ in range(ATTEMPTS):
            before, offered = self._snapshot(), self._offered(folder, action, actor, day)
            refused = self._refused(folder, Deed.of(actor, action.key, day, data, overrides=overrides))
            if refused is None:
                assert offered, f"{action.key} was done, but the button said no"
                self.trail.append(f"{day} {actor.id} {folder.id}.{action.key} {dict(data)}")
                self._look()
                return
            assert self._snapshot() == before, f"a refused {action.key} left a trace"
            assert all(one.text.zh and one.text.en for one in refused.refusals)
            if not self._mend(folder, action, data, overrides, refused):
                return

    def _refused(self, folder: Folder, deed: Deed) -> Refused | None:
        """Do it; why not, or None when it was done. Anything else that is raised is a fault of the kernel."""
        try:
            perform(self.docket, self.calendar, folder.id, deed)
        except Refused as refused:
            return refused
        return None

    def _offered(self, folder: Folder, action: Action, actor: Actor, day: str) -> bool:
        """Whether the button would be there (actions of the parent and the clock have none)."""
        if action.by_clock or action.by_parent:
            return True
        found = choices(folder.procedure, self.calendar, folder.state, actor, day)
        return any(choice.action.key == action.key and choice.allowed for choice in found)

    def _snapshot(self) -> list[tuple[int, str, int]]:
        return [
            (folder.id, invariants.text(folder.state), len(self.docket.entries[folder.id]))
            for folder in self.docket.folders.values()
        ]

    # -- data

    def _fill(self, procedure: Procedure, action: Action, known: Mapping[str, Any], stage: str) -> dict[str, Any]:
        typist = Typist(procedure, known, self.now.date(), self.chance)
        data = {}
        for item in action.takes:
            defined = procedure.fields[item.field]
            if defined.is_typed and self.chance.random() < (0.4 if item.optional or defined.when else 1):
                data[item.field] = typist.value(defined)
        if len(action.outcomes) > 1:
            data["outcome"] = self.chance.choice(action.outcomes)
        return data

    def _spoil(self, data: dict[str, Any], action: Action) -> None:
        key = self.chance.choice([*data, "no_such_field", "outcome"])
        data[key] = self.chance.choice(JUNK)

    def _mend(
        self, folder: Folder, action: Action, data: dict[str, Any], overrides: dict[str, str], refused: Refused
    ) -> bool:
        """Do what the refusals say; False when nothing typed can help."""
        typist = Typist(folder.procedure, {**folder.state.data, **data}, self.now.date(), self.chance)
        helped = False
        for refusal in refused.refusals:
            defined = folder.procedure.fields.get(refusal.field)
            if refusal.gate in ("not_asked", "unknown"):
                helped = data.pop(refusal.field, None) is not None or helped
            elif refusal.field == "outcome" and action.outcomes:
                data["outcome"], helped = self.chance.choice(action.outcomes), True
            elif defined is not None and refusal.field in {item.field for item in action.takes}:
                data[refusal.field], helped = typist.value(defined), True
            elif refusal.severity == "warn":
                overrides[refusal.gate], helped = "理由", True
            elif refusal.gate in folder.procedure.gates and data:
                data.update(self._fill(folder.procedure, action, folder.state.data, folder.state.stage))
                helped = True
            else:
                return False
        return helped

    # -- looking

    def _look(self) -> None:
        """Fold every new entry from its written text, and check."""
        for folder in list(self.docket.folders.values()):
            before = self.folded.get(folder.id, State())
            new = self.docket.entries[folder.id][before.seq :]
            for entry in new:
                read = json.loads(canonical(entry))
                after = invariants.folded_purely(before, read)
                invariants.check_entry(folder, before, after, read, self.calendar)
                self.done[folder.procedure.key, entry["action"]] += 1
                self.seen[folder.procedure.key, after.stage] += 1
                before = self.folded[folder.id] = after
            if new:
                invariants.check_case(folder, before, self.calendar)
                invariants.check_children(self.docket, folder)
                invariants.check_lights(folder, self.now, self.calendar, self.chance)


def _listed(value: Any) -> list[str]:
    """Everybody (and more) whom a value names: itself, its items, the columns of its rows."""
    items = value if isinstance(value, list) else [value]
    return [party_id(one) for item in items for one in (item.values() if isinstance(item, Mapping) else [item])]
