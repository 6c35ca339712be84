"""One field of a definition as an input: which widget, with what in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from fadu.desk.answers import TypedRow, columns_of
from fadu.desk.conditions import Applies
from fadu.desk.known import Known
from fadu.desk.paragraphs import Paragraph
from fadu.kernel.definition import Field
from fadu.words import say, t

FEW = 6  # choices that are shown at once
WIDE = 3  # columns beyond which one free row is enough
PREFILLED = frozenset({"unit", "list", "date", "moment", "number", "money", "case", "person"})  # words are said anew

WIDGETS = {
    "long_text": "textarea",
    "document": "file",
    "date": "date",
    "moment": "date",
    "list": "rows",
    "party": "rows",
}
IN_ROWS = {"long_text": "textarea", "document": "file", "date": "date", "moment": "datetime-local"}
NUMBERS = frozenset({"number", "money"})


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A document uploaded before, so that a form that comes back need not be given it again."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a row of a list."""

    name: str
    title: str
    widget: str
    value: str = ""
    list: str = ""
    pick: str = ""
    choices: tuple[Option, ...] = ()
    kept: Kept | None = None
    inputmode: str = ""
    alone: bool = False  # the only column: the title of the list names it


@dataclass(frozen=True, slots=True)
class FormRow:
    id: int
    cells: tuple[Cell, ...]
    ticked: bool = False
    paragraph: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Control:
    name: str
    title: str
    widget: str
    required: bool
    hint: str = ""
    cites: str = ""
    value: str = ""
    time: str | None = None  # of a moment: its clock time; None when none is asked
    kept: tuple[Kept, ...] = ()
    many: bool = False  # several documents
    error: str = ""
    when: str = ""
    css: str = "mid"
    inputmode: str = ""
    list: str = ""
    pick: str = ""  # where the list below the input comes from
    least: str = ""
    most: str = ""
    choices: tuple[Option, ...] = ()
    rows: tuple[FormRow, ...] = ()
    draws: bool = False  # rows are paragraphs to be ticked

    @property
    def grouped(self) -> bool:
        return self.widget in ("choice", "rows")

    @property
    def broad(self) -> bool:
        """Rows of more than one column."""
        return any(len(row.cells) > 1 for row in self.rows)

    def with_error(self, text: str) -> "Control":
        return replace(self, error=text)

    @property
    def described(self) -> str:
        """The ids of hint, error and articles, for aria-describedby."""
        parts = (("h", self.hint), ("e", self.error), ("c", self.cites))
        return " ".join(f"{letter}-{self.name}" for letter, text in parts if text)


def control(defined: Field, value: Any, known: Known, *, required: bool, when: Applies, cites: str) -> Control:
    """`value` is a stored value, or what was typed when the form comes back."""
    kind = defined.kind
    made = Control(
        name=defined.key,
        title=say(defined.title),
        widget=_widget(defined),
        required=required,
        hint=" ".join(filter(None, (say(defined.hint) if defined.hint else "", when.words))),
        cites=cites,
        when=json.dumps(when.wanted, ensure_ascii=False) if when.wanted else "",
        css="short" if kind in NUMBERS | {"date", "moment"} else "mid" if kind in ("unit", "person", "item") else "",
        inputmode="decimal" if kind in NUMBERS else "",
        list=known.list_of(kind),
        pick=pick_url(defined, known),
        choices=_choices(defined),
        many=kind == "list",
    )
    return _filled(made, defined, value, known)


def pick_url(defined: Field, known: Known) -> str:
    """The address that offers cases or people for an input; empty where a list on the page does, or nothing need."""
    if defined.kind == "case":
        return reverse("pick-case") + (f"?{urlencode({'of': defined.target})}" if defined.target else "")
    if defined.kind == "person" and not known.list_of("person"):
        return reverse("pick-person") + (f"?{urlencode({'role': defined.post})}" if defined.post else "")
    return ""


def _widget(defined: Field) -> str:
    if defined.holds == "document":
        return "file"
    if defined.kind == "yes_no" or (defined.choices and len(defined.choices) <= FEW and defined.kind != "list"):
        return "choice"
    return "select" if defined.choices and defined.kind != "list" else WIDGETS.get(defined.kind, "text")


