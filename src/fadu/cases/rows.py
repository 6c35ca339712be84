"""How a folder becomes rows: the case, its sealed entries, the units it concerns. The same for one deed and for many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fadu.cases import definitions
from fadu.cases.models import Case, Concern, Entry
from fadu.cases.moments import stored_day
from fadu.cases.projection import columns, concerned, searchable
from fadu.kernel import ledger
from fadu.kernel.calendar import Calendar
from fadu.kernel.perform import Folder


@dataclass(slots=True)
class Held:
    """A case in hand: its row, its folder, and whether it is new."""

    row: Case
    folder: Folder
    is_new: bool = False
    text_moved: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes an entry down, and when: the account that acts (None: the clock) and the recorded moment."""

    person_id: int | None
    at: datetime
    algorithm: str = ledger.DEFAULT_ALGORITHM


def begun(folder: Folder, root_id: int, government: str, day: str) -> Held:
    """A new case, before its first entry."""
    row = Case(
        id=folder.id,
        procedure=folder.procedure.key,
        definition_id=definitions.definition_id(folder.procedure),
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
    body["case"], body["at"] = folder.id, hand.at.isoformat(timespec="milliseconds")
    if held.is_new and folder.parent_id and body["seq"] == 1:
        body["parent"] = folder.parent_id
    text = ledger.canonical(body)
    row.head = ledger.seal(row.head, text, hand.algorithm)
    held.text_moved = held.text_moved or "data" in body or "number" in body
    day = stored_day(body["day"])
    if "closed" in body:
        row.closed = day if body["closed"] else None
    return Entry(
        case_id=folder.id,
        seq=body["seq"],
        procedure=folder.procedure.key,
        action=body["action"],
        actor_id=hand.person_id,
        day=day,
        recorded_at=hand.at,
        body=text,
        digest=row.head,
        algorithm=hand.algorithm,
    )


def projected(held: Held, calendar: Calendar) -> Case:
    """The row with every derived column brought up to its folder."""
    for name, value in columns(held.folder, held.row.government_id, calendar).items():
        setattr(held.row, name, value)
    if held.text_moved:
        held.row.tokens = searchable(held.folder)
    return held.row


def concerns(held: Held) -> list[Concern]:
    """The units whose people may see the case because it names them."""
    return [Concern(case_id=held.folder.id, unit_id=unit) for unit in sorted(concerned(held.folder))]
