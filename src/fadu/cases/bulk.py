"""Many cases at once: the same decisions, kept in memory until a batch of whole families is written in bulk.

A batch is one transaction. Its numbers are taken under the lock of their series, which it holds until it is written; so
a run that is killed leaves whole families and no gap, and nothing of the batch that was under way.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from fadu.cases import definitions, ids
from fadu.cases.documents import attachments
from fadu.cases.found import Outlook, name_of, reserve
from fadu.cases.models import Attachment, Case, Concern, Entry, Guest, Link, NumberSeries
from fadu.cases.pour import pour
from fadu.cases.rows import (
    Hand,
    Held,
    algorithm,
    begun,
    concerns,
    fresh_guests,
    fresh_links,
    projected,
    sealed,
    tied,
    witnessed,
)
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.docket import numbered
from fadu.kernel.law import Text
from fadu.kernel.perform import Folder
from fadu.kernel.refusal import Refused
from fadu.kernel.seeking import Query
from fadu.kernel.state import State


@dataclass(slots=True)
class BulkDocket:
    """New cases of one government. `find` gives the procedure a case begins under; `person_id` is who acts now."""

    calendar: Calendar
    government: str
    find: Callable[[str, str], Procedure] = definitions.in_force
    person_id: int | None = None
    algorithm: str = field(default_factory=algorithm)
    held: dict[int, Held] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    series: dict[tuple[str, str], NumberSeries] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)  # where each series stood
    versions: dict[str, int] = field(default_factory=dict)
    cases: int = 0
    lines: int = 0

    # -- registrar

    def new_id(self) -> int:
        return ids.new_id()

    def next_number(self, form: str, day: str) -> str:
        key = (form, day[:4])
        if key not in self.series:
            self.series[key] = self._series(*key)
            self.first[key] = self.series[key].last
        self.series[key].last += 1
        return numbered(form, day[:4], self.series[key].last)

    # -- surroundings

    def found(self, queries: Sequence[Query]) -> list[Any]:
        reserve(self.government, (query.found.procedure for query in queries))
        return Outlook(self.government, {key: held.folder for key, held in self.held.items()}).found(queries)

    def named(self, kind: str, value: Any) -> Text:
        return name_of(kind, value)

    def _series(self, form: str, year: str) -> NumberSeries:
        return locked_series(self.government, form, year)

    # -- docket

    def get(self, case_id: int) -> Folder:
        return self.held[case_id].folder

    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder:
        found = self.find(procedure, day[:10])
        folder = Folder(case_id, found, State(), parent.id if parent else None, child_key)
        root = self.held[parent.id].row.root_id if parent else case_id
        self.held[case_id] = begun(folder, root, self.government, day, self._definition(found))
        return folder

    def forget(self, case_id: int) -> None:
        del self.held[case_id]

    def put(self, folder: Folder, body: dict[str, Any], actor: Actor) -> None:
        hand = Hand(self.person_id, datetime.now(UTC), self.algorithm)
        self.entries.append(sealed(self.held[folder.id], witnessed(body, self.held), hand))
        self.attachments += attachments(folder.id, folder.procedure, body)
        self.links += tied(folder.id, body)

    def _definition(self, procedure: Procedure) -> int:
        if procedure.name not in self.versions:
            self.versions[procedure.name] = definitions.definition_id(procedure)
        return self.versions[procedure.name]

    # -- writing

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All that is done inside is written together at the end, or not at all; memory is free afterwards."""
        try:
            with transaction.atomic():
                yield
                self.write()
            self.cases, self.lines = self.cases + len(self.held), self.lines + len(self.entries)
        finally:
            self.let_go()
            self.series, self.first, self.versions = {}, {}, {}

    def write(self) -> None:
        """Everything in hand, in one go."""
        for model, rows in self.rows():
            pour(model, rows)
        for series in self.series.values():
            series.save(update_fields=["last"])

    def rows(self) -> Iterator[tuple[type[Model], list[Any]]]:
        """What is in hand as rows, each table after those it points to."""
        held = self.held.values()
        yield Case, [projected(one, self.calendar) for one in held]
        yield Entry, self.entries
        yield Attachment, self.attachments
        yield Concern, [concern for one in held for concern in concerns(one)]
        yield Link, [*self.links, *(link for one in held for link in fresh_links(one))]
        yield Guest, [guest for one in held for guest in fresh_guests(one)]

    def let_go(self) -> None:
        """Memory is free again; what is held of series stays."""
        self.held, self.entries, self.attachments, self.links = {}, [], [], []

    # -- one deed of many

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A deed that is refused inside takes back its own cases and numbers, and nothing else."""
        cases, numbers = len(self.held), {key: series.last for key, series in self.series.items()}
        try:
            yield
        except Refused:
            while len(self.held) > cases:
                self.held.popitem()
            for key, series in self.series.items():
                series.last = numbers.get(key, self.first.get(key, 0))
            raise


def locked_series(government: str, form: str, year: str) -> NumberSeries:
    """The row of a series, made when it is missing, locked until the transaction ends."""
    series = {"government": government, "form": form, "year": year}
    NumberSeries.objects.bulk_create([NumberSeries(**series)], ignore_conflicts=True)
    return NumberSeries.objects.select_for_update().get(**series)
