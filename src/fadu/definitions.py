"""Reading the definition files that ship with Fadu and those a city adds, into one library."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from fadu.kernel.book import load_book
from fadu.kernel.chapter import Chapter, load_chapter
from fadu.kernel.figure import Figure, Figures, load_figures
from fadu.kernel.law import Book
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.overlay import compose
from fadu.kernel.ranking import Ranking, load_ranking
from fadu.kernel.source import DefinitionError, Fault, Map, Source
from fadu.kernel.table import Table, load_table

T = TypeVar("T")
SHIPPED = Path(__file__).parent / "domains"
CITIES = Path(__file__).parent / "cities"


def read(path: Path, root: Path = SHIPPED) -> Map:
    """One YAML file; faults name it relative to where definitions live."""
    name = str(path.relative_to(root)) if path != root and path.is_relative_to(root) else str(path)
    return Source(name).read(path.read_text(encoding="utf-8"))


def documents(root: Path = SHIPPED) -> Iterator[Map]:
    """Every definition file under a folder, in the order of their names, those of a folder before those of its folders."""
    return iter(_documents(root))


@cache
def _documents(root: Path) -> tuple[Map, ...]:
    """Read once: nobody changes them, and reading them all takes a good part of a second."""
    paths = sorted(root.rglob("*.yaml"), key=lambda path: (path.parent, path.name))
    return tuple(read(path, root) for path in paths)


def text_of(document: Map) -> str:
    """The text of a document that ships. Raises FileNotFoundError."""
    root = next((root for root in (SHIPPED, CITIES) if (root / document.file).is_file()), SHIPPED)
    return (root / document.file).read_text(encoding="utf-8")


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
    return load_all(documents(), overlays(city))


def overlays(city: str) -> list[Map]:
    """The local rules that ship for a city."""
    return [read(path, CITIES) for path in sorted((CITIES / city).glob("*.yaml"))] if city else []


def with_local(city: str, own: Iterable[Map], rules: Iterable[Map]) -> Library:
    """What ships, with what a city wrote itself; all faults at once.

    A definition (or overlay) that a city has taken into its own hands changes only by its hand: of what ships, the
    versions before its own first one stay, and later ones are merely on offer.
    """
    own, rules = list(own), list(rules)
    return load_all([*_earlier(documents(), own), *own], [*_earlier(overlays(city), rules), *rules])


def _earlier(shipped: Iterable[Map], own: list[Map]) -> Iterator[Map]:
    firsts: dict[str, int] = {}
    for document in own:
        firsts[key_of(document)] = min(firsts.get(key_of(document), document["version"]), document["version"])
    for document in shipped:
        first = firsts.get(key_of(document))
        if first is None or document["version"] < first:
            yield document


def key_of(document: Map) -> str:
    """What a document is the text of: `procedure appeal`, `overlay yunzhou`."""
    kinds = ("procedure", "register", "overlay", "table", "figures_for")
    kind = next((word for word in kinds if word in document), "")
    return f"{kind} {document.get(kind, document.file)}"


@cache
def functions() -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
    """The computed functions that ship: the public functions of each domain's `computed.py`, by name.

    They are found by name, so that nothing here imports a domain.
    """
    modules = [
        import_module(f"fadu.domains.{path.parent.name}.computed") for path in sorted(SHIPPED.glob("*/computed.py"))
    ]
    return {
        name: function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def beside() -> list[Map]:
    """The shipped documents that are no procedure and no register: figures, rankings, chapters, tables, the deadline registry."""
    return [item for item in documents() if not {"procedure", "register", "laws"} & set(item)]


@cache
def figures(city: str = "") -> Mapping[str, Figures]:
    """Every shipped file of figures, by the procedure it is for; all faults at once."""
    return figures_in(library(city))


def figures_in(known: Library) -> Mapping[str, Figures]:
    """The same, read against the definitions of a library."""
    return _each("figures_for", load_figures, known)


def rankings_in(known: Library, figures: Mapping[str, Figure]) -> Mapping[str, Ranking]:
    """Every shipped ranking, by its key, read against a library and its figures; all faults at once."""
    return _each("ranking", lambda document, library: load_ranking(document, library, figures), known)


def chapters_in(known: Library, figures: Mapping[str, Figure]) -> Mapping[str, Chapter]:
    """Every shipped chapter of a yearly report, by its key, read against a library and its figures; all faults at once."""
    return _each("chapter", lambda document, library: load_chapter(document, library, figures), known)


@cache
def tables(city: str = "") -> Mapping[str, Table]:
    """Every shipped statutory table, by its key; all faults at once."""
    return _each("table", load_table, library(city))


def _each(word: str, load_one: Callable[[Map, Library], T], known: Library) -> dict[str, T]:
    faults: list[Fault] = []
    found: dict[str, T] = {}
    for document in beside():
        key = str(document.get(word, ""))
        if key in found:
            faults.append(
                Fault(document.file, document.line_of(word), "double-key", f"another file has '{key}'; join them")
            )
        elif key:
            try:
                found[key] = load_one(document, known)
            except DefinitionError as error:
                faults += error.faults
    if faults:
        raise DefinitionError(faults)
    return found
