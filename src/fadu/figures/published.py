"""The published numbers of yearly reports beside what is counted here, scaled when the year was replayed at a scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fadu.figures.amounts import Number
from fadu.figures.declared import declared
from fadu.figures.measure import Counter
from fadu.figures.models import ReplayMark
from fadu.figures.span import Span
from fadu.kernel.figure import Figure
from fadu.kernel.law import Text
from fadu.kernel.source import DefinitionError, Fault, Map, Source

FOLDER = Path(__file__).parent.parent / "replay" / "published"
NEARLY = 0.95  # "nearly 440,000" is said of no less than this share of it
Operator = Literal["=", ">", ">=", "~<"]
Verdict = Literal["equal", "differs", "not declared"]
OPERATORS: Mapping[str, Text] = {
    "=": Text("等于", "exactly"),
    ">": Text("超过", "more than"),
    ">=": Text("不低于", "at least"),
    "~<": Text("近", "nearly"),
}
_ROW = ("indicator", "domain", "op", "value", "unit", "figure")


class UnknownReport(KeyError):
    """No published numbers of this name; the argument lists those there are."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published number; `figure` is the key of the figure Fadu declares for it, or empty."""

    indicator: Text
    domain: str
    op: Operator
    value: int
    unit: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one city published for one year."""

    name: str
    city: Text
    year: int
    rows: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A published number beside the counted one. `scale` is the share of it that was to be counted."""

    published: Published
    op: Operator
    value: int
    computed: Number | None
    verdict: Verdict
    scale: float = 1


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def report(name: str) -> Report:
    """The published numbers of a city and year; raises UnknownReport, or DefinitionError naming file and line."""
    if name not in names():
        raise UnknownReport(", ".join(names()))
    source = Source(f"published/{name}.yaml")
    document = source.read((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    faults: list[Fault] = []
    rows = tuple(_row(raw, faults) for raw in document["rows"])
    if faults:
        raise DefinitionError(faults)
    return Report(name, Text.parse(document["city"]), document["year"], rows)


def _row(raw: Map, faults: list[Fault]) -> Published:
    def fault(key: str, advice: str) -> None:
        faults.append(Fault(raw.file, raw.line_of(key), "published", advice))

    for key in (*_ROW[:-1], *raw):
        if key not in raw or key not in _ROW:
            fault(key, f"a row has {', '.join(_ROW)}; '{key}' is {'missing' if key not in raw else 'none of them'}")
    op, value, figure = str(raw.get("op", "=")), raw.get("value", 0), str(raw.get("figure", ""))
    if op not in OPERATORS:
        fault("op", f"'{op}' is no way to compare; one of {', '.join(OPERATORS)}")
    if not isinstance(value, int):
        fault("value", f"'{value}' is no whole number")
    if figure and figure not in declared():
        fault("figure", f"'{figure}' is declared by no file of figures")
    indicator = Text.parse(str(raw.get("indicator", "")))
    return Published(indicator, str(raw.get("domain", "")), op, value, str(raw.get("unit", "")), figure)  # type: ignore[arg-type]  # checked above


def scale_of(name: str) -> float:
    """At which scale a year was replayed here; 1 when it was not, or in full."""
    mark = ReplayMark.objects.filter(name=name).first()
    return mark.scale if mark else 1.0


def compare(name: str, domain: str | None = None, scale: float | None = None) -> list[Line]:
    """Every published number of a year (of one domain) beside what is counted for it, over the whole office.

    Numbers of cases are compared at the scale of the replay; rates, averages and kinds do not shrink with it.
    """
    found, factor, counter = report(name), scale_of(name) if scale is None else scale, Counter()
    rows = [row for row in found.rows if domain in (None, row.domain)]
    return [_line(row, Span.year(found.year), counter, factor) for row in rows]


def _line(row: Published, year: Span, counter: Counter, factor: float) -> Line:
    figure = declared().get(row.figure)
    if figure is None:
        return Line(row, row.op, row.value, None, "not declared", factor)
    scale = factor if shrinks(figure) else 1.0
    computed = counter.measure(figure, year).value
    equal = computed is not None and holds(row.op, row.value, computed, scale)
    return Line(row, row.op, row.value, computed, "equal" if equal else "differs", scale)


def shrinks(figure: Figure) -> bool:
    """Whether a smaller replay gives a smaller number."""
    return figure.kind in ("count", "sum", "total")


def holds(op: Operator, published: Number, computed: Number, scale: float = 1) -> bool:
    """Whether a counted number is what was published; at a scale, to the next whole case."""
    wanted, slack = published * scale, 0 if scale == 1 else 1
    checks: dict[Operator, bool] = {
        "=": computed == wanted if scale == 1 else abs(computed - wanted) < slack,
        ">": computed > wanted,
        ">=": computed >= wanted,
        "~<": NEARLY * wanted <= computed < wanted + slack or computed == wanted,
    }
    return checks[op]


def to_json(line: Line) -> dict[str, Any]:
    row = line.published
    return {
        "indicator": {"zh": row.indicator.zh, "en": row.indicator.en},
        "domain": row.domain,
        "figure": row.figure or None,
        "op": line.op,
        "published": line.value,
        "unit": row.unit,
        "computed": line.computed,
        "scale": line.scale,
        "verdict": line.verdict,
    }
