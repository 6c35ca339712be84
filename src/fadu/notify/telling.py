"""What an entry is to whom: the letters it issued, the turn it handed on, the date it moved, the note it left."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from fadu.cases import definitions
from fadu.cases.models import NEVER, Case, Entry
from fadu.cases.projection import turn_key
from fadu.kernel.definition import Procedure, Who
from fadu.kernel.state import State
from fadu.notify.models import Kind, Notice
from fadu.units.holders import holders

NOTE = "@note"


@dataclass(frozen=True, slots=True)
class News:
    """An entry with what is needed to read it. `others` have acted in the case."""

    entry: Entry
    case: Case
    body: Mapping[str, Any]
    procedure: Procedure
    state: State
    others: frozenset[int]


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell the holders of a turn (role@unit, role@government, person:ID)."""

    news: News
    kind: Kind
    turn: str
    detail: str = ""


def notices(entries: Sequence[Entry]) -> list[Notice]:
    """The notices entries give rise to, the author's own left out; nobody is told the same entry twice.

    Six statements at most, whatever the number of entries.
    """
    cases = Case.objects.defer("tokens").in_bulk({entry.case_id for entry in entries})
    others = _participants(entries)
    news = [_news(entry, cases[entry.case_id], others) for entry in entries]
    tellings = [telling for one in news for said in SAYINGS for telling in said(one)]
    people = holders({telling.turn for telling in tellings}, timezone.localdate())
    found: dict[tuple[int, int], Notice] = {}
    for telling in tellings:
        for person in people.get(telling.turn, ()):
            if person.pk != telling.news.entry.actor_id:
                found.setdefault((person.pk, telling.news.entry.pk), _notice(telling, person.pk))
    return list(found.values())


def _news(entry: Entry, case: Case, others: Mapping[int, set[int]]) -> News:
    procedure, state = definitions.procedure_of(case.definition_id), State.from_json(case.state)
    return News(entry, case, json.loads(entry.body), procedure, state, frozenset(others.get(case.pk, ())))


def _notice(telling: Telling, person: int) -> Notice:
    entry, case = telling.news.entry, telling.news.case
    return Notice(
        person_id=person,
        case=case,
        kind=telling.kind,
        mark=str(entry.seq),
        detail=telling.detail,
        by_id=entry.actor_id,
        due=case.due if case.due < NEVER else None,
        at=timezone.now(),
    )


def _of_letters(news: News) -> Iterator[Telling]:
    for issued in news.body.get("letters", ()):
        letter = news.procedure.letters.get(issued["letter"])
        for who in letter.to if letter else ():
            for turn in _receivers(news, who):
                yield Telling(news, Kind.LETTER, turn, issued["letter"])


def _of_turn(news: News) -> Iterator[Telling]:
    """Only while the case stands where the entry led: what has moved on since is nobody's turn any more."""
    if news.case.turn and news.body.get("to") == news.case.stage:
        yield Telling(news, Kind.TURN, news.case.turn, news.entry.action)


def _of_end(news: News) -> Iterator[Telling]:
    if news.body.get("closed"):
        yield Telling(news, Kind.CLOSED, f"person:{news.case.begun_by_id}", news.entry.action)


def _of_date(news: News) -> Iterator[Telling]:
    """A new date binds the unit that handles the case."""
    action = news.procedure.actions.get(news.entry.action)
    if action is not None and action.extends in news.body.get("clocks", {}):
        for role in _roles_of(news.procedure, news.procedure.shows.unit):
            yield Telling(news, Kind.MOVED, f"{role}@{news.case.handling_id}", action.extends)


def _of_note(news: News) -> Iterator[Telling]:
    if news.entry.action == NOTE:
        yield from (Telling(news, Kind.NOTE, f"person:{person}") for person in news.others)


SAYINGS = (_of_letters, _of_turn, _of_end, _of_date, _of_note)  # of one entry a person keeps the first


def _receivers(news: News, who: Who) -> Iterator[str]:
    """A letter to a unit reaches those of it who act in the case; to people named in a field, them; else whoever it says."""
    defined = news.procedure.fields.get(who.name)
    if who.kind in ("setter", "role"):
        yield turn_key(who, news.state, news.case.government_id)
    elif who.kind == "party" and defined is not None:
        value = news.state.data.get(who.name) or []
        named = value if isinstance(value, list) else [value]
        if "unit" in (defined.kind, defined.of):
            yield from (f"{role}@{unit}" for role in _roles_of(news.procedure, who.name) for unit in named)
        elif "person" in (defined.kind, defined.of):
            yield from (f"person:{person}" for person in named)


def _roles_of(procedure: Procedure, field: str) -> set[str]:
    return {who.name for action in procedure.actions.values() for who in action.by if who.of == field}


def _participants(entries: Iterable[Entry]) -> Mapping[int, set[int]]:
    """Everybody who has acted in the cases that were given a note."""
    noted = {entry.case_id for entry in entries if entry.action == NOTE}
    found: dict[int, set[int]] = defaultdict(set)
    if noted:
        acted = Entry.objects.filter(case__in=noted, actor__isnull=False).order_by()
        for case, actor in acted.values_list("case", "actor").distinct():
            found[case].add(actor)
    return found


def lit(cases: Iterable[Case], kind: Kind, at: datetime) -> list[Notice]:
    """Notices for cases whose light has turned: to whoever has the turn. `mark` is the moment, so that a moved date tells anew."""
    rows = list(cases)
    people = holders({case.turn for case in rows if case.turn}, timezone.localdate())
    return [
        Notice(
            person_id=person.pk,
            case=case,
            kind=kind,
            mark=f"{(case.red_at if kind == Kind.OVERDUE else case.amber_at):%Y-%m-%dT%H:%M}",
            detail=case.due_clock,
            due=case.due if case.due < NEVER else None,
            at=at,
        )
        for case in rows
        for person in people.get(case.turn, ())
    ]
