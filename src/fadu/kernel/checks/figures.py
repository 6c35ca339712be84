"""Figures, rankings, chapters and tables: what their own reading says, and that table and procedure match, row and column."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from fadu.kernel.chapter import load_chapter
from fadu.kernel.checks.citations import cited, unread
from fadu.kernel.checks.conditions import misfits
from fadu.kernel.condition import FieldTest, leaves
from fadu.kernel.definition import Procedure
from fadu.kernel.figure import Figure, Figures, load_figures
from fadu.kernel.library import Library
from fadu.kernel.ranking import load_ranking
from fadu.kernel.source import DefinitionError, Fault, Map
from fadu.kernel.table import Table, load_table

_READERS: Mapping[str, Callable[[Map, Library], Figures | Table]] = {"figures_for": load_figures, "table": load_table}

_MADE_OF_FIGURES: Mapping[str, Callable[..., Any]] = {"ranking": load_ranking, "chapter": load_chapter}


def check(library: Library, documents: Iterable[Map]) -> Iterator[Fault]:
    figures: dict[str, Figure] = {}
    documents = list(documents)
    for document in documents:
        for word, read in _READERS.items():
            if word in document:
                yield from _check(library, document, read, figures)
    for document in documents:
        for word, made_of in _MADE_OF_FIGURES.items():
            if word in document:
                yield from _check(library, document, partial(made_of, figures=figures), figures)


def _check(
    library: Library, document: Map, read: Callable[[Map, Library], Any], figures: dict[str, Figure]
) -> Iterator[Fault]:
    try:
        loaded = read(document, library)
    except DefinitionError as error:
        yield from error.faults
        return
    for line, text in cited(document):
        for advice in unread(library.book, text):
            yield Fault(document.file, line, "unread-article", advice)
    if isinstance(loaded, Table):
        procedure = library.in_force(loaded.procedure)
        yield from _rows(document, loaded, procedure)
        yield from _columns(document, loaded, procedure)
    elif isinstance(loaded, Figures):
        figures.update(loaded.figures)
        yield from _conditions(library, document, loaded)


def _conditions(library: Library, document: Map, loaded: Figures) -> Iterator[Fault]:
    for figure in loaded.figures.values():
        if figure.where is not None:
            for advice in misfits(figure.where, library.in_force(figure.procedure).fields):
                yield Fault(document.file, figure.line, "value-test", f"figure '{figure.name}': {advice}")


def _rows(document: Map, table: Table, procedure: Procedure) -> Iterator[Fault]:
    """Every outcome counts in a row, so that no closed case is missing from the total."""
    named = {row.outcome_row for row in table.rows.values()} - {""}
    for outcome in procedure.outcomes.values():
        if outcome.row not in named:
            said = f"names the row '{outcome.row}', which is not in" if outcome.row else "has no row in"
            advice = f"outcome '{outcome.key}' {said} the table '{table.key}' ({document.file})"
            yield Fault(procedure.file, outcome.line, "missing-row", advice)


def _columns(document: Map, table: Table, procedure: Procedure) -> Iterator[Fault]:
    """Columns that split by a choice name every choice, or a case would be counted in none."""
    covered: dict[str, set[str]] = {}
    for column in table.columns.values():
        for test in leaves(column.where):
            if isinstance(test, FieldTest) and test.operator == "in":
                covered.setdefault(test.name, set()).update(map(str, test.operand))
    for name, values in covered.items():
        for choice in procedure.fields[name].choices if name in procedure.fields else ():
            if choice not in values:
                line = document.line_of("columns")
                yield Fault(document.file, line, "missing-column", f"no column counts '{choice}' of '{name}'")
