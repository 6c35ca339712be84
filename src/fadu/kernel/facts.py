"""A case at one moment, as conditions see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fadu.kernel import clock
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.kernel.ledger import digest
from fadu.kernel.state import State


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The facts of a case: its state, read on a day with a calendar in hand."""

    procedure: Procedure
    state: State
    now: datetime
    calendar: Calendar

    def value(self, name: str) -> Any:
        if name in self.procedure.fields:
            return self.state.data.get(name)
        return {"stage": self.state.stage, "outcome": self.state.outcome, "case_unit": self.state.unit}.get(name)

    def times_done(self, action: str) -> int:
        tally = self.state.done.get(action)
        return tally.times if tally else 0

    def done_since(self, action: str, other: str) -> bool:
        """Done after the last occurrence of the other; when the other never happened, done at all."""
        mine, theirs = self.state.done.get(action), self.state.done.get(other)
        return mine is not None and (theirs is None or mine.last > theirs.last)

    def clock(self, name: str) -> str:
        return clock.status_at(self.procedure.clocks[name], self.state.clocks.get(name), self.now)

    def share_left(self, name: str) -> float | None:
        run = self.state.clocks.get(name)
        return clock.share_left(self.procedure.clocks[name], run, self.now, self.calendar)

    def is_current(self, name: str) -> bool:
        """The value is there and was set about the present text."""
        text = self.procedure.fields[name].about
        if self.state.data.get(name) in (None, "", []):
            return False
        return self.state.about.get(name) == digest(self.state.data.get(text))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        if name in self.procedure.children:
            return self._children(name)
        value = self.state.data.get(name)
        return list(value) if isinstance(value, list) else []

    def _children(self, key: str) -> list[Mapping[str, Any]]:
        texts = list(self.procedure.children[key].about)
        present = digest(self.state.data.get(texts[0])) if texts else None
        return [
            {"outcome": child.outcome, "open": child.open, "current": child.about == present}
            for child in self.state.children
            if child.key == key
        ]
