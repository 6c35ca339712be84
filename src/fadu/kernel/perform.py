"""One deed and everything that follows from it, in one go: the entry, the children it opens, tells or stops, what a
child writes into its parent's ledger, and the actions the clock owes.

The shell (a database, a test, a bulk replay) keeps the cases in a `Docket`; the rules are the same for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from fadu.kernel import clock as reading
from fadu.kernel.advance import Step, advance
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import CLOCK, PARENT, Actor, Ask, Decision, Opening, Registrar, Telling, decide
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.state import State, evolve, run_to_json

CHILD_NEWS, RECOUNT, RECTIFY, LINK = "@child", "@calendar", "@rectify", "@link"


@dataclass(slots=True)
class Folder:
    """A case in hand: which procedure it runs under, where it stands, whose child it is."""

    id: int
    procedure: Procedure
    state: State
    parent_id: int | None = None
    child_key: str = ""


class Docket(Registrar, Protocol):
    """Where cases are found and entries are put down. `put` is called once an entry, in the order of the ledger."""

    def get(self, case_id: int) -> Folder: ...
    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder: ...
    def put(self, folder: Folder, body: dict[str, Any], actor: Actor) -> None: ...


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what, on which legal day, with which data."""

    actor: Actor
    action: str
    day: str
    data: Mapping[str, Any]
    overrides: Mapping[str, str]
    setters: Mapping[str, str]

    @classmethod
    def of(cls, actor: Actor, action: str, day: str, data: Mapping[str, Any] | None = None, **more: Any) -> "Deed":
        return cls(actor, action, day, data or {}, more.get("overrides") or {}, more.get("setters") or {})


def open_case(docket: Docket, calendar: Calendar, procedure: Procedure, deed: Deed, unit: str) -> Folder:
    """Begin a root case; raises Refused."""
    folder = docket.begin(docket.new_id(), procedure.key, None, "", deed.day)
    _do(docket, calendar, folder, deed, unit)
    return folder


def perform(docket: Docket, calendar: Calendar, case_id: int, deed: Deed) -> Folder:
    """Do an action in a case, with all that follows; raises Refused, and then nothing was put down by this call."""
    folder = docket.get(case_id)
    _do(docket, calendar, folder, deed)
    return folder


def _do(docket: Docket, calendar: Calendar, folder: Folder, deed: Deed, unit: str = "") -> None:
    action = folder.procedure.actions.get(deed.action)
    if action is None:
        unknown = Text(
            f"程序“{folder.procedure.title.zh}”没有“{deed.action}”", f"No action '{deed.action}' in this procedure"
        )
        raise Refused((Refusal("action", unknown),))
    ask = Ask(
        folder.procedure,
        calendar,
        folder.state,
        action,
        deed.actor,
        deed.day,
        deed.data,
        deed.overrides,
        deed.setters,
        unit,
    )
    before = folder.state
    decision = decide(ask, docket)
    _put(docket, folder, decision, deed.actor)
    for telling in decision.tellings:
        _tell(docket, calendar, telling, deed)
    for opening in decision.openings:
        _open_child(docket, calendar, folder, opening, deed)
    _tell_parent(docket, calendar, folder, before, deed)


def _put(docket: Docket, folder: Folder, decision: Decision, actor: Actor) -> None:
    folder.state = decision.after
    docket.put(folder, decision.body, actor)


def _open_child(docket: Docket, calendar: Calendar, parent: Folder, opening: Opening, deed: Deed) -> None:
    child = docket.begin(opening.id, opening.procedure, parent, opening.key, deed.day)
    first = Deed.of(PARENT, child.procedure.opening.key, deed.day, opening.data, setters=opening.setters)
    _do(docket, calendar, child, first, parent.state.unit)


def _tell(docket: Docket, calendar: Calendar, telling: Telling, deed: Deed) -> None:
    child = docket.get(telling.id)
    if telling.action in child.procedure.actions:
        _do(docket, calendar, child, Deed.of(PARENT, telling.action, deed.day, telling.data, setters=telling.setters))


def _tell_parent(docket: Docket, calendar: Calendar, child: Folder, before: State, deed: Deed) -> None:
    """A child's end, its outcome or its reopening is written into the parent's ledger, so that the parent's gates and
    deadlines stay a function of its own entries.
    """
    if child.parent_id is None or not before.stage:
        return
    is_open = not child.procedure.is_closed(child.state.stage)
    was_open = not child.procedure.is_closed(before.stage)
    if is_open == was_open and child.state.outcome == before.outcome:
        return
    parent = docket.get(child.parent_id)
    news = {"id": child.id, "key": child.child_key, "open": is_open, "outcome": child.state.outcome}
    _note(
        docket,
        calendar,
        parent,
        {"action": CHILD_NEWS, "by": deed.actor.id, "day": deed.day, "child": news},
        deed.actor,
    )


