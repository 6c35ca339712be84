"""How much is to be played, so that the figures of a year come to what its city published."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from random import Random

from fadu.figures.declared import declared
from fadu.figures.published import Published, report
from fadu.kernel.figure import Figure
from fadu.replay.course import met_by_all

MOST = 2000  # a larger volume is scaled down by a whole factor, unless the full one is asked for


@dataclass(frozen=True, slots=True)
class Volume:
    """So many cases to open that `figure` comes to the published row, or to `scale` of it."""

    figure: Figure
    row: Published
    number: int
    scale: float


def volumes(name: str, domain: str, starts: Mapping[str, str], *, full: bool) -> list[Volume]:
    """One for each procedure whose openings a published row of the domain counts; raises UnknownReport.

    `starts` is procedure -> the action from which its cases count, as their courses say. A total of those carried in
    and those opened is met by openings alone: a replay begins with its year. All are scaled by the same factor.
    """
    rng, found = Random(name), dict[str, tuple[Figure, Published, int]]()
    for row in report(name).rows:
        figure = _openings(row.figure, starts) if row.domain == domain else None
        if figure is not None and figure.procedure not in found:
            found[figure.procedure] = figure, row, wanted(row, rng)
    largest = max((number for *_, number in found.values()), default=0)
    factor = 1 if full else max(ceil(largest / MOST), 1)
    return [Volume(figure, row, ceil(number / factor), 1 / factor) for figure, row, number in found.values()]


def _openings(key: str, starts: Mapping[str, str]) -> Figure | None:
    """The figure that counts every opening: the one named, or the part of a total that does."""
    figure = declared().get(key)
    if figure is None:
        return None
    if figure.kind == "total":
        return next((part for name in figure.parts if (part := _openings(name, starts))), None)
    of_all = figure.where is None or figure.key in met_by_all()
    return figure if of_all and figure.kind == "count" and figure.over == starts.get(figure.procedure) else None


def wanted(row: Published, rng: Random) -> int:
    """A number that fits: the published one, or up to half a percent beside it where only a bound was published."""
    little = rng.randint(1, max(row.value // 200, 1))
    return {"=": row.value, ">": row.value + little, ">=": row.value, "~<": row.value - little}[row.op]
