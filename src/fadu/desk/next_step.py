"""Which of several possible actions comes next: the one the nearest term waits for, else the one that moves the case on."""

from collections.abc import Sequence

from fadu.kernel.definition import STAY, Action, Procedure
from fadu.kernel.state import State


def next_step(procedure: Procedure, state: State, possible: Sequence[Action]) -> Action | None:
    """`possible` are the actions the reader may do now, in the order of the definition."""
    waited_for = _waited_for(procedure, state)
    return next(
        (action for name in waited_for for action in possible if action.key == name),
        _moving(possible),
    )


def expected(procedure: Procedure, stage: str, turn: str) -> Action | None:
    """What a list can say without opening the case: the first action of whoever has the turn that moves it on."""
    role = turn.partition("@")[0]
    kind = "setter" if turn.startswith("person:") else "role"
    mine = [action for action in procedure.standing[stage] if _is_for(action, kind, role)]
    return _moving(mine)


def _is_for(action: Action, kind: str, role: str) -> bool:
    return any(who.kind == kind and (kind == "setter" or who.name == role) for who in action.by)


def _moving(actions: Sequence[Action]) -> Action | None:
    on = (action for action in actions if action.targets() != (STAY,))
    return next(on, next(iter(actions), None))


def _waited_for(procedure: Procedure, state: State) -> list[str]:
    """The actions that end the running terms, the soonest term first."""
    runs = [(run.due, key) for key, run in state.clocks.items() if run.is_open and not run.is_held]
    names: list[str] = []
    for _, key in sorted(runs):
        clock = procedure.clocks[key]
        names += [*clock.done_by, *clock.ends_with]
    return names
