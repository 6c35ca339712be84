"""Reading the definition files that ship with Fadu and those a city adds, into one library."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from fadu.kernel.book import load_book
from fadu.kernel.law import Book
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.overlay import compose
from fadu.kernel.source import DefinitionError, Fault, Map, Source

SHIPPED = Path(__file__).parent / "domains"
CITIES = Path(__file__).parent / "cities"


def read(path: Path, root: Path = SHIPPED) -> Map:
    """One YAML file; faults name it relative to where definitions live."""
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return Source(name).read(path.read_text(encoding="utf-8"))


def documents(root: Path = SHIPPED) -> Iterator[Map]:
    """Every definition file under a folder, in the order of their names."""
    for path in sorted(root.rglob("*.yaml")):
        yield read(path, root)


@cache
def book() -> Book:
    return load_book(read(SHIPPED / "laws.yaml"))


def load_all(found: Iterable[Map], overlays: Iterable[Map] = ()) -> Library:
    """A library of every procedure and register among the documents, local rules laid over them; all faults at once."""
    faults: list[Fault] = []
    procedures = []
    for document in compose([item for item in found if "procedure" in item or "register" in item], list(overlays)):
        try:
            procedures.append(load(document.source, book(), document.overlays))
        except DefinitionError as error:
            faults += error.faults
    if faults:
        raise DefinitionError(faults)
    return Library.of(book(), procedures)


@cache
def library(city: str = "") -> Library:
    """What ships, with the overlays of one city."""
    overlays = [read(path, CITIES) for path in sorted((CITIES / city).glob("*.yaml"))] if city else []
    return load_all(documents(), overlays)
