"""A stored value as a cell of a spreadsheet: dates as dates, numbers as numbers, all else as words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fadu.exchange.names import Names
from fadu.kernel.definition import Field
from fadu.words import language, say, t

Cell = str | int | float | date | datetime | None


def cell(defined: Field, value: Any, names: Names) -> Cell:
    """Total: what no longer fits its definition is written as it is stored."""
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return ("; " if language() == "en" else "；").join(words(defined, item, names) for item in value)
    if defined.choices or defined.kind not in _TYPED:
        return words(defined, value, names)
    return _typed(defined.kind, value)


_TYPED = frozenset({"number", "money", "date", "moment"})


def _typed(kind: str, value: Any) -> Cell:
    if kind in ("number", "money"):
        return value if isinstance(value, int | float) else str(value)
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == 10 else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)


def words(defined: Field, value: Any, names: Names) -> str:
    """One value, or one item of a list, in words."""
    if defined.kind == "list" and defined.rows and isinstance(value, Mapping):
        parts = (_text(cell(column, value.get(key), names)) for key, column in defined.rows.items())
        return " ".join(part for part in parts if part)
    if defined.choices:
        title = defined.choices.get(str(value))
        return say(title) if title else str(value)
    return _named(defined.holds, value, names)


def _named(kind: str, value: Any, names: Names) -> str:
    if kind == "yes_no":
        return t("是 | Yes") if value else t("否 | No")
    if isinstance(value, Mapping):  # a party, a document: what it is called
        return " ".join(str(value[part]) for part in ("name", "title", "number", "phone") if value.get(part))
    named = {"unit": names.unit, "person": names.person, "case": names.case}.get(kind)
    return named(value) if named else str(value)


def _text(value: Cell) -> str:
    return "" if value is None else str(value)
