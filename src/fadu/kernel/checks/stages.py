"""Stages: each can be reached, each leads to an end, and whoever's turn it is can do something there."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import Action, Stage, Who
from fadu.kernel.source import Fault


def check(reading: Reading) -> Iterator[Fault]:
    procedure = reading.procedure
    if not procedure.ends_in:
        yield reading.fault(reading.line_of("ends_in"), "ends", "'ends_in' names no stage; name where a case ends")
    for stage in procedure.stages.values():
        yield from _way(reading, stage)
        if stage.key not in procedure.ends_in:
            yield from _turn(reading, stage)


def _way(reading: Reading, stage: Stage) -> Iterator[Fault]:
    if stage.key not in reading.reached:
        advice = f"no action leads to '{stage.key}'; lead one there or drop the stage"
        yield reading.fault(stage.line, "unreachable-stage", advice)
    elif not reading.onward({stage.key}) & reading.procedure.ends_in:
        yield reading.fault(stage.line, "dead-end", f"no way leads from '{stage.key}' to an end of the case")


def _turn(reading: Reading, stage: Stage) -> Iterator[Fault]:
    """Cases in a stage stand in the inbox of whose turn it is; a turn nobody can take is an inbox nobody can empty."""
    deeds = [action for action in reading.procedure.standing[stage.key] if not (action.by_clock or action.by_parent)]
    if stage.turn is None:
        if any(who.kind in ("role", "setter") for action in deeds for who in action.by):
            advice = f"nobody's turn in '{stage.key}'; say whose: {{title: …, turn: unit_officer of lead_unit}}"
            yield reading.fault(stage.line, "turn", advice)
    elif not any(_may(action, stage.turn) for action in deeds):
        yield reading.fault(
            stage.line, "turn", f"it is the turn of '{stage.turn}' in '{stage.key}', who can do nothing"
        )


def _may(action: Action, turn: Who) -> bool:
    return any((who.kind, who.name) == (turn.kind, turn.name) and who.of in ("", turn.of) for who in action.by)
