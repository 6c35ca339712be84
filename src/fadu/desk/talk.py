"""What is said rather than done: requests and their answers, beside the notes people leave on a case."""

from fadu.desk.next_step import answered_by
from fadu.kernel.definition import STAY, Action, Procedure

WORDS = frozenset({"text", "long_text"})


def is_talk(procedure: Procedure, action: Action) -> bool:
    """Words alone, that ask for an answer or give one, and move nothing, issue nothing and keep no term."""
    moves = action.targets() != (STAY,) or action.issues or action.opens or action.tells or action.extends
    kinds = {procedure.fields[item.field].kind for item in action.takes}
    touches = any(action.key in names for names in procedure.touches.values())
    if moves or touches or action.outcomes or not kinds or not kinds <= WORDS:
        return False
    return bool(answered_by(procedure, action)) or any(
        action.key in answered_by(procedure, other) for other in procedure.actions.values()
    )
