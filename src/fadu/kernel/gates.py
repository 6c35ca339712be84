"""Gates: conditions that must hold before an action. Some can be judged before any data is typed; the rest only with it."""

import re

from fadu.kernel.asking import Ask
from fadu.kernel.condition import ClockTest, leaves, reads
from fadu.kernel.definition import Clock, Gate, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal


def gate_refusals(ask: Ask, facts: CaseFacts) -> tuple[Refusal, ...]:
    """What the gates of an action say, in the order it names them."""
    gates = (ask.procedure.gates[key] for key in ask.action.needs)
    return tuple(_refusal(gate) for gate in gates if not _is_open(gate, facts))


def known_refusals(ask: Ask, facts: CaseFacts) -> tuple[Refusal, ...]:
    """The same, of the gates that depend on nothing still to be typed: what a button can say."""
    if not ask.action.needs:
        return ()
    typed = _typed(ask)
    gates = (ask.procedure.gates[key] for key in ask.action.needs)
    return tuple(
        _refusal(gate)
        for gate in gates
        if typed.isdisjoint(_read_by(ask.procedure, gate)) and not _is_open(gate, facts)
    )


def _is_open(gate: Gate, facts: CaseFacts) -> bool:
    if gate.when is not None and not gate.when.holds(facts):
        return True
    if gate.unless is not None and gate.unless.holds(facts):
        return True
    return gate.that.holds(facts)


_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def placeholders(words: Text) -> set[str]:
    """The fields a sentence shows."""
    return {name for text in (words.zh, words.en) for name in _PLACEHOLDER.findall(text)}


def _refusal(gate: Gate) -> Refusal:
    return Refusal(gate.key, gate.refusal, gate.cites, gate.severity)


def _typed(ask: Ask) -> set[str]:
    """The fields an action asks for, what is derived from them, and the outcome when there is a choice of it."""
    typed = {item.field for item in ask.action.takes} | ({"outcome"} if len(ask.action.outcomes) > 1 else set())
    for derived in ask.procedure.derived:
        sources = {str(value) for value, _ in derived.derived}.union(*(reads(test) for _, test in derived.derived))
        if derived.aggregate is not None:
            sources.add(derived.aggregate.rows)
        if typed & sources:
            typed.add(derived.key)
    return typed


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
