"""`fadu verify`: every case is folded from its entries again and compared with what is stored; every chain is checked."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from fadu.cases import definitions
from fadu.cases.documents import attachments
from fadu.cases.models import Attachment, Case, Concern, Definition, Entry, Guest, Link
from fadu.cases.moments import stored_day
from fadu.cases.projection import columns, concerned, named, pointed, searchable
from fadu.cases.rows import tied
from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.kernel.ledger import Sealed, chain_fault
from fadu.kernel.loader import digest_of
from fadu.kernel.perform import Folder
from fadu.kernel.state import State, evolve

CHUNK = 500
Claim = tuple[int, int, str]  # a parent, a child its ledger names, and the digest the child wrote there (or nothing)


@dataclass(slots=True)
class Report:
    """How many cases and entries were rebuilt, and the first thing found wrong."""

    cases: int = 0
    entries: int = 0
    fault: str = ""


@dataclass(slots=True)
class Stored:
    """What the database holds of one case beside its row."""

    entries: list[Entry] = field(default_factory=list)
    concerns: set[str] = field(default_factory=set)
    attachments: list[tuple[int, str, str, str]] = field(default_factory=list)
    links: set[tuple[int, str]] = field(default_factory=set)
    guests: set[int] = field(default_factory=set)


def verify() -> Report:
    """Rebuild everything; stops at the first fault. Memory stays flat: cases come in chunks."""
    report, calendar = Report(), definitions.calendar()
    report.fault = _definition_fault() or _stray_entries()
    if report.fault:
        return report
    for rows in _chunks():
        report.fault = _chunk_fault(rows, report, calendar)
        if report.fault:
            break
    return report


def _definition_fault() -> str:
    for row in Definition.objects.order_by("pk").iterator(chunk_size=50):
        if digest_of(row.document) != row.digest:
            return f"definition {row.name}: does not match its digest"
    return ""


def _stray_entries() -> str:
    """Entries whose case is gone (a database without foreign keys could hold them)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM cases_entry e WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = e.case_id) LIMIT 1"
        )
        row = cursor.fetchone()
    return f"case {row[0]}: has entries but no row" if row else ""


def _chunks() -> Iterator[list[Case]]:
    last = -1
    cases = Case.objects.select_related("definition").defer("definition__document").order_by("pk")
    while rows := list(cases.filter(pk__gt=last)[:CHUNK]):
        yield rows
        last = rows[-1].pk


def _chunk_fault(rows: list[Case], report: Report, calendar: Calendar) -> str:
    stored, claims = _stored(rows), list[Claim]()
    for row in rows:
        held = stored[row.pk]
        fault = case_fault(row, held, calendar)
        if fault:
            return f"case {row.pk} {row.number}: {fault}"
        claims += _claims(row.pk, held.entries)
        report.cases += 1
        report.entries += len(held.entries)
    return _claim_fault(claims)


def _stored(rows: Sequence[Case]) -> Mapping[int, Stored]:
    found: Mapping[int, Stored] = defaultdict(Stored)
    for entry in Entry.objects.filter(case__in=rows).order_by("case_id", "seq"):
        found[entry.case_id].entries.append(entry)
    for concern in Concern.objects.filter(case__in=rows):
        found[concern.case_id].concerns.add(str(concern.unit_id))
    for row in Attachment.objects.filter(case__in=rows):
        found[row.case_id].attachments.append(_plain(row))
    for case_id, other, kind in Link.objects.filter(case__in=rows).values_list("case_id", "other_id", "kind"):
        found[case_id].links.add((other, kind))
    for case_id, person in Guest.objects.filter(case__in=rows).values_list("case_id", "person_id"):
        found[case_id].guests.add(person)
    return found


def _plain(row: Attachment) -> tuple[int, str, str, str]:
    return row.seq, row.field, row.file_id, row.name


# -- one case ----------------------------------------------------------------------------------------------------------


def case_fault(row: Case, stored: Stored, calendar: Calendar) -> str:
    """What is wrong with one case, or nothing."""
    entries = stored.entries
    broken = chain_fault(Sealed(entry.seq, entry.body, entry.digest, entry.algorithm) for entry in entries)
    if broken:
        return broken
    if not entries or entries[-1].digest != row.head:
        return "its last entry is not the one the case names"
    bodies = [entry.content for entry in entries]
    if any(body["case"] != row.pk for body in bodies):
        return "holds an entry of another case"
    procedure = definitions.procedure_of(row.definition_id)
    states = _states(bodies)
    if states[-1].to_json() != row.state:
        return "its stored state is not what its entries say"
    return (
        _entry_fault(row, entries, bodies)
        or _column_fault(row, bodies, states[-1], calendar)
        or _belongings_fault(row, stored, bodies, states)
        or _clock_fault(procedure, states[-1], calendar)
    )


