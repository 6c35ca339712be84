"""Gates: each is used, and each can hold when it is asked for."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading, required
from fadu.kernel.condition import ClockTest, Done, FieldTest
from fadu.kernel.definition import Action, Gate
from fadu.kernel.source import Fault

_NEEDS_A_RUN = {"running", "paused", "overdue", "met", "late", "void", "elapsed", "kept", "missed"}


def check(reading: Reading) -> Iterator[Fault]:
    procedure = reading.procedure
    used = {key for action in procedure.actions.values() for key in action.needs}
    for gate in procedure.gates.values():
        if gate.key not in used:
            yield reading.fault(
                gate.line, "unused-gate", f"no action needs gate '{gate.key}'; name it in 'needs' or drop it"
            )
    for action in procedure.actions.values():
        for key in action.needs:
            yield from _can_hold(reading, action, procedure.gates[key])


def _can_hold(reading: Reading, action: Action, gate: Gate) -> Iterator[Fault]:
    """What a gate asks to be done must be possible before the action that asks for it."""
    if gate.when is not None or gate.unless is not None:
        return
    earlier = reading.done_by_then(action)
    for test in required(gate.that):
        if isinstance(test, Done) and (test.least or test.since) and test.name not in earlier:
            advice = f"gate '{gate.key}' of '{action.key}' can never hold: '{test.name}' cannot come before it"
            yield reading.fault(gate.line, "never-holds", advice)
        if isinstance(test, FieldTest) and test.operator == "filled":
            own = {asked.field for asked in action.takes}
            defined = reading.procedure.fields.get(test.name)
            if defined and not defined.is_derived and test.name not in own and not reading.takers[test.name] & earlier:
                advice = f"gate '{gate.key}' of '{action.key}' can never hold: nothing before it takes '{test.name}'"
                yield reading.fault(gate.line, "never-holds", advice)
        if (
            isinstance(test, ClockTest)
            and test.words <= _NEEDS_A_RUN
            and not _may_run(reading, test.name, action, earlier)
        ):
            advice = f"gate '{gate.key}' of '{action.key}' can never hold: clock '{test.name}' cannot have started"
            yield reading.fault(gate.line, "never-holds", advice)


def _may_run(reading: Reading, clock: str, action: Action, earlier: set[str]) -> bool:
    defined = reading.procedure.clocks[clock]
    known = earlier | {action.key}
    starters = {begin.name for begin in defined.begins if begin.kind == "action"}
    dates = {begin.name for begin in defined.begins if begin.kind == "field"} | ({defined.until} - {""})
    return bool(starters & known) or any(
        reading.takers[field] & known or reading.procedure.fields[field].is_derived for field in dates
    )
