"""Definitions as JSON: what a procedure asks, in which stages, by whom, under which articles."""

from collections.abc import Iterator

from django.http import Http404

from fadu.api.schemas import by_person, data_schema, field_schema
from fadu.api.words import Json, both, cites
from fadu.cases import definitions
from fadu.kernel.definition import Action, Clock, Field, Gate, Procedure, Table
from fadu.kernel.law import Citation


def in_force(key: str) -> Procedure:
    """Raises Http404 for a procedure that is not here."""
    try:
        return definitions.current(key)
    except KeyError:
        raise Http404 from None


def brief(procedure: Procedure) -> Json:
    return {
        "key": procedure.key,
        "name": procedure.name,
        "title": both(procedure.title),
        "version": procedure.version,
        "in_force": procedure.in_force,
        "is_register": procedure.is_register,
        "basis": cites(procedure.basis),
        "digest": procedure.digest,
    }


def whole(procedure: Procedure) -> Json:
    return {
        **brief(procedure),
        "owner": str(procedure.owner),
        "fields": [_field(item) for item in procedure.fields.values()],
        "stages": [
            {
                "key": stage.key,
                "title": both(stage.title),
                "turn": str(stage.turn) if stage.turn else None,
                "ends": procedure.is_closed(stage.key),
            }
            for stage in procedure.stages.values()
        ],
        "actions": [_action(procedure, action) for action in procedure.actions.values()],
        "gates": [_gate(gate) for gate in procedure.gates.values()],
        "clocks": [_clock(item) for item in procedure.clocks.values()],
        "children": [
            {"key": child.key, "title": both(child.title), "procedure": child.procedure}
            for child in procedure.children.values()
        ],
        "outcomes": [
            {"key": item.key, "title": both(item.title), "cites": cites(item.cites)}
            for item in procedure.outcomes.values()
        ],
        "articles": cites(sorted(set(_all_cites(procedure)), key=str)),
    }


def _field(item: Field) -> Json:
    return {
        "key": item.key,
        "title": both(item.title),
        "kind": item.kind,
        "choices": [{"key": key, "title": both(text)} for key, text in item.choices.items()],
        "columns": [_field(column) for column in item.rows.values()],
        "of": item.of or None,
        "private": item.private,
        "public": item.public,
        "statistics": item.statistics,
        "seen_by": list(item.seen_by),
        "derived": not item.is_typed,
        "hint": both(item.hint),
        "cites": cites(item.cites),
        "schema": field_schema(item),
    }


def _action(procedure: Procedure, action: Action) -> Json:
    return {
        "key": action.key,
        "title": both(action.title),
        "from": list(action.sources),
        "to": _targets(action.to),
        "by": [str(who) for who in action.by],
        "not_by": [str(who) for who in action.not_by],
        "takes": [{"field": item.field, "optional": item.optional} for item in action.takes],
        "needs": list(action.needs),
        "outcomes": list(action.outcomes),
        "times": action.times or None,
        "extends": action.extends or None,
        "opens": list(action.opens),
        "issues": list(action.issues),
        "cites": cites(action.cites),
        "schema": data_schema(procedure, action) if by_person(action) else None,
    }


def _targets(to: str | Table) -> list[str]:
    return [to] if isinstance(to, str) else [str(value) for value, _ in to]


def _gate(gate: Gate) -> Json:
    return {"key": gate.key, "severity": gate.severity, "text": both(gate.refusal), "cites": cites(gate.cites)}


def _clock(item: Clock) -> Json:
    return {
        "key": item.key,
        "title": both(item.title),
        "shape": item.shape,
        "period": str(item.period) if item.period else None,
        "until": item.until or item.yearly or None,
        "begins": [begin.name for begin in item.begins],
        "ends_with": list(item.ends_with),
        "pause": list(item.pause),
        "expires": item.expires or None,
        "cites": cites(item.cites),
    }


def _all_cites(procedure: Procedure) -> Iterator[Citation]:
    yield from procedure.basis
    for group in (procedure.fields, procedure.actions, procedure.gates, procedure.clocks, procedure.outcomes):
        for item in group.values():
            yield from item.cites
