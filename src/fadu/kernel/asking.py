"""Who asks for what: the actor, the deed asked for, and the form of every no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Action, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.seeking import Surroundings
from fadu.kernel.state import State


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the posts held on the day, as (role, unit). `principal` is the leader a recorder acts for.

    `stands_for` are the absent whose posts the actor holds as their deputy. Posts `elsewhere`, under another government than the case's, count only where an action names the unit.
    The ids `parent` and `clock` are the kernel's own; no person may bear them.
    """

    id: str
    posts: frozenset[tuple[str, str]] = frozenset()
    principal: "Actor | None" = None
    elsewhere: frozenset[tuple[str, str]] = frozenset()
    stands_for: frozenset[str] = frozenset()

    @property
    def deciding(self) -> "Actor":
        return self.principal or self


PARENT = Actor("parent")
CLOCK = Actor("clock")


@dataclass(frozen=True, slots=True)
class Ask:
    """A deed asked for: everything a decision reads."""

    procedure: Procedure
    calendar: Calendar
    state: State
    action: Action
    actor: Actor
    day: str  # the legal day or moment, ISO
    data: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    setters: Mapping[str, str] = field(default_factory=dict)  # of values passed on by a parent
    unit: str = ""  # of an opening: the office that opens
    case_id: int = 0
    around: Surroundings | None = None  # None where nothing outside the case can be asked

    @property
    def now(self) -> datetime:
        return reading.moment(self.day)

    def facts(self, state: State) -> CaseFacts:
        return CaseFacts(self.procedure, state, self.now, self.calendar)

    def refuse(self, gate: str, zh: str, en: str, **more: Any) -> Refusal:
        """A refusal by one of the kernel's own checks; it cites the action's articles unless told others."""
        return Refusal(gate, Text(zh, en), more.pop("cites", self.action.cites), **more)


def insist(refusals: tuple[Refusal, ...]) -> None:
    """Raises Refused when anything stands against a deed."""
    if refusals:
        raise Refused(refusals)


def party_id(value: Any) -> str:
    """Who a party, a person or a unit is: the key itself, or the id in a mapping that carries it; empty for nobody."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return "" if found is None else str(found)
