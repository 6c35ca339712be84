"""The docket on the database: rows read and locked, entries sealed, and everything written at the end of the deed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from fadu.cases import definitions, ids
from fadu.cases.models import Case, Concern, Entry, NumberSeries
from fadu.cases.moments import stored_day
from fadu.cases.projection import columns, concerned, searchable
from fadu.kernel import ledger
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.docket import numbered
from fadu.kernel.perform import Folder
from fadu.kernel.state import State


@dataclass(slots=True)
class Held:
    """A case in hand: its row, its folder, and whether it is new."""

    row: Case
    folder: Folder
    is_new: bool = False
    text_moved: bool = False


@dataclass(slots=True)
class StoreDocket:
    """Cases of one deed. `government` is where it happens; `person` is the account that acts (None: the clock)."""

    calendar: Calendar
    government: str
    person_id: int | None
    algorithm: str = ledger.DEFAULT_ALGORITHM
    held: dict[int, Held] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    recorded_at: datetime = field(default_factory=timezone.now)

    # -- registrar

    def new_id(self) -> int:
        return ids.new_id()

    def next_number(self, form: str, day: str) -> str:
        """The next number of a series; the row is held until the deed is stored, so none is lost or given twice."""
        series = {"form": form, "year": day[:4]}
        rows = NumberSeries.objects.select_for_update()
        row = rows.filter(**series).first()
        if row is None:
            NumberSeries.objects.bulk_create([NumberSeries(**series)], ignore_conflicts=True)
            row = rows.get(**series)
        row.last += 1
        row.save(update_fields=["last"])
        return numbered(form, day[:4], row.last)

    # -- docket

    def get(self, case_id: int) -> Folder:
        if case_id not in self.held:
            self.take(Case.objects.select_for_update().get(pk=case_id))
        return self.held[case_id].folder

    def take(self, row: Case) -> Folder:
        """Put a row already read (and locked) into the docket."""
        state = State.from_json(row.state)
        folder = Folder(row.pk, definitions.procedure_of(row.definition_id), state, row.parent_id, row.child_key)
        self.held[row.pk] = Held(row, folder)
        return folder

    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder:
        found = definitions.in_force(procedure, day[:10])
        folder = Folder(case_id, found, State(), parent.id if parent else None, child_key)
        root = self.held[parent.id].row.root_id if parent else case_id
        row = Case(
            id=case_id,
            procedure=found.key,
            definition_id=definitions.definition_id(found),
            root_id=root,
            parent_id=folder.parent_id,
            child_key=child_key,
            government_id=self.government,
            opened=stored_day(day),
            head="",
        )
        self.held[case_id] = Held(row, folder, is_new=True, text_moved=True)
        return folder

    def put(self, folder: Folder, body: dict[str, Any], actor: Actor) -> None:
        """Seal an entry; it is written by `flush`."""
        held = self.held[folder.id]
        body["case"], body["at"] = folder.id, self.recorded_at.isoformat(timespec="milliseconds")
        if held.is_new and folder.parent_id and body["seq"] == 1:
            body["parent"] = folder.parent_id
        text = ledger.canonical(body)
        held.row.head = ledger.seal(held.row.head, text, self.algorithm)
        held.text_moved = held.text_moved or "data" in body or "number" in body
        if body.get("closed"):
            held.row.closed = stored_day(body["day"])
        elif "closed" in body:
            held.row.closed = None
        self.entries.append(
            Entry(
                case_id=folder.id,
                seq=body["seq"],
                procedure=folder.procedure.key,
                action=body["action"],
                actor_id=self.person_id,
                day=stored_day(body["day"]),
                recorded_at=self.recorded_at,
                body=text,
                digest=held.row.head,
                algorithm=self.algorithm,
            )
        )

    # -- writing

    def flush(self) -> None:
        """Write every case and entry of the deed: one statement for the entries, one for each case."""
        touched = {entry.case_id for entry in self.entries}
        new = [self._projected(held) for held in self.held.values() if held.is_new]
        if new:
            Case.objects.bulk_create(new)
        for case_id in touched:
            held = self.held[case_id]
            if not held.is_new:
                self._projected(held).save(update_fields=self._changed(held))
        Entry.objects.bulk_create(self.entries)
        self._concern(touched)

    def _projected(self, held: Held) -> Case:
        for name, value in columns(held.folder, self.government, self.calendar).items():
            setattr(held.row, name, value)
        if held.text_moved:
            held.row.tokens = searchable(held.folder)
        return held.row

    def _changed(self, held: Held) -> list[str]:
        return WRITTEN if held.text_moved else WRITTEN_QUIETLY

    def _concern(self, touched: Iterable[int]) -> None:
        rows = []
        for case_id in touched:
            held = self.held[case_id]
            if held.is_new or held.text_moved:
                rows += [Concern(case_id=case_id, unit_id=unit) for unit in concerned(held.folder)]
        if rows:
            Concern.objects.bulk_create(rows, ignore_conflicts=True)


WRITTEN_QUIETLY = [
    "number", "stage", "is_open", "outcome", "turn", "closed", "due", "due_clock", "provisional",
    "grey", "amber_at", "red_at", "timer_at", "seq", "head", "state",
]  # fmt: skip
WRITTEN = [*WRITTEN_QUIETLY, "unit", "handling", "title", "kind", "tokens"]
