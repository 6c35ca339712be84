"""Walking a case file: steps on days, with what to expect or why it is refused.

A step with `of: procedure` opens another root case; `as: name` names the case opened, and `$name` in data is that case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import CLOCK, PARENT, Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.facts import CaseFacts
from fadu.kernel.lights import light_of
from fadu.kernel.perform import Deed, Folder, open_case, perform, tick
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.source import Source

CASES = Path(__file__).parent / "cases"


@cache
def case_files() -> Mapping[str, Any]:
    return {
        path.stem: Source(path.name).read(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.yaml"))
    }


@dataclass
class Walk:
    """One case being walked: the docket it stands in, its root, and the cast."""

    procedure: Procedure
    cast: Mapping[str, Mapping[str, str]]
    city: str
    calendar: Calendar = field(default_factory=state_council)

    def __post_init__(self) -> None:
        self.docket = MemoryDocket(lambda key, day: self.newest(key))
        self.root: Folder | None = None
        self.cases: dict[str, Folder] = {}

    def newest(self, key: str) -> Procedure:
        found = library(self.city).versions.values()
        return max((one for one in found if one.key == key), key=lambda one: len(one.overlays))

    def actor(self, name: str) -> Actor:
        if name in ("parent", "clock"):
            return PARENT if name == "parent" else CLOCK
        return Actor(name, frozenset((role, unit) for role, unit in self.cast.get(name, {}).items()))

    def take(self, step: Mapping[str, Any]) -> None:
        now = reading.moment(step["day"])
        for case_id in list(self.docket.folders):
            tick(self.docket, self.calendar, case_id, now)
        refusal = self._do(step) if "do" in step else None
        if "refused" in step:
            check_refusal(refusal, step["refused"])
        elif refusal is not None:
            raise AssertionError(f"refused: {refusal.gate}: {refusal}")
        if "expect" in step:
            self._expect(step["expect"], self._folder(step), now)

    def _do(self, step: Mapping[str, Any]) -> Refusal | None:
        data, overrides = self._meant(step.get("with", {})), step.get("overrides", {})
        deed = Deed.of(self.actor(step["by"]), step["do"], step["day"], data, overrides=overrides)
        try:
            if "of" in step or (self.root is None and "in" not in step):
                self._open(step, deed)
            else:
                perform(self.docket, self.calendar, self._folder(step).id, deed)
        except Refused as refused:
            return refused.refusals[0]
        return None

    def _open(self, step: Mapping[str, Any], deed: Deed) -> None:
        procedure = self.newest(step["of"]) if "of" in step else self.procedure
        opened = open_case(self.docket, self.calendar, procedure, deed, "office")
        self.root = opened if "of" not in step else self.root
        self.cases[step.get("as", "")] = opened

    def _meant(self, value: Any) -> Any:
        """Data with `$name` turned into the case of that name."""
        if isinstance(value, Mapping):
            return {key: self._meant(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._meant(one) for one in value]
        is_case = isinstance(value, str) and value.startswith("$")
        return self.cases[value[1:]].id if is_case else value

    def _folder(self, step: Mapping[str, Any]) -> Folder:
        named = step.get("in", step.get("as", ""))
        if named in self.cases and named:
            return self.cases[named]
        assert self.root is not None or "refused" in step
        if "in" not in step:
            return self.root or self.docket.get(1)
        return [one for one in self.docket.folders.values() if step["in"] in (one.child_key, one.procedure.key)][-1]

    def _expect(self, expected: Mapping[str, Any], folder: Folder, now: datetime) -> None:
        facts = CaseFacts(folder.procedure, folder.state, now, self.calendar)
        for what, value in expected.items():
            seen = getattr(self, f"_{what}", lambda *_: folder.state.data.get(what))(folder, facts, value)  # noqa: B023
            assert seen == self._meant(value), f"{what}: expected {value}, found {seen}"

    def _stage(self, folder: Folder, facts: CaseFacts, value: Any) -> Any:
        return folder.state.stage

    def _outcome(self, folder: Folder, facts: CaseFacts, value: Any) -> Any:
        return folder.state.outcome

    def _due(self, folder: Folder, facts: CaseFacts, value: Mapping[str, str]) -> dict[str, str | None]:
        runs = folder.state.clocks
        return {key: runs[key].due if key in runs else None for key in value}

    def _clock(self, folder: Folder, facts: CaseFacts, value: Mapping[str, str]) -> dict[str, str]:
        return {key: facts.clock(key) for key in value}

    def _light(self, folder: Folder, facts: CaseFacts, value: str) -> str:
        return light_of(folder.procedure, facts)

    def _provisional(self, folder: Folder, facts: CaseFacts, value: str) -> Any:
        return value if folder.state.clocks[value].provisional else None

    def _children(self, folder: Folder, facts: CaseFacts, value: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, wanted in value.items():
            states = [self.docket.folders[child.id].state for child in folder.state.children if child.key == key]
            words = [state.outcome or state.stage for state in states]
            found[key] = words if isinstance(wanted, list) else words[-1]
        return found


def check_refusal(refusal: Refusal | None, wanted: Mapping[str, str]) -> None:
    assert refusal is not None, f"should have been refused by {wanted}"
    assert refusal.gate == wanted["gate"], f"refused by {refusal.gate} ({refusal}), not by {wanted['gate']}"
    if "cites" in wanted:
        assert any(str(cite).startswith(wanted["cites"]) for cite in refusal.cites), (
            f"cites {refusal}, not {wanted['cites']}"
        )
    if "text" in wanted:
        assert wanted["text"] in refusal.text.zh, f"says {refusal.text.zh}"
