"""Which light a case shows, and from which moment on: so that a list of millions can be filtered by light in SQL."""

from dataclasses import dataclass
from datetime import datetime

from fadu.kernel import clock as reading
from fadu.kernel.condition import All, AnyOf, ClockTest, Condition
from fadu.kernel.definition import Procedure
from fadu.kernel.facts import CaseFacts

ALWAYS = datetime.min


@dataclass(frozen=True, slots=True)
class Plan:
    """When the lights of a case turn, if nothing else happens: grey now, amber and red from a moment (None: never)."""

    grey: bool
    amber: datetime | None
    red: datetime | None

    def at(self, now: datetime) -> str:
        if self.grey:
            return "grey"
        if self.red is not None and self.red <= now:
            return "red"
        return "yellow" if self.amber is not None and self.amber <= now else "green"


def plan(procedure: Procedure, facts: CaseFacts) -> Plan:
    """The lights of a case from now on, by the first-match rule of its definition."""
    turns = {light.colour: turns_true(light.when, facts) for light in procedure.lights if light.when is not None}
    return Plan(turns.get("grey") is ALWAYS, turns.get("yellow"), turns.get("red"))


def light_of(procedure: Procedure, facts: CaseFacts) -> str:
    """grey, red, yellow or green at the moment of the facts."""
    return plan(procedure, facts).at(facts.now)


def turns_true(condition: Condition, facts: CaseFacts) -> datetime | None:
    """The first moment at which a condition holds if no entry follows: ALWAYS, a moment, or None for never."""
    if isinstance(condition, All):
        moments = [turns_true(part, facts) for part in condition.parts]
        return None if None in moments else max((m for m in moments if m is not None), default=ALWAYS)
    if isinstance(condition, AnyOf):
        return min((m for part in condition.parts if (m := turns_true(part, facts)) is not None), default=None)
    if isinstance(condition, ClockTest) and (condition.left_under or condition.words & {"overdue"}):
        return _clock_turns(condition, facts)
    return ALWAYS if condition.holds(facts) else None


def _clock_turns(test: ClockTest, facts: CaseFacts) -> datetime | None:
    clock, run = facts.procedure.clocks[test.name], facts.state.clocks.get(test.name)
    if run is None or not run.is_open or run.is_held:
        return ALWAYS if test.words and test.holds(facts) else None
    if test.left_under:
        return reading.turns_scarce(clock, run, test.left_under, facts.calendar)
    return reading.end_of(run.due)
