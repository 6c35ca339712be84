"""Statutory tables: rows by columns over the cases of one procedure, and the equations that must hold between rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fadu.kernel.condition import Condition
from fadu.kernel.figure import Reader, digest_of
from fadu.kernel.law import Citation, Text
from fadu.kernel.library import Library
from fadu.kernel.source import Map

_HEAD = "table title version in_force basis counts begins period columns rows equations domain".split()
_COLUMN = "title where sum head".split()
_ROW = "title over outcome_row sum".split()
_EQUATION = "text cites otherwise".split()
_LAST = " of last year"
_TERM = re.compile(r"\s*(?P<sign>[+-]?)\s*(?P<row>[A-Za-z_]\w*)")
Cells = Mapping[tuple[str, str], int]  # (row, column) -> number


@dataclass(frozen=True, slots=True)
class Column:
    """The cases a column counts, or the columns it adds up."""

    key: str
    title: Text
    where: Condition | None = None
    sum: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A moment, the outcomes of one row, or the rows it adds up."""

    key: str
    title: Text
    over: str = ""
    outcome_row: str = ""
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equation:
    """Signed rows on both sides; with `last_year` the right side is read from the table of the year before."""

    text: str
    left: tuple[tuple[int, str], ...]
    right: tuple[tuple[int, str], ...]
    last_year: bool
    cites: tuple[Citation, ...]
    otherwise: Text | None = None

    def broken(self, cells: Cells, columns: Mapping[str, Column], before: Cells | None = None) -> list[str]:
        """The columns in which it does not hold; none when it asks for a year that is not known."""
        right = before if self.last_year else cells
        if right is None:
            return []
        return [key for key in columns if _side(self.left, cells, key) != _side(self.right, right, key)]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as declared. `filled` adds the sums to counted cells; `broken` says which equations do not hold."""

    key: str
    title: Text
    version: int
    in_force: str
    basis: tuple[Citation, ...]
    procedure: str
    begins: str
    digest: str
    period: Literal["year"] = "year"
    columns: Mapping[str, Column] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)
    equations: tuple[Equation, ...] = ()

    def filled(self, counted: Cells) -> Cells:
        """Every cell: what was counted (absent is 0) and the sums of rows and columns, in the order declared."""
        cells = dict(counted)
        for row in self.rows.values():
            for column in self.columns.values():
                if row.sum:
                    cells[row.key, column.key] = sum(cells.get((part, column.key), 0) for part in row.sum)
                elif column.sum:
                    cells[row.key, column.key] = sum(cells.get((row.key, part), 0) for part in column.sum)
                else:
                    cells.setdefault((row.key, column.key), 0)
        return cells

    def broken(self, cells: Cells, before: Cells | None = None) -> list[tuple[Equation, str]]:
        """Each equation with each column in which it does not hold; `before` are the cells of the year before."""
        return [(item, key) for item in self.equations for key in item.broken(cells, self.columns, before)]


def load_table(document: Map, library: Library) -> Table:
    """The table a `table:` document declares; raises DefinitionError with every fault in it."""
    return _Tables(document, library).read()


def _side(terms: tuple[tuple[int, str], ...], cells: Cells, column: str) -> int:
    return sum(sign * cells.get((row, column), 0) for sign, row in terms)


class _Tables(Reader):
    def read(self) -> Table:
        head = self.document
        self.words(head, _HEAD, "table")
        self.counted = self.procedure(head, "counts")
        if head.get("period") != "year":
            self.fault(head.line_of("period"), "period", f"a table covers a 'year', not '{head.get('period')}'")
        columns, rows = self.each("columns", self._column), self.each("rows", self._row)
        self._sums("columns", {key: column.sum for key, column in columns.items()})
        self._sums("rows", {key: row.sum for key, row in rows.items()})
        table = Table(
            key=str(self.required(head, "table")),
            title=self.text(head, "title"),
            version=self.whole(head, "version"),
            in_force=self.day(head, "in_force"),
            basis=self.cites(head, "basis"),
            procedure=str(head.get("counts")),
            begins=self.begins(self.counted),
            digest=digest_of(head),
            columns=columns,
            rows=rows,
            equations=tuple(self._equation(raw, rows) for raw in head.get("equations", [])),
        )
        return self.done(table)

    def _column(self, key: str, raw: Map) -> Column:
        self.words(raw, _COLUMN, "column")
        if len({"where", "sum"} & set(raw)) != 1:
            self.fault(raw.line, "table", f"column '{key}' needs either 'where' or 'sum'")
        where = self.condition(raw, "where", self.counted) if self.counted else None
        return Column(key, self.text(raw, "title"), where, tuple(self.listed(raw, "sum")), str(raw.get("head", "")))

    def _row(self, key: str, raw: Map) -> Row:
        self.words(raw, _ROW, "row")
        if len({"over", "outcome_row", "sum"} & set(raw)) != 1:
            self.fault(raw.line, "table", f"row '{key}' needs exactly one of 'over', 'outcome_row', 'sum'")
        over = self.moment(raw, self.counted) if "over" in raw and self.counted else ""
        outcome_row = str(raw.get("outcome_row", ""))
        known = {outcome.row for outcome in self.counted.outcomes.values()} if self.counted else {outcome_row}
        if outcome_row and outcome_row not in known:
            self.fault(raw.line, "unused-row", f"no outcome counts in the row '{outcome_row}'")
        return Row(key, self.text(raw, "title"), over, outcome_row, tuple(self.listed(raw, "sum")))

    def _sums(self, section: str, sums: Mapping[str, tuple[str, ...]]) -> None:
        """A sum adds up what stands above it, so that no two add up each other."""
        above: set[str] = set()
        for key, parts in sums.items():
            for part in parts:
                if part not in above:
                    line = self.document[section].line_of(key)
                    self.fault(line, "unknown-row", f"the sum '{key}' names '{part}', which does not stand above it")
            above.add(key)

    def _equation(self, raw: Map, rows: Mapping[str, Row]) -> Equation:
        self.words(raw, _EQUATION, "equation")
        text = str(self.required(raw, "text"))
        left, _, right = text.removesuffix(_LAST).partition("=")
        sides = [self._terms(raw, side, rows) for side in (left, right)]
        otherwise = self.text(raw, "otherwise") if "otherwise" in raw else None
        return Equation(text, sides[0], sides[1], text.endswith(_LAST), self.cites(raw, "cites"), otherwise)

    def _terms(self, raw: Map, side: str, rows: Mapping[str, Row]) -> tuple[tuple[int, str], ...]:
        found = [(-1 if match["sign"] == "-" else 1, match["row"]) for match in _TERM.finditer(side)]
        if not found or _TERM.sub("", side).strip():
            self.fault(raw.line, "equation", f"'{raw.get('text')}' is no equation such as r1 + r2 = t + r4")
        for _, row in found:
            if row not in rows:
                self.fault(raw.line, "unknown-row", f"'{row}' in '{raw.get('text')}' is no row of the table")
        return tuple(found)
