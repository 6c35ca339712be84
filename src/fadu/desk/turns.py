"""Whose turn it is, in words. A turn is stored as role@unit or person:ID."""

from fadu.cases import definitions
from fadu.cases.access import turn_keys
from fadu.desk.reader import Reader
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
