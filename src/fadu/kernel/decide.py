"""The one function that says yes, or says why not: from (definition, state, action, data) to an entry.

Which state each check reads: who may act, and whether a clock may still be extended, is read from the state *before*
the action; fields, gates, the next stage and the outcome are read *with its data*, but without its entry.
The button (`choices`) and the deed (`decide`) ask the same checks.
"""

from dataclasses import dataclass
from typing import Any

from fadu.kernel.asking import CLOCK, PARENT, Actor, Ask, insist
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Action, Asked, Field, Procedure
from fadu.kernel.draft import Draft, first_match, read
from fadu.kernel.foresight import Foresight, foresee
from fadu.kernel.refusal import Refusal
from fadu.kernel.standing import post_used, standing
from fadu.kernel.state import State
from fadu.kernel.writing import Decision, Opening, Registrar, Telling, write

__all__ = [
    "CLOCK",
    "PARENT",
    "Actor",
    "Ask",
    "Choice",
    "Decision",
    "Foresight",
    "Opening",
    "Registrar",
    "Telling",
    "asked_fields",
    "choices",
    "decide",
    "first_match",
    "foresee",
    "post_used",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """An action a person sees on a case: allowed, or refused with reasons."""

    action: Action
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        return all(refusal.severity == "warn" for refusal in self.refusals)


def choices(
    procedure: Procedure, calendar: Calendar, state: State, actor: Actor, day: str, **where: Any
) -> list[Choice]:
    """Every action that leaves the present stage, with what stands against it before any data is known; and the actor's
    own actions of other stages, refused because it is not their time. `where` is the case's identity and surroundings.
    """
    leaving = {action.key for action in procedure.standing[state.stage]}
    found = []
    for action in procedure.actions.values():
        ask = Ask(procedure, calendar, state, action, actor, day, **where)
        if action.by_clock or action.by_parent or action.is_opening:
            continue
        if action.key in leaving or (not procedure.is_closed(state.stage) and post_used(ask) is not None):
            found.append(Choice(action, standing(ask) or foresee(ask).refusals))
    return found


def decide(ask: Ask, registrar: Registrar) -> Decision:
    """The entry that does what is asked; raises Refused with every reason why not, and then nothing was drawn."""
    insist(standing(ask))
    draft = Draft(ask, *read(ask))
    insist(draft.faults())
    insist(draft.gate_faults())
    return write(draft, registrar)


def asked_fields(procedure: Procedure, action: Action) -> list[tuple[Asked, Field]]:
    """What the form of an action shows, in order."""
    return [(item, defined) for item in action.takes if (defined := procedure.fields[item.field]).is_typed]
