"""Rankings: units scored on declared figures, by rules a city can state in one sentence each.

`weight` gives a share of the points: a rate by its height, a number by the highest of any unit. `each` adds or takes
points for every one counted. Both are read aloud in the rules, so nothing here is computed that they do not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fadu.kernel.figure import Figure, Reader, digest_of
from fadu.kernel.law import Citation, Text
from fadu.kernel.library import Library
from fadu.kernel.source import Map

Number = int | float
TAKEN = {"name": "text", "since": "date", "until": "date", "rules": "long_text", "ranking": "list", "counted": "text"}
_HEAD = "ranking domain title version in_force basis figures by least ties for parts".split()


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the score: points by weight, or points for each one counted."""

    figure: Figure
    weight: Number = 0
    each: Number = 0

    def points(self, value: Number, best: Number) -> float:
        if self.each:
            return self.each * value
        whole = 100 if self.figure.is_percent else best
        return self.weight * value / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """A declared ranking. `by` is the field the figures are split by, `takes` the procedure that takes its result."""

    key: str
    domain: str
    title: Text
    version: int
    in_force: str
    basis: tuple[Citation, ...]
    by: str
    takes: str
    digest: str
    parts: tuple[Part, ...]
    least: Mapping[str, int] = field(default_factory=dict)  # figure key -> fewer are not ranked
    ties: tuple[str, ...] = ()  # figure keys: more of them goes first where scores are equal


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit in its place: what it scored, and each part's value and points."""

    place: int
    unit: str
    score: float
    parts: tuple[tuple[Part, Number, float], ...]


def placed(ranking: Ranking, values: Mapping[str, Mapping[str, Number]]) -> list[Placed]:
    """The units in order. `values` holds figure key -> unit -> value; equal scores (and ties) share a place."""
    units = sorted(unit for unit in {unit for one in values.values() for unit in one} if _counts(ranking, values, unit))
    best = {
        part.figure.key: max((values[part.figure.key].get(unit, 0) for unit in units), default=0)
        for part in ranking.parts
    }
    scored = []
    for unit in units:
        found = [(part, values[part.figure.key].get(unit, 0)) for part in ranking.parts]
        parts = tuple((part, value, round(part.points(value, best[part.figure.key]), 2)) for part, value in found)
        score = round(sum(points for _, _, points in parts), 2)
        scored.append(((-score, *(-values[key].get(unit, 0) for key in ranking.ties)), unit, score, parts))
    scored.sort(key=lambda one: (one[0], one[1]))
    order = [key for key, *_ in scored]
    return [Placed(order.index(key) + 1, unit, score, parts) for key, unit, score, parts in scored]


def _counts(ranking: Ranking, values: Mapping[str, Mapping[str, Number]], unit: str) -> bool:
    return bool(unit) and all(values[key].get(unit, 0) >= least for key, least in ranking.least.items())


def load_ranking(document: Map, library: Library, figures: Mapping[str, Figure]) -> Ranking:
    """The ranking a `ranking:` document declares; raises DefinitionError with every fault in it."""
    return _Rankings(document, library).read(figures)


class _Rankings(Reader):
    def read(self, figures: Mapping[str, Figure]) -> Ranking:
        head = self.document
        self.words(head, _HEAD, "ranking")
        self.owner, self.figures = str(self.required(head, "figures")), figures
        by = str(self.required(head, "by"))
        parts = self.each("parts", lambda name, raw: self._part(name, raw, by))
        raw = head.get("least", Map.empty(head.file, head.line_of("least")))
        least = {name: found for name in raw if (found := self._figure(name, raw.line_of(name), by))}
        ties = [self._figure(name, head.line_of("ties"), by) for name in self.listed(head, "ties")]
        return self.done(
            Ranking(
                key=str(head["ranking"]),
                domain=str(self.required(head, "domain")),
                title=self.text(head, "title"),
                version=self.whole(head, "version"),
                in_force=self.day(head, "in_force"),
                basis=self.cites(head, "basis"),
                by=by,
                takes=self._takes(head),
                digest=digest_of(head, [part.figure.digest for part in parts.values()]),
                parts=tuple(parts.values()),
                least={figure.key: self.whole(raw, name) for name, figure in least.items()},
                ties=tuple(figure.key for figure in ties if figure is not None),
            )
        )

    def _part(self, name: str, raw: Map, by: str) -> Part | None:
        self.words(raw, ("weight", "each"), "part of a ranking")
        figure = self._figure(name, raw.line, by)
        given = {word: raw[word] for word in ("weight", "each") if word in raw}
        numbers = [value for value in given.values() if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(given) != 1 or not numbers or not numbers[0]:
            self.fault(
                raw.line, "ranking", f"'{name}' needs one number: 'weight' (points) or 'each' (points for every one)"
            )
            return None
        return Part(figure, **given) if figure is not None else None

    def _figure(self, name: str, line: int, by: str) -> Figure | None:
        """A figure by its name, split by what the ranking ranks; a ratio by the splits of both its parts."""
        figure = self.figures.get(f"{self.owner}-{name}")
        if figure is None:
            self.fault(line, "unknown-figure", f"'{name}' is no figure for '{self.owner}'")
            return None
        counted: Sequence[Figure] = [self.figures[part] for part in figure.parts] or [figure]
        if not all(by in part.split for part in counted):
            self.fault(line, "split", f"'{name}' is not split by '{by}', which this ranking ranks")
        return figure

    def _takes(self, head: Map) -> str:
        """The procedure that takes the result, and has the fields it fills."""
        procedure = self.procedure(head, "for")
        for name, kind in TAKEN.items() if procedure is not None else ():
            known = procedure.fields.get(name) if procedure else None
            if known is None or known.kind != kind:
                self.fault(
                    head.line_of("for"), "ranking", f"'{head['for']}' takes the result and needs a {kind} '{name}'"
                )
        return str(head.get("for", ""))
