"""Sentences with values in them: `{field}` filled in, in both languages."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from fadu.kernel.definition import Field
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.seeking import Surroundings
from fadu.kernel.values import is_empty

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
NAMED = frozenset({"unit", "person", "item", "case"})  # what only the shell knows the name of
NONE = Text("无", "none")
YES, NO = Text("是", "yes"), Text("否", "no")


def placeholders(words: Text) -> set[str]:
    """The fields a sentence shows."""
    return {name for text in (words.zh, words.en) for name in _PLACEHOLDER.findall(text)}


def filled(words: Text, facts: CaseFacts, around: Surroundings | None) -> Text:
    """The sentence with the values of a case."""
    fields = facts.procedure.fields
    said = {name: said_of(fields[name], facts.value(name), around) for name in placeholders(words) if name in fields}
    if not said:
        return words
    return Text(*(_replaced(text, said, lang) for text, lang in ((words.zh, "zh"), (words.en, "en"))))


def _replaced(text: str, said: Mapping[str, Text], lang: str) -> str:
    return _PLACEHOLDER.sub(lambda found: said[found[1]].in_(lang) if found[1] in said else found[0], text)


def said_of(field: Field, value: Any, around: Surroundings | None) -> Text:
    """A value in words; what there is not, is `none`."""
    if is_empty(value):
        return NONE
    if isinstance(value, list):
        items = [_row(field, item, around) if field.rows else _said(field, field.of, item, around) for item in value]
        return Text("、".join(item.zh for item in items), ", ".join(item.en for item in items))
    return _said(field, field.kind, value, around)


def _row(field: Field, row: Mapping[str, Any], around: Surroundings | None) -> Text:
    cells = [said_of(column, row[key], around) for key, column in field.rows.items() if key in row]
    return Text(" ".join(cell.zh for cell in cells), " ".join(cell.en for cell in cells))


def _said(field: Field, kind: str, value: Any, around: Surroundings | None) -> Text:
    if isinstance(value, Mapping):  # a document, a party
        value = value.get("name") or value.get("id") or ""
    if kind in NAMED and around is not None:
        return around.named(kind, value)
    if kind == "choice":
        return field.choices.get(str(value), Text(str(value), str(value)))
    return _SAID.get(kind, lambda plain: Text(str(plain), str(plain)))(value)


def _day(value: Any) -> Text:
    """`2026年3月5日`, with the hour when there is one."""
    year, month, day = (int(part) for part in value[:10].split("-"))
    hour = value[11:16]
    return Text(f"{year}年{month}月{day}日{hour}", f"{value[:10]} {hour}".strip())


_SAID: Mapping[str, Callable[[Any], Text]] = {
    "yes_no": lambda value: YES if value else NO,
    "date": _day,
    "moment": _day,
}
