"""A case as one line of a list: light, title, number, unit, stage, whose turn, and what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.desk.lights import Lamp, due_of, lamp
from fadu.desk.next_step import expected
from fadu.desk.reader import Reader
from fadu.desk.values import Names
from fadu.desk.words import say, t
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text

HEAVY = ("state", "tokens")  # columns no list shows; they are most of a row


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    url: str
    do_url: str
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


def light_rows(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    return cases.defer(*HEAVY)


def rows(reader: Reader, cases: Iterable[Case]) -> list[Row]:
    found = list(cases)
    reader.names.load_people(
        int(case.turn.removeprefix("person:")) for case in found if case.turn.startswith("person:")
    )
    return [row(reader, case) for case in found]


def row(reader: Reader, case: Case) -> Row:
    procedure = definitions.procedure_of(case.definition_id)
    url = reverse("case", args=[case.procedure, case.pk])
    step = expected(procedure, case.stage, case.turn)
    return Row(
        id=case.pk,
        url=url,
        do_url=f"{url}do/{step.key}/" if step else url,
        title=case.title or say(procedure.title),
        number=case.number,
        unit=reader.names.unit(case.handling_id or case.unit_id),
        kind=kind_words(procedure, case.kind, reader.names),
        stage=say(procedure.stages[case.stage].title),
        turn=turn_words(reader, case.turn),
        ask=t("请{step} | {step}", step=say(step.title)) if step else "",
        lamp=lamp(case, reader.now, definitions.calendar(), workdays=in_workdays(procedure, case.due_clock)),
        due=due_of(case),
        provisional=case.provisional,
    )


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


def turn_words(reader: Reader, turn: str) -> str:
    """`市水务局 · 承办单位经办人`, or the person's name."""
    if turn.startswith("person:"):
        return reader.names.person(turn)
    role, _, unit = turn.partition("@")
    if not role:
        return ""
    title = definitions.library().book.roles.get(role)
    return f"{reader.names.unit(unit)} · {say(title) if title else role}"


def is_mine(reader: Reader, turn: str) -> bool:
    return turn == f"person:{reader.person.pk}" or turn in {post.key for post in reader.posts}
