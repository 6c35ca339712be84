"""What must hold of every case after every entry, whatever was tried; each check says what it found."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import PREVIOUS, STAY, Procedure
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.facts import CaseFacts
from fadu.kernel.ledger import SHA256, SM3, Sealed, canonical, chain_fault, digest, seal
from fadu.kernel.lights import plan
from fadu.kernel.perform import Folder
from fadu.kernel.state import Run, State, evolve, fold

Entry = Mapping[str, Any]


def text(state: State) -> str:
    return json.dumps(state.to_json(), ensure_ascii=False, sort_keys=True)


# -- one entry ---------------------------------------------------------------------------------------------------------


def check_entry(folder: Folder, before: State, after: State, entry: Entry, calendar: Calendar) -> None:
    """`after` is folded by the test from the written text; it is not taken from the kernel."""
    check_nobody_verifies_his_own_work(folder.procedure, before, entry)
    check_no_extension_after_expiry(folder.procedure, before, entry)
    check_pauses_never_shorten(before, after)
    check_outcomes(folder.procedure, before, after)
    assert entry["seq"] == before.seq + 1


def folded_purely(before: State, entry: Entry) -> State:
    """The state after an entry; neither it nor the state before may change by the folding."""
    state, body = text(before), canonical(entry)
    once, twice = evolve(before, entry), evolve(before, entry)
    assert (text(before), canonical(entry)) == (state, body), "folding changed what it folded"
    assert text(once) == text(twice), "folding twice gives two states"
    return once


def check_nobody_verifies_his_own_work(procedure: Procedure, before: State, entry: Entry) -> None:
    action = procedure.actions.get(entry["action"])
    for who in action.not_by if action else ():
        if who.kind == "doer" and who.name in before.done:
            doers = set(before.done[who.name].by)
            assert not doers & {entry["by"], entry.get("for")}, f"{entry['by']} did {who.name}, then {entry['action']}"
        if who.kind == "setter":
            assert before.set_by.get(who.of) not in (entry["by"], entry.get("for"))


def check_no_extension_after_expiry(procedure: Procedure, before: State, entry: Entry) -> None:
    action = procedure.actions.get(entry["action"])
    if action is None or not action.extends:
        return
    run, limit = before.clocks[action.extends], procedure.clocks[action.extends].extension
    assert run.is_open, f"{action.extends} was extended when it no longer ran"
    assert run.is_held or reading.moment(entry["day"]) < reading.end_of(run.due), f"{action.extends} had expired"
    assert limit is not None
    assert run.extended < limit.times


def check_pauses_never_shorten(before: State, after: State) -> None:
    for key, run in after.clocks.items():
        old = before.clocks.get(key)
        if old is None or _length(old) != _length(run) or old.holds == run.holds:
            continue
        assert reading.end_of(run.due) >= reading.end_of(old.due), f"{key}: a pause moved {old.due} back to {run.due}"


def _length(run: Run) -> tuple[Any, ...]:
    return run.start, run.seq, run.extended, run.round


def check_outcomes(procedure: Procedure, before: State, after: State) -> None:
    assert after.outcome is None or after.outcome in procedure.outcomes
    if procedure.is_closed(after.stage) and procedure.outcomes:
        assert after.outcome is not None, f"closed from {before.stage} without an outcome"
    if procedure.is_closed(after.stage) != bool(after.closed_seq):
        raise AssertionError(f"{after.stage} with closed_seq {after.closed_seq}")


# -- one case ----------------------------------------------------------------------------------------------------------


def check_case(folder: Folder, folded: State, calendar: Calendar) -> None:
    procedure, state = folder.procedure, folder.state
    assert text(folded) == text(state), "the entries say another state than the kernel"
    assert State.from_json(json.loads(text(state))) == state, "the state does not survive being stored"
    assert state.stage in procedure.stages, f"'{state.stage}' is no stage"
    assert state.stage in procedure.ends_in or can_end(procedure, state.stage), (
        f"no end can be reached from {state.stage}"
    )
    for key, run in state.clocks.items():
        if run.is_open:
            check_due(procedure, key, run, state, calendar)


def check_due(procedure: Procedure, key: str, run: Run, state: State, calendar: Calendar) -> None:
    due = reading.due_of(procedure.clocks[key], run, state.data, calendar)
    assert (due.iso(), due.provisional) == (run.due, run.provisional), f"{key}: {run.due} recorded, {due.iso()} counted"
    began_before = bool(state.closed_seq) and run.seq < state.closed_seq
    waited = procedure.clocks[key].shape == "at_least"
    assert not began_before or waited, f"{key} runs on in a closed case"


def can_end(procedure: Procedure, stage: str) -> bool:
    """Whether an end can be reached by the graph; `previous` is any stage that leads here."""
    seen, waiting = set[str](), [stage]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += nexts(procedure, here)
    return bool(seen & procedure.ends_in)


def nexts(procedure: Procedure, here: str) -> list[str]:
    found = [to for action in procedure.standing[here] for to in action.targets()]
    back = [one for one in procedure.stages if any(here in move.targets() for move in procedure.standing[one])]
    return [to for to in found if to not in (STAY, PREVIOUS)] + (back if PREVIOUS in found else [])


def check_children(docket: MemoryDocket, folder: Folder) -> None:
    """What a parent knows of its children is what they are."""
    known = {child.id: child for child in folder.state.children}
    assert set(known) == {each.id for each in docket.folders.values() if each.parent_id == folder.id}
    for child_id, fact in known.items():
        child = docket.folders[child_id]
        assert fact.open == (not child.procedure.is_closed(child.state.stage)), f"{fact.key} {child_id}: open or not"
        assert fact.outcome == child.state.outcome
        for target in folder.procedure.children[fact.key].about.values():
            assert fact.about == digest(child.state.data.get(target)), f"{fact.key} {child_id} saw another text"


def check_lights(folder: Folder, now: datetime, calendar: Calendar, chance: Random) -> None:
    """The moments computed in advance say the same as the rule asked at that moment."""
    procedure, state = folder.procedure, folder.state
    if not procedure.lights:
        return
    planned = plan(procedure, CaseFacts(procedure, state, now, calendar))
    moments = [now + timedelta(minutes=chance.randrange(90 * 1440)) for _ in range(3)]
    turns = [turn for turn in (planned.amber, planned.red) if turn is not None and turn > now]
    moments += [turn + timedelta(minutes=minutes) for turn in turns for minutes in (-1, 1) if turn.year > 1]
    for then in [now, *(moment for moment in moments if moment >= now)]:
        facts = CaseFacts(procedure, state, then, calendar)
        shown = next(light.colour for light in procedure.lights if light.when is None or light.when.holds(facts))
        assert planned.at(then) == shown, f"at {then} the plan says {planned.at(then)}, the rule {shown}"


def check_ledger(folder: Folder, entries: list[dict[str, Any]], chance: Random) -> None:
    """Written down, chained, read back and folded, the entries give the case."""
    chain, head = list[Sealed](), ""
    for entry in entries:
        algorithm, body = chance.choice((SHA256, SM3)), canonical(entry)
        head = seal(head, body, algorithm)
        chain.append(Sealed(entry["seq"], body, head, algorithm))
    assert chain_fault(chain, head) is None
    assert text(fold(json.loads(sealed.text) for sealed in chain)) == text(folder.state)
