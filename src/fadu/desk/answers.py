"""What a form said: raw values for the kernel, what could not be understood, and all of it as it was typed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, Protocol

from fadu.cases.directory import Directory, Unknown
from fadu.cases.formats import Unwelcome
from fadu.desk.pickers import CaseFinder
from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.words import say, t

PARTY = (
    Field("name", Text.parse("姓名或名称 | Name"), "text"),
    Field("phone", Text.parse("电话 | Phone"), "text"),
)
GIVEN = frozenset({"paragraph", "text"})  # of a list that draws from paragraphs: there before anybody answers


class Posted(Protocol):
    """A submitted form."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


class Files(Protocol):
    """The files sent with it."""

    def getlist(self, key: str) -> list[Any]: ...


class NoFiles:
    def getlist(self, key: str) -> list[Any]:
        return []


Keep = Callable[[Any], Mapping[str, Any]]


def never(upload: Any) -> Mapping[str, Any]:
    raise LookupError(f"nowhere to keep {upload}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came, and where its files are kept. `keep` raises Unwelcome for what is not taken."""

    posted: Posted
    files: Files = field(default_factory=NoFiles)
    keep: Keep = never


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of a list as it was typed. `id` tells it from the others while the form goes to and fro."""

    id: int
    cells: Mapping[str, Any]
    ticked: bool = True

    @property
    def is_blank(self) -> bool:
        return not any(self.cells.values())


@dataclass(slots=True)
class Answers:
    """`data` for the kernel, `errors` by field, `typed` to show again."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who reads a form: turns names into what entries hold. Raises Unknown."""

    directory: Directory
    finder: CaseFinder

    def understood(self, defined: Field, text: Any) -> Any:
        kind = defined.holds
        if not isinstance(text, str) or not text:
            return text
        if kind == "unit":
            return self.directory.unit(text)
        if kind == "person":
            return self.directory.person(text)
        return self.finder.find(text, defined.target) if kind == "case" else text


def columns_of(defined: Field) -> tuple[Field, ...]:
    """The columns of a list as its form shows them; of plain values one without a key."""
    if defined.kind == "party":
        return PARTY
    one = replace(defined, key="", kind=defined.of or "text", of="")  # type: ignore[arg-type]  # the loader checked the kind
    return tuple(defined.rows.values()) or (one,)


def read(fields: Sequence[Field], sent: Sent, clerk: Clerk) -> Answers:
    """Blank answers are left out; the kernel knows which are missing."""
    answers = Answers()
    for defined in fields:
        try:
            typed = answers.typed[defined.key] = _typed(defined, sent)
            value = _value(defined, typed, clerk)
        except Unknown as unknown:
            answers.errors[defined.key] = say(unknown.text)
            continue
        except Unwelcome as unwelcome:
            answers.errors[defined.key] = say(unwelcome.text)
            answers.typed.setdefault(defined.key, _typed(defined, Sent(sent.posted)))
            continue
        if value not in (None, "", []):
            answers.data[defined.key] = value
    return answers


def _typed(defined: Field, sent: Sent) -> Any:
    """Texts, documents already kept, rows. Raises Unwelcome."""
    posted, key = sent.posted, defined.key
    if defined.holds == "document":
        kept = [_kept(text) for text in posted.getlist(f"{key}-kept")]
        new = [sent.keep(upload) for upload in sent.files.getlist(key)]
        documents = [one for one in (*kept, *new) if one]
        return documents if defined.kind == "list" else next(reversed(documents), None)
    if defined.kind in ("list", "party"):
        return list(_rows(defined, sent))
    if defined.kind == "moment":
        day, time = posted.get(key, "").strip(), posted.get(f"{key}-time", "").strip()
        return f"{day}T{time}" if day and time else day
    return posted.get(key, "").strip()


def _kept(text: str) -> Any:
    """A document that was uploaded before; whether it may be used here is asked by the deed."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _rows(defined: Field, sent: Sent) -> Iterator[TypedRow]:
    """Every row of a list, the blank ones too."""
    columns = columns_of(defined)
    names = [f"{defined.key}-{column.key}" if column.key else defined.key for column in columns]
    documents = [column.kind == "document" for column in columns]
    lists = [sent.posted.getlist(f"{name}-kept" if kept else name) for name, kept in zip(names, documents, strict=True)]
    ticked = set(sent.posted.getlist(f"{defined.key}--tick"))
    known = sent.posted.getlist(f"{defined.key}--row")
    for at, texts in enumerate(zip_longest(*lists, fillvalue="")):
        row = known[at] if at < len(known) and known[at].isdecimal() else str(at)
        cells = {
            column.key: _cell(sent, f"{name}-{row}", text) if column.kind == "document" else text.strip()
            for column, name, text in zip(columns, names, texts, strict=True)
        }
        yield TypedRow(int(row[:9]), cells, row in ticked)


def _cell(sent: Sent, name: str, kept: str) -> Any:
    uploads = sent.files.getlist(name)
    return sent.keep(uploads[0]) if uploads else _kept(kept)


def _value(defined: Field, typed: Any, clerk: Clerk) -> Any:
    """Raises Unknown."""
    if not isinstance(typed, list) or defined.holds == "document":
        return clerk.understood(defined, typed)
    given = [row for row in typed if (row.ticked if defined.draws_from else not row.is_blank)]
    columns = {column.key: column for column in columns_of(defined)}
    rows = [_row(columns, row, clerk, at) for at, row in enumerate(given, 1)]
    if "" in columns:
        return [row[""] for row in rows]
    return rows if defined.kind == "list" else next(iter(rows), None)


def _row(columns: Mapping[str, Field], row: TypedRow, clerk: Clerk, number: int) -> dict[str, Any]:
    try:
        return {key: clerk.understood(columns[key], value) for key, value in row.cells.items() if value}
    except Unknown as unknown:
        if "" in columns:
            raise
        where = t("第 {n} 行： | Row {n}: ", n=number)
        raise Unknown(Text(where + unknown.text.zh, where + unknown.text.en)) from None


# -- more rows, fewer rows ---------------------------------------------------------------------------------------------


def reshaped(typed: Mapping[str, Any], order: str) -> dict[str, Any]:
    """What was typed with one row more (`add:list`, or like another: `copy:list:3`) or without one (`drop:list:3`);
    anything else changes nothing.
    """
    what, _, rest = order.partition(":")
    key, _, number = rest.partition(":")
    rows = typed.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, TypedRow) for row in rows):
        return dict(typed)
    new = max((row.id for row in rows), default=-1) + 1
    if what == "add":
        rows = [*rows, TypedRow(new, {})]
    elif what == "copy":
        rows = [one for row in rows for one in ([row, replace(row, id=new)] if str(row.id) == number else [row])]
    elif what == "drop":
        rows = [row for row in rows if str(row.id) != number]
    return {**typed, key: rows}