def _states(bodies: Sequence[Mapping[str, Any]]) -> list[State]:
    found, state = [], State()
    for body in bodies:
        state = evolve(state, body)
        found.append(state)
    return found


def _entry_fault(row: Case, entries: Sequence[Entry], bodies: Sequence[Mapping[str, Any]]) -> str:
    """The columns of an entry are there to be asked in SQL; they say what its body says."""
    for entry, body in zip(entries, bodies, strict=True):
        expected = {
            "procedure": row.procedure,
            "action": body["action"],
            "day": stored_day(body["day"]),
            "actor_id": _person(body),
        }
        fault = _differs(entry, expected)
        if not fault and entry.recorded_at.isoformat(timespec="milliseconds") != body["at"]:
            fault = "its column 'recorded_at' is not what it says"
        if fault:
            return f"entry {entry.seq}: {fault}"
    return ""


def _person(body: Mapping[str, Any]) -> int | None:
    """Whose deed an entry is; None for the clock."""
    person = body.get("person", body["by"])
    return int(person) if person.isdecimal() else None


def _column_fault(row: Case, bodies: Sequence[Mapping[str, Any]], state: State, calendar: Calendar) -> str:
    first, definition = bodies[0], row.definition
    if (definition.name, definition.digest) != (first["procedure"], first["digest"]):
        return f"its definition is {definition.name}; it began under {first['procedure']}"
    procedure = definitions.procedure_of(row.definition_id)
    folder = Folder(row.pk, procedure, state, row.parent_id, row.child_key)
    closed = bodies[state.closed_seq - 1] if state.closed_seq else None
    expected = {
        "procedure": procedure.key,
        "parent_id": first.get("parent"),
        "root_id": first.get("root", row.pk),
        "child_key": first.get("child_key", ""),
        "government_id": first["government"],
        "begun_by_id": _person(first),
        "opened": stored_day(first["day"]),
        "closed": stored_day(closed["day"]) if closed else None,
        **columns(folder, first["government"], calendar),
        "tokens": searchable(folder),
    }
    return _differs(row, expected)


def _differs(row: Case | Entry, expected: Mapping[str, Any]) -> str:
    for name, value in expected.items():
        if getattr(row, name) != value:
            return f"its column '{name}' says {getattr(row, name)!r}; its entries say {value!r}"
    return ""


def _belongings_fault(row: Case, stored: Stored, bodies: Sequence[Mapping[str, Any]], states: Sequence[State]) -> str:
    """The units and persons who may see the case, its files and the cases it belongs with follow from its entries too."""
    procedure = definitions.procedure_of(row.definition_id)
    folder = Folder(row.pk, procedure, states[-1])
    told = (state for state, body in zip(states, bodies, strict=True) if body.keys() & {"unit", "data", "state"})
    if stored.concerns != {unit for state in told for unit in concerned(Folder(row.pk, procedure, state))}:
        return "the units it concerns are not those its entries name"
    brought = [_plain(found) for body in bodies for found in attachments(row.pk, procedure, body)]
    if sorted(stored.attachments) != sorted(brought):
        return "its files are not those its entries brought"
    linked = {(link.other_id, link.kind) for body in bodies for link in tied(row.pk, body)}
    if stored.links != linked | pointed(folder):
        return "the cases it is linked to are not those its entries name"
    if stored.guests != named(folder):
        return "the persons who may see it are not those it names"
    return ""


def _clock_fault(procedure: Procedure, state: State, calendar: Calendar) -> str:
    """A deadline is a pure function of definition, entries and calendar: count it again."""
    for key, run in state.clocks.items():
        if run.is_open:
            counted = reading.due_of(procedure.clocks[key], run, state.data, calendar)
            if counted.iso() != run.due:
                return f"its clock '{key}' says {run.due}; counted again it is {counted.iso()}"
    return ""


# -- between cases -----------------------------------------------------------------------------------------------------


def _claims(case_id: int, entries: Sequence[Entry]) -> Iterator[Claim]:
    for entry in entries:
        body = json.loads(entry.body)
        yield from ((case_id, opened["id"], "") for opened in body.get("opened", ()))
        if "child" in body:
            yield case_id, body["child"]["id"], body["child"]["digest"]


def _claim_fault(claims: Sequence[Claim]) -> str:
    """A parent's ledger is a witness: a child it opened is there, with the entry it told of."""
    children = {child for _, child, _ in claims}
    parents = dict(Case.objects.filter(pk__in=children).values_list("pk", "parent_id"))
    digests = set(Entry.objects.filter(case__in=children).values_list("case_id", "digest"))
    for parent, child, digest in claims:
        if parents.get(child) != parent:
            return f"case {parent}: its child {child} is gone"
        if digest and (child, digest) not in digests:
            return f"case {parent}: knows an entry of its child {child} that the child does not have"
    return ""
