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
    filling,
    gates,
    letters,
    lights,
    outcomes,
    stages,
)
from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import Procedure
from fadu.kernel.library import Library
from fadu.kernel.source import Fault, Map

_CHECKS = (stages, actions, clocks, conditions, gates, outcomes, children, letters, lights, citations, filling)


def check(library: Library, others: Iterable[Map] = (), functions: Collection[str] = ()) -> list[Fault]:
    """Every fault of a library, by file and line.

    `others` are the documents beside procedures and registers: figures, tables, the deadline registry. `functions` are
    the names of the computed functions that exist.
    """
    documents = list(others)
    faults = list[Fault]()
    for procedure in sorted(library.versions.values(), key=lambda procedure: len(procedure.overlays)):
        known = {(fault.file, fault.line, fault.rule) for fault in faults} if procedure.overlays else set()
        own = check_one(procedure, library, functions)  # what the base shows is not said again for its local versions
        faults += [fault for fault in own if (fault.file, fault.line, fault.rule) not in known]
    return sorted({*faults, *figures.check(library, documents), *deadlines.check(library, documents)})


def check_one(procedure: Procedure, library: Library, functions: Collection[str] = ()) -> Iterator[Fault]:
    """The faults of one definition, as it stands in its library."""
    reading = Reading(procedure, library)
    for each in _CHECKS:
        yield from each.check(reading)
    yield from fields.check(reading, functions)