def _choices(defined: Field) -> tuple[Option, ...]:
    if defined.kind == "yes_no":
        return (Option("true", t("是 | Yes")), Option("false", t("否 | No")))
    return tuple(Option(key, say(title)) for key, title in defined.choices.items())


def _filled(made: Control, defined: Field, value: Any, known: Known) -> Control:
    if made.widget == "rows":
        rows = _paragraphs(defined, value, known) if defined.draws_from else _rows(defined, value, known)
        return replace(made, rows=tuple(rows), draws=bool(defined.draws_from))
    if defined.kind == "moment":
        text = str(value or "")
        return replace(made, value=text[:10], time=text[11:16])
    if made.widget == "file":
        documents = value if isinstance(value, list) else [value]
        return replace(made, kept=tuple(kept for one in documents if (kept := _kept(one))))
    return replace(made, value=_as_input(defined.kind, value, known))


def _kept(document: Any) -> Kept | None:
    if not isinstance(document, Mapping):
        return None
    return Kept(str(document.get("name", "")), json.dumps(document, ensure_ascii=False))


def _as_input(kind: str, value: Any, known: Known) -> str:
    if value is None:
        return ""
    if kind in ("unit", "person", "case"):
        return known.name_of(kind, str(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- rows --------------------------------------------------------------------------------------------------------------


def _rows(defined: Field, value: Any, known: Known) -> Iterator[FormRow]:
    """What is there, and some free rows: without script a list grows only by asking the server."""
    columns = columns_of(defined)
    given = _typed_rows(value, defined)
    if defined.kind == "list" and not any(row.is_blank for row in given):
        free = 1 if len(columns) > WIDE else 2
        first = max((row.id for row in given), default=-1) + 1
        given += [TypedRow(first + at, {}) for at in range(free)]
    for row in given:
        yield FormRow(row.id, tuple(_cell(defined.key, column, row, known) for column in columns))


def _typed_rows(value: Any, defined: Field) -> list[TypedRow]:
    if defined.kind == "party" and not isinstance(value, list):
        return [TypedRow(0, value if isinstance(value, Mapping) else {})]
    given: Sequence[Any] = value if isinstance(value, list) else []
    return [
        row
        if isinstance(row, TypedRow)
        else TypedRow(at, row if isinstance(row, Mapping) and defined.rows else {"": row})
        for at, row in enumerate(given)
    ]


def _paragraphs(defined: Field, value: Any, known: Known) -> Iterator[FormRow]:
    """Every paragraph of the text as a row to be ticked and completed; those typed before as they were."""
    columns = columns_of(defined)
    texts = {paragraph.number: paragraph for paragraph in known.paragraphs}
    typed = [row for row in value or () if isinstance(row, TypedRow)]
    for row in typed or [TypedRow(n, {"paragraph": n, "text": one.text}, ticked=False) for n, one in texts.items()]:
        number = str(row.cells.get("paragraph", ""))
        paragraph = texts.get(int(number)) if number.isdecimal() else None
        cells = tuple(_drawn(_cell(defined.key, column, row, known)) for column in columns)
        yield FormRow(row.id, cells, row.ticked, paragraph)


def _drawn(cell: Cell) -> Cell:
    """The number of the paragraph stands beside its text already; its text is given room to be made shorter."""
    _, _, column = cell.name.rpartition("-")
    widgets = {"paragraph": "hidden", "text": "textarea"}
    return replace(cell, widget=widgets.get(column, cell.widget))


def _cell(list_name: str, column: Field, row: TypedRow, known: Known) -> Cell:
    value, is_document = row.cells.get(column.key), column.kind == "document"
    name = f"{list_name}-{column.key}" if column.key else list_name
    return Cell(
        name=f"{name}-{row.id}" if is_document else name,
        title=say(column.title),
        widget="select" if column.choices or column.kind == "yes_no" else IN_ROWS.get(column.kind, "text"),
        value="" if is_document else _as_input(column.kind, value, known),
        list=known.list_of(column.kind),
        pick=pick_url(column, known),
        choices=_choices(column),
        kept=_kept(value) if is_document else None,
        inputmode="decimal" if column.kind in NUMBERS else "",
        alone=not column.key,
    )
