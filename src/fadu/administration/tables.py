"""Units and people as tables: read from a file, judged row by row by what the pages use, written all or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from fadu.administration.record import insist, record
from fadu.cases.formats import Unwelcome
from fadu.exchange.faults import NOWHERE, Fault
from fadu.exchange.incoming import table
from fadu.exchange.understand import Unclear, Understanding, plain
from fadu.exchange.workbook import Value
from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.units.models import Person

MOST = 2_000
LONGEST = 1_000  # characters of a cell; no column takes more
TOO_MANY = Unwelcome(f"超过 {MOST:,} 行，请分成几份", f"More than {MOST:,} rows; divide the file into several")
TOO_LONG = Text(f"超过 {LONGEST:,} 字", f"is longer than {LONGEST:,} characters")
NO_ROWS = Unwelcome("表格里没有要导入的行", "The table has no rows to import")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read: the number a spreadsheet gives it, and its cells by column."""

    number: int
    cells: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)

    def text(self, column: str) -> str:
        return str(self.cells.get(column) or "")


@dataclass
class Result:
    """What came of the rows. `passwords` are known here and nowhere else: of new accounts, by row."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    passwords: list[tuple[Person, str]] = field(default_factory=list)


class Misplaced(ValueError):
    """A row that cannot be: which of its columns is to blame, and why."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.column, self.text = column, Text(zh, en)


Take = Callable[[Person, Row, Result], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table. `ready` gives what takes a row, after one look at all rows; `order` says which come first."""

    key: str
    title: Text
    role: str
    columns: tuple[Field, ...]
    needed: frozenset[str]
    ready: Callable[[Sequence[Row]], Take]
    order: Callable[[Sequence[Row]], Sequence[Row]] = list

    def column(self, name: str) -> Field | None:
        return next((one for one in self.columns if one.key == name), None)


# -- reading -----------------------------------------------------------------------------------------------------------


def read(sheet: Sheet, path: Path) -> tuple[list[Row], list[Fault]]:
    """The rows, and the cells that cannot be read. Raises Unwelcome."""
    rows, faults, understanding = list[Row](), list[Fault](), Understanding()
    with table(path) as opened:
        places = _places(sheet, opened.header)
        for number, values in opened.rows:
            cells = {
                one.key: _cell(understanding, one, number, values[place], faults)
                for place, one in places.items()
                if place < len(values)
            }
            if any(value is not None for value in values):
                rows.append(Row(number, {key: value for key, value in cells.items() if value is not None}))
            if len(rows) > MOST:
                raise TOO_MANY
    if not rows:
        raise NO_ROWS
    return rows, faults


def _places(sheet: Sheet, header: Sequence[str]) -> dict[int, Field]:
    """Which column stands where; each goes by its Chinese name, its English name or its key."""
    known = {plain(name): one for one in sheet.columns for name in (one.key, one.title.zh, one.title.en)}
    places: dict[int, Field] = {}
    for place, name in enumerate(header):
        one = known.get(plain(name.rstrip("*＊")))
        if one is not None and one in places.values():
            raise Unwelcome(f"“{one.title.zh}”有两列", f"There are two columns '{one.title.en}'")
        if one is not None:
            places[place] = one
    if missing := [one for one in sheet.columns if one.key in sheet.needed and one not in places.values()]:
        zh, en = ("、".join(one.title.zh for one in missing), ", ".join(one.title.en for one in missing))
        raise Unwelcome(f"缺少列：{zh}", f"Columns are missing: {en}")
    return places


def _cell(understanding: Understanding, one: Field, number: int, value: Value, faults: list[Fault]) -> Any:
    try:
        found = understanding.cell(one, value)
    except Unclear as unclear:
        faults.append(Fault(number, one.title, str(value or "")[:200], unclear.text, NOWHERE))
        return None
    if len(str(found or "")) > LONGEST:
        faults.append(Fault(number, one.title, str(found)[:200], TOO_LONG, NOWHERE))
        return None
    return found


# -- judging and writing -----------------------------------------------------------------------------------------------


def check(by: Person, sheet: Sheet, rows: Sequence[Row]) -> Result:
    """What would come of the rows; everything is done and taken back. Raises PermissionDenied."""
    with transaction.atomic():
        result = _taken(by, sheet, rows)
        transaction.set_rollback(True)
    result.passwords.clear()
    return result


def write(by: Person, sheet: Sheet, rows: Sequence[Row]) -> Result:
    """All rows, or none when one is at fault. Raises PermissionDenied."""
    with transaction.atomic():
        result = _taken(by, sheet, rows)
        if result.faults:
            result.passwords.clear()
            transaction.set_rollback(True)
    return result


def digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256(repr([(row.number, sorted(row.cells.items())) for row in rows]).encode()).hexdigest()


def _taken(by: Person, sheet: Sheet, rows: Sequence[Row]) -> Result:
    insist(by, sheet.role)
    result = Result(len(rows))
    record(by, f"import_{sheet.key}", f"file:{sheet.key}", after={"rows": len(rows), "sha256": digest(rows)})
    take = sheet.ready(rows)
    for row in sheet.order(rows):
        try:
            with transaction.atomic():
                take(by, row, result)
        except Misplaced as misplaced:
            result.faults.append(_fault(sheet, row, misplaced.column, misplaced.text))
        except ValidationError as error:
            result.faults += _faults(sheet, row, error)
    result.faults.sort(key=lambda fault: fault.row)
    return result


def _faults(sheet: Sheet, row: Row, error: ValidationError) -> list[Fault]:
    """Where a column is to blame, what follows from it in columns nobody fills in is left unsaid."""
    named: Mapping[str, list[ValidationError]] = getattr(error, "error_dict", None) or {"": [error]}
    named = {name: errors for name, errors in named.items() if sheet.column(name)} or named
    return [
        _fault(sheet, row, name, Text(_said("zh-hans", one), _said("en", one)))
        for name, errors in named.items()
        for one in errors
    ]


def _said(language: str, error: ValidationError) -> str:
    """Messages of the models are lazy: each language asks once."""
    with translation.override(language):
        return " ".join(str(message) for message in error.messages)


def _fault(sheet: Sheet, row: Row, name: str, text: Text) -> Fault:
    one = sheet.column(name)
    return Fault(row.number, one.title if one else None, row.text(one.key) if one else "", text, NOWHERE)
