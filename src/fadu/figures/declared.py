"""The figures declared here: what ships, read against the procedures of this city."""

from collections.abc import Mapping
from functools import lru_cache

from fadu import definitions
from fadu.cases.definitions import current, library, version
from fadu.kernel.definition import Procedure, Who
from fadu.kernel.figure import Figure
from fadu.kernel.law import Book
from fadu.kernel.ranking import Ranking


class UnknownFigure(KeyError):
    """No file declares a figure of this key."""


def declared(domain: str = "") -> Mapping[str, Figure]:
    """Every figure (of one domain) by its key, in the order of the files."""
    return {key: figure for key, figure in _all(*version()).items() if domain in ("", figure.domain)}


def find(key: str) -> Figure:
    """Raises UnknownFigure."""
    found = _all(*version())
    if key not in found:
        raise UnknownFigure(key)
    return found[key]


def procedure_of(figure: Figure) -> Procedure:
    return current(figure.procedure)


def owner_of(figure: Figure) -> Who:
    """Who owns the procedure whose cases it counts: of a ratio, that of its first part."""
    return owner_of(find(figure.parts[0])) if figure.is_of_figures else procedure_of(figure).owner


def book() -> Book:
    return definitions.book()


def rankings() -> Mapping[str, Ranking]:
    """Every declared ranking by its key."""
    return _rankings(*version())


@lru_cache(maxsize=4)
def _rankings(city: str, upto: int) -> Mapping[str, Ranking]:
    return definitions.rankings_in(library(), _all(city, upto))


@lru_cache(maxsize=4)
def _all(_city: str, _upto: int) -> Mapping[str, Figure]:
    """Read again when something was published here."""
    files = definitions.figures_in(library())
    return {key: figure for file in files.values() for key, figure in file.figures.items()}
