"""Declared numbers: what is counted, over which moment, under which condition, split by what, and under which article.

A figure reads the cases of one procedure, or sets two other figures against each other. Conditions are those of gates.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from fadu.kernel import condition
from fadu.kernel.condition import Condition, Names
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Citation, Text, parse_citations
from fadu.kernel.library import Library
from fadu.kernel.source import DefinitionError, Fault, Map

T = TypeVar("T")
Kind = Literal["count", "sum", "distinct", "average", "ratio", "total"]
MOMENTS: Mapping[str, Text] = {
    "opened": Text("收到（立案）", "were opened"),
    "closed": Text("办结", "were closed"),
    "begun": Text("起算", "began"),
    "carried_in": Text("期初在办", "were in hand when the period began"),
    "carried_out": Text("期末在办", "were in hand when the period ended"),
}
UNITS: Mapping[str, Text] = {
    "cases": Text("件", "cases"),
    "items": Text("项", "items"),
    "kinds": Text("类", "kinds"),
    "units": Text("个单位", "units"),
    "percent": Text("%", "%"),
    "days": Text("天", "days"),
    "yuan": Text("元", "yuan"),
}
_DEFAULT_UNIT: Mapping[Kind, str] = {"ratio": "percent", "average": "days"}
_HEAD = "figures_for domain title version in_force basis begins figures".split()
_WORDS = "title count sum distinct average ratio of days over where split unit cites".split()
_SPLITS = ("choice", "unit", "yes_no")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """One declared number. `name` is its key within the file, `key` the one all of Fadu knows: `procedure-name`.

    `over` is an action or one of MOMENTS. `of` is the field a sum adds up or whose different values are counted; `days`
    are the two actions an average lies between; `parts` are the figures (by key) a ratio or a total is made of.
    """

    name: str
    key: str
    title: Text
    line: int
    kind: Kind
    domain: str
    unit: Text
    cites: tuple[Citation, ...]
    version: int
    in_force: str
    digest: str
    procedure: str = ""
    over: str = ""
    where: Condition | None = None
    split: tuple[str, ...] = ()
    of: str = ""
    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    begins: str = ""

    @property
    def is_of_figures(self) -> bool:
        return bool(self.parts)

    @property
    def over_action(self) -> bool:
        return self.over not in MOMENTS

    @property
    def is_percent(self) -> bool:
        return self.unit == UNITS["percent"]


@dataclass(frozen=True, slots=True)
class Figures:
    """One file of figures, in the order declared."""

    key: str
    domain: str
    title: Text
    version: int
    in_force: str
    basis: tuple[Citation, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)  # key -> figure


def load_figures(document: Map, library: Library) -> Figures:
    """The figures a `figures_for:` document declares; raises DefinitionError with every fault in it."""
    return _Figures(document, library).read()


def digest_of(*parts: Any) -> str:
    """SHA-256 over canonical JSON: what a declaration said when its figure was published."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Reader:
    """One document being read against a library; its faults name file and line."""

    def __init__(self, document: Map, library: Library) -> None:
        self.document, self.library, self.faults = document, library, list[Fault]()

    def fault(self, line: int, rule: str, advice: str) -> None:
        self.faults.append(Fault(self.document.file, line, rule, advice))

    def done(self, result: T) -> T:
        if self.faults:
            raise DefinitionError(self.faults)
        return result

    def words(self, raw: Map, known: Iterable[str], what: str) -> None:
        for word in raw:
            if word not in known:
                advice = f"'{word}' is no word of a {what}; known: {', '.join(known)}"
                self.fault(raw.line_of(word), "unknown-word", advice)

    def required(self, raw: Map, key: str) -> Any:
        if key not in raw:
            self.fault(raw.line, "missing", f"'{key}' is missing; add it")
        return raw.get(key, "")

    def text(self, raw: Map, key: str) -> Text:
        value = str(self.required(raw, key))
        if value and " | " not in value:
            self.fault(raw.line_of(key), "bilingual", f"'{value}' has one language; write '中文 | English'")
        return Text.parse(value)

    def whole(self, raw: Map, key: str) -> int:
        value = self.required(raw, key)
        if isinstance(value, int):
            return value
        self.fault(raw.line_of(key), "number", f"'{key}' must be a whole number, not '{value}'")
        return 0

    def day(self, raw: Map, key: str) -> str:
        value = str(self.required(raw, key))
        if not _DAY.match(value):
            self.fault(raw.line_of(key), "date", f"'{value}' is no date such as 2026-01-31")
        return value

    def cites(self, raw: Map, key: str) -> tuple[Citation, ...]:
        value = str(self.required(raw, key))
        try:
            found = parse_citations(value) if value else ()
        except ValueError as error:
            self.fault(raw.line_of(key), "citation", str(error))
            return ()
        for cite in found:
            if cite.law not in self.library.book.laws:
                advice = f"'{cite.law}' is not in laws.yaml; add it there or correct the key"
                self.fault(raw.line_of(key), "unknown-law", advice)
        return found

    def each(self, section: str, read: Callable[[str, Map], T | None]) -> dict[str, T]:
        """The entries of a section by key; what cannot be read is a fault and left out."""
        found: dict[str, T] = {}
        raw = self.required(self.document, section)
        if not isinstance(raw, Map):
            self.fault(self.document.line_of(section), section, f"'{section}' must be a mapping of keys to entries")
            return found
        for key, entry in raw.items():
            value = read(key, entry) if isinstance(entry, Map) else None
            if value is not None:
                found[key] = value
            elif not isinstance(entry, Map):
                self.fault(raw.line_of(key), section, f"'{key}' must be a mapping")
        return found

    @staticmethod
    def listed(raw: Map, key: str) -> list[str]:
        value = raw.get(key, [])
        return [str(item) for item in (value if isinstance(value, list) else [value])]

    def procedure(self, raw: Map, key: str) -> Procedure | None:
        name = self.required(raw, key)
        if name in self.library.keys:
            return self.library.in_force(name)
        self.fault(raw.line_of(key), "unknown-procedure", f"'{name}' is no procedure or register")
        return None

    def condition(self, raw: Map, key: str, procedure: Procedure) -> Condition | None:
        if key not in raw:
            return None
        known = Names(
            {**procedure.fields, "case_unit": None},
            procedure.stages,
            procedure.outcomes,
            procedure.actions,
            procedure.clocks,
            procedure.children,
            lambda rule, advice: self.fault(raw.line_of(key), rule, advice),
        )
        return condition.parse(raw[key], known)

    def moment(self, raw: Map, procedure: Procedure) -> str:
        over = str(self.required(raw, "over"))
        if over and over not in procedure.actions and over not in MOMENTS:
            advice = f"'{over}' is neither an action of '{procedure.key}' nor one of {', '.join(MOMENTS)}"
            self.fault(raw.line_of("over"), "unknown-action", advice)
        return over

    def begins(self, procedure: Procedure | None) -> str:
        """The field whose day, or the action whose day, begins a case; empty: the day it was opened."""
        name = str(self.document.get("begins", ""))
        if name and procedure is not None and name not in procedure.fields and name not in procedure.actions:
            advice = f"'{name}' is no field or action of '{procedure.key}'"
            self.fault(self.document.line_of("begins"), "unknown-field", advice)
        return name


