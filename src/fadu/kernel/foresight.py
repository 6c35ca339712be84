"""What can be said of an action before all of its data is typed: what it would find, and which gates are shut already."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from fadu.kernel import values
from fadu.kernel.asking import Ask
from fadu.kernel.condition import reads
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.draft import Draft
from fadu.kernel.gates import known_refusals
from fadu.kernel.refusal import Refusal

OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Foresight:
    """The values that would be found, and the refusals that nothing still to be typed can lift."""

    found: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()


def foresee(ask: Ask) -> Foresight:
    """Of what is typed already, as far as it fits; as if the rest could still be anything. A button, where nothing is
    typed or found, needs no draft.
    """
    found = {item.field for item in ask.action.takes if ask.procedure.fields[item.field].found is not None}
    if not ask.action.needs and not found:
        return Foresight()
    if not ask.data and not found:
        only = ask.action.outcomes[0] if len(ask.action.outcomes) == 1 else None
        facts = ask.facts(replace(ask.state, outcome=only) if only else ask.state)
        return Foresight(refusals=known_refusals(ask, facts, _unknown(ask, ())))
    given, outcome = _fitting(ask)
    unknown = _unknown(ask, {*given, *([OUTCOME] if outcome else [])})
    draft = Draft(ask, given, outcome, unknown)
    return Foresight(
        {key: draft.data[key] for key in sorted(found) if draft.data.get(key) is not None},
        known_refusals(ask, draft.facts, unknown),
    )


def _fitting(ask: Ask) -> tuple[dict[str, Any], str | None]:
    """The values typed that fit their fields, and the outcome if it is one to choose."""
    given: dict[str, Any] = {}
    for item in ask.action.takes:
        defined, raw = ask.procedure.fields[item.field], ask.data.get(item.field)
        if defined.is_typed and not values.is_empty(raw):
            with suppress(values.Unfit):
                given[item.field] = values.read(defined, raw)
    outcome = ask.data.get(OUTCOME)
    return given, outcome if outcome in ask.action.outcomes else None


def _unknown(ask: Ask, given: Collection[str]) -> set[str]:
    """The fields still to be typed, and all that hangs on them."""
    fields = ask.procedure.fields
    taken = [fields[item.field] for item in ask.action.takes]
    unknown = {one.key for one in taken if one.is_typed and one.key not in given}
    if len(ask.action.outcomes) > 1 and OUTCOME not in given:
        unknown.add(OUTCOME)
    hanging = [*(one for one in taken if one.found is not None), *ask.procedure.derived]
    moved = True
    while moved:
        more = {one.key for one in hanging if one.key not in unknown and _hangs_on(one, unknown, ask)}
        moved, unknown = bool(more), unknown | more
    return unknown


def _hangs_on(one: Field, unknown: Collection[str], ask: Ask) -> bool:
    if one.found is not None:
        return ask.around is None or not (one.found.reads | reads(one.when)).isdisjoint(unknown)
    if one.aggregate is not None:
        return one.aggregate.rows in unknown
    return not _sources(one, ask.procedure).isdisjoint(unknown)


def _sources(one: Field, procedure: Procedure) -> set[str]:
    """What a first-match table reads: its conditions, and the fields whose value it takes over."""
    named = {str(value) for value, _ in one.derived} & procedure.fields.keys()
    return named.union(*(reads(test) for _, test in one.derived))
