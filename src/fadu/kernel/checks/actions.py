"""Actions: somebody may take each of them, what they end is ended properly, and what the clock does it can do."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import PREVIOUS, STAY, Action, Who
from fadu.kernel.source import Fault


def check(reading: Reading) -> Iterator[Fault]:
    for action in reading.procedure.actions.values():
        if not action.by:
            yield reading.fault(action.line, "nobody-may", f"'{action.key}' has no 'by'; say who may do it")
        for who in action.by:
            yield from _never_known(reading, action, who)
        yield from _all_barred(reading, action)
        yield from _not_by(reading, action)
        yield from _ending(reading, action)
        yield from _extending(reading, action)
        yield from _followed(reading, action)
        if action.by_clock:
            yield from _by_clock(reading, action)


def _never_known(reading: Reading, action: Action, who: Who) -> Iterator[Fault]:
    """`unit_officer of lead_unit`, `setter of due` and `applicant` need a value that an earlier action set."""
    field = who.name if who.kind in ("party", "listed") else who.of
    if not field:
        return
    earlier = {action.key} if action.is_opening else reading.done_by_then(action)
    if not reading.takers[field] & earlier and not reading.procedure.fields[field].is_derived:
        advice = f"'{action.key}' is for '{who}', but no action before it takes '{field}'"
        yield reading.fault(action.line, "nobody-may", advice)
    kind = reading.procedure.fields[field].kind
    if who.kind == "party" and kind not in ("party", "person"):
        yield reading.fault(
            action.line, "nobody-may", f"'{field}' is a {kind}, which cannot act; use a party or person"
        )
    if who.kind == "listed" and not _lists_persons(reading, field):
        yield reading.fault(action.line, "nobody-may", f"'listed of {field}': '{field}' names no persons")
    if who.kind == "role" and kind != "unit":
        yield reading.fault(action.line, "nobody-may", f"'{who}': '{field}' is a {kind}, not a unit")


def _all_barred(reading: Reading, action: Action) -> Iterator[Fault]:
    if action.by and all(_is_barred(reading, action, who) for who in action.by):
        advice = f"'not_by' of '{action.key}' bars everybody that 'by' lets in"
        yield reading.fault(action.line, "nobody-may", advice)


def _is_barred(reading: Reading, action: Action, who: Who) -> bool:
    barred = {(other.kind, other.name if other.kind == "doer" else other.of) for other in action.not_by}
    if who.kind == "setter":
        doers = {name for kind, name in barred if kind == "doer"}
        takers = reading.takers[who.of]
        return ("setter", who.of) in barred or (bool(takers) and takers <= doers)
    return who.kind == "role" and bool(who.of) and ("member", who.of) in barred


def _not_by(reading: Reading, action: Action) -> Iterator[Fault]:
    for who in action.not_by:
        if who.kind == "doer" and who.name not in reading.doable:
            yield reading.fault(
                action.line, "not-by", f"'{action.key}' bars whoever did '{who.name}', which nobody can do"
            )
        if who.kind == "listed" and not _lists_persons(reading, who.name):
            advice = f"'{action.key}' bars the persons of '{who.name}', which names no persons"
            yield reading.fault(action.line, "not-by", advice)


def _lists_persons(reading: Reading, field: str) -> bool:
    return reading.procedure.fields[field] in reading.procedure.naming


def _ending(reading: Reading, action: Action) -> Iterator[Fault]:
    procedure = reading.procedure
    ends = set(action.targets()) & procedure.ends_in
    from_open = any(action in procedure.standing[stage] for stage in procedure.stages if stage not in procedure.ends_in)
    if not ends or not (from_open or action.is_opening):
        return
    if procedure.outcomes and not gives_outcome(action) and _may_lack_outcome(reading, action):
        advice = f"'{action.key}' closes the case without an outcome; give one of {', '.join(procedure.outcomes)}"
        yield reading.fault(action.line, "closes-without-outcome", advice)
    if action.by_clock and procedure.children and not action.ends_children:
        advice = f"'{action.key}' closes by the clock, where an open child would stop it; add 'ends_children'"
        yield reading.fault(action.line, "clock-action", advice)


def gives_outcome(action: Action) -> bool:
    return bool(action.outcomes or action.outcome_table)


def _may_lack_outcome(reading: Reading, closing: Action) -> bool:
    """Whether some way leads to the action without an action that gives an outcome."""
    procedure = reading.procedure
    found: set[str] = set()
    waiting = sorted(reading.entered)
    while waiting:
        stage = waiting.pop()
        if stage in found:
            continue
        found.add(stage)
        moves = [action for action in procedure.standing[stage] if not gives_outcome(action) and action is not closing]
        waiting += [target for action in moves for target in reading.targets_from(action, stage)]
    return any(closing in procedure.standing[stage] for stage in found)


def _extending(reading: Reading, action: Action) -> Iterator[Fault]:
    if not action.extends:
        return
    clock = reading.procedure.clocks[action.extends]
    if clock.extension is None:
        yield reading.fault(action.line, "extension", f"'{action.key}' extends '{clock.key}', which has no 'extension'")
    if clock.shape == "until" and clock.until not in {asked.field for asked in action.takes}:
        advice = f"'{action.key}' moves the date of '{clock.key}' and must take '{clock.until}'"
        yield reading.fault(action.line, "extension", advice)


def _followed(reading: Reading, action: Action) -> Iterator[Fault]:
    """`followed_by`: one screen does two actions, so the second must be possible where the first leads."""
    if not action.followed_by:
        return
    second = reading.procedure.actions[action.followed_by]
    stages = [
        target
        for stage in reading.reached
        if action in reading.procedure.standing[stage]
        for target in reading.targets_from(action, stage)
    ] or [target for target in action.targets() if target not in (STAY, PREVIOUS)]
    if second.key == action.key or second.by_clock or second.by_parent or second.followed_by:
        advice = f"'{action.key}' cannot be followed by '{second.key}': another action, by a person, with no third one"
        yield reading.fault(action.line, "followed-by", advice)
    elif not any(second in reading.procedure.standing[stage] for stage in stages):
        advice = f"'{second.key}' is not possible where '{action.key}' leads ({', '.join(sorted(set(stages)))})"
        yield reading.fault(action.line, "followed-by", advice)


def _by_clock(reading: Reading, action: Action) -> Iterator[Fault]:
    """The clock asks nobody: its action has no gates to pass and no fields to fill in."""
    if not any(clock.expires == action.key for clock in reading.procedure.clocks.values()):
        advice = f"no clock performs '{action.key}'; name it in the 'expires' of one"
        yield reading.fault(action.line, "clock-action", advice)
    if action.needs or any(not asked.optional for asked in action.takes) or len(action.outcomes) > 1:
        advice = (
            f"'{action.key}' is done by the clock, which can pass no gates, fill in no fields and choose no outcome"
        )
        yield reading.fault(action.line, "clock-action", advice)
