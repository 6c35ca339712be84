"""Fields that fill themselves, read: from other cases (`found`) and from the rows of a list (`derived`)."""

from typing import Any, cast

from fadu.kernel import condition
from fadu.kernel.condition import Names
from fadu.kernel.definition import CASE, Aggregate, Found, Sought
from fadu.kernel.reader import Reader
from fadu.kernel.source import Map

_FOUND = ("count", "value", "values", "sum", "cases")
_OF_A_FIELD = ("value", "values", "sum")
_AGGREGATES = ("sum", "count", "share", "earliest", "latest")
_OF_ROWS = ("count", "share")  # of whole rows, not of a column
_COMPARED = ("same_as", "differs_from", "shares", "covers", "not_after", "not_before")


def read_found(reader: Reader, raw: Map) -> Found | None:
    """`{count: procedure, where: {…}}`; what it names in the other procedure is for the checks of the whole library."""
    if "found" not in raw:
        return None
    found = reader.mapping(raw, "found")
    how = _one_of(reader, found, "found", _FOUND)
    procedure, _, field = reader.plain(found, how).partition(".")
    if bool(field) != (how in _OF_A_FIELD):
        wanted = "procedure.field" if how in _OF_A_FIELD else "procedure"
        reader.fault(found.line_of(how), "found", f"'{how}: {found.get(how)}' must be '{how}: {wanted}'")
    where = reader.mapping(found, "where")
    return Found(cast("Any", how), procedure, field, tuple(_sought(reader, where, name) for name in where))


def _sought(reader: Reader, where: Map, name: str) -> Sought:
    test = where[name]
    if not isinstance(test, Map):
        return Sought(name, "in", tuple(test if isinstance(test, list) else [test]))
    if len(test) != 1 or next(iter(test)) not in _COMPARED:
        advice = f"'{name}' is sought by a value, a list of values, or one of {', '.join(_COMPARED)}"
        reader.fault(where.line_of(name), "found", advice)
        return Sought(name, "in", ())
    ((how, operand),) = test.items()
    reader.check_names([str(operand)], [*reader.fields, CASE], where.line_of(name))
    return Sought(name, cast("Any", how), str(operand))


def read_aggregate(reader: Reader, raw: Map) -> Aggregate | None:
    """`{sum: rows.column, where: {column: …}}`, `{count: rows}`."""
    if "derived" not in raw:
        return None
    derived = reader.mapping(raw, "derived")
    how = _one_of(reader, derived, "derived", _AGGREGATES)
    name, _, column = reader.plain(derived, how).partition(".")
    listed = reader.fields.get(name)
    columns = listed.rows if listed is not None else {}
    if not columns or (column if how in _OF_ROWS else column not in columns):
        wanted = "rows" if how in _OF_ROWS else "rows.column"
        advice = f"'{how}: {derived.get(how)}' must be '{how}: {wanted}', with a list of rows of this procedure"
        reader.fault(derived.line_of(how), "derived", advice)
    names = Names(columns, complain=lambda rule, advice: reader.fault(derived.line_of("where"), rule, advice))
    where = condition.parse(derived["where"], names) if "where" in derived else None
    if how == "share" and where is None:
        reader.fault(derived.line_of(how), "derived", "a share says which rows: add 'where'")
    return Aggregate(cast("Any", how), name, column, where)


def _one_of(reader: Reader, raw: Map, concept: str, ways: tuple[str, ...]) -> str:
    """The one way a mapping says how it is filled."""
    reader.words(raw, concept, " ".join((*ways, "where")))
    said = [way for way in ways if way in raw]
    if len(said) != 1:
        reader.fault(raw.line, concept, f"'{concept}' has exactly one of {', '.join(ways)}")
    return said[0] if said else ways[0]
