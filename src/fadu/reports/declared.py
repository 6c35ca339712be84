"""The chapters declared here: what ships, read against the procedures and figures of this city."""

from collections.abc import Mapping
from functools import lru_cache

from fadu import definitions
from fadu.cases.definitions import library, version
from fadu.figures.declared import declared as figures
from fadu.kernel.chapter import Chapter


class UnknownChapter(KeyError):
    """No file declares a chapter of this key."""


def declared() -> Mapping[str, Chapter]:
    return _all(*version())


def find(key: str) -> Chapter:
    """Raises UnknownChapter."""
    if key not in declared():
        raise UnknownChapter(key)
    return declared()[key]


@lru_cache(maxsize=4)
def _all(_city: str, _upto: int) -> Mapping[str, Chapter]:
    """Read again when something was published here."""
    return definitions.chapters_in(library(), figures())
