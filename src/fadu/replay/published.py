"""The numbers a city published for a year, and what a replay makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Any

from fadu.figures.declared import declared
from fadu.kernel.figure import Figure
from fadu.replay.city import FOLDER, read

NAMES = ("guangzhou-2022", "shenzhen-2023", "huaibei-2022", "huizhou-2021", "liaocheng-2021")
MOST = 2000  # a larger volume is scaled down, unless the full one is asked for


@dataclass(frozen=True, slots=True)
class Row:
    """One published number; `op` is = exactly, > more than, >= at least, ~< nearly. `figure` is the key counting it."""

    indicator: str
    domain: str
    op: str
    value: float
    unit: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """So many cases to play that the figure comes to what was published, or to `scale` of it."""

    figure: Figure
    row: Row
    number: int
    scale: float


def rows(name: str) -> list[Row]:
    """The published rows of one city and year; empty when they are not here."""
    path = FOLDER / "published" / f"{name}.yaml"
    found = read(f"published/{name}.yaml") if path.exists() else {}
    return [_row(raw) for raw in found.get("rows", [])]


def _row(raw: Mapping[str, Any]) -> Row:
    text = {key: str(raw.get(key) or "") for key in ("indicator", "domain", "op", "unit", "figure")}
    return Row(**text, value=float(raw["value"]))


def volumes(name: str, domain: str, starts: Mapping[str, str], *, full: bool) -> list[Volume]:
    """What is to be played: the rows whose figure counts every opening of a procedure that has courses.

    `starts` is procedure -> the action that opens its cases for good, as its courses say.
    """
    figures, rng = declared(), Random(name)
    found: dict[str, Volume] = {}
    for row in rows(name):
        figure = figures.get(row.figure)
        if row.domain == domain and figure is not None and _counts_openings(figure, starts):
            found.setdefault(figure.procedure, _volume(figure, row, rng, full=full))
    return list(found.values())


def _counts_openings(figure: Figure, starts: Mapping[str, str]) -> bool:
    return figure.kind == "count" and figure.where is None and figure.over == starts.get(figure.procedure)


def _volume(figure: Figure, row: Row, rng: Random, *, full: bool) -> Volume:
    number = wanted(row, rng)
    factor = 1 if full else max(ceil(number / MOST), 1)
    return Volume(figure, row, ceil(number / factor), 1 / factor)


def wanted(row: Row, rng: Random) -> int:
    """A whole number that fits what was published: itself, or a little more (or less) where only a bound is known."""
    value = int(row.value)
    little = rng.randint(1, max(value // 200, 1))
    if row.op in (">", ">=", "~>"):
        return value + little
    return value - little if row.op in ("<", "~<") else value
