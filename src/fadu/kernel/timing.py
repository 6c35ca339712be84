"""The clocks of a definition, read: five shapes, and what restarts, pauses and extends them."""

import re
from datetime import date

from fadu.kernel.definition import Begin, Clock, Extension
from fadu.kernel.law import Citation
from fadu.kernel.period import Period
from fadu.kernel.reader import Reader
from fadu.kernel.source import Map

_WORDS = (
    "title within at_least until every from before done_by ends_with lapses_with reopens_with restart pause "
    "extension expires when cites"
)
_UNITS = {"hours": "hour", "days": "day", "workdays": "workday", "months": "month", "years": "year"}
_YEARLY = re.compile(r"\d{2}-\d{2}\Z")
_DATES = ("date", "moment")


def read_clock(reader: Reader, key: str, raw: Map, line: int) -> Clock:
    """One clock of the section `clocks`."""
    reader.words(raw, "clock", _WORDS)
    shape = _shape(reader, raw, line)
    length = reader.plain(raw, {"before": "at_least"}.get(shape, shape))
    until = reader.plain(raw, "until")
    yearly = until if _is_yearly(until) else ""
    period, length_field, unit = _length(reader, length, line) if shape != "until" else (None, "", "")
    return Clock(
        key=key,
        title=reader.text(raw, "title"),
        line=line,
        shape=shape,  # type: ignore[arg-type]  # one of the five, see _shape
        cites=reader.cites(raw, "cites"),
        period=period,
        length_field=length_field,
        length_unit=unit,
        begins=tuple(_begin(reader, name, line) for name in reader.listed(raw, "from")),
        until=_date_field(reader, reader.plain(raw, "before") or ("" if yearly else until), line),
        yearly=yearly,
        ends_with=tuple(reader.names(raw, "ends_with", reader.actions)),
        done_by=tuple(reader.names(raw, "done_by", reader.actions)),
        lapses_with=tuple(reader.names(raw, "lapses_with", reader.actions)),
        reopens_with=tuple(reader.names(raw, "reopens_with", reader.actions)),
        restart=_restart(reader, raw),
        pause=tuple(reader.names(raw, "pause", [*reader.stages, *reader.children])),
        extension=_extension(reader, raw, period.unit if period else unit),
        expires=reader.name(raw, "expires", reader.actions),
        when=reader.condition(raw, "when"),
    )


def _shape(reader: Reader, raw: Map, line: int) -> str:
    found = [word for word in ("within", "at_least", "until", "every") if word in raw]
    if len(found) != 1:
        reader.fault(line, "clock", "a clock has exactly one of within, at_least, until, every")
        return "until"
    if found[0] == "at_least" and "before" in raw:
        return "before"
    if "before" in raw:
        reader.fault(raw.line_of("before"), "clock", "only 'at_least' can stand with 'before'")
    return found[0]


def _is_yearly(until: str) -> bool:
    """A day that every year has."""
    if not _YEARLY.match(until):
        return False
    try:
        date.fromisoformat(f"2001-{until}")
    except ValueError:
        return False
    return True


def _date_field(reader: Reader, name: str, line: int) -> str:
    if name and (name not in reader.fields or reader.fields[name].kind not in _DATES):
        advice = f"the clock ends by '{name}', which is no date or moment of this procedure"
        reader.fault(line, "unknown-field", advice)
    return name


def _length(reader: Reader, text: str, line: int) -> tuple[Period | None, str, str]:
    """A fixed period, or the field of its number and the unit."""
    first, _, word = text.partition(" ")
    if word not in _UNITS:
        reader.fault(line, "period", f"'{text}' is no period; write '20 workdays', '30 days', '3 months', '2 hours'")
        return None, "", ""
    if first.isascii() and first.isdecimal() and len(first) <= 5:
        return Period(int(first), _UNITS[word]), "", ""  # type: ignore[arg-type]  # a value of _UNITS
    if first not in reader.fields or reader.fields[first].kind != "number":
        advice = f"the length '{first}' is neither a number nor a number field of this procedure"
        reader.fault(line, "unknown-field", advice)
    return None, first, _UNITS[word]


def _begin(reader: Reader, name: str, line: int) -> Begin:
    first, bare = name.startswith("first "), name.removeprefix("first ")
    if bare in reader.actions:
        return Begin(bare, "action", first)
    if bare not in reader.fields:
        advice = f"the clock starts from '{bare}', which is neither an action nor a field"
        reader.fault(line, "unknown-name", advice)
    elif reader.fields[bare].kind not in _DATES:
        reader.fault(line, "period", f"the clock starts from '{bare}', which is no date or moment")
    return Begin(bare, "field", first)


def _restart(reader: Reader, raw: Map) -> dict[str, tuple[Citation, ...]]:
    restart = reader.mapping(raw, "restart")
    reader.check_names(restart, reader.actions, raw.line_of("restart"))
    return {action: reader.cites(restart, action) for action in restart}


def _extension(reader: Reader, raw: Map, unit: str) -> Extension | None:
    if "extension" not in raw:
        return None
    extension, line = reader.mapping(raw, "extension"), raw.line_of("extension")
    reader.words(extension, "extension", "up_to total times")
    parts = {
        key: _length(reader, reader.plain(extension, key), line)[0] for key in ("up_to", "total") if key in extension
    }
    for key, period in parts.items():
        if period is None or (period.unit == "hour") != (unit == "hour"):
            advice = f"'{extension[key]}' is no fixed period that can extend this clock; hours extend hours, days days"
            reader.fault(line, "period", advice)
    times = reader.whole(extension, "times") if "times" in extension else 1
    return Extension(times, parts.get("up_to"), parts.get("total"))
