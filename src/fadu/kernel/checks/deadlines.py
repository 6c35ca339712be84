"""The deadline registry: every statutory period has a clock that cites it, with its length and direction, and even with
every extension used no lawful path is longer than the law allows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fadu.kernel.definition import Clock, Procedure
from fadu.kernel.law import Citation, article_numbers
from fadu.kernel.library import Library
from fadu.kernel.period import Period
from fadu.kernel.source import Fault, Map

_WORDS = set("basis tag n unit dir ext ext_total waiver excluded procedure clock note".split())
_SHAPES = {"max": ("within", "until"), "min": ("at_least",), "before": ("before",)}


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the statute book: its basis, length and direction, and which clock carries it."""

    key: str
    line: int
    cites: tuple[Citation, ...]
    period: Period
    direction: str  # max, min, before
    extension: Period | None
    total: Period | None
    waiver: str  # the field that must give the reason when another length is chosen
    excluded: frozenset[str]  # what may pause the clock
    procedure: str
    clock: str


def check(library: Library, documents: Iterable[Map]) -> Iterator[Fault]:
    for document in documents:
        if "deadlines" in document:
            yield from _registry(library, document)


def _registry(library: Library, document: Map) -> Iterator[Fault]:
    rows = document["deadlines"]
    for key, raw in rows.items():
        line = rows.line_of(key)
        try:
            row = _row(key, line, raw)
        except (KeyError, ValueError) as error:
            yield Fault(document.file, line, "deadline-registry", f"'{key}' cannot be read: {error}")
            continue
        versions = [procedure for procedure in library.versions.values() if procedure.key == row.procedure]
        if not versions:
            yield Fault(document.file, line, "deadline-registry", f"'{row.procedure}' is no procedure of the library")
        for procedure in versions:
            yield from _carried(document.file, row, procedure)


def _row(key: str, line: int, raw: Map) -> Row:
    unknown = set(raw) - _WORDS
    if unknown:
        raise ValueError(f"unknown word {', '.join(sorted(unknown))}")
    if raw["dir"] not in _SHAPES:
        raise ValueError(f"'dir' is max, min or before, not '{raw['dir']}'")
    return Row(
        key=key,
        line=line,
        cites=tuple(Citation.parse(f"{basis.strip()} ({raw['tag']})") for basis in str(raw["basis"]).split(";")),
        period=Period.parse(f"{raw['n']} {raw['unit']}"),
        direction=str(raw["dir"]),
        extension=Period.parse(str(raw["ext"])) if "ext" in raw else None,
        total=Period.parse(str(raw["ext_total"])) if "ext_total" in raw else None,
        waiver=str(raw.get("waiver", "")),
        excluded=frozenset(raw.get("excluded", [])),
        procedure=str(raw["procedure"]),
        clock=str(raw["clock"]),
    )


def _carried(file: str, row: Row, procedure: Procedure) -> Iterator[Fault]:
    clock = procedure.clocks.get(row.clock)
    if clock is None:
        advice = f"'{row.key}' ({_basis(row)}) is carried by no clock: '{procedure.key}' has no '{row.clock}'"
        yield Fault(file, row.line, "deadline-registry", advice)
        return
    for advice in (*_basis_faults(row, clock), *_length_faults(row, clock, procedure), *_pause_faults(row, clock)):
        yield Fault(
            procedure.file, clock.line, "deadline", f"'{row.key}' ({_basis(row)}): clock '{clock.key}' {advice}"
        )


def _basis(row: Row) -> str:
    return "; ".join(str(cite) for cite in row.cites)


def _basis_faults(row: Row, clock: Clock) -> Iterator[str]:
    for wanted in row.cites:
        articles = set(article_numbers(wanted.articles))
        if not any(cite.law == wanted.law and articles <= set(article_numbers(cite.articles)) for cite in clock.cites):
            yield f"does not cite {wanted}"


def _length_faults(row: Row, clock: Clock, procedure: Procedure) -> Iterator[str]:
    if clock.shape not in _SHAPES[row.direction]:
        yield f"is '{clock.shape}', but the law sets a {row.direction}"
        return
    length, local = _length(clock, procedure), bool(procedure.overlays)
    if local and any(cite.tag == "L" for cite in row.cites):
        return  # a city may lay its own local rule over another's
    if length is None or length.unit != row.period.unit:
        yield f"counts {length}, but the law counts in {row.period.unit}s: {row.period}"
        return
    stricter = length.n <= row.period.n if row.direction == "max" else length.n >= row.period.n
    if not (stricter if local else length == row.period):
        yield f"lasts {length}, the law says {row.period}"
    elif row.direction == "max" and not any(cite.tag == "L" for cite in row.cites):
        yield from _longest_faults(row, clock, length)
    if clock.length_field:
        yield from _free_length_faults(row, clock, procedure)


def _length(clock: Clock, procedure: Procedure) -> Period | None:
    """The clock's length; when a field holds it, what that field says unless somebody changes it."""
    if clock.period is not None or not clock.length_field:
        return clock.period
    default = procedure.fields[clock.length_field].default
    return Period(int(default), clock.length_unit) if isinstance(default, int) else None  # type: ignore[arg-type]  # a unit of the loader


def _longest_faults(row: Row, clock: Clock, length: Period) -> Iterator[str]:
    """The longest lawful path: the period and every extension, against the most the law allows."""
    if clock.extension is None:
        return
    more, total, times = clock.extension.up_to, clock.extension.total, clock.extension.times
    allowed = row.total or (Period(row.period.n + row.extension.n, row.period.unit) if row.extension else row.period)
    if row.extension is not None and row.extension.unit != row.period.unit:
        yield f"is extended in {row.extension.unit}s while it runs in {row.period.unit}s"
        return
    longest = total or (Period(length.n + more.n * times, more.unit) if more is not None else length)
    if longest.unit != allowed.unit or longest.n > allowed.n:
        yield f"can last {longest} with every extension, the law allows {allowed}"


def _free_length_faults(row: Row, clock: Clock, procedure: Procedure) -> Iterator[str]:
    """A length that a person types needs the reason (or the article) that the law asks for when it differs."""
    field = procedure.fields.get(row.waiver)
    if field is None or field.when is None:
        yield f"takes its length from '{clock.length_field}', but no field asks for the reason of another length"


def _pause_faults(row: Row, clock: Clock) -> Iterator[str]:
    extra = [name for name in clock.pause if name not in row.excluded]
    if extra and row.direction == "max":
        yield f"is paused by {', '.join(extra)}, which the law does not exclude"


def registered(documents: Iterable[Map]) -> Sequence[tuple[str, str]]:
    """(procedure, clock) of every row, for tests and the documentation."""
    return [
        (raw["procedure"], raw["clock"]) for document in documents for raw in document.get("deadlines", {}).values()
    ]
