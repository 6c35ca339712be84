"""Every title the shipped definitions use, by what it names."""

from collections.abc import Iterator

from fadu.definitions import book, documents, library
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text

SECTIONS = (
    "Procedures, registers, tables",
    "Domains",
    "Roles",
    "Instruments",
    "Stages",
    "Actions",
    "Outcomes",
    "Clocks",
    "Letters",
    "Sub-cases",
)
_PARTS = {
    "Stages": lambda procedure: procedure.stages,
    "Actions": lambda procedure: procedure.actions,
    "Outcomes": lambda procedure: procedure.outcomes,
    "Clocks": lambda procedure: procedure.clocks,
    "Letters": lambda procedure: procedure.letters,
    "Sub-cases": lambda procedure: procedure.children,
}


def titles(section: str) -> set[tuple[str, str]]:
    """(中文, English) of everything a section lists."""
    return {(text.zh, text.en) for text in _texts(section)}


def _texts(section: str) -> Iterator[Text]:
    procedures: list[Procedure] = list(library().versions.values())
    if section == "Roles":
        yield from book().roles.values()
    elif section == "Domains":
        yield from (domain.title for domain in book().domains.values())
    elif section == "Instruments":
        yield from (law.title for law in book().laws.values())
    elif section in _PARTS:
        yield from (part.title for procedure in procedures for part in _PARTS[section](procedure).values())
    else:
        yield from (procedure.title for procedure in procedures)
        yield from (Text.parse(document["title"]) for document in documents() if {"table", "ranking"} & set(document))
