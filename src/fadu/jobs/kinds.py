"""The kinds of background work there are. A kind is declared where its work is written, above this layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fadu.jobs.run import Run
from fadu.kernel.law import Text

Work = Callable[[Run], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`work` reports its progress to the run it is given, and ends by `run.finish()` or by raising `Failed`."""

    key: str
    title: Text
    work: Work


_kinds: dict[str, Kind] = {}


def kind(key: str, title: str) -> Callable[[Work], Work]:
    """Declares a kind of work: `@kind("export", "导出 | Export")`."""

    def declare(work: Work) -> Work:
        _kinds[key] = Kind(key, Text.parse(title), work)
        return work

    return declare


def kinds() -> Mapping[str, Kind]:
    """All that were declared."""
    return _kinds
