"""What a condition is made of: tests that hold or do not hold of the facts of a case. Pure values, no names resolved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Quantifier = Literal["some", "every", "last"]


class Facts(Protocol):
    """What a condition may ask about a case at one moment."""

    def value(self, name: str) -> Any: ...
    def times_done(self, action: str) -> int: ...
    def done_since(self, action: str, other: str) -> bool: ...
    def clock(self, name: str) -> str: ...
    def share_left(self, name: str) -> float | None: ...
    def is_current(self, name: str) -> bool: ...
    def rows(self, name: str) -> list[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)


def _filled(value: Any) -> bool:
    return value is not None and value not in ("", [])


def _above(one: Any, other: Any) -> bool:
    """Nothing is above what is not there."""
    return _filled(one) and _filled(other) and bool(one > other)


def _as_high(one: Any, other: Any) -> bool:
    return _filled(one) and _filled(other) and bool(one >= other)


@dataclass(frozen=True, slots=True)
class FieldTest:
    """A field, `stage` or `outcome` compared with values or with another field."""

    name: str
    operator: Literal[
        "in", "filled", "empty", "more_than", "at_least", "at_most", "same_as", "differs_from", "not_above"
    ]
    operand: Any = None

    def holds(self, facts: Facts) -> bool:
        return _COMPARISONS[self.operator](facts, facts.value(self.name), self.operand)


_COMPARISONS: Mapping[str, Callable[[Facts, Any, Any], bool]] = {
    "in": lambda facts, value, operand: value in operand,
    "filled": lambda facts, value, operand: _filled(value),
    "empty": lambda facts, value, operand: not _filled(value),
    "more_than": lambda facts, value, operand: _above(value, operand),
    "at_least": lambda facts, value, operand: _as_high(value, operand),
    "at_most": lambda facts, value, operand: _as_high(operand, value),
    "same_as": lambda facts, value, operand: value == facts.value(operand),
    "differs_from": lambda facts, value, operand: value != facts.value(operand),
    "not_above": lambda facts, value, operand: not _above(value, facts.value(operand)),
}


@dataclass(frozen=True, slots=True)
class Current:
    """The result still is about the present text."""

    name: str

    def holds(self, facts: Facts) -> bool:
        return facts.is_current(self.name)


@dataclass(frozen=True, slots=True)
class Done:
    """An action was done at least `least` times, never (`least` = 0), or since the last occurrence of another."""

    name: str
    least: int = 1
    since: str = ""

    def holds(self, facts: Facts) -> bool:
        if self.since:
            return facts.done_since(self.name, self.since)
        times = facts.times_done(self.name)
        return times >= self.least if self.least else times == 0


@dataclass(frozen=True, slots=True)
class ClockTest:
    """A clock is in one of some conditions, or has less than a share of its time left."""

    name: str
    words: frozenset[str] = frozenset()
    left_under: float = 0.0

    def holds(self, facts: Facts) -> bool:
        if self.words:
            return facts.clock(self.name) in self.words
        left = facts.share_left(self.name)
        return left is not None and left < self.left_under


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row or one child, asked like a case."""

    row: Mapping[str, Any]

    def value(self, name: str) -> Any:
        return self.row.get(name)

    def is_current(self, name: str) -> bool:
        return bool(self.row.get(name))

    def times_done(self, action: str) -> int:
        raise LookupError(action)

    def done_since(self, action: str, other: str) -> bool:
        raise LookupError(action)

    def clock(self, name: str) -> str:
        raise LookupError(name)

    def share_left(self, name: str) -> float | None:
        raise LookupError(name)

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        raise LookupError(name)


@dataclass(frozen=True, slots=True)
class RowTest:
    """Some, every or the last row (or child) meets a condition. Of no rows, `every` and `last` are false."""

    name: str
    quantifier: Quantifier
    of: "Condition"

    def holds(self, facts: Facts) -> bool:
        rows = facts.rows(self.name)
        if not rows:
            return False
        if self.quantifier == "last":
            return self.of.holds(RowFacts(rows[-1]))
        met = (self.of.holds(RowFacts(row)) for row in rows)
        return any(met) if self.quantifier == "some" else all(met)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, or (`open_only`) how many children are still open."""

    name: str
    least: int = 0
    most: int | None = None
    open_only: bool = False

    def holds(self, facts: Facts) -> bool:
        number = sum(1 for row in facts.rows(self.name) if not self.open_only or row["open"])
        return number >= self.least and (self.most is None or number <= self.most)


Condition = All | AnyOf | Not | FieldTest | Current | Done | ClockTest | RowTest | Count
