"""What an entry changed, value by value, and in a list row by row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from fadu.desk.values import Anchor, Names, in_words
from fadu.kernel.definition import Field
from fadu.kernel.ledger import canonical
from fadu.kernel.values import inside
from fadu.words import language, say, t

Opens = Callable[[Mapping[str, Any]], str]  # where a stored document is read; empty where it is not


@dataclass(frozen=True, slots=True)
class Change:
    title: str
    before: str
    after: str
    long: bool
    links: tuple[Anchor, ...] = ()  # the documents it brought


def nowhere(_document: Mapping[str, Any]) -> str:
    return ""


def changed(defined: Field, before: Any, after: Any, names: Names, opens: Opens = nowhere) -> Iterator[Change]:
    """Nothing when both are the same."""
    if before == after:
        return
    if defined.rows and isinstance(after, list):
        yield from _rows(defined, before if isinstance(before, list) else [], after, names)
        return
    # Two long texts side by side help nobody; the former one stands in its own entry.
    long = defined.kind in ("text", "long_text")
    links = [
        Anchor(str(one.get("name", "")), opens(one))
        for _, one in inside(defined, after, "document")
        if isinstance(one, dict)
    ]
    yield Change(
        say(defined.title), "" if long else in_words(defined, before, names), in_words(defined, after, names), long,
        tuple(links) if defined.kind == "document" or defined.of == "document" else (),
    )  # fmt: skip


def _rows(defined: Field, before: list[Any], after: list[Any], names: Names) -> Iterator[Change]:
    """Rows that came, went or changed; a row is the same one when nothing around it moved."""
    was, now = [canonical(row) for row in before], [canonical(row) for row in after]
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        old, new = before[from_old:to_old], after[from_new:to_new]
        if what == "equal":
            continue
        for at in range(max(len(old), len(new))):
            pair = (old[at] if at < len(old) else None, new[at] if at < len(new) else None)
            yield _row(defined, *pair, from_new + at + 1, names)


def _row(defined: Field, old: Any, new: Any, number: int, names: Names) -> Change:
    title = t("{list} 第 {n} 行 | {list}, row {n}", list=say(defined.title), n=number)
    if old is None:
        return Change(title, "", _words(defined, new, list(defined.rows), names), long=False)
    if new is None:
        return Change(title, _words(defined, old, list(defined.rows), names), "", long=False)
    moved = [key for key in defined.rows if old.get(key) != new.get(key)]
    return Change(title, _words(defined, old, moved, names), _words(defined, new, moved, names), long=False)


def _words(defined: Field, row: Mapping[str, Any], columns: list[str], names: Names) -> str:
    said = ((defined.rows[key], in_words(defined.rows[key], row.get(key), names)) for key in columns)
    comma = "; " if language() == "en" else "；"
    return comma.join(f"{say(column.title)} {words}" for column, words in said if words) or t("空 | nothing")