def _note(docket: Docket, calendar: Calendar, folder: Folder, what: dict[str, Any], actor: Actor) -> None:
    """Put down an entry of the kernel itself: it moves clocks, never the stage."""
    body = {"seq": folder.state.seq + 1, **what}
    after = evolve(folder.state, body)
    runs = advance(Step(folder.procedure, calendar, folder.state, after, None, what["day"], {}))
    if runs:
        body["clocks"] = {key: run_to_json(run) for key, run in runs.items()}
    folder.state = evolve(folder.state, body)
    docket.put(folder, body, actor)


# -- the clock ---------------------------------------------------------------------------------------------------------


def owed(folder: Folder, calendar: Calendar, now: datetime, grace: int = 0) -> list[tuple[str, str]]:
    """(legal day, action) for every clock whose own action is due, earliest first.

    `grace` workdays pass before an action of legal effect is done, so that a fact of the last day can still be recorded;
    the entry bears the day of expiry all the same.
    """
    found = []
    for clock in folder.procedure.can_expire:
        run = folder.state.clocks.get(clock.key)
        if run is None or not run.is_open or run.is_held or run.fired:
            continue
        if now >= ripe(run.due, calendar, grace):
            found.append((run.due, clock.expires))
    return sorted(found)


def ripe(due: str, calendar: Calendar, grace: int) -> datetime:
    """When the clock may act on a due day: after its end and the days of grace. A moment has no grace."""
    end = reading.end_of(due)
    if grace and reading.is_day(due):
        last = calendar.add_workdays(reading.moment(due).date(), grace)
        return reading.end_of(last.isoformat())
    return end


def tick(docket: Docket, calendar: Calendar, case_id: int, now: datetime, grace: int = 0) -> int:
    """Do every action the clock owes in one case; the number done."""
    done = 0
    folder = docket.get(case_id)
    while due := owed(folder, calendar, now, grace):
        day, action = due[0]
        _do(docket, calendar, folder, Deed.of(CLOCK, action, day))
        done += 1
    return done


def recount(docket: Docket, calendar: Calendar, case_id: int, day: str) -> bool:
    """Count every open clock anew after a calendar notice; each change is one entry. True when something moved."""
    folder = docket.get(case_id)
    moved = {}
    for key, run in folder.state.clocks.items():
        if run.is_open:
            counted = reading.due_of(folder.procedure.clocks[key], run, folder.state.data, calendar)
            if (counted.iso(), counted.provisional) != (run.due, run.provisional):
                moved[key] = run_to_json(replace(run, due=counted.iso(), provisional=counted.provisional))
    if not moved:
        return False
    body = {
        "seq": folder.state.seq + 1,
        "action": RECOUNT,
        "by": CLOCK.id,
        "day": day,
        "calendar": calendar.version,
        "clocks": moved,
    }
    folder.state = evolve(folder.state, body)
    docket.put(folder, body, CLOCK)
    return True


def rectify(
    docket: Docket, calendar: Calendar, case_id: int, before: State, last: Mapping[str, Any], deed: Deed
) -> Folder:
    """Void the last entry of a case when it rests on a fact recorded late; `before` is the state without it.

    An entry that issued a letter has been told to somebody and is not undone here; neither is one that opened children.
    """
    folder = docket.get(case_id)
    reason = str(deed.data.get("reason", "")).strip()
    if not reason:
        raise Refused((Refusal("required", Text("请填写更正理由", "Please give the reason"), field="reason"),))
    if last["seq"] != folder.state.seq or last["action"].startswith("@") or before.seq != folder.state.seq - 1:
        raise Refused((Refusal("order", Text("只能更正最后一条办理记录", "Only the last entry can be rectified")),))
    if last.get("letters") or last.get("opened") or not before.stage:
        raise Refused(
            (
                Refusal(
                    "order",
                    Text(
                        "已发出文书或者已分派，不能撤销，只能另作处理",
                        "Letters went out or children were opened; act anew instead",
                    ),
                ),
            )
        )
    after = folder.state
    body = {
        "seq": after.seq + 1,
        "action": RECTIFY,
        "by": deed.actor.id,
        "day": deed.day,
        "voids": last["seq"],
        "reason": reason,
    }
    body["state"] = {**before.to_json(), "seq": body["seq"], "day": deed.day}
    folder.state = evolve(after, body)
    docket.put(folder, body, deed.actor)
    _tell_parent(docket, calendar, folder, after, Deed.of(deed.actor, RECTIFY, last["day"]))
    return folder
