"""One case on one page: where it stands, whose turn, until when and why, what can be done, and everything that happened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.act import may_rectify
from fadu.cases.models import Case, Entry
from fadu.desk import behalf
from fadu.desk.asked import NOTHING, Asked
from fadu.desk.attached import Document, documents, url_of
from fadu.desk.behalf import Leader
from fadu.desk.buttons import Button, Buttons, buttons
from fadu.desk.certificate import Bench, Sheet, Term, sheet, term
from fadu.desk.contents import Contents, contents
from fadu.desk.history import voided
from fadu.desk.issued import LetterLine, letter_lines, letter_url
from fadu.desk.leads import waiting
from fadu.desk.rail import Rail, rail
from fadu.desk.reader import Reader
from fadu.desk.related import Related, related
from fadu.desk.rows import Row, row, rows
from fadu.desk.standing import Turn, turn_of
from fadu.desk.timeline import TimelineLine, Told, timeline
from fadu.kernel.definition import Field
from fadu.kernel.state import State
from fadu.words import say, t

LATEST = 60  # entries shown at first
TALK = {"talk": True, "deeds": False}
SHELVES = {"": "全部 | All", "talk": "沟通 | Talk", "deeds": "办理 | Deeds"}


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a page: `whole` for every entry, `show` for talk or deeds alone, `leader` (an id) for whom the reader
    records. Forms that were refused come back filled.
    """

    whole: bool = False
    show: str = ""
    leader: str = ""
    linking: Asked = NOTHING
    rectifying: Asked = NOTHING
    noting: Asked = NOTHING


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the entries: all, what was said, what was done."""

    key: str
    title: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class TermRow:
    term: Term
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    row: Row
    parent: Row | None
    procedure: str
    ledger_url: str
    tags: list[str]
    rail: Rail
    turn: Turn
    able: Buttons
    waiting: list[Button]  # what earlier actions led to and nobody opened yet
    contents: Contents
    sheet: Sheet | None
    terms: list[TermRow]
    children: list[Row]
    documents: list[Document]
    letters: list[LetterLine]
    related: list[Related]
    lines: list[TimelineLine]
    line_count: int
    seq: int
    shelves: list[Shelf]
    latest: TimelineLine
    link_form: Asked
    note_form: Asked
    rectify_form: Asked | None  # None for who may not
    leaders: list[Leader]  # for whom the reader may write down what was decided on paper


def case_page(reader: Reader, case: Case, asking: Asking = Asking()) -> CasePage:  # frozen
    principal = behalf.principal(reader, case.government_id, asking.leader)
    procedure, bench = definitions.procedure_of(case.definition_id), bench_of(reader, case)
    told = told_of(case)
    line = row(reader, case)
    main = bench.procedure.clocks.get(case.due_clock)
    main_term = term(bench, main) if main else None
    fields = reader.fields(procedure, case.government_id)
    family = rows(reader, reader.cases.filter(root_id=case.root_id, pk__in=_family(case, bench.state)).order_by("pk"))
    lines = timeline(
        procedure, fields, told, reader.names, _named(family), partial(url_of, case), partial(letter_url, case)
    )
    chosen = [one for one in lines if asking.show not in TALK or one.is_talk == TALK[asking.show]]
    return CasePage(
        row=line,
        parent=next((one for one in family if one.id == case.parent_id), None),
        procedure=say(procedure.title),
        ledger_url=reverse("ledger", args=[procedure.key]),
        tags=_tags(fields, bench.state, line),
        rail=rail(procedure, case.stage, _moves(told)),
        turn=turn_of(reader, case, line, main_term),
        able=buttons(reader, case, principal),
        waiting=waiting(reader, case),
        contents=contents(reader, case, fields, procedure, bench.state),
        sheet=sheet(bench, main, certificate_url(case, main.key)) if main else None,
        terms=[TermRow(term(bench, procedure.clocks[key]), certificate_url(case, key)) for key in bench.state.clocks],
        children=[one for one in family if one.id != case.parent_id],
        documents=documents(fields, case, told),
        letters=list(letter_lines(procedure, case, told)),
        related=related(reader, case),
        lines=chosen[: None if asking.whole else LATEST],
        line_count=len(chosen),
        shelves=list(_shelves(lines, asking.show)),
        latest=next((one for one in lines if not one.is_talk), lines[0]),
        seq=case.seq,
        link_form=asking.linking,
        note_form=asking.noting,
        rectify_form=asking.rectifying if _may_rectify(reader, case) else None,
        leaders=behalf.leaders(reader, case.government_id, principal) if case.is_open else [],
    )


def _shelves(lines: list[TimelineLine], show: str) -> Iterator[Shelf]:
    talk = sum(one.is_talk for one in lines)
    counts = {"": len(lines), "talk": talk, "deeds": len(lines) - talk}
    for key, title in SHELVES.items():
        yield Shelf(key, t(title), counts[key], key == (show if show in TALK else ""))


def told_of(case: Case) -> list[Told]:
    """Every entry of a case, oldest first."""
    entries = Entry.objects.filter(case=case).order_by("seq")
    return [Told(entry.content, entry.recorded_at, entry.digest) for entry in entries]


def _family(case: Case, state: State) -> list[int]:
    """The ids of its parent and its children."""
    return [*(child.id for child in state.children), *([case.parent_id] if case.parent_id else [])]


def _named(family: Iterable[Row]) -> dict[int, str]:
    return {one.id: one.unit for one in family}


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