class _Figures(Reader):
    def read(self) -> Figures:
        head = self.document
        self.words(head, _HEAD, "file of figures")
        self.owner = self.procedure(head, "figures_for")
        self.key, self.domain = str(head.get("figures_for")), str(self.required(head, "domain"))
        self.version, self.in_force = self.whole(head, "version"), self.day(head, "in_force")
        self.begin = self.begins(self.owner)
        found = self.each("figures", self._figure)
        for name, figure in found.items():
            self._parts_exist(name, figure, found)
        keyed = {figure.key: figure for figure in found.values()}
        head_text, basis = self.text(head, "title"), self.cites(head, "basis")
        return self.done(Figures(self.key, self.domain, head_text, self.version, self.in_force, basis, keyed))

    def _figure(self, name: str, raw: Map) -> Figure | None:
        self.words(raw, _WORDS, "figure")
        kinds = [kind for kind in ("count", "sum", "distinct", "average", "ratio") if kind in raw]
        if len(kinds) != 1:
            self.fault(raw.line, "figure", f"'{name}' needs exactly one of count, sum, distinct, average, ratio")
            return None
        kind: Any = "total" if kinds == ["sum"] and isinstance(raw["sum"], list) else kinds[0]
        if kind in ("ratio", "total"):
            return self._of_figures(name, kind, raw, self.listed(raw, kinds[0]))
        procedure = self.procedure(raw, kinds[0])
        return self._of_cases(name, kind, raw, procedure) if procedure else None

    def _made(self, name: str, kind: Kind, raw: Map, **more: Any) -> Figure:
        return Figure(
            name=name,
            key=f"{self.key}-{name}",
            title=self.text(raw, "title"),
            line=raw.line,
            kind=kind,
            domain=self.domain,
            unit=self._unit(raw, kind),
            cites=self.cites(raw, "cites"),
            version=self.version,
            in_force=self.in_force,
            begins=self.begin,
            **more,
        )

    def _of_figures(self, name: str, kind: Kind, raw: Map, named: list[str]) -> Figure:
        for word in ("of", "days", "over", "where", "split"):
            if word in raw:
                self.fault(raw.line_of(word), "figure", f"'{word}' belongs to the figures that '{name}' is made of")
        if len(named) < 2 or (kind == "ratio" and len(named) != 2):
            advice = (
                "a ratio has two parts: what is counted, and of what"
                if kind == "ratio"
                else "a sum has two parts or more"
            )
            self.fault(raw.line, "figure", advice)
        declared = self.document["figures"]
        text = digest_of(self.version, raw, [declared.get(part) for part in named])
        return self._made(name, kind, raw, digest=text, parts=tuple(f"{self.key}-{part}" for part in named))

    def _of_cases(self, name: str, kind: Kind, raw: Map, procedure: Procedure) -> Figure:
        return self._made(
            name,
            kind,
            raw,
            digest=digest_of(self.version, self.begin, raw),
            procedure=procedure.key,
            over=self.moment(raw, procedure),
            where=self.condition(raw, "where", procedure),
            split=self._split(raw, procedure),
            of=self._of(kind, raw, procedure),
            days=self._days(kind, raw, procedure),
        )

    def _split(self, raw: Map, procedure: Procedure) -> tuple[str, ...]:
        found = []
        for name in self.listed(raw, "split"):
            known = procedure.fields.get(name)
            if known is None or not known.statistics:
                advice = f"'{name}' is no field of '{procedure.key}' marked 'statistics: true'"
                self.fault(raw.line_of("split"), "split", advice)
            elif known.kind not in _SPLITS:
                advice = f"'{name}' is a {known.kind}; a figure splits by a choice, a unit or a yes_no"
                self.fault(raw.line_of("split"), "split", advice)
            found.append(name)
        return tuple(found)

    def _of(self, kind: Kind, raw: Map, procedure: Procedure) -> str:
        if kind not in ("sum", "distinct"):
            if "of" in raw:
                self.fault(raw.line_of("of"), "figure", "'of' belongs to a sum or to distinct values")
            return ""
        name = str(self.required(raw, "of"))
        known = procedure.fields.get(name)
        fits = ("number", "money") if kind == "sum" else ("choice", "unit", "yes_no", "number", "date", "text", "item")
        if known is None and "of" in raw:
            self.fault(raw.line_of("of"), "unknown-field", f"'{name}' is no field of '{procedure.key}'")
        elif known is not None and known.kind not in fits:
            self.fault(raw.line_of("of"), "figure", f"'{name}' is a {known.kind}; '{kind}' takes {', '.join(fits)}")
        return name

    def _days(self, kind: Kind, raw: Map, procedure: Procedure) -> tuple[str, ...]:
        days = self.listed(raw, "days")
        for name in days:
            if name not in procedure.actions:
                self.fault(raw.line_of("days"), "unknown-action", f"'{name}' is no action of '{procedure.key}'")
        if (kind == "average") != (len(days) == 2):
            self.fault(raw.line_of("days"), "figure", "an average, and nothing else, counts 'days' between two actions")
        return tuple(days)

    def _unit(self, raw: Map, kind: Kind) -> Text:
        unit = str(raw.get("unit", _DEFAULT_UNIT.get(kind, "cases")))
        if unit not in UNITS and " | " not in unit:
            advice = f"'{unit}' is no unit; one of {', '.join(UNITS)}, or '中文 | English'"
            self.fault(raw.line_of("unit"), "unit", advice)
        return UNITS.get(unit) or Text.parse(unit)

    def _parts_exist(self, name: str, figure: Figure, found: Mapping[str, Figure]) -> None:
        allowed = ("count", "sum", "total") if figure.kind == "ratio" else ("count", "sum")
        for key in figure.parts:
            part = found.get(key.removeprefix(f"{self.key}-"))
            if part is None:
                self.fault(figure.line, "unknown-figure", f"'{key}' is no figure of this file")
            elif part.kind not in allowed:
                advice = f"'{name}' cannot be made of '{part.name}', which is a {part.kind}; use {', '.join(allowed)}"
                self.fault(figure.line, "figure", advice)
