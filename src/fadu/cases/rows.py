"""How a folder becomes rows: the case, its sealed entries, the units it concerns. The same for one deed and for many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from fadu.cases import definitions
from fadu.cases.models import Case, Concern, Entry, Guest, Link
from fadu.cases.moments import stored_day
from fadu.cases.projection import columns, concerned, named, names_units, pointed, searchable
from fadu.kernel import ledger
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import LED_TO
from fadu.kernel.perform import Folder


@dataclass(slots=True)
class Held:
    """A case in hand: its row, its folder, whether it is new, the units its entries of this deed name, and the cases
    and persons that its fields held before.
    """

    row: Case
    folder: Folder
    is_new: bool = False
    text_moved: bool = False
    units: set[str] = field(default_factory=set)
    pointed: set[tuple[int, str]] = field(default_factory=set)
    guests: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes an entry down, and when: the account that acts (None: the clock) and the recorded moment."""

    person_id: int | None
    at: datetime
    algorithm: str


def algorithm() -> str:
    """What new entries are sealed with; older ones keep theirs, and one chain may hold both."""
    return getattr(settings, "FADU_LEDGER_ALGORITHM", ledger.DEFAULT_ALGORITHM)


def begun(folder: Folder, root_id: int, government: str, day: str, definition: int | None = None) -> Held:
    """A new case, before its first entry. `definition` is the stored row of its procedure, where it is known already."""
    row = Case(
        id=folder.id,
        procedure=folder.procedure.key,
        definition_id=definition or definitions.definition_id(folder.procedure),
        root_id=root_id,
        parent_id=folder.parent_id,
        child_key=folder.child_key,
        government_id=government,
        opened=stored_day(day),
        head="",
    )
    return Held(row, folder, is_new=True, text_moved=True)


def sealed(held: Held, body: dict[str, Any], hand: Hand) -> Entry:
    """The entry as it is stored, chained to the one before; the row moves along with it."""
    folder, row = held.folder, held.row
    at = hand.at.replace(microsecond=hand.at.microsecond // 1000 * 1000)  # as the body has it
    body["case"], body["at"] = folder.id, at.isoformat(timespec="milliseconds")
    if held.is_new and body["seq"] == 1:
        body |= _origin(row)
        row.begun_by_id = hand.person_id
    if hand.person_id is not None and body["by"] != str(hand.person_id):
        body["person"] = str(hand.person_id)  # whose deed made the clock or the parent case act
    text = ledger.canonical(body)
    row.head = ledger.seal(row.head, text, hand.algorithm)
    if held.is_new or "data" in body or "number" in body or "state" in body:
        held.text_moved = True
    if held.is_new or "state" in body or any(names_units(folder.procedure.fields[key]) for key in body.get("data", ())):
        held.units |= concerned(folder)
    row.closed = _closed(row, body)
    return Entry(
        case_id=folder.id,
        seq=body["seq"],
        procedure=folder.procedure.key,
        action=body["action"],
        actor_id=hand.person_id,
        day=stored_day(body["day"]),
        recorded_at=at,
        body=text,
        digest=row.head,
        algorithm=hand.algorithm,
    )


def _origin(row: Case) -> dict[str, Any]:
    """What a first entry says of the row itself, so that the ledger alone can rebuild it."""
    if row.parent_id is None:
        return {"government": row.government_id}
    family = {"parent": row.parent_id, "root": row.root_id, "child_key": row.child_key}
    return {"government": row.government_id, **family}


def _closed(row: Case, body: Mapping[str, Any]) -> datetime | None:
    """The legal day on which the case was closed, after one more entry; a rectification may take it back."""
    closed_seq = body["state"]["closed_seq"] if "state" in body else body.get("closed")
    if closed_seq is None or (closed_seq and closed_seq != body["seq"] and row.closed):
        return row.closed
    if closed_seq in (0, body["seq"]):
        return stored_day(body["day"]) if closed_seq else None
    return Entry.objects.get(case_id=row.pk, seq=closed_seq).day


def witnessed(body: dict[str, Any], held: Mapping[int, Held]) -> dict[str, Any]:
    """What a child writes into its parent's ledger bears the digest of the child's own entry."""
    if "child" in body:
        body["child"] = {**body["child"], "digest": held[body["child"]["id"]].row.head}
    return body


def projected(held: Held, calendar: Calendar) -> Case:
    """The row with every derived column brought up to its folder."""
    for name, value in columns(held.folder, held.row.government_id, calendar).items():
        setattr(held.row, name, value)
    if held.text_moved:
        held.row.tokens = searchable(held.folder)
    return held.row


def concerns(held: Held) -> list[Concern]:
    """The units whose people may see the case because it names them, or once did."""
    return [Concern(case_id=held.folder.id, unit_id=unit) for unit in sorted(held.units)]


def taken(row: Case, folder: Folder) -> Held:
    """A stored case, before anything is done in it."""
    return Held(row, folder, pointed=pointed(folder), guests=named(folder))


def fresh_links(held: Held) -> list[Link]:
    """The cases that its fields hold since this deed."""
    found = sorted(pointed(held.folder) - held.pointed)
    return [Link(case_id=held.folder.id, other_id=other, kind=where) for other, where in found]


def fresh_guests(held: Held) -> list[Guest]:
    """The persons whom its fields name since this deed."""
    return [Guest(case_id=held.folder.id, person_id=person) for person in sorted(named(held.folder) - held.guests)]


def let_go(held: Held) -> None:
    """The cases and persons that its fields no longer hold."""
    for other, where in held.pointed - pointed(held.folder):
        Link.objects.filter(case=held.folder.id, other=other, kind=where).delete()
    gone = held.guests - named(held.folder)
    if gone:
        Guest.objects.filter(case=held.folder.id, person__in=gone).delete()


def tied(case_id: int, body: Mapping[str, Any]) -> list[Link]:
    """The links that an entry itself declares, one way; the other case has an entry of its own."""
    others = [(led["id"], LED_TO) for led in body.get("led_to", ())]
    if "link" in body:
        others.append((body["link"]["case"], body["link"]["kind"]))
    return [Link(case_id=case_id, other_id=other, kind=kind) for other, kind in others]
