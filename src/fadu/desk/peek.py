"""The preview beside the inbox: what it is about, whose turn it is, what to do, what happened last."""

from dataclasses import dataclass

from fadu.cases import definitions
from fadu.cases.models import Case, Entry
from fadu.desk.buttons import Button, buttons
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, row
from fadu.desk.timeline import TimelineLine, Told, timeline
from fadu.desk.turns import is_mine, turn_words
from fadu.desk.values import Shown, shown
from fadu.kernel.state import State
from fadu.words import t

FEW = 3


@dataclass(frozen=True, slots=True)
class Peek:
    row: Row
    facts: list[Shown]
    heading: str
    words: str
    primary: Button | None
    others: tuple[Button, ...]
    lines: list[TimelineLine]


def peek(reader: Reader, case: Case) -> Peek:
    procedure = definitions.procedure_of(case.definition_id)
    state = State.from_json(case.state)
    able = buttons(reader, case)
    fields = reader.fields(procedure, case.government_id)
    entries = Entry.objects.filter(case=case).order_by("-seq")[:FEW]
    told = [Told(entry.content, entry.recorded_at, entry.digest) for entry in reversed(entries)]
    agreed = procedure.clocks[case.due_clock].until if case.due_clock else ""  # stands below as the due date
    facts = [
        shown(field, state.data[key], reader.names)
        for key, field in fields.items()
        if state.data.get(key) and key != agreed
    ]
    holder = turn_words(reader, case.turn)
    return Peek(
        row=row(reader, case),
        facts=[fact for fact in facts if fact.text and fact.text != case.title][:6],
        heading=t("轮到您 | Your turn")
        if is_mine(reader, case.turn)
        else t("轮到 {who} | Turn: {who}", who=holder or "—"),
        words="" if able.primary else t("您现在没有要办的。 | Nothing for you to do now."),
        primary=able.primary,
        others=able.others[:FEW],
        lines=timeline(procedure, fields, told, reader.names),
    )
