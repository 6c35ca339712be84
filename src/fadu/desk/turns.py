"""Whose turn it is, in words. A turn is stored as role@unit or person:ID."""

from fadu.cases import definitions
from fadu.cases.access import turn_keys
from fadu.desk.reader import Reader
from fadu.kernel.definition import Procedure, Who
from fadu.words import say, t


def turn_words(reader: Reader, turn: str, within: str = "") -> str:
    """`市水务局 · 承办单位经办人`, `该单位` when it is the unit named beside it, or the person's name."""
    role, _, unit = turn.partition("@")
    if not unit:
        return holder(reader, turn)
    if unit == within:
        return t("该单位 | that unit")
    title = definitions.library().book.roles.get(role)
    named = say(title) if title else role
    return f"{reader.names.unit(unit)} · {named}"


def holder(reader: Reader, turn: str) -> str:
    """The unit or the person, without the role."""
    if turn.startswith("person:"):
        return reader.names.person(turn)
    _, _, unit = turn.partition("@")
    return reader.names.unit(unit) if unit else ""


def is_mine(reader: Reader, turn: str) -> bool:
    return bool(turn) and turn in turn_keys(reader.person, reader.posts)


def who_words(procedure: Procedure, who: Who) -> str:
    """Whom a definition lets act: `主办单位 · 承办单位经办人`, `定“办结时限”的人`."""
    if who.kind == "role":
        title = definitions.library().book.roles.get(who.name)
        role = say(title) if title else who.name
        return f"{say(procedure.fields[who.of].title)} · {role}" if who.of else role
    field = procedure.fields.get(who.of or who.name)
    named = say(field.title) if field else ""
    if who.kind == "setter":
        return t("定“{field}”的人 | whoever set '{field}'", field=named)
    return t("“{field}”所列的人 | who is named in '{field}'", field=named)
