"""What one entry does to the clocks of a case.

For each clock, in this order: it ends, lapses or reopens; it starts (again); it is extended; its condition fails;
it pauses or resumes; the case closes over it; its due date is counted anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Action, Begin, Clock, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import Run, State


@dataclass(slots=True)
class Step:
    """An entry in the making: the state before and after it (clocks not yet moved), its action and its legal day."""

    procedure: Procedure
    calendar: Calendar
    before: State
    after: State
    action: Action | None  # None when only data is tried on, for the gates
    day: str
    changed: Mapping[str, bool]  # fields written -> whether the value differs
    key: str = field(init=False)
    now: datetime = field(init=False)
    facts: CaseFacts = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.action.key if self.action else ""
        self.now = reading.moment(self.day)
        self.facts = CaseFacts(self.procedure, self.after, self.now, self.calendar)

    @property
    def closes(self) -> bool:
        procedure = self.procedure
        return procedure.is_closed(self.after.stage) and not procedure.is_closed(self.before.stage)


def advance(step: Step) -> dict[str, Run]:
    """The runs that change, by clock."""
    changed, names = {}, {step.key, *step.changed}
    for clock in step.procedure.clocks.values():
        run = step.before.clocks.get(clock.key)
        if (run is None or not run.is_open) and names.isdisjoint(step.procedure.touches[clock.key]):
            continue  # nothing runs, and nothing here can start it
        moved = _move(step, clock, run)
        if moved is not None and moved != run:
            changed[clock.key] = moved
    return changed


def _move(step: Step, clock: Clock, run: Run | None) -> Run | None:
    if clock.shape != "before":
        run = _end(step, clock, run)
    run = _start(step, clock, run)
    if clock.shape == "before":
        run = _judge(step, clock, run)
    if run is None or not run.is_open:
        return run
    if not reading.is_founded(clock, step.after.data):
        return _break_off(step, clock, run)
    run = _extend(step, clock, run)
    if clock.when is not None and not clock.when.holds(step.facts):
        return _break_off(step, clock, run)
    return _close(step, clock, _hold(step, clock, run))


def _recount(step: Step, clock: Clock, run: Run) -> Run:
    counted = reading.due_of(clock, run, step.after.data, step.calendar)
    return replace(run, due=counted.iso(), provisional=counted.provisional)


def _is_past(step: Step, run: Run) -> bool:
    """Expired, which a paused clock never is."""
    return not run.is_held and reading.is_past(run, step.now)


# -- ends ------------------------------------------------------------------------------------------------------------


def _end(step: Step, clock: Clock, run: Run | None) -> Run | None:
    if run is None:
        return None
    if step.key in clock.reopens_with and run.status in ("met", "late"):
        return replace(run, status="open", ended=None)
    if not run.is_open:
        return run
    if step.key in clock.lapses_with:
        return replace(run, status="void", ended=step.day)
    if clock.shape == "every" and step.key in clock.done_by:
        return _next_round(step, clock, run)
    if step.key in clock.ends_with:
        return _finish(step, clock, run)
    if (
        step.action is not None
        and step.action.by_clock
        and step.key == clock.expires
        and reading.has_come(run, step.day)
    ):
        return replace(run, fired=True)
    return run


def _finish(step: Step, clock: Clock, run: Run) -> Run:
    run = _resume(step, clock, run)
    return replace(run, status="late" if reading.is_past(run, step.now) else "met", ended=step.day)


def _next_round(step: Step, clock: Clock, run: Run) -> Run:
    """A report keeps the oldest period still open; a second one inside a kept period changes nothing. Periods that
    went by without a report are late, each of them.
    """
    if run.period_start is not None and step.now < reading.end_of(run.period_start):
        return run
    moved = _following(step, clock, run)
    while _is_past(step, moved):
        moved = _following(step, clock, moved)
    return moved


def _following(step: Step, clock: Clock, run: Run) -> Run:
    late = run.late_before + int(_is_past(step, run))
    return _recount(step, clock, replace(run, round=run.round + 1, period_start=run.due, late_before=late))


def _judge(step: Step, clock: Clock, run: Run | None) -> Run | None:
    """A deed that must come in time before a date is judged by its last occurrence, also when the date moves later:
    papers delivered for the first day of a hearing are delivered for the second; a notice given anew counts anew.
    """
    if run is None or not run.is_open:
        return run
    days = [step.after.done[name].day for name in clock.done_by if name in step.after.done]
    if not days:
        return run
    kept = reading.moment(max(days)) < reading.end_of(run.due)
    return replace(run, status="kept" if kept else "missed", ended=max(days))


def _break_off(step: Step, clock: Clock, run: Run) -> Run:
    """The clock is over without its deed: void, unless it had expired, for a breach is never wiped out."""
    broken = {"before": "missed", "at_least": "void"}.get(clock.shape, "late")
    return replace(run, status=broken if _is_past(step, run) else "void", ended=step.day)


# -- starts ----------------------------------------------------------------------------------------------------------


def _start(step: Step, clock: Clock, run: Run | None) -> Run | None:
    start = _started(step, clock, run)
    if start is None or not reading.is_founded(clock, step.after.data):
        return run
    if clock.when is not None and not clock.when.holds(step.facts):
        return _break_off(step, clock, run) if run is not None and run.is_open else run
    fresh = Run(start=start, seq=step.after.seq, due=start, late_before=_late_before(step, clock, run))
    return _recount(step, clock, fresh)


def _late_before(step: Step, clock: Clock, run: Run | None) -> int:
    """How many runs ended late so far; starting anew after expiry leaves a breach behind too."""
    if run is None:
        return 0
    overrun = run.is_open and clock.shape in ("within", "until", "every") and _is_past(step, run)
    return run.late_before + int(overrun or run.status == "late")


def _started(step: Step, clock: Clock, run: Run | None) -> str | None:
    """The legal moment from which the clock counts, if this entry starts it."""
    if step.key in clock.restart and run is not None:
        return step.day
    if clock.until and clock.until in step.changed and step.after.data.get(clock.until):
        extended = step.action is not None and step.action.extends == clock.key
        return None if extended and run is not None else step.day
    for begin in clock.begins:
        start = _begun(step, begin, run)
        if start is not None:
            return start
    return None


def _begun(step: Step, begin: Begin, run: Run | None) -> str | None:
    if begin.kind == "action":
        happens = begin.name == step.key and not (begin.first and begin.name in step.before.done)
        return step.day if happens else None
    value = step.after.data.get(begin.name)
    moved = step.changed.get(begin.name)
    if moved is None or not value or (run is not None and not moved):
        return None
    return str(value)


# -- in between ------------------------------------------------------------------------------------------------------


def _extend(step: Step, clock: Clock, run: Run) -> Run:
    if step.action is not None and step.action.extends == clock.key:
        return _recount(step, clock, _agreed_anew(clock, replace(run, extended=run.extended + 1)))
    if step.changed.get(clock.length_field):
        return _recount(step, clock, run)
    return run


def _agreed_anew(clock: Clock, run: Run) -> Run:
    """A later date is fixed in the knowledge of the pauses that have ended; they do not move it again."""
    if clock.shape != "until":
        return run
    return replace(run, holds=tuple(hold for hold in run.holds if hold[1] is None))


def _hold(step: Step, clock: Clock, run: Run) -> Run:
    """Pauses are a set: while one reason lasts the clock stands; one that begins after expiry pauses nothing."""
    if not clock.pause:
        return run
    reasons = {step.after.stage} | {child.key for child in step.after.children if child.open}
    should = bool(reasons.intersection(clock.pause))
    if should and not run.is_held and not reading.is_past(run, step.now):
        return replace(run, holds=(*run.holds, (step.day, None)))
    if not should and run.is_held:
        return _resume(step, clock, run)
    return run


def _resume(step: Step, clock: Clock, run: Run) -> Run:
    """A pause that ends on the day it began, or by a fact recorded late even before, is none."""
    if not run.is_held:
        return run
    first = run.holds[-1][0]
    kept = run.holds[:-1] if reading.moment(step.day) <= reading.moment(first) else (*run.holds[:-1], (first, step.day))
    return _recount(step, clock, replace(run, holds=kept))


def _close(step: Step, clock: Clock, run: Run) -> Run:
    """Closing a case ends the clocks that began before it."""
    if not step.closes or run.seq >= step.after.seq:
        return run
    if clock.shape == "at_least" and _is_past(step, run):
        return run  # the time that had to pass has passed
    return _break_off(step, clock, run)
