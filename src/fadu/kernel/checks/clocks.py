"""Clocks: each can start and stop, what its expiry does is possible, and it does not run on in a closed case."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading, tests
from fadu.kernel.condition import FieldTest
from fadu.kernel.definition import Clock
from fadu.kernel.source import Fault


def check(reading: Reading) -> Iterator[Fault]:
    for clock in reading.procedure.clocks.values():
        yield from _starts(reading, clock)
        yield from _stops(reading, clock)
        if clock.expires:
            yield from _expires(reading, clock)
        if clock.extension is not None:
            yield from _extension(reading, clock)


def _starts(reading: Reading, clock: Clock) -> Iterator[Fault]:
    for begin in clock.begins:
        dead = begin.name not in reading.doable if begin.kind == "action" else not reading.is_ever_set(begin.name)
        if dead:
            advice = f"clock '{clock.key}' starts with '{begin.name}', which never happens"
            yield reading.fault(clock.line, "never-starts", advice)
    if clock.until and not reading.is_ever_set(clock.until):
        yield reading.fault(
            clock.line, "never-starts", f"clock '{clock.key}' waits for '{clock.until}', which is never set"
        )
    if not clock.begins and not clock.until:
        yield reading.fault(clock.line, "never-starts", f"clock '{clock.key}' has no 'from'; say what starts it")


def _stops(reading: Reading, clock: Clock) -> Iterator[Fault]:
    if clock.shape in ("before", "every") and not clock.done_by:
        advice = f"clock '{clock.key}' needs 'done_by': the action that keeps it"
        yield reading.fault(clock.line, "never-stops", advice)
    if clock.shape in ("within", "until", "every"):
        yield from _stops_in_time(reading, clock)


def _stops_in_time(reading: Reading, clock: Clock) -> Iterator[Fault]:
    enders = _enders(clock) & reading.doable
    if not enders:
        yield reading.fault(
            clock.line, "never-stops", f"nothing ends clock '{clock.key}'; add 'ends_with' or 'expires'"
        )
        return
    if any(isinstance(test, FieldTest) and test.name in ("stage", "outcome") for test in tests(clock.when)):
        return
    standing = reading.procedure.standing
    for action, stage in _begun_in(reading, clock):
        if stage not in reading.procedure.ends_in:  # closing the case ends the clocks of an open stage
            continue
        following = reading.onward({stage})
        if not any(reading.procedure.actions[key] in standing[then] for key in enders for then in following):
            advice = f"clock '{clock.key}' starts with '{action}' and runs on in '{stage}', where nothing can end it"
            yield reading.fault(clock.line, "never-stops", advice)


def _enders(clock: Clock) -> set[str]:
    return {*clock.ends_with, *clock.lapses_with, *((clock.expires,) if clock.expires else ())}


def _begun_in(reading: Reading, clock: Clock) -> Iterator[tuple[str, str]]:
    """(action, stage it leads to) for every action that starts the clock, itself or by a field it takes."""
    fields = {begin.name for begin in clock.begins if begin.kind == "field"} | ({clock.until} - {""})
    starters = {begin.name for begin in clock.begins if begin.kind == "action"} | set(clock.restart)
    starters |= {key for field in fields for key in reading.takers[field]}
    for key in sorted(starters & reading.doable):
        action = reading.procedure.actions[key]
        if action.is_opening:
            yield from ((key, target) for target in action.targets())
        for stage in reading.procedure.stages:
            if action in reading.procedure.standing[stage]:
                yield from ((key, target) for target in reading.targets_from(action, stage))


def _expires(reading: Reading, clock: Clock) -> Iterator[Fault]:
    action = reading.procedure.actions[clock.expires]
    if not action.by_clock:
        yield reading.fault(
            clock.line, "expires", f"clock '{clock.key}' performs '{action.key}', which is not 'by: clock'"
        )
        return
    for stage in sorted(_runs_in(reading, clock)):
        if action not in reading.procedure.standing[stage]:
            advice = f"clock '{clock.key}' may run out in '{stage}', where '{action.key}' is not possible"
            yield reading.fault(clock.line, "expires", advice)


def _runs_in(reading: Reading, clock: Clock) -> set[str]:
    """Open stages in which the clock may run out: reached from its start without any action that ends it.

    Moves by other clocks are left out: they belong to stages of their own.
    """
    procedure, enders = reading.procedure, _enders(clock)
    found: set[str] = set()
    waiting = [stage for action, stage in _begun_in(reading, clock) if action not in enders]
    while waiting:
        stage = waiting.pop()
        if stage in found or stage in procedure.ends_in:
            continue
        found.add(stage)
        moves = [a for a in procedure.standing[stage] if a.key not in enders and not a.by_clock]
        waiting += [target for action in moves for target in reading.targets_from(action, stage)]
    return found - set(clock.pause)


def _extension(reading: Reading, clock: Clock) -> Iterator[Fault]:
    if not any(action.extends == clock.key for action in reading.procedure.actions.values()):
        advice = f"clock '{clock.key}' may be extended, but no action 'extends' it"
        yield reading.fault(clock.line, "extension", advice)
    if clock.shape in ("at_least", "before", "every"):
        yield reading.fault(clock.line, "extension", f"clock '{clock.key}' is a minimum or recurs; it has no extension")
    extension = clock.extension
    if clock.shape == "within" and extension is not None and not (extension.up_to or extension.total):
        yield reading.fault(clock.line, "extension", f"the extension of '{clock.key}' needs 'up_to' or 'total'")
