"""Which of several possible actions comes next: the one the nearest term waits for, an answer to a request, the way on."""

from collections.abc import Sequence

from fadu.kernel.condition import Done, leaves
from fadu.kernel.definition import ANY, STAY, Action, Procedure
from fadu.kernel.state import State


def next_step(procedure: Procedure, state: State, possible: Sequence[Action], *, my_turn: bool) -> Action | None:
    """`possible` are the actions somebody may do now, in the order of the definition. None when nothing is expected.

    Out of turn only an answer to a request is expected of anybody; what may be done in any stage (撤回) is never first.
    """
    usual = [action for action in possible if ANY not in action.sources]
    answer = next((action for action in usual if _answers(procedure, action)), None)
    if not my_turn:
        return answer
    waited_for = (action for name in _waited_for(procedure, state) for action in usual if action.key == name)
    return next(waited_for, answer or _moving(procedure, state.stage, usual) or next(iter(possible), None))


def expected(procedure: Procedure, state: State, turn: str) -> Action | None:
    """The next step of whoever has the turn, as a list says it without asking about the person."""
    role = turn.partition("@")[0]
    kind = "setter" if turn.startswith("person:") else "role"
    mine = [action for action in procedure.standing[state.stage] if _is_for(action, kind, role)]
    return next_step(procedure, state, mine, my_turn=True)


def _answers(procedure: Procedure, action: Action) -> bool:
    """An action whose gate asks that something was done, and may be done now, answers that something."""
    return bool(answered_by(procedure, action))


def answered_by(procedure: Procedure, action: Action) -> set[str]:
    """The actions it answers: those its gates ask to have been done."""
    gates = (procedure.gates[key] for key in action.needs)
    return {leaf.name for gate in gates for leaf in leaves(gate.that) if isinstance(leaf, Done) and leaf.least}


def _is_for(action: Action, kind: str, role: str) -> bool:
    return any(who.kind == kind and (kind == "setter" or who.name == role) for who in action.by)


def _moving(procedure: Procedure, stage: str, actions: Sequence[Action]) -> Action | None:
    """Rather forwards, in the order of the stages, than back; rather anywhere than nowhere."""
    order = list(procedure.stages)
    ahead = set(order[order.index(stage) + 1 :])
    forwards = (action for action in actions if ahead.intersection(action.targets()))
    moving = (action for action in actions if action.targets() != (STAY,))
    return next(forwards, next(moving, next(iter(actions), None)))


def _waited_for(procedure: Procedure, state: State) -> list[str]:
    """The actions that end the running terms, the soonest term first."""
    runs = [(run.due, key) for key, run in state.clocks.items() if run.is_open and not run.is_held]
    names: list[str] = []
    for _, key in sorted(runs):
        clock = procedure.clocks[key]
        names += [*clock.done_by, *clock.ends_with]
    return names
