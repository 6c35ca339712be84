"""Figures and tables: what they count exists, their conditions can be read, their rows and outcomes match."""

import re
from collections.abc import Iterable
from typing import Any

from fadu.kernel import condition
from fadu.kernel.checks.citations import cited, unread
from fadu.kernel.condition import Names
from fadu.kernel.definition import Procedure
from fadu.kernel.law import parse_citations
from fadu.kernel.library import Library
from fadu.kernel.source import Fault, Map

MOMENTS = ("closed", "begun", "carried_in", "carried_out")  # beside actions: which moment falls in the period
_FIGURE = set("title count ratio average days over where split unit cites".split())
_TABLE = set("table title version in_force basis counts begins period columns rows equations".split())


def check(library: Library, documents: Iterable[Map]) -> list[Fault]:
    found = list[Fault]()
    for document in documents:
        if "figures_for" in document:
            found += _Figures(library, document).faults()
        elif "table" in document:
            found += _Table(library, document).faults()
    return found


class _Checked:
    def __init__(self, library: Library, document: Map) -> None:
        self.library, self.document = library, document
        self.found = list[Fault]()

    def fault(self, line: int, rule: str, advice: str) -> None:
        self.found.append(Fault(self.document.file, line, rule, advice))

    def faults(self) -> list[Fault]:
        self.citations()
        self.check()
        return self.found

    def check(self) -> None:
        raise NotImplementedError

    def citations(self) -> None:
        for line, text in cited(self.document):
            for advice in unread(self.library.book, text):
                self.fault(line, "unread-article", advice)
            try:
                unknown = [cite.law for cite in parse_citations(text) if cite.law not in self.library.book.laws]
            except ValueError as error:
                self.fault(line, "citation", str(error))
                continue
            for law in unknown:
                self.fault(line, "unknown-law", f"'{law}' is not in laws.yaml; add it there or correct the key")

    def procedure(self, line: int, key: Any) -> Procedure | None:
        if key in self.library.keys:
            return self.library.in_force(key)
        self.fault(line, "unknown-procedure", f"'{key}' is no procedure or register")
        return None

    def moment(self, line: int, procedure: Procedure, over: Any) -> None:
        if over not in procedure.actions and over not in MOMENTS:
            self.fault(line, "unknown-action", f"'{over}' is neither an action of '{procedure.key}' nor a moment")

    def condition(self, line: int, procedure: Procedure, test: Any) -> None:
        names = Names(
            {**procedure.fields, "case_unit": None},
            procedure.stages,
            procedure.outcomes,
            procedure.actions,
            procedure.clocks,
            procedure.children,
            lambda rule, advice: self.fault(line, rule, advice),
        )
        condition.parse(test, names)


class _Figures(_Checked):
    def check(self) -> None:
        figures = self.document.get("figures", {})
        self.procedure(self.document.line_of("figures_for"), self.document["figures_for"])
        for key, figure in figures.items():
            line = figures.line_of(key)
            for word in set(figure) - _FIGURE:
                self.fault(
                    line, "unknown-word", f"'{word}' is no word of a figure; known: {', '.join(sorted(_FIGURE))}"
                )
            kinds = {"count", "ratio", "average"} & set(figure)
            if len(kinds) != 1 or not {"title", "cites"} <= set(figure):
                self.fault(line, "figure", f"'{key}' needs a title, cites, and one of count, ratio, average")
            elif "ratio" in kinds:
                self._ratio(line, figures, figure["ratio"])
            else:
                self._counted(line, figure)

    def _ratio(self, line: int, figures: Map, parts: Any) -> None:
        for part in parts:
            if part not in figures:
                self.fault(line, "unknown-figure", f"'{part}' is no figure of this file")
        if len(parts) != 2:
            self.fault(line, "figure", "a ratio has two parts: what is counted, and of what")

    def _counted(self, line: int, figure: Map) -> None:
        procedure = self.procedure(line, figure.get("count", figure.get("average")))
        if procedure is None:
            return
        self.moment(line, procedure, figure.get("over"))
        for field in figure.get("split", []):
            if field not in procedure.fields or not procedure.fields[field].statistics:
                self.fault(line, "split", f"'{field}' is no field of '{procedure.key}' marked 'statistics: true'")
        for action in figure.get("days", []):
            if action not in procedure.actions:
                self.fault(line, "unknown-action", f"'{action}' is no action of '{procedure.key}'")
        if ("average" in figure) != (len(figure.get("days", [])) == 2):
            self.fault(line, "figure", "an average counts 'days' between two actions")
        if "where" in figure:
            self.condition(line, procedure, figure["where"])


