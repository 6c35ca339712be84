"""One figure asked of one period: as a filter over cases, and as the same question put to a single state in Python."""

from django.db.models import Q

from fadu.cases import definitions
from fadu.figures import moments
from fadu.figures.declared import procedure_of
from fadu.figures.moments import CARRIED
from fadu.figures.span import Span
from fadu.figures.sql import Filter, both, compiled
from fadu.kernel.condition import All, Condition, Done, FieldTest
from fadu.kernel.definition import Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.figure import Figure
from fadu.kernel.state import State

Narrowed = tuple[str, str]  # a split field and one of its values, "" for the cases without one


class Question:
    """`filter` gives the cases that stand now as they are to be read; when `looks_back`, others must be folded."""

    def __init__(self, figure: Figure, span: Span, split: Narrowed | None) -> None:
        self.figure, self.span, self.procedure = figure, span, procedure_of(figure)
        self.at, is_past = moments.read_at(figure, span)
        self.looks_back = figure.over in CARRIED and is_past
        self.wanted = All((*_where(figure), *_narrowing(figure, self.procedure, split), *_there(figure)))
        self.filter = both([Filter(self._period()), compiled(self.wanted, self.procedure, self.at)])

    def _period(self) -> Q:
        figure, procedure = self.figure, self.procedure
        q = Q(procedure=procedure.key)
        if figure.over not in CARRIED:
            return q & moments.falling(figure, self.span, procedure)
        if self.looks_back:
            return q & moments.unmoved(figure, procedure, self.at)
        return q & moments.in_hand_now(figure, procedure)

    def holds(self, state: State) -> bool:
        """Whether a case that falls in the period meets the conditions."""
        return self.wanted.holds(CaseFacts(self.procedure, state, self.at, definitions.calendar()))

    def was_counted(self, state: State) -> bool:
        """Whether a case folded to the moment was in hand then and met the conditions."""
        return moments.was_in_hand(self.figure, self.procedure, state, self.at) and self.holds(state)


def _where(figure: Figure) -> list[Condition]:
    return [] if figure.where is None else [figure.where]


def _narrowing(figure: Figure, procedure: Procedure, split: Narrowed | None) -> list[Condition]:
    """By a split the figure declares and no other field: a count for any value of any field would tell private ones."""
    if split is None or split[0] not in figure.split:
        return []
    name, text = split
    value = text == "true" if procedure.fields[name].kind == "yes_no" else text
    return [FieldTest(name, "in", (value,)) if text else FieldTest(name, "empty")]


def _there(figure: Figure) -> list[Condition]:
    """What a sum adds up, and what an average lies between, must be there."""
    found: list[Condition] = [FieldTest(figure.of, "filled")] if figure.of else []
    return [*found, *(Done(name) for name in figure.days)]
