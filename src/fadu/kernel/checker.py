"""What is wrong in a library before anything runs: every check over every definition, each fault with file and line."""

from collections.abc import Collection, Iterable, Iterator

from fadu.kernel.checks import (
    actions,
    children,
    citations,
    clocks,
    conditions,
    deadlines,
    fields,
    figures,
    gates,
    lights,
    outcomes,
    stages,
)
from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import Procedure
from fadu.kernel.library import Library
from fadu.kernel.source import Fault, Map

_CHECKS = (stages, actions, clocks, conditions, gates, outcomes, children, lights, citations)


def check(library: Library, others: Iterable[Map] = (), functions: Collection[str] = ()) -> list[Fault]:
    """Every fault of a library, by file and line.

    `others` are the documents beside procedures and registers: figures, tables, the deadline registry. `functions` are
    the names of the computed functions that exist.
    """
    documents = list(others)
    faults = [fault for procedure in library.versions.values() for fault in check_one(procedure, library, functions)]
    faults += figures.check(library, documents)
    faults += deadlines.check(library, documents)
    return sorted(set(faults))


def check_one(procedure: Procedure, library: Library, functions: Collection[str] = ()) -> Iterator[Fault]:
    """The faults of one definition, as it stands in its library."""
    reading = Reading(procedure, library)
    for each in _CHECKS:
        yield from each.check(reading)
    yield from fields.check(reading, functions)
