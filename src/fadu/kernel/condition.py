"""The one language of conditions: pure structure, the same for gates, lights, forms, figures and columns.

A map holds when all its lines hold; `any: [..]` and `not: {..}` are the only other connectives. Parsing resolves every
name, so that a condition can be checked, shown, and compiled to Python here or to SQL by the shell.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

CLOCK_WORDS = frozenset({"none", "running", "paused", "overdue", "met", "late", "void", "elapsed", "kept", "missed"})
FIELD_OPERATORS = frozenset(
    {"is", "more_than", "at_least", "at_most", "same_as", "differs_from", "not_above", "current"}
)
ROW_OPERATORS = frozenset({"some", "every", "last", "count", "open"})
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
    return value is not None and value != "" and value != []


def _above(one: Any, other: Any, or_equal: bool = False) -> bool:
    if not _filled(one) or not _filled(other):
        return False
    return bool(one >= other if or_equal else one > other)


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
    "at_least": lambda facts, value, operand: _above(value, operand, or_equal=True),
    "at_most": lambda facts, value, operand: _above(operand, value, or_equal=True),
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
        return bool(self.row.get("current"))

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


@dataclass(slots=True)
class Names:
    """Every name a condition may use, and where faults go."""

    fields: Mapping[str, Any] = field(default_factory=dict)  # key -> definition.Field
    stages: Collection[str] = ()
    outcomes: Collection[str] = ()
    actions: Collection[str] = ()
    clocks: Collection[str] = ()
    children: Collection[str] = ()
    complain: Callable[[str, str], None] = lambda rule, advice: None


CHILD_WORDS = {"outcome", "open", "stage"}


def parse(value: Any, names: Names) -> Condition:
    """A read mapping as a condition; every unknown name is handed to `names.complain`."""
    if not isinstance(value, dict) or not value:
        names.complain("condition", f"'{value}' is not a condition; write a mapping such as {{stage: closed}}")
        return All(())
    parts = tuple(_line(key, test, names) for key, test in value.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _line(key: str, test: Any, names: Names) -> Condition:
    if key == "any":
        return AnyOf(tuple(parse(part, names) for part in (test if isinstance(test, list) else [test])))
    if key == "not":
        return Not(parse(test, names))
    if key in ("stage", "outcome") and key not in names.fields:
        known = names.stages if key == "stage" else names.outcomes
        return FieldTest(key, "in", _known_values(key, test, known, names))
    for belongs, read in ((_is_action, _action), (_is_clock, _clock), (_is_rows, _rows)):
        if belongs(key, test, names):
            return read(key, test, names)
    return _field(key, test, names)


def _is_action(key: str, test: Any, names: Names) -> bool:
    if key not in names.actions:
        return False
    if isinstance(test, dict):
        return "since" in test or (set(test) == {"at_least"} and key not in names.fields)
    return test in ("done", "not_done")


def _is_clock(key: str, test: Any, names: Names) -> bool:
    if key not in names.clocks:
        return False
    if isinstance(test, dict):
        return set(test) == {"left_under"}
    return all(word in CLOCK_WORDS for word in (test if isinstance(test, list) else [test]))


def _is_rows(key: str, test: Any, names: Names) -> bool:
    return isinstance(test, dict) and bool(set(test) & ROW_OPERATORS)


def _action(key: str, test: Any, names: Names) -> Condition:
    if test == "done":
        return Done(key)
    if test == "not_done":
        return Done(key, least=0)
    if "since" in test:
        if test["since"] not in names.actions:
            names.complain("unknown-action", f"'{test['since']}' is no action of this procedure")
        return Done(key, since=str(test["since"]))
    return Done(key, least=int(test["at_least"]))


def _clock(key: str, test: Any, names: Names) -> Condition:
    if isinstance(test, dict):
        return ClockTest(key, left_under=float(str(test["left_under"]).rstrip("%")) / 100)
    return ClockTest(key, words=frozenset(test if isinstance(test, list) else [test]))


def _rows(key: str, test: Mapping[str, Any], names: Names) -> Condition:
    inner = _row_names(key, names)
    parts = tuple(_row_test(key, operator, operand, inner, names) for operator, operand in test.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _row_test(key: str, operator: str, operand: Any, inner: Names, names: Names) -> Condition:
    if operator == "open":
        if operand not in ("none", "some"):
            names.complain("condition", f"'open' is 'none' or 'some', not '{operand}'")
        return Count(key, least=0 if operand == "none" else 1, most=0 if operand == "none" else None, open_only=True)
    if operator == "count" and isinstance(operand, dict):
        most = operand.get("at_most")
        return Count(key, least=int(operand.get("at_least", 0)), most=None if most is None else int(most))
    if operator in ("some", "every", "last"):
        return RowTest(key, operator, parse(operand, inner))  # type: ignore[arg-type]  # narrowed by the line above
    names.complain("condition", f"'{operator}' is no test on rows; use some, every, last, count or open")
    return All(())


def _row_names(key: str, names: Names) -> Names:
    if key in names.children:
        return Names(dict.fromkeys(CHILD_WORDS | {"current"}), names.stages, (), complain=names.complain)
    listed = names.fields.get(key)
    if listed is None or not listed.rows:
        names.complain("unknown-name", f"'{key}' is neither a child nor a list of rows")
        return Names(complain=names.complain)
    return Names(listed.rows, complain=names.complain)


def _field(key: str, test: Any, names: Names) -> Condition:
    if key == "current" and test is True:
        return Current("")
    if key not in names.fields:
        names.complain("unknown-name", f"'{key}' is no field, action, clock or child that can be tested with '{test}'")
    if test in ("filled", "empty") and isinstance(test, str):
        return FieldTest(key, test)  # type: ignore[arg-type]  # narrowed by the line above
    if not isinstance(test, dict):
        defined = names.fields.get(key)
        choices = getattr(defined, "choices", None)
        return FieldTest(key, "in", _known_values(key, test, choices or None, names))
    parts = tuple(_operator(key, operator, operand, names) for operator, operand in test.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _operator(key: str, operator: str, operand: Any, names: Names) -> Condition:
    if operator == "current":
        return Current(key)
    if operator == "is":
        return _field(key, operand, names)
    if operator not in FIELD_OPERATORS:
        names.complain("condition", f"'{operator}' is no test on a field; one of {', '.join(sorted(FIELD_OPERATORS))}")
        return All(())
    if operator in ("same_as", "differs_from", "not_above") and operand not in names.fields:
        names.complain("unknown-field", f"'{operand}' is no field of this procedure")
    return FieldTest(key, operator, operand)  # type: ignore[arg-type]  # checked against FIELD_OPERATORS above


def _known_values(key: str, test: Any, known: Collection[str] | None, names: Names) -> tuple[Any, ...]:
    values = tuple(test) if isinstance(test, list) else (test,)
    for value in values:
        if known and value not in known:
            names.complain("unknown-value", f"'{value}' is not among the values of '{key}': {', '.join(sorted(known))}")
    return values


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """Every test inside a condition."""
    if condition is None:
        return
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def reads(condition: Condition | None) -> set[str]:
    """The fields (with `stage` and `outcome`) a condition looks at."""
    found: set[str] = set()
    for leaf in leaves(condition):
        if isinstance(leaf, FieldTest):
            found.add(leaf.name)
            if leaf.operator in ("same_as", "differs_from", "not_above"):
                found.add(leaf.operand)
        elif isinstance(leaf, Current | RowTest | Count):
            found.add(leaf.name)
    return found
