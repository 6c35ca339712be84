"""Tables written as Excel or CSV, row by row, in constant memory. Nothing in a cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

import xlsxwriter

from fadu.exchange.cells import Cell
from fadu.words import t

FORMS = ("xlsx", "csv")
MOST_ROWS = 1_048_575  # of one sheet, beside its header; a longer table goes on in the next
LONGEST_CELL = 32_767
DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # a spreadsheet takes them for the start of a formula
FORBIDDEN_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class Column(Protocol):
    """What a table needs to know of a column."""

    @property
    def title(self) -> str: ...

    @property
    def width(self) -> int: ...


Table = Iterable[Sequence[Cell]]
About = Sequence[tuple[str, str]]


def write(form: str, file: IO[bytes], columns: Sequence[Column], rows: Table, about: About, title: str) -> None:
    """`about` says what the table is; it stands on a sheet of its own, and CSV has no room for it."""
    if form == "csv":
        write_csv(file, columns, rows)
    else:
        write_xlsx(file, columns, rows, about, title)


# -- CSV ---------------------------------------------------------------------------------------------------------------


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Table) -> None:
    """UTF-8 with its mark, as Excel wants it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([harmless(column.title) for column in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, behind an apostrophe, which makes it text."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def as_meant(text: str) -> str:
    """The text behind such an apostrophe."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(DANGEROUS) else text


def _plain(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


# -- Excel -------------------------------------------------------------------------------------------------------------


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Table, about: About, title: str) -> None:
    """Every text is written as text; dates and numbers as what they are."""
    book = workbook(file)
    with book:
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet, at = None, 0
        for row in _or_none(rows):
            if sheet is None or at > MOST_ROWS:
                sheet, at = _sheet(book, columns, title, head), 1
            for place, value in enumerate(row):
                _put(sheet, at, place, value, (day, minute))
            at += 1
        _tell(book.add_worksheet(t("说明 | About")), about, head)


def workbook(file: IO[bytes] | Path) -> Any:
    """A workbook that keeps nothing in memory and guesses nothing from what it is given."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **safe})
    book.use_zip64()
    return book


def sheet_name(title: str) -> str:
    """A name that Excel takes."""
    return title.translate(FORBIDDEN_IN_A_NAME).strip()[:28] or "Sheet"


def fitting(text: str) -> str:
    """What a cell can hold; that the rest is missing is said in it."""
    if len(text) <= LONGEST_CELL:
        return text
    note = t("……（一格放不下，全文请看系统） | … (too long for a cell; the whole text is in the system)")
    return text[: LONGEST_CELL - len(note)] + note


def _or_none(rows: Table) -> Iterable[Sequence[Cell]]:
    """An empty table has its header all the same: one row of nothing."""
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        yield ()


def _sheet(book: Any, columns: Sequence[Column], title: str, head: Any) -> Any:
    number = len(book.worksheets())
    sheet = book.add_worksheet(sheet_name(title) + (f" {number + 1}" if number else ""))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title, head)
    return sheet


def _put(sheet: Any, row: int, place: int, value: Cell, formats: tuple[Any, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, place, fitting(value))
    elif isinstance(value, date):
        is_moment = isinstance(value, datetime)
        sheet.write_datetime(row, place, value, formats[is_moment])
    else:
        sheet.write_number(row, place, value)


def _tell(sheet: Any, about: About, head: Any) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    for row, (name, value) in enumerate(about):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, fitting(value))
