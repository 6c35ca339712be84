"""Where a case stands: whose turn it is, until when, and how much of its term is used."""

from dataclasses import dataclass, replace
from datetime import datetime

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.desk.certificate import Term
from fadu.desk.lights import COLOURS, Lamp
from fadu.desk.next_step import expected
from fadu.desk.reader import Reader
from fadu.desk.rows import Row
from fadu.desk.turns import is_mine, turn_words
from fadu.kernel.state import State
from fadu.words import say, t


@dataclass(frozen=True, slots=True)
class Turn:
    heading: str
    who: str
    words: str
    clock: str
    lamp: Lamp | None
    due: datetime | None
    provisional: bool
    used: int
    total: int
    short: str

    @property
    def is_timed(self) -> bool:
        """Whether there is anything to say of a term: a due day, or a light that is not simply green."""
        return self.due is not None or (self.lamp is not None and self.lamp.colour != "green")


def turn_of(reader: Reader, case: Case, line: Row, main: Term | None) -> Turn:
    mine = is_mine(reader, case.turn)
    heading = t("轮到您 | Your turn") if mine else t("轮到 | Whose turn")
    return Turn(
        heading=heading if case.is_open else t("已办结 | Closed"),
        who=(turn_words(reader, case.turn) or t("等待期限或当事人 | Waiting for a term or a party"))
        if case.is_open
        else _outcome(case),
        words=_expected(case) if case.is_open and not mine else "",
        clock=main.title if main else "",
        lamp=replace(line.lamp, words=t(COLOURS[line.lamp.colour])) if case.is_open else None,
        due=line.due,
        provisional=case.provisional,
        used=main.used if main else 0,
        total=main.total if main else 0,
        short=line.lamp.words,
    )


def _expected(case: Case) -> str:
    step = expected(definitions.procedure_of(case.definition_id), State.from_json(case.state), case.turn)
    return t("下一步：{step} | Next: {step}", step=say(step.title)) if step else ""


def _outcome(case: Case) -> str:
    procedure = definitions.procedure_of(case.definition_id)
    outcome = procedure.outcomes.get(case.outcome or "")
    return say(outcome.title if outcome else procedure.stages[case.stage].title)
