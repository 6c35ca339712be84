"""`fadu verify`: every case is folded from its entries again and compared with what is stored; every chain is checked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from fadu.cases import definitions
from fadu.cases.models import Case, Entry
from fadu.cases.projection import columns, searchable
from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.ledger import Sealed, chain_fault
from fadu.kernel.perform import Folder
from fadu.kernel.state import State, fold

CHUNK = 500


@dataclass(slots=True)
class Report:
    """How many cases and entries were rebuilt, and the first thing found wrong."""

    cases: int = 0
    entries: int = 0
    fault: str = ""


def verify() -> Report:
    """Rebuild everything; stops at the first fault. Memory stays flat: cases come in chunks."""
    report, calendar = Report(), definitions.calendar()
    stray = _stray_entries()
    if stray:
        report.fault = stray
        return report
    for rows in _chunks():
        _verify_chunk(rows, report, calendar)
        if report.fault:
            return report
    return report


def _stray_entries() -> str:
    """Entries whose case is gone (a database without foreign keys could hold them)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM cases_entry e WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = e.case_id) LIMIT 1"
        )
        row = cursor.fetchone()
    return f"case {row[0]}: has entries but no row" if row else ""


def _chunks() -> Iterator[list[Case]]:
    last = 0
    while rows := list(Case.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield rows
        last = rows[-1].pk


def _verify_chunk(rows: list[Case], report: Report, calendar: Calendar) -> None:
    entries = (
        Entry.objects.filter(case__in=rows)
        .order_by("case_id", "seq")
        .values_list("case_id", "seq", "body", "digest", "algorithm")
    )
    chains = {
        case_id: [Sealed(*entry[1:]) for entry in group] for case_id, group in groupby(entries, lambda entry: entry[0])
    }
    for row in rows:
        chain = chains.get(row.pk, [])
        fault = case_fault(row, chain, calendar)
        if fault:
            report.fault = f"case {row.pk} {row.number}: {fault}"
            return
        report.cases += 1
        report.entries += len(chain)


def case_fault(row: Case, chain: list[Sealed], calendar: Calendar) -> str:
    """What is wrong with one case, or nothing."""
    broken = chain_fault(chain)
    if broken:
        return broken
    if not chain or chain[-1].digest != row.head:
        return "its last entry is not the one the case names"
    bodies = [json.loads(entry.text) for entry in chain]
    if any(body["case"] != row.pk for body in bodies):
        return "holds an entry of another case"
    state = fold(bodies)
    if state.to_json() != row.state:
        return "its stored state is not what its entries say"
    return _column_fault(row, state, calendar) or _clock_fault(row, state, calendar)


def _column_fault(row: Case, state: State, calendar: Calendar) -> str:
    folder = Folder(row.pk, definitions.procedure_of(row.definition_id), state, row.parent_id, row.child_key)
    expected = {**columns(folder, row.government_id, calendar), "tokens": searchable(folder)}
    for name, value in expected.items():
        if getattr(row, name) != value:
            return f"its column '{name}' says {getattr(row, name)!r}; its entries say {value!r}"
    return ""


def _clock_fault(row: Case, state: State, calendar: Calendar) -> str:
    """A deadline is a pure function of definition, entries and calendar: count it again."""
    procedure = definitions.procedure_of(row.definition_id)
    for key, run in state.clocks.items():
        if run.is_open:
            counted = reading.due_of(procedure.clocks[key], run, state.data, calendar)
            if counted.iso() != run.due:
                return f"its clock '{key}' says {run.due}; counted again it is {counted.iso()}"
    return ""
