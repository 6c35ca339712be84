"""The fields of a definition, read: what each may hold, within which limits, when it is asked, from what it is derived."""

from dataclasses import replace
from typing import Any, cast, get_args

from fadu.kernel import values
from fadu.kernel.condition import ORDERED
from fadu.kernel.definition import Field, Kind
from fadu.kernel.filling import read_aggregate, read_found
from fadu.kernel.law import Text
from fadu.kernel.reader import Reader
from fadu.kernel.source import Map

_WORDS = (
    "title kind choice of private public statistics seen_by default range when is derived found computed about hint cites "
    "target post draws_from read_from unchangeable"
)
_DATES = ("date", "moment")


def read_fields(reader: Reader) -> dict[str, Field]:
    """The section `fields`. Limits and conditions may name fields that stand further down, so they are read second."""
    fields = reader.fields = reader.each("fields", lambda key, raw, line: _field(reader, key, raw, line))
    for key, raw in reader.mapping(reader.document, "fields").items():
        if key in fields:
            fields[key] = _bound(reader, fields[key], raw)
    return fields


def _field(reader: Reader, key: str, raw: Map, line: int) -> Field:
    reader.words(raw, "field", _WORDS)
    rows = raw["of"] if isinstance(raw.get("of"), Map) else {}
    return Field(
        key=key,
        title=reader.text(raw, "title"),
        kind=_kind(reader, raw),
        line=line,
        choices=_choices(reader, raw),
        rows={name: _column(reader, name, row, line) for name, row in rows.items()},
        of=_kind_of(reader, raw),
        private=reader.flag(raw, "private"),
        public=reader.flag(raw, "public"),
        statistics=reader.flag(raw, "statistics"),
        seen_by=tuple(reader.listed(raw, "seen_by")),
        computed=reader.plain(raw, "computed"),
        about=reader.plain(raw, "about"),
        hint=Text.parse(reader.plain(raw, "hint")) if "hint" in raw else None,
        cites=reader.optional_cites(raw, "cites"),
        target=reader.plain(raw, "target"),
        post=reader.plain(raw, "post"),
        draws_from=reader.plain(raw, "draws_from"),
        read_from=reader.plain(raw, "read_from"),
        unchangeable=reader.flag(raw, "unchangeable"),
    )


def _column(reader: Reader, key: str, raw: Any, line: int) -> Field:
    if isinstance(raw, Map):
        return _field(reader, key, raw, raw.line)
    reader.fault(line, "field", f"column '{key}' must be a mapping with at least title and kind")
    return Field(key, Text(key, key), "text")


def _choices(reader: Reader, raw: Map) -> dict[str, Text]:
    choices = reader.mapping(raw, "choice")
    return {name: reader.text(choices, name) for name in choices}


def _kind(reader: Reader, raw: Map) -> Kind:
    kind = "choice" if "choice" in raw else reader.plain(raw, "kind")
    if kind in get_args(Kind) and (kind != "choice" or "choice" in raw):
        return cast("Kind", kind)
    if "kind" not in raw and "is" in raw:
        return "text"
    reader.fault(raw.line, "kind", f"'{kind}' is no kind of field; one of {', '.join(get_args(Kind))}")
    return "text"


def _kind_of(reader: Reader, raw: Map) -> str:
    """What a plain list holds."""
    if "of" not in raw or isinstance(raw["of"], Map):
        return ""
    kind = reader.plain(raw, "of")
    if kind not in get_args(Kind) or kind in ("list", "choice"):
        reader.fault(raw.line_of("of"), "kind", f"a list cannot hold '{kind}'")
    return kind


# -- what one field says of others ---------------------------------------------------------------------------------------


def _bound(reader: Reader, field: Field, raw: Map) -> Field:
    if field.about and field.about not in reader.fields:
        reader.fault(raw.line_of("about"), "unknown-field", f"'{field.about}' is no field of this procedure")
    found = read_found(reader, raw)
    return replace(
        field,
        limits=_limits(reader, field, raw),
        when=reader.condition(raw, "when"),
        derived=reader.table(raw, "is"),
        aggregate=read_aggregate(reader, raw),
        found=found,
        target=found.procedure if found is not None and found.how == "cases" else field.target,
        default=_default(reader, field, raw),
    )


def _limits(reader: Reader, field: Field, raw: Map) -> dict[str, Any]:
    """`range`: a number, `today`, or a field that compares with this one."""
    limits = reader.mapping(raw, "range")
    reader.words(limits, "range", "not_before not_after at_least at_most")
    if limits and field.kind not in ORDERED:
        advice = f"'{field.key}' has no order; only numbers and dates have a range"
        reader.fault(raw.line_of("range"), "range", advice)
    for word, bound in limits.items():
        if not _compares(reader, field, bound):
            advice = (
                f"'{word}: {bound}' is no limit of '{field.key}': a number, today, or a field that compares with it"
            )
            reader.fault(limits.line_of(word), "range", advice)
    return dict(limits)


def _compares(reader: Reader, field: Field, bound: Any) -> bool:
    dated = field.kind in _DATES
    if not isinstance(bound, str):
        return isinstance(bound, int) and not isinstance(bound, bool) and not dated
    if bound == "today":
        return dated
    other = reader.fields.get(bound)
    return other is not None and other.kind in ORDERED and (other.kind in _DATES) == dated


def _default(reader: Reader, field: Field, raw: Map) -> Any:
    if "default" not in raw:
        return None
    try:
        return values.read(field, raw["default"])
    except values.Unfit as unfit:
        advice = f"'{raw['default']}' does not fit '{field.key}': {unfit.text.en}"
        reader.fault(raw.line_of("default"), "default", advice)
        return None
