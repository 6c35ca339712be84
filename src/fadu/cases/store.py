"""The docket on the database: rows read and locked, entries sealed, and everything written at the end of the deed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from fadu.cases import definitions, ids
from fadu.cases.documents import attachments
from fadu.cases.found import Outlook, name_of, reserve
from fadu.cases.models import Attachment, Case, Entry, Link
from fadu.cases.pour import amend, insert
from fadu.cases.rows import (
    Hand,
    Held,
    algorithm,
    begun,
    concerns,
    fresh_guests,
    fresh_links,
    let_go,
    projected,
    sealed,
    taken,
    tied,
    witnessed,
)
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.docket import numbered
from fadu.kernel.law import Text
from fadu.kernel.perform import Folder
from fadu.kernel.seeking import Query
from fadu.kernel.state import State

# One statement on both databases: made when it is missing, counted up, and locked until the deed is stored.
_NEXT = """
INSERT INTO cases_numberseries (government, form, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (government, form, year) DO UPDATE SET last = cases_numberseries.last + 1 RETURNING last
"""


@dataclass(slots=True)
class StoreDocket:
    """Cases of one deed. `government` is where it happens; `person` is the account that acts (None: the clock)."""

    calendar: Calendar
    government: str
    person_id: int | None
    algorithm: str = field(default_factory=algorithm)
    held: dict[int, Held] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    recorded_at: datetime = field(default_factory=timezone.now)

    # -- registrar

    def new_id(self) -> int:
        return ids.new_id()

    def next_number(self, form: str, day: str) -> str:
        """The next number of a series; the row is held until the deed is stored, so none is lost or given twice."""
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [self.government, form, day[:4]])
            (last,) = cursor.fetchone()
        return numbered(form, day[:4], last)

    # -- surroundings

    def found(self, queries: Sequence[Query]) -> list[Any]:
        reserve(self.government, (query.found.procedure for query in queries))
        return Outlook(self.government, {key: held.folder for key, held in self.held.items()}).found(queries)

    def named(self, kind: str, value: Any) -> Text:
        return name_of(kind, value)

    # -- docket

    def get(self, case_id: int) -> Folder:
        if case_id not in self.held:
            self.take(Case.objects.select_for_update(no_key=True).get(pk=case_id))
        return self.held[case_id].folder

    def take(self, row: Case) -> Folder:
        """Put a row already read (and locked) into the docket."""
        state = State.from_json(row.state)
        folder = Folder(row.pk, definitions.procedure_of(row.definition_id), state, row.parent_id, row.child_key)
        self.held[row.pk] = taken(row, folder)
        return folder

    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder:
        found = definitions.in_force(procedure, day[:10])
        folder = Folder(case_id, found, State(), parent.id if parent else None, child_key)
        root = self.held[parent.id].row.root_id if parent else case_id
        self.held[case_id] = begun(folder, root, self.government, day)
        return folder

    def forget(self, case_id: int) -> None:
        del self.held[case_id]

    def put(self, folder: Folder, body: dict[str, Any], actor: Actor) -> None:
        """Seal an entry; it is written by `flush`."""
        hand = Hand(self.person_id, self.recorded_at, self.algorithm)
        self.entries.append(sealed(self.held[folder.id], witnessed(body, self.held), hand))
        self.attachments += attachments(folder.id, folder.procedure, body)
        self.links += tied(folder.id, body)

    # -- writing

    def flush(self) -> None:
        """Write every case and entry of the deed: one statement for the entries, one for each case."""
        touched = [self.held[case_id] for case_id in {entry.case_id for entry in self.entries}]
        new = [projected(held, self.calendar) for held in self.held.values() if held.is_new]
        insert(new)
        for held in touched:
            if not held.is_new:
                amend(projected(held, self.calendar), WRITTEN if held.text_moved else WRITTEN_QUIETLY)
        insert(self.entries)
        insert(self.attachments)
        insert([concern for held in touched for concern in concerns(held)], ignore=True)
        insert([*self.links, *(link for held in touched for link in fresh_links(held))], ignore=True)
        insert([guest for held in touched for guest in fresh_guests(held)], ignore=True)
        for held in touched:
            let_go(held)


WRITTEN_QUIETLY = (
    "number", "stage", "is_open", "outcome", "turn", "closed", "due", "due_clock", "provisional",
    "grey", "amber_at", "red_at", "timer_at", "seq", "head", "state",
)  # fmt: skip
WRITTEN = (*WRITTEN_QUIETLY, "unit", "handling", "title", "kind", "tokens")
