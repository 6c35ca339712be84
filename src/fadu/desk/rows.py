"""A case as one line of a list: light, title, number, unit, stage, whose turn, and what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.desk.lights import Lamp, due_of, lamp
from fadu.desk.next_step import expected
from fadu.desk.picked import shortcuts
from fadu.desk.reader import Reader
from fadu.desk.turns import holder, is_mine, turn_words
from fadu.desk.values import Names
from fadu.kernel.clock import status_at
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.state import Run, State
from fadu.words import say, t


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    url: str
    do_url: str
    step: str  # the action that comes next
    title: str
    number: str
    unit: str
    kind: str
    stage: str
    turn: str
    ask: str
    lamp: Lamp
    due: datetime | None
    provisional: bool
    seq: int
    keys: tuple[tuple[str, str], ...] = ()  # of the keyboard, and where they lead
    deputy_for: str = ""


def rows(reader: Reader, cases: Iterable[Case]) -> list[Row]:
    found = list(cases)
    reader.names.load_people(
        int(case.turn.removeprefix("person:")) for case in found if case.turn.startswith("person:")
    )
    return [row(reader, case) for case in found]


def row(reader: Reader, case: Case) -> Row:
    procedure = definitions.procedure_of(case.definition_id)
    url = reverse("case", args=[case.procedure, case.pk])
    state = State.from_json(case.state)
    step = expected(procedure, state, case.turn) if case.is_open else None
    unit = case.handling_id or case.unit_id
    return Row(
        id=case.pk,
        url=url,
        do_url=f"{url}do/{step.key}/" if step else url,
        step=step.key if step else "",
        title=case.title or say(procedure.title),
        number=case.number,
        unit=reader.names.unit(unit),
        kind=kind_words(procedure, case.kind, reader.names),
        stage=say(procedure.stages[case.stage].title),
        turn=turn_words(reader, case.turn, within=unit),
        ask=_ask(reader, case, say(step.title)) if step else "",
        lamp=_lamp(reader, case, procedure, state),
        due=due_of(case),
        provisional=case.provisional,
        seq=case.seq,
        keys=tuple((key, f"{url}do/{action}/") for key, action in shortcuts(reader, procedure, case).items()),
        deputy_for=reader.lent.get(case.turn, "") if case.is_open else "",
    )


def _lamp(reader: Reader, case: Case, procedure: Procedure, state: State) -> Lamp:
    """Where another term than the shown one is the alarm, the words name that term: `签收逾期`."""
    shown = lamp(case, reader.now, definitions.calendar(), workdays=in_workdays(procedure, case.due_clock))
    due = due_of(case)
    if shown.colour not in ("red", "amber") or (due is not None and due <= reader.now):
        return shown
    missed = [
        (run.due, key)
        for key, run in state.clocks.items()
        if key != case.due_clock and _is_missed(procedure, key, run, reader)
    ]
    if not missed:
        return shown
    title = say(procedure.clocks[min(missed)[1]].title)
    return replace(shown, words=t("{term}逾期 | {term}: overdue", term=title))


def _is_missed(procedure: Procedure, key: str, run: Run, reader: Reader) -> bool:
    return status_at(procedure.clocks[key], run, reader.local) in ("overdue", "missed")


def _ask(reader: Reader, case: Case, step: str) -> str:
    """`请签收` to whoever has the turn, `待市水务局签收` to everybody else."""
    if is_mine(reader, case.turn):
        return t("请{step} | {step}", step=step)
    return t("待{who}{step} | {who}: {step}", who=holder(reader, case.turn), step=step)


def in_workdays(procedure: Procedure, clock: str) -> bool:
    """Whether a list counts this clock in workdays; an agreed day has no unit, an office counts its workdays."""
    defined = procedure.clocks.get(clock)
    if defined is None or defined.shape == "until":
        return True
    return (defined.period.unit if defined.period else defined.length_unit) == "workday"


def kind_words(procedure: Procedure, kind: str, names: Names) -> str:
    defined = procedure.fields.get(procedure.shows.kind)
    if defined is None or not kind:
        return ""
    if defined.kind == "unit":
        return names.unit(kind)
    return say(defined.choices.get(kind, Text(kind, kind)))
