"""Lists by key: a page begins behind the last row of the one before, however long the list has become."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from fadu.words import t

R = TypeVar("R", bound=Model)
SIZE = 50
END = "~"


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """Some rows, and the pager below them."""

    rows: list[R]
    pager: dict[str, str] | None


def listing(rows: "QuerySet[R]", by: str, params: QueryDict, size: int = SIZE) -> Listing[R]:
    """`by` is a column of text, rising; or `-seq` and the like, a number of its own for each row, falling."""
    after, before = params.get("after", ""), params.get("before", "")
    backwards, name = bool(before) and not after, by.lstrip("-")
    rises = by.startswith("-") == backwards
    key = _key(after or before, has_text=not by.startswith("-"))
    if key is not None:
        rows = rows.filter(_beyond(name, "gt" if rises else "lt", key))
    columns = [name] if by.startswith("-") else [name, "pk"]
    found = list(rows.order_by(*(column if rises else f"-{column}" for column in columns))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    ends = [_text(row, columns) for row in (found[0], found[-1])] if found else ["", ""]
    return Listing(
        found,
        _pager(
            params,
            len(found),
            before=ends[0] if (more if backwards else bool(after)) else "",
            after=ends[1] if backwards or more else "",
        ),
    )


def _key(text: str, *, has_text: bool) -> tuple[Any, ...] | None:
    """What a key says; None when it is none of ours, and the page is the first."""
    value, _, number = text.rpartition(END)
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    return (value, int(number)) if has_text else (int(number),)


def _beyond(name: str, way: str, key: tuple[Any, ...]) -> Q:
    further = Q(**{f"{name}__{way}": key[0]})
    return further | Q(**{name: key[0], f"pk__{way}": key[1]}) if len(key) == 2 else further


def _text(row: Model, columns: Sequence[str]) -> str:
    return END.join(str(getattr(row, column)) for column in columns)


def _pager(params: QueryDict, size: int, *, before: str, after: str) -> dict[str, str] | None:
    if not (before or after):
        return None
    words = t("本页 {n} 行 | {n:row} on this page", n=size)
    return {"words": words, "before": _with(params, "before", before), "after": _with(params, "after", after)}


def _with(params: QueryDict, name: str, key: str) -> str:
    if not key:
        return ""
    copy = params.copy()
    for old in ("after", "before"):
        copy.pop(old, None)
    copy[name] = key
    return f"?{copy.urlencode()}"


def part(keys: Sequence[int], params: QueryDict, size: int = SIZE) -> tuple[list[int], dict[str, str] | None]:
    """The rows of a page out of all keys in an order that no column has, such as that of a tree."""
    place = {key: at for at, key in enumerate(keys)}
    after, before = (_key(params.get(name, ""), has_text=False) for name in ("after", "before"))
    start = place.get(after[0], -1) + 1 if after else max(place.get(before[0], 0) - size, 0) if before else 0
    shown = list(keys[start : start + size])
    pager = _pager(
        params,
        len(shown),
        before=f"{END}{shown[0]}" if shown and start else "",
        after=f"{END}{shown[-1]}" if start + size < len(keys) else "",
    )
    return shown, pager
