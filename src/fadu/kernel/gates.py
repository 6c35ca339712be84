"""Gates: conditions that must hold before an action. Some can be judged before any data is typed; the rest only with it."""

from collections.abc import Collection

from fadu.kernel.asking import Ask
from fadu.kernel.condition import ClockTest, leaves, reads
from fadu.kernel.definition import Clock, Gate, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.refusal import Refusal
from fadu.kernel.saying import filled


def gate_refusals(ask: Ask, facts: CaseFacts) -> tuple[Refusal, ...]:
    """What the gates of an action say, in the order it names them."""
    gates = (ask.procedure.gates[key] for key in ask.action.needs)
    return tuple(_refusal(gate, ask, facts) for gate in gates if not _is_open(gate, facts))


def known_refusals(ask: Ask, facts: CaseFacts, unknown: Collection[str]) -> tuple[Refusal, ...]:
    """The same, of the gates that depend on nothing unknown: what a button can say."""
    gates = (ask.procedure.gates[key] for key in ask.action.needs)
    return tuple(
        _refusal(gate, ask, facts)
        for gate in gates
        if _read_by(ask.procedure, gate).isdisjoint(unknown) and not _is_open(gate, facts)
    )


def _is_open(gate: Gate, facts: CaseFacts) -> bool:
    if gate.when is not None and not gate.when.holds(facts):
        return True
    if gate.unless is not None and gate.unless.holds(facts):
        return True
    return gate.that.holds(facts)


def _refusal(gate: Gate, ask: Ask, facts: CaseFacts) -> Refusal:
    return Refusal(gate.key, filled(gate.refusal, facts, ask.around), gate.cites, gate.severity)


def _read_by(procedure: Procedure, gate: Gate) -> set[str]:
    """Every field a gate looks at: directly, through a clock, or as the text that a result is about."""
    names: set[str] = set()
    for condition in (gate.that, gate.when, gate.unless):
        names |= reads(condition)
        for leaf in leaves(condition):
            if isinstance(leaf, ClockTest):
                names |= _moves(procedure.clocks[leaf.name])
    return names | _texts(procedure, names)


def _moves(clock: Clock) -> set[str]:
    """The fields that can start, end or lengthen a clock."""
    return {clock.until, clock.length_field, *(begin.name for begin in clock.begins)} | reads(clock.when)


def _texts(procedure: Procedure, names: set[str]) -> set[str]:
    found = {procedure.fields[name].about for name in names if name in procedure.fields}
    for name in names & procedure.children.keys():
        found |= procedure.children[name].about.keys()
    return found
