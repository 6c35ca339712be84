"""The one write path: web, API, import, replay and timers all come through here.

A deed is one transaction: the family of the case is locked, the kernel decides, entries are sealed and stored, the
derived columns follow. Refused or failed, nothing is written.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction

from fadu.cases import definitions
from fadu.cases.access import visible
from fadu.cases.actors import actor_for, actor_holding
from fadu.cases.bulk import BulkDocket
from fadu.cases.found import Outlook
from fadu.cases.known import Known
from fadu.cases.leading import source_of
from fadu.cases.mentions import held_already
from fadu.cases.models import Case, Entry
from fadu.cases.moments import legal, local, now, stored
from fadu.cases.prepared import ByKey
from fadu.cases.projection import GRACE, pointed
from fadu.cases.references import check_references, check_storable
from fadu.cases.store import StoreDocket
from fadu.cases.unique import check_key
from fadu.cases.wording import with_words
from fadu.kernel import clock as reading
from fadu.kernel import perform
from fadu.kernel.decide import Actor, Choice
from fadu.kernel.decide import choices as kernel_choices
from fadu.kernel.definition import CAME_FROM, LED_TO, Procedure
from fadu.kernel.law import Text
from fadu.kernel.perform import Deed, Folder
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.state import State, fold
from fadu.units.models import Person, Unit
from fadu.units.posts import HeldPost

LOG = logging.getLogger(__name__)
LOCKED = ByKey(lambda key: Case.objects.select_for_update(no_key=True).filter(pk=key))  # others may point to it
RECORDER = "recorder"  # who may write down what a leader signed on paper
LEADERS = ("chief", "leader")  # for whom they may


class Stale(Exception):
    """The case moved on since the page was read; `entries` is what happened meanwhile. Nothing was written."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        super().__init__(f"{len(self.entries)} entries since the page was read")


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a deed counts (legal moment), what its author had seen, which warnings are passed with a reason, and for
    whom it is recorded.
    """

    at: datetime | None = None
    seen: int | None = None
    overrides: Mapping[str, str] | None = None
    on_behalf_of: Person | None = None


NOW = Occasion()
P = ParamSpec("P")
R = TypeVar("R")


def _done_again(deed: Callable[P, R]) -> Callable[P, R]:
    """Two processes may draw the same identity in the same millisecond: the loser does the deed once more."""

    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return deed(*args, **kwargs)
        except IntegrityError:
            return deed(*args, **kwargs)

    return done


@_done_again
@transaction.atomic
def open_case(
    procedure: str,
    by: Person,
    data: Mapping[str, Any],
    unit: Unit,
    occasion: Occasion = NOW,
    source: tuple[int, str] | None = None,
) -> Case:
    """Begin a case at an office; raises Refused, KeyError for an unknown procedure.

    `source` is the case and its action that led here: both ledgers then say so.
    """
    docket = StoreDocket(definitions.calendar(), government_of(unit), by.pk)
    led = _locked(source_of(source, procedure, by), by.pk)[1] if source is not None else None
    folder = begin(docket, procedure, by, data, unit, occasion)
    if led is not None:
        docket.take(led)
        actor = _actor(by, docket.government, _legal_day(occasion), occasion)
        perform.link(docket, docket.calendar, (led.pk, folder.id), (LED_TO, CAME_FROM), actor, folder.state.day)
    docket.flush()
    return docket.held[folder.id].row


def begin(
    docket: StoreDocket | BulkDocket,
    procedure: str,
    by: Person,
    data: Mapping[str, Any],
    unit: Unit,
    occasion: Occasion = NOW,
    known: Known | None = None,
) -> Folder:
    """Begin a case in a docket that somebody else writes: what one opening and the rows of an import have in common."""
    day = _legal_day(occasion)
    check_storable(occasion.overrides or {})
    defined = definitions.in_force(procedure, day[:10])
    known = known or Known()
    data = with_words(defined, defined.opening, check_references(defined, data, by, known))
    check_key(defined, data, docket.government, known)
    actors = known.get("actor", {day[:10]}, lambda _: {day[:10]: _actor(by, docket.government, day, occasion)})
    deed = Deed.of(actors[day[:10]], defined.opening.key, day, data, overrides=occasion.overrides)
    return perform.open_case(docket, docket.calendar, defined, deed, unit.code)


def government_of(unit: Unit) -> str:
    """Where the cases opened at a unit belong."""
    return unit.government.code if unit.government else unit.code


@_done_again
@transaction.atomic
def act(case: Case, action: str, by: Person, data: Mapping[str, Any], occasion: Occasion = NOW) -> Case:
    """Do an action in a case; the case as it stands afterwards. Raises Refused or Stale."""
    docket, row = _locked(case, by.pk)
    day = _legal_day(occasion, row)
    _insist_fresh(row, occasion)
    folder = docket.take(row)
    _owed(docket, folder)
    check_storable(occasion.overrides or {})
    if action in folder.procedure.actions:
        data = check_references(folder.procedure, data, by, held_already(pointed(folder)))
        data = with_words(folder.procedure, folder.procedure.actions[action], data)
        if any(name in data for name in folder.procedure.keys):
            check_key(folder.procedure, {**folder.state.data, **data}, row.government_id, Known(), row.pk)
    actor = _actor(by, row.government_id, day, occasion)
    perform.perform(docket, docket.calendar, row.pk, Deed.of(actor, action, day, data, overrides=occasion.overrides))
    docket.flush()
    return row


def act_all(case: Case, deeds: Sequence[tuple[str, Mapping[str, Any]]], by: Person, occasion: Occasion = NOW) -> Case:
    """Several actions from one screen: one transaction, an entry each, all or none."""
    with transaction.atomic():
        for action, data in deeds:
            case = act(case, action, by, data, occasion)
            occasion = Occasion(occasion.at, None, occasion.overrides, occasion.on_behalf_of)
    return case


def choices(
    case: Case,
    by: Person,
    at: datetime | None = None,
    held: Sequence[HeldPost] | None = None,
    on_behalf_of: Person | None = None,
) -> list[Choice]:
    """Every action that leaves the present stage, allowed or refused with reasons: what the buttons show.

    `held` are the posts of today, for who asks about many cases at once; `on_behalf_of` the leader a recorder acts for.
    """
    day = legal(at)
    procedure = definitions.procedure_of(case.definition_id)
    if held is None:
        actor = actor_for(by, case.government_id, reading.moment(day).date(), on_behalf_of)
    else:
        actor = actor_holding(by, case.government_id, held)
    state, outlook = State.from_json(case.state), Outlook(case.government_id)
    return kernel_choices(procedure, definitions.calendar(), state, actor, day, case_id=case.pk, around=outlook)


def tick(at: datetime | None = None, limit: int = 1000) -> int:
    """Do what the clock owes in every case, past its days of grace; the number of actions done."""
    moment = at or now()
    due = Case.objects.filter(timer_at__lte=stored(moment)).order_by("timer_at").values_list("pk", flat=True)
    return sum(_ticked(case_id, moment) for case_id in list(due[:limit]))


def _ticked(case_id: int, moment: datetime) -> int:
    try:
        return _tick_one(case_id, moment)
    except Exception:
        LOG.exception("case %s: the clock's own action failed; the other cases go on", case_id)
        return 0


@transaction.atomic
def _tick_one(case_id: int, moment: datetime) -> int:
    docket, row = _locked(Case.objects.get(pk=case_id), None)
    docket.take(row)
    done = perform.tick(docket, docket.calendar, case_id, moment, GRACE)
    docket.flush()
    return done


@transaction.atomic
def recount(case: Case) -> bool:
    """Count the open clocks of a case anew after a calendar notice; True when a date moved."""
    docket, row = _locked(case, None)
    docket.take(row)
    moved = perform.recount(docket, docket.calendar, row.pk, legal())
    docket.flush()
    return moved


def recount_all() -> int:
    """Count the open clocks of every open case anew; the number of cases in which a date moved."""
    moved, last = 0, -1
    while rows := list(Case.objects.filter(is_open=True, pk__gt=last).order_by("pk")[:500]):
        moved += sum(recount(row) for row in rows)
        last = rows[-1].pk
    return moved


LONGEST_NOTE = 5000


@transaction.atomic
def note(case: Case, by: Person, text: str) -> Case:
    """Add a note to a ledger, by whoever may see the case; nothing else changes. Raises Refused."""
    check_storable({"text": text})
    docket, row = _locked(case, by.pk)
    if not visible(by).filter(pk=row.pk).exists():
        raise Refused((Refusal("by", Text("您看不到这件事项", "This case is not yours to see")),))
    words = text.strip()
    if not 1 <= len(words) <= LONGEST_NOTE:
        raise Refused(
            (Refusal("range", Text(f"请写1至{LONGEST_NOTE}字", f"Write 1 to {LONGEST_NOTE} characters"), field="text"),)
        )
    docket.take(row)
    actor = actor_for(by, row.government_id, now().date())
    perform.remark(docket, docket.calendar, row.pk, words, actor, legal())
    docket.flush()
    return row


@transaction.atomic
def rectify(case: Case, by: Person, reason: str, occasion: Occasion = NOW) -> Case:
    """Void the last entry of a case that rests on a fact recorded late, notes after it aside; only the office that owns
    the procedure may.
    """
    check_storable({"reason": reason})
    docket, row = _locked(case, by.pk)
    day = _legal_day(occasion, row)
    _insist_fresh(row, occasion)
    folder = docket.take(row)
    actor = _actor(by, row.government_id, day, occasion)
    if not _owns(actor.deciding, folder.procedure, folder.state.data):
        raise Refused(
            (Refusal("by", Text("更正由本程序的主管科室办理", "Only the office that owns the procedure may rectify")),)
        )
    bodies = [entry.content for entry in Entry.objects.filter(case=row).order_by("seq")]
    deed = Deed.of(actor, perform.RECTIFY, day, {"reason": reason})
    last = max((place for place, body in enumerate(bodies) if body["action"] != perform.NOTE), default=0)
    perform.rectify(docket, docket.calendar, row.pk, fold(bodies[:last]), bodies[last], deed)
    docket.flush()
    return row


def may_rectify(case: Case, by: Person) -> bool:
    """Whether a person is of the office that owns the procedure of a case; the deed itself asks the same."""
    actor = actor_for(by, case.government_id, now().date())
    return _owns(actor, definitions.procedure_of(case.definition_id), State.from_json(case.state).data)


def _owns(actor: Actor, procedure: Procedure, data: Mapping[str, Any]) -> bool:
    owner = procedure.owner
    if owner.of:
        return (owner.name, data.get(owner.of)) in actor.posts
    return any(role == owner.name for role, _ in actor.posts - actor.elsewhere)


def _legal_day(occasion: Occasion, row: Case | None = None) -> str:
    moment = now()
    at = occasion.at or moment
    if at > moment:
        raise _ill_timed("办理时间不得晚于现在", "The day of a deed cannot lie in the future")
    if row is not None and at < local(row.opened):
        raise _ill_timed("办理时间不得早于立案", "The day of a deed cannot lie before its case was opened")
    return legal(at)


def _ill_timed(zh: str, en: str) -> Refused:
    return Refused((Refusal("range", Text(zh, en), field="at"),))


def _locked(case: Case, person_id: int | None) -> tuple[StoreDocket, Case]:
    """Lock the family by its root first, so that parent and child never wait for each other."""
    if case.root_id != case.pk:
        Case.objects.select_for_update(no_key=True).values_list("pk").get(pk=case.root_id)
    row = LOCKED.get(case.pk)
    return StoreDocket(definitions.calendar(), row.government_id, person_id), row


def _insist_fresh(row: Case, occasion: Occasion) -> None:
    if occasion.seen is None or occasion.seen == row.seq:
        return
    missed = list(Entry.objects.filter(case=row, seq__gt=occasion.seen).select_related("actor"))
    if not missed or any(entry.action != perform.NOTE for entry in missed):  # a note changes nothing
        raise Stale(missed)


def _owed(docket: StoreDocket, folder: Folder) -> None:
    """What the clock owes comes before what a person does."""
    if any(clock.key in folder.state.clocks for clock in folder.procedure.can_expire):
        person, docket.person_id = docket.person_id, None
        perform.tick(docket, docket.calendar, folder.id, now(), GRACE)
        docket.person_id = person


def _actor(by: Person, government: str, day: str, occasion: Occasion) -> Actor:
    on = reading.moment(day).date()
    actor = actor_for(by, government, on, occasion.on_behalf_of)
    if actor.principal is not None and not (_holds(actor, RECORDER) and _holds(actor.principal, *LEADERS)):
        zh, en = "只有代录人员可以录入，只能代本级政府领导录入", "Only a recorder may write down what a leader decided"
        raise Refused((Refusal("by", Text(zh, en)),))
    return actor


def _holds(actor: Actor, *roles: str) -> bool:
    """Whether somebody holds one of some roles in the government of the case."""
    return any(role in roles for role, _ in actor.posts - actor.elsewhere)
