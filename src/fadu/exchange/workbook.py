"""Reads an uploaded Excel workbook row by row, in little memory, trusting nothing it says of itself.

A library that loads a sheet whole can be made to take any amount of memory by a file of five kilobytes (adr/0021); this
reads what a table needs: texts, numbers, dates, and whether a cell is a formula.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fadu.exchange.package import LONGEST_TEXT, Elements, Package, Reading, Shared, as_unwelcome, local_name

DAY_ONE, DAY_ONE_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  # days of a sheet are local
LAST_DAY = 2_958_465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed: what it shows depends on the program that opens it, so it is not taken."""

    shows: str = ""

    def __str__(self) -> str:
        return self.shows


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell in which Excel shows an error such as #N/A."""

    shows: str

    def __str__(self) -> str:
        return self.shows


Value = str | float | bool | datetime | Formula | Broken | None


@contextmanager
def workbook(path: Path) -> Iterator["Workbook"]:
    """A file, open for as long as it is read. Raises Unwelcome, at any row."""
    with ExitStack() as stack:
        with as_unwelcome():
            package = Package(stack.enter_context(zipfile.ZipFile(path)))
            is_1904, sheet = _first_sheet(package)
            shared = stack.enter_context(Shared(package))
            found = Workbook(package, sheet, shared, _dated_styles(package), is_1904)
        yield found


@dataclass(frozen=True, slots=True)
class Workbook:
    """The first visible sheet of a file, and what its cells are read with."""

    package: Package
    sheet: str
    shared: Shared
    dated: frozenset[int]
    is_1904: bool

    def rows(self, most_columns: int) -> Iterator[tuple[int, list[Value]]]:
        """(number of the row as Excel counts, its cells); rows without any cell are left out. Raises Unwelcome."""
        reading = _Sheet(self, most_columns)
        with as_unwelcome():
            for _ in self.package.parsed(self.sheet, reading):
                yield from reading.taken()


def _first_sheet(package: Package) -> tuple[bool, str]:
    """Whether days count from 1904, and where the sheet lies."""
    book, links = Elements("sheet workbookPr"), Elements("Relationship")
    package.read("xl/workbook.xml", book)
    package.read("xl/_rels/workbook.xml.rels", links)
    is_1904 = any(one.get("date1904") in ("1", "true") for name, one in book.found if name == "workbookPr")
    sheets = [one for name, one in book.found if name == "sheet"]
    shown = [one for one in sheets if one.get("state", "visible") == "visible"] or sheets
    wanted = next(value for key, value in shown[0].items() if local_name(key) == "id")
    target = next(one["Target"] for _, one in links.found if one.get("Id") == wanted)
    return is_1904, target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _dated_styles(package: Package) -> frozenset[int]:
    """The styles that show a number as a date."""
    if "xl/styles.xml" not in package.names:
        return frozenset()
    styles = Elements("numFmt xf")
    package.read("xl/styles.xml", styles)
    own = {int(one["numFmtId"]): one.get("formatCode", "") for name, one in styles.found if name == "numFmt"}
    formats = (int(one.get("numFmtId", 0)) for one in styles.inside("cellXfs"))
    return frozenset(place for place, number in enumerate(formats) if _is_date(number, own))


_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_UNSAID = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')  # parts of a format that are no signs of a date


def _is_date(number: int, own: Mapping[int, str]) -> bool:
    if number in own:
        return bool(re.search(r"[ymdhs]", _UNSAID.sub("", own[number]).lower()))
    return number in _DATES


@dataclass
class _Sheet(Reading):
    """The rows of a sheet, handed over as they are complete."""

    book: Workbook
    most_columns: int
    done: list[tuple[int, list[Value]]] = field(default_factory=list)
    cells: list[Value] = field(default_factory=list)
    row: int = 0
    place: int = -1
    kind: str = ""
    style: int = 0
    parts: list[str] = field(default_factory=list)
    hears: bool = False
    is_formula: bool = False
    length: int = 0

    def taken(self) -> list[tuple[int, list[Value]]]:
        done, self.done = self.done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "c":
            self.place = _column(attributes["r"]) if "r" in attributes else self.place + 1
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.parts, self.is_formula, self.length = [], False, 0
        elif local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.cells, self.place = [], -1
        elif local == "f":
            self.is_formula = True
        self.hears = local in ("v", "t")

    def end(self, name: str) -> None:
        local = local_name(name)
        self.hears = False
        if local == "c":
            self._put(self._value("".join(self.parts)))
        elif local == "row" and self.cells:
            self.done.append((self.row, self.cells))

    def text(self, text: str) -> None:
        if self.hears and self.length < LONGEST_TEXT:
            self.parts.append(text)
            self.length += len(text)

    def _put(self, value: Value) -> None:
        if value in (None, "") or self.place >= self.most_columns:
            return
        self.cells += [None] * (self.place + 1 - len(self.cells))
        self.cells[self.place] = value

    def _value(self, text: str) -> Value:
        if self.is_formula:
            return Formula(text)
        if self.kind == "s":
            return _unescaped(self.book.shared[int(text)])
        if self.kind == "b":
            return text == "1"
        if self.kind == "e":
            return Broken(text)
        if self.kind in ("str", "inlineStr", "d"):
            return _unescaped(text)
        return self._number(text) if text else None

    def _number(self, text: str) -> Value:
        number = float(text)
        if self.style in self.book.dated and 0 <= number <= LAST_DAY:
            since = DAY_ONE_OF_1904 if self.book.is_1904 else DAY_ONE
            return since + timedelta(minutes=round(number * 24 * 60))
        return number


def _column(reference: str) -> int:
    """`C7` is column 2."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold are written `_x000D_`; of those that no database can hold, only the place remains."""
    return _ESCAPED.sub(lambda found: _sign(int(found[1], 16)), text) if "_x" in text else text


def _sign(number: int) -> str:
    return "\ufffd" if number == 0 or 0xD800 <= number < 0xE000 else chr(number)
