"""One field of a definition as an input: which widget, with what in it, and how its answer is read."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from fadu.cases.directory import Directory, Unknown
from fadu.cases.formats import Unwelcome
from fadu.desk.conditions import Applies
from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.words import say, t

SPARE_ROWS = 2  # without script a list cannot grow, so some rows are always free
FEW = 6  # choices that are shown at once
PREFILLED = frozenset({"unit", "list", "date", "moment", "number", "money"})  # words are said anew in each step

WIDGETS = {
    "long_text": "textarea",
    "document": "file",
    "date": "date",
    "moment": "date",
    "list": "rows",
    "party": "rows",
}
NUMBERS = frozenset({"number", "money"})
PARTY = (
    Field("name", Text.parse("姓名或名称 | Name"), "text"),
    Field("phone", Text.parse("电话 | Phone"), "text"),
)


class Posted(Protocol):
    """A submitted form."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a row of a list."""

    name: str
    title: str
    widget: str
    value: str = ""
    list: str = ""
    choices: tuple[Option, ...] = ()
    alone: bool = False  # the only column: the title of the list names it


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
    kept_name: str = ""
    error: str = ""
    when: str = ""
    css: str = "mid"
    inputmode: str = ""
    list: str = ""
    least: str = ""
    most: str = ""
    choices: tuple[Option, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def grouped(self) -> bool:
        return self.widget in ("choice", "rows")

    def with_error(self, text: str) -> "Control":
        return replace(self, error=text)

    @property
    def described(self) -> str:
        """The ids of hint, error and articles, for aria-describedby."""
        parts = (("h", self.hint), ("e", self.error), ("c", self.cites))
        return " ".join(f"{letter}-{self.name}" for letter, text in parts if text)


def control(defined: Field, value: Any, directory: Directory, *, required: bool, when: Applies, cites: str) -> Control:
    """`value` is a stored value, or what was typed when it could not be read."""
    kind = defined.kind
    made = Control(
        name=defined.key,
        title=say(defined.title),
        widget=_widget(defined),
        required=required,
        hint=" ".join(filter(None, (say(defined.hint) if defined.hint else "", when.words))),
        cites=cites,
        when=json.dumps(when.wanted, ensure_ascii=False) if when.wanted else "",
        css="short"
        if kind in NUMBERS | {"date", "moment"}
        else "mid"
        if kind in ("unit", "person", "item", "case")
        else "",
        inputmode="decimal" if kind in NUMBERS else "",
        list={"unit": "units", "person": "people"}.get(kind, ""),
        choices=_choices(defined),
    )
    return _filled(made, defined, value, directory)


def _widget(defined: Field) -> str:
    if defined.kind == "yes_no" or (defined.choices and len(defined.choices) <= FEW):
        return "choice"
    return "select" if defined.choices else WIDGETS.get(defined.kind, "text")


def _choices(defined: Field) -> tuple[Option, ...]:
    if defined.kind == "yes_no":
        return (Option("true", t("是 | Yes")), Option("false", t("否 | No")))
    return tuple(Option(key, say(title)) for key, title in defined.choices.items())


def _filled(made: Control, defined: Field, value: Any, directory: Directory) -> Control:
    if made.widget == "rows":
        return replace(made, rows=tuple(_rows(defined, value, directory)))
    if defined.kind == "moment":
        text = str(value or "")
        return replace(made, value=text[:10], time=text[11:16])
    if defined.kind == "document" and isinstance(value, Mapping):
        return replace(made, value=json.dumps(value, ensure_ascii=False), kept_name=str(value.get("name", "")))
    return replace(made, value=_as_input(defined.kind, value, directory))


def _as_input(kind: str, value: Any, directory: Directory) -> str:
    if value is None:
        return ""
    if kind == "unit":
        return directory.unit_name(str(value))
    if kind == "person":
        return directory.person_name(str(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(defined: Field, value: Any, directory: Directory) -> Iterator[tuple[Cell, ...]]:
    columns = _columns(defined)
    if defined.kind == "party":
        yield tuple(_cell(defined.key, column, value, directory) for column in columns)
        return
    given: Sequence[Any] = value if isinstance(value, list) else []
    for row in (*given, *([None] * SPARE_ROWS)):
        yield tuple(_cell(defined.key, column, row, directory) for column in columns)


def _columns(defined: Field) -> tuple[Field, ...]:
    if defined.kind == "party":
        return PARTY
    return tuple(defined.rows.values()) or (Field("", defined.title, defined.of or "text"),)  # type: ignore[arg-type]  # the loader checked the kind


def _cell(list_name: str, column: Field, row: Any, directory: Directory) -> Cell:
    value = row.get(column.key) if isinstance(row, Mapping) else row
    return Cell(
        name=f"{list_name}-{column.key}" if column.key else list_name,
        title=say(column.title),
        widget="select" if column.choices or column.kind == "yes_no" else {"date": "date"}.get(column.kind, "text"),
        value=_as_input(column.kind, value, directory),
        list={"unit": "units", "person": "people"}.get(column.kind, ""),
        choices=_choices(column),
        alone=not column.key,
    )


@dataclass(slots=True)
class Answers:
    """What a form said: raw values for the kernel, and what could not be understood."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


Keep = Callable[[Any], Mapping[str, Any]]
NO_FILES: Mapping[str, Any] = {}


def never(upload: Any) -> Mapping[str, Any]:
    raise LookupError(f"nowhere to keep {upload}")


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files sent with a form, and where they are kept. `keep` raises Unwelcome for what is not taken."""

    files: Mapping[str, Any]
    keep: Keep


def read(fields: Sequence[Field], posted: Posted, directory: Directory, uploads: Uploads) -> Answers:
    """Blank answers are left out; the kernel knows which are missing."""
    answers = Answers()
    for defined in fields:
        try:
            value = (
                _document(defined, posted, uploads)
                if defined.kind == "document"
                else _read_one(defined, posted, directory)
            )
        except Unknown as unknown:
            answers.errors[defined.key] = say(unknown.text)
            continue
        except Unwelcome as unwelcome:
            answers.errors[defined.key] = say(unwelcome.text)
            continue
        if value not in (None, "", []):
            answers.data[defined.key] = value
    return answers


def _read_one(defined: Field, posted: Posted, directory: Directory) -> Any:
    if defined.kind in ("list", "party"):
        return _read_rows(defined, posted, directory)
    if defined.kind == "moment":
        day, time = posted.get(defined.key, "").strip(), posted.get(f"{defined.key}-time", "").strip()
        return f"{day}T{time}" if day and time else day
    return _typed(defined.kind, posted.get(defined.key, "").strip(), directory)


def _document(defined: Field, posted: Posted, uploads: Uploads) -> Any:
    """A new upload, or the one kept when the form came back; whether it may be used here is asked by the deed."""
    if defined.key in uploads.files:
        return uploads.keep(uploads.files[defined.key])
    try:
        return json.loads(posted.get(f"{defined.key}-kept", "") or "null")
    except ValueError:
        return None


def _typed(kind: str, text: str, directory: Directory) -> str:
    if text and kind == "unit":
        return directory.unit(text)
    return directory.person(text) if text and kind == "person" else text


def _read_rows(defined: Field, posted: Posted, directory: Directory) -> Any:
    columns = _columns(defined)
    names = [f"{defined.key}-{column.key}" if column.key else defined.key for column in columns]
    typed = zip(*(posted.getlist(name) for name in names), strict=False)
    rows = [tuple(cell.strip() for cell in row) for row in typed if any(cell.strip() for cell in row)]
    read_rows = [
        [_typed(column.kind, cell, directory) for column, cell in zip(columns, row, strict=True)] for row in rows
    ]
    if not columns[0].key:
        return [row[0] for row in read_rows]
    named = [{column.key: cell for column, cell in zip(columns, row, strict=True) if cell} for row in read_rows]
    return named if defined.kind == "list" else next(iter(named), None)