class _Table(_Checked):
    def check(self) -> None:
        document = self.document
        for word in set(document) - _TABLE:
            self.fault(document.line_of(word), "unknown-word", f"'{word}' is no word of a table")
        procedure = self.procedure(document.line_of("counts"), document.get("counts"))
        self._sums("columns")
        self._sums("rows")
        self._equations()
        if procedure is not None:
            self._columns(procedure)
            self._rows(procedure)

    def _sums(self, section: str) -> None:
        part = self.document.get(section, {})
        for key, entry in part.items():
            for name in entry.get("sum", []):
                if name not in part:
                    self.fault(
                        part.line_of(key), "unknown-row", f"the sum '{key}' names '{name}', which is not in {section}"
                    )

    def _columns(self, procedure: Procedure) -> None:
        begins = self.document.get("begins")
        if begins not in procedure.fields and begins not in procedure.actions:
            line = self.document.line_of("begins")
            self.fault(line, "unknown-field", f"'{begins}' is no field or action of '{procedure.key}'")
        columns = self.document.get("columns", {})
        covered = set[str]()
        for key, column in columns.items():
            if "where" in column:
                self.condition(columns.line_of(key), procedure, column["where"])
                covered |= {str(value) for value in column["where"].values()}
            elif "sum" not in column:
                self.fault(columns.line_of(key), "table", f"column '{key}' needs 'where' or 'sum'")
        self._uncovered(procedure, columns, covered)

    def _uncovered(self, procedure: Procedure, columns: Map, covered: set[str]) -> None:
        """Columns that split by a choice field name every choice, or a case would be counted in none."""
        split = {name for column in columns.values() for name in column.get("where", {})}
        for name in split & set(procedure.fields):
            for choice in set(procedure.fields[name].choices) - covered:
                line = self.document.line_of("columns")
                self.fault(line, "table", f"no column counts '{choice}' of '{name}'")

    def _rows(self, procedure: Procedure) -> None:
        rows = self.document.get("rows", {})
        used = {outcome.row for outcome in procedure.outcomes.values()}
        named = {str(row["outcome_row"]) for row in rows.values() if "outcome_row" in row}
        for key, row in rows.items():
            line = rows.line_of(key)
            if "over" in row:
                self.moment(line, procedure, row["over"])
            elif "outcome_row" in row and row["outcome_row"] not in used:
                self.fault(
                    line, "unused-row", f"no outcome of '{procedure.key}' counts in the row '{row['outcome_row']}'"
                )
            elif not {"outcome_row", "sum"} & set(row):
                self.fault(line, "table", f"row '{key}' needs 'over', 'outcome_row' or 'sum'")
        for outcome in procedure.outcomes.values():
            if outcome.row not in named:
                said = f"names the row '{outcome.row}', which is not in" if outcome.row else "has no row of"
                advice = f"outcome '{outcome.key}' {said} the table '{self.document['table']}'"
                self.found.append(Fault(procedure.file, outcome.line, "missing-row", advice))

    def _equations(self) -> None:
        rows = self.document.get("rows", {})
        for equation in self.document.get("equations", []):
            text = str(equation.get("text", "")).removesuffix(" of last year")
            if text.count("=") != 1:
                self.fault(equation.line, "equation", f"'{text}' is no equation such as r1 + r2 = t + r4")
            for name in re.split(r"\s*[+=-]\s*", text):
                if name.strip() not in rows:
                    self.fault(equation.line, "unknown-row", f"'{name.strip()}' in '{text}' is no row of the table")
