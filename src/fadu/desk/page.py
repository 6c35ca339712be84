"""One case on one page: where it stands, whose turn, until when and why, what can be done, and everything that happened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.act import may_rectify
from fadu.cases.models import Case, Entry, Link
from fadu.desk.asked import NOTHING, Asked
from fadu.desk.buttons import Buttons, buttons
from fadu.desk.certificate import Bench, Sheet, Term, sheet, term
from fadu.desk.history import voided
from fadu.desk.lights import COLOURS, Lamp
from fadu.desk.next_step import expected
from fadu.desk.rail import Rail, rail
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, row, rows
from fadu.desk.timeline import TimelineLine, Told, timeline
from fadu.desk.turns import is_mine, turn_words
from fadu.desk.values import Shown, shown
from fadu.kernel.definition import Field
from fadu.kernel.state import State
from fadu.words import say, t

LONG_TITLE = 80  # characters; a longer one is cut above and stands in full among the facts
LATEST = 60  # entries shown at first
PEOPLE = frozenset({"unit", "person", "party"})


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


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    what: str
    at: date
    url: str
    size: str


@dataclass(frozen=True, slots=True)
class LinkedCase:
    id: int
    what: str
    title: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class TermRow:
    term: Term
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    row: Row
    procedure: str
    ledger_url: str
    tags: list[str]
    rail: Rail
    turn: Turn
    able: Buttons
    facts: list[Shown]
    people: list[Shown]
    sheet: Sheet | None
    terms: list[TermRow]
    children: list[Row]
    documents: list[Document]
    links: list[LinkedCase]
    lines: list[TimelineLine]
    line_count: int
    seq: int
    link_form: Asked
    rectify_form: Asked | None  # None for who may not


def case_page(
    reader: Reader, case: Case, *, whole: bool, linking: Asked = NOTHING, rectifying: Asked = NOTHING
) -> CasePage:
    """`whole` shows every entry; else the latest, with the way to the rest. Forms that were refused come back filled."""
    procedure = definitions.procedure_of(case.definition_id)
    bench = bench_of(reader, case)
    entries = list(Entry.objects.filter(case=case).order_by("seq"))
    told = [Told(entry.content, entry.recorded_at, entry.digest) for entry in entries]
    line = row(reader, case)
    main = bench.procedure.clocks.get(case.due_clock)
    main_term = term(bench, main) if main else None
    fields = reader.fields(procedure, case.government_id)
    facts, people = _values(reader, case, fields, bench)
    children = rows(reader, reader.cases.filter(parent=case).order_by("pk"))
    links = list(_links(reader, case))
    named = {child.id: child.unit for child in children} | {one.id: one.number or one.title for one in links}
    lines = timeline(procedure, fields, told, reader.names, named)
    return CasePage(
        row=line,
        procedure=say(procedure.title),
        ledger_url=reverse("ledger", args=[procedure.key]),
        tags=_tags(fields, bench.state, line),
        rail=rail(procedure, case.stage, _moves(told)),
        turn=_turn(reader, case, line, main_term),
        able=buttons(reader, case),
        facts=facts,
        people=people,
        sheet=sheet(bench, main, certificate_url(case, main.key)) if main else None,
        terms=[TermRow(term(bench, procedure.clocks[key]), certificate_url(case, key)) for key in bench.state.clocks],
        children=children,
        documents=list(_documents(fields, case, told)),
        links=links,
        lines=lines[: None if whole else LATEST],
        line_count=len(told),
        seq=case.seq,
        link_form=linking,
        rectify_form=rectifying if _may_rectify(reader, case) else None,
    )


def _may_rectify(reader: Reader, case: Case) -> bool:
    """Only who holds the owner's role at all is worth asking about."""
    owner = definitions.procedure_of(case.definition_id).owner
    return owner.name in reader.roles and case.seq > 1 and may_rectify(case, reader.person)


def bench_of(reader: Reader, case: Case) -> Bench:
    procedure, state = definitions.procedure_of(case.definition_id), State.from_json(case.state)
    return Bench(procedure, state, definitions.calendar(), definitions.library().book, reader.local)


def certificate_url(case: Case, clock: str) -> str:
    return reverse("certificate", args=[case.procedure, case.pk, clock])


def _moves(told: Iterable[Told]) -> list[tuple[str, str]]:
    """Stage and day of each move that still stands."""
    bodies = [entry.body for entry in told]
    undone = voided(bodies)
    return [(body["to"], body["day"]) for body in bodies if "to" in body and body["seq"] not in undone]


def _tags(fields: Mapping[str, Field], state: State, line: Row) -> list[str]:
    """The kind, and every yes_no that is yes: what makes this case unlike the others."""
    flags = (field for key, field in fields.items() if field.kind == "yes_no" and state.data.get(key) is True)
    return [tag for tag in (line.kind, *(say(field.title) for field in flags)) if tag]


def _turn(reader: Reader, case: Case, line: Row, main: Term | None) -> Turn:
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


def _values(reader: Reader, case: Case, fields: Mapping[str, Field], bench: Bench) -> tuple[list[Shown], list[Shown]]:
    """What it is about, and which units and people it names; the title stands above already."""
    facts: list[Shown] = []
    people: list[Shown] = []
    state = bench.state
    for key, field in fields.items():
        value = state.data.get(key)
        if (
            value in (None, "", [])
            or value is False
            or (key == bench.procedure.shows.title and len(str(value)) <= LONG_TITLE)
        ):
            continue
        named = field.kind in PEOPLE or (field.kind == "list" and field.of in PEOPLE)
        made = shown(field, value, reader.names)
        linked = replace(made, file=file_url(case, made.file)) if made.file else made
        (people if named else facts).append(linked)
    people.append(Shown(t("立项单位 | Opened at"), reader.names.unit(state.unit)))
    return facts, people


def _documents(fields: Mapping[str, Field], case: Case, told: Sequence[Told]) -> Iterator[Document]:
    for entry in reversed(told):
        for key, value in entry.body.get("data", {}).items():
            field = fields.get(key)
            if field is not None and field.kind == "document" and value:
                yield _document(say(field.title), case, value, entry)


def _document(what: str, case: Case, value: Any, entry: Told) -> Document:
    stored = value if isinstance(value, dict) else {"name": str(value)}
    digest = str(stored.get("sha256", ""))
    url = file_url(case, digest) if digest else ""
    return Document(str(stored.get("name") or what), what, entry.legal, url, _size(stored.get("size")))


def file_url(case: Case, digest: str) -> str:
    return reverse("file", args=[case.procedure, case.pk, digest])


def _size(size: object) -> str:
    if not isinstance(size, int):
        return ""
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def _links(reader: Reader, case: Case) -> Iterator[LinkedCase]:
    for parent in reader.cases.filter(pk=case.parent_id) if case.parent_id else ():
        yield _linked(reader, t("主事项 | Parent"), parent)
    for link in Link.objects.filter(case=case, other__in=reader.cases).select_related("other"):
        yield _linked(reader, t("有关 | Related"), link.other)


def _linked(reader: Reader, what: str, other: Case) -> LinkedCase:
    line = row(reader, other)
    return LinkedCase(line.id, what, line.title, line.number, line.url)
