"""The columns of a case, computed from its state: what lists filter and sort by. A pure function; nothing is added here
that the entries do not say.
"""

from datetime import datetime
from typing import Any

from fadu.cases.models import NEVER
from fadu.cases.moments import stored
from fadu.kernel import clock as reading
from fadu.kernel import lights
from fadu.kernel.asking import party_id
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import CASE, Field, Procedure, Who
from fadu.kernel.facts import CaseFacts
from fadu.kernel.perform import Folder, ripe
from fadu.kernel.state import Run, State
from fadu.kernel.values import inside
from fadu.search.tokens import tokens

GRACE = 1  # workdays before a clock's own action of legal effect; see docs/adr/0003


def columns(folder: Folder, government: str, calendar: Calendar) -> dict[str, Any]:
    """Every derived column of the case row."""
    procedure, state = folder.procedure, folder.state
    facts = CaseFacts(procedure, state, reading.moment(state.day), calendar)
    due_clock, run = main_run(procedure, state)
    return {
        "unit_id": state.unit,
        "handling_id": _text(state, procedure.shows.unit) or None,
        "number": state.number,
        "title": _text(state, procedure.shows.title)[:500],
        "kind": _text(state, procedure.shows.kind),
        "stage": state.stage,
        "is_open": not procedure.is_closed(state.stage),
        "outcome": state.outcome,
        "turn": turn(procedure, state, government),
        "due": stored(reading.end_of(run.due)) if run else NEVER,
        "due_clock": due_clock,
        "provisional": run.provisional if run else False,
        **_lights(procedure, facts),
        "timer_at": stored(_timer(folder, calendar)),
        "seq": state.seq,
        "state": state.to_json(),
    }


def _text(state: State, field: str) -> str:
    value = state.data.get(field) or ""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or "")
    return str(value)


def main_run(procedure: Procedure, state: State) -> tuple[str, Run | None]:
    """The clock a list shows: the soonest open one among those the definition shows, else none."""
    runs = [
        (reading.end_of(state.clocks[key].due), key)  # a bare day ends after any moment in it
        for key in procedure.shows.due
        if key in state.clocks and state.clocks[key].is_open
    ]
    if not runs:
        return "", None
    _, key = min(runs)
    return key, state.clocks[key]


def turn(procedure: Procedure, state: State, government: str) -> str:
    """Whose turn it is: role@unit, role@government, person:ID, or nobody's."""
    who = procedure.stages[state.stage].turn
    if who is None or procedure.is_closed(state.stage):
        return ""
    return turn_key(who, state, government)


def turn_key(who: Who, state: State, government: str) -> str:
    if who.kind == "setter":
        return f"person:{state.set_by.get(who.of, '')}"
    if who.kind in ("party", "listed"):
        person = party_id(state.data.get(who.name))
        return f"person:{person}" if person.isdecimal() else ""
    if who.kind != "role":
        return ""
    return f"{who.name}@{state.data.get(who.of, '') if who.of else government}"


def _lights(procedure: Procedure, facts: CaseFacts) -> dict[str, Any]:
    if procedure.is_closed(facts.state.stage):
        return {"grey": False, "amber_at": None, "red_at": None}
    plan = lights.plan(procedure, facts)
    return {"grey": plan.grey, "amber_at": stored(plan.amber), "red_at": stored(plan.red)}


def _timer(folder: Folder, calendar: Calendar) -> datetime | None:
    from_runs = [
        ripe(run.due, calendar, GRACE)
        for clock in folder.procedure.can_expire
        if (run := folder.state.clocks.get(clock.key)) and run.is_open and not run.is_held and not run.fired
    ]
    return min(from_runs, default=None)


def searchable(folder: Folder) -> str:
    """The tokens of a case: its number and every text in it that is not private, in the order of the definition."""
    data = folder.state.data
    texts = [
        str(data[field.key])
        for field in folder.procedure.fields.values()
        if field.key in data and field.kind in ("text", "long_text") and not field.private and not field.seen_by
    ]
    return tokens("\n".join([folder.state.number, *texts]))


def concerned(folder: Folder) -> set[str]:
    """The units named in a case: where it was opened, and those in its unit fields. A field that only some roles see
    tells the unit in it nothing.
    """
    found = {folder.state.unit}
    for key, value in folder.state.data.items():
        if names_units(folder.procedure.fields[key]):
            found.update(str(unit) for unit in (value if isinstance(value, list) else [value]) if unit)
    return found


def pointed(folder: Folder) -> set[tuple[int, str]]:
    """(other case, field or `list.column`) for every case that the fields of this one hold now."""
    data = folder.state.data
    return {
        (other, where)
        for field in folder.procedure.pointing
        for where, other in inside(field, data.get(field.key), CASE)
    }


def named(folder: Folder) -> set[int]:
    """The persons whom the fields of a case name now."""
    data = folder.state.data
    found = (
        party_id(person)
        for field in folder.procedure.naming
        for _, person in inside(field, data.get(field.key), "person")
    )
    return {int(person) for person in found if person.isdecimal()}


def names_units(field: Field) -> bool:
    return field.holds == "unit" and not field.seen_by
