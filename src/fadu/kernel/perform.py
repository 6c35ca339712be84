"""One deed and everything that follows from it, in one go: the entry, the children it opens, tells or stops, what a
child writes into its parent's ledger, and the actions the clock owes.

The shell (a database, a test, a bulk replay) keeps the cases in a `Docket`; the rules are the same for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from fadu.kernel import clock as reading
from fadu.kernel.advance import Step, advance
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import CLOCK, PARENT, Actor, Ask, Decision, Opening, Registrar, Telling, decide
from fadu.kernel.definition import CAME_FROM, Procedure
from fadu.kernel.law import Text
from fadu.kernel.leading import Leading
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.standing import post_used
from fadu.kernel.state import State, evolve, run_to_json, with_clocks

CHILD_NEWS, RECOUNT, RECTIFY, LINK, NOTE = "@child", "@calendar", "@rectify", "@link", "@note"


@dataclass(slots=True)
class Folder:
    """A case in hand: which procedure it runs under, where it stands, whose child it is."""

    id: int
    procedure: Procedure
    state: State
    parent_id: int | None = None
    child_key: str = ""


class Docket(Registrar, Protocol):
    """Where cases are found and entries are put down. `put` is called once an entry, in the order of the ledger, and
    only when the whole deed stands; what was begun in one that does not is forgotten. `get` gives the same folder for
    the same case throughout a deed.
    """

    def get(self, case_id: int) -> Folder: ...
    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder: ...
    def forget(self, case_id: int) -> None: ...
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
    with _Course(docket, calendar) as course:
        folder = course.begin(docket.new_id(), procedure.key, None, "", deed.day)
        course.do(folder, deed, unit)
    return folder


def perform(docket: Docket, calendar: Calendar, case_id: int, deed: Deed) -> Folder:
    """Do an action in a case, with all that follows; raises Refused, and then nothing was put down by this call."""
    folder = docket.get(case_id)
    with _Course(docket, calendar) as course:
        course.do(folder, deed)
    return folder


@dataclass(slots=True)
class _Course:
    """A deed in its course through parent and children: what it has written so far, put down only when all of it stands."""

    docket: Docket
    calendar: Calendar
    written: list[tuple[Folder, State, dict[str, Any], Actor]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None:
            for folder, before, _body, _actor in reversed(self.written):
                folder.state = before
            for case_id in self.begun:
                self.docket.forget(case_id)
            return
        for folder, _before, body, actor in self.written:
            self.docket.put(folder, body, actor)

    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder:
        folder = self.docket.begin(case_id, procedure, parent, child_key, day)
        self.begun.append(case_id)
        return folder

    def write(self, folder: Folder, body: dict[str, Any], after: State, actor: Actor) -> None:
        self.written.append((folder, folder.state, body, actor))
        folder.state = after

    def do(self, folder: Folder, deed: Deed, unit: str = "") -> None:
        self.carry_out(folder, deed, self.decide(folder, deed, unit))

    def decide(self, folder: Folder, deed: Deed, unit: str = "") -> Decision:
        procedure = folder.procedure
        if deed.action not in procedure.actions:
            zh, en = f"程序“{procedure.title.zh}”没有“{deed.action}”", f"No action '{deed.action}' in this procedure"
            raise Refused((Refusal("action", Text(zh, en), procedure.basis),))
        return decide(self._asked(folder, deed, unit), self.docket)

    def _asked(self, folder: Folder, deed: Deed, unit: str) -> Ask:
        return Ask(
            folder.procedure, self.calendar, folder.state, folder.procedure.actions[deed.action],
            deed.actor, deed.day, deed.data, deed.overrides, deed.setters, unit, folder.id, self.docket,
        )  # fmt: skip

    def carry_out(self, folder: Folder, deed: Deed, decision: Decision) -> None:
        before = folder.state
        self.write(folder, decision.body, decision.after, deed.actor)
        for telling in decision.tellings:
            self._tell(telling, deed)
        for opening in decision.openings:
            self._open_child(folder, opening, deed)
        for leading in decision.leadings:
            self._lead(folder, leading, deed)
        self.tell_parent(folder, before, deed.actor, deed.day)

    def _open_child(self, parent: Folder, opening: Opening, deed: Deed) -> None:
        child = self.begin(opening.id, opening.procedure, parent, opening.key, deed.day)
        first = Deed.of(PARENT, child.procedure.opening.key, deed.day, opening.data, setters=opening.setters)
        try:
            self.do(child, first, parent.state.unit)
        except Refused as refused:
            raise Refused(tuple(_passed_up(parent, opening, refusal) for refusal in refused.refusals)) from None

    def _lead(self, source: Folder, leading: Leading, deed: Deed) -> None:
        """A root case of its own, opened by the same person; it says where it came from."""
        folder = self.begin(leading.id, leading.procedure, None, "", deed.day)
        opening = folder.procedure.opening.key
        more = {"overrides": deed.overrides, "setters": leading.setters}
        first = Deed.of(deed.actor, opening, deed.day, leading.data, **more)
        try:
            self.do(folder, first, self._office(folder, first) or source.state.unit)
        except Refused as refused:
            raise Refused(tuple(_of_row(leading, refusal) for refusal in refused.refusals)) from None
        self.tie(folder, source, CAME_FROM, deed.actor, deed.day)

    def _office(self, folder: Folder, deed: Deed) -> str:
        """The unit whose post lets an actor open a case."""
        _, _, unit = (post_used(self._asked(folder, deed, "")) or "").partition("@")
        return unit

    def tie(self, folder: Folder, far: Folder, kind: str, actor: Actor, day: str) -> None:
        """Write into a ledger that another case belongs to this one, and how."""
        where = {"case": far.id, "number": far.state.number, "kind": kind}
        self.note(folder, {"action": LINK, "by": actor.id, "day": day, "link": where}, actor)

    def _tell(self, telling: Telling, deed: Deed) -> None:
        child = self.docket.get(telling.id)
        if telling.action in child.procedure.actions:
            self.do(child, Deed.of(PARENT, telling.action, deed.day, telling.data, setters=telling.setters))

    def tell_parent(self, child: Folder, before: State, actor: Actor, day: str) -> None:
        """A child's end, its outcome or its reopening is written into the parent's ledger, so that the parent's gates
        and deadlines stay a function of its own entries. Its opening stands in the parent's own entry.
        """
        if child.parent_id is None:
            return
        is_open = not child.procedure.is_closed(child.state.stage)
        was_open = not before.stage or not child.procedure.is_closed(before.stage)
        if is_open == was_open and child.state.outcome == before.outcome:
            return
        news = {"id": child.id, "key": child.child_key, "open": is_open, "outcome": child.state.outcome}
        body = {"action": CHILD_NEWS, "by": actor.id, "day": day, "child": news}
        self.note(self.docket.get(child.parent_id), body, actor)

    def note(self, folder: Folder, what: dict[str, Any], actor: Actor) -> None:
        """Put down an entry of the kernel itself: it moves clocks, never the stage."""
        body = {"seq": folder.state.seq + 1, **what}
        after = evolve(folder.state, body)
        runs = advance(Step(folder.procedure, self.calendar, folder.state, after, None, what["day"], {}))
        if runs:
            body["clocks"] = {key: run_to_json(run) for key, run in runs.items()}
            after = with_clocks(after, runs)
        self.write(folder, body, after, actor)


def link(
    docket: Docket, calendar: Calendar, cases: tuple[int, int], kinds: tuple[str, str], actor: Actor, day: str
) -> None:
    """Write into both ledgers that two cases belong together, and how: what each is to the other."""
    one, other = (docket.get(case_id) for case_id in cases)
    with _Course(docket, calendar) as course:
        course.tie(one, other, kinds[0], actor, day)
        course.tie(other, one, kinds[1], actor, day)


def remark(docket: Docket, calendar: Calendar, case_id: int, text: str, actor: Actor, day: str) -> None:
    """Put a note into a ledger: nothing else in the case changes by it, and no clock is counted anew."""
    folder = docket.get(case_id)
    body = {"seq": folder.state.seq + 1, "action": NOTE, "by": actor.id, "day": day, "note": text}
    with _Course(docket, calendar) as course:
        course.write(folder, body, evolve(folder.state, body), actor)


def _of_row(leading: Leading, refusal: Refusal) -> Refusal:
    """What the opening of a case refuses, in the words of the list whose row it was for."""
    text = Text(f"第{leading.row}行：{refusal.text.zh}", f"Row {leading.row}: {refusal.text.en}")
    return replace(refusal, text=text, field=leading.rows)


def _passed_up(parent: Folder, opening: Opening, refusal: Refusal) -> Refusal:
    """What a child refuses, in the words of the parent whose action would open it."""
    child = parent.procedure.children[opening.key]
    given = {target: name for name, target in {**child.gives, **child.about, **child.each}.items()}
    text = Text(f"{child.title.zh}：{refusal.text.zh}", f"{child.title.en}: {refusal.text.en}")
    source = given.get(refusal.field, "")
    return replace(refusal, text=text, field=source if source in parent.procedure.fields else child.rows)


# -- the clock ---------------------------------------------------------------------------------------------------------


def owed(folder: Folder, calendar: Calendar, now: datetime, grace: int = 0) -> list[tuple[str, str]]:
    """(legal day, action) for every clock whose own action is due, earliest first.

    `grace` workdays pass before an action of legal effect is done, so that a fact of the last day can still be recorded;
    the entry bears the day of expiry all the same. After a rectification the clock waits as long once more.
    """
    state, found = folder.state, []
    rectified = state.done.get(RECTIFY)
    for clock in folder.procedure.can_expire:
        run = state.clocks.get(clock.key)
        if run is None or not run.is_open or run.is_held or run.fired or now < ripe(run.due, calendar, grace):
            continue
        if rectified is None or now >= ripe(rectified.day[:10], calendar, grace):
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
    """Do every action the clock owes in one case; the number done. One that the case does not allow is passed over."""
    folder, done, barred = docket.get(case_id), 0, set[tuple[str, str]]()
    while due := [one for one in owed(folder, calendar, now, grace) if one not in barred]:
        day, action = due[0]
        deed = Deed.of(CLOCK, action, day)
        with _Course(docket, calendar) as course:
            try:
                decision = course.decide(folder, deed)
            except Refused:
                barred.add(due[0])
                continue
            course.carry_out(folder, deed, decision)
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
    with _Course(docket, calendar) as course:
        course.write(folder, body, evolve(folder.state, body), CLOCK)
    return True


# -- facts recorded late -----------------------------------------------------------------------------------------------


def rectify(
    docket: Docket, calendar: Calendar, case_id: int, before: State, last: Mapping[str, Any], deed: Deed
) -> Folder:
    """Void the last entry of a case when it rests on a fact recorded late; `before` is the state without it.

    An entry that issued a letter has been told to somebody and is not undone here; neither is one that children, other
    cases or a closed parent have built on. Notes written after it stay, and stand in no way. The clock waits a day of grace more before it acts again, for the fact to be recorded.
    """
    folder = docket.get(case_id)
    reason = str(deed.data.get("reason") or "").strip()
    if not reason:
        raise Refused((Refusal("required", Text("请填写更正理由", "Please give the reason"), field="reason"),))
    _insist_last(docket, folder, before, last)
    after, seq = folder.state, folder.state.seq + 1
    tally = evolve(after, {"seq": seq, "action": RECTIFY, "by": deed.actor.id, "day": deed.day}).done[RECTIFY]
    notes = {NOTE: after.done[NOTE]} if NOTE in after.done else {}
    restored = replace(before, seq=seq, day=deed.day, done={**before.done, **notes, RECTIFY: tally})
    body = {
        "seq": seq,
        "action": RECTIFY,
        "by": deed.actor.id,
        "day": deed.day,
        "voids": last["seq"],
        "reason": reason,
        "state": restored.to_json(),
    }
    if deed.actor.principal is not None:
        body["for"] = deed.actor.principal.id
    with _Course(docket, calendar) as course:
        course.write(folder, body, evolve(after, body), deed.actor)
        course.tell_parent(folder, after, deed.actor, last["day"])
    return folder


def _but_notes(state: State) -> State:
    """A case as it would be had nobody written notes."""
    return replace(state, seq=0, day="", done={key: tally for key, tally in state.done.items() if key != NOTE})


def _insist_last(docket: Docket, folder: Folder, before: State, last: Mapping[str, Any]) -> None:
    if last["action"].startswith("@") or _but_notes(evolve(before, last)) != _but_notes(folder.state):
        raise Refused((Refusal("order", Text("只能更正最后一条办理记录", "Only the last entry can be rectified")),))
    if not before.stage or any(last.get(word) for word in ("letters", "opened", "told", "led_to", "number")):
        zh, en = (
            "已发出文书或者已分派，不能撤销，只能另作处理",
            "Letters went out or children were told; act anew instead",
        )
        raise Refused((Refusal("order", Text(zh, en)),))
    parent = docket.get(folder.parent_id) if folder.parent_id is not None else None
    if parent is not None and parent.procedure.is_closed(parent.state.stage):
        zh, en = "主事项已经办结，不能撤销，只能另作处理", "The parent case is closed; act anew instead"
        raise Refused((Refusal("order", Text(zh, en)),))
