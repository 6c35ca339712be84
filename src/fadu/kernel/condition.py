"""The one language of conditions: pure structure, the same for gates, lights, forms, figures and columns.

A map holds when all its lines hold; `any: [..]` and `not: {..}` are the only other connectives. Parsing resolves every
name, so that a condition can be checked, shown, and compiled to Python here or to SQL by the shell.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fadu.kernel.predicate import (
    All,
    AnyOf,
    ClockTest,
    Condition,
    Count,
    Current,
    Done,
    Facts,
    FieldTest,
    Not,
    RowFacts,
    RowTest,
)

__all__ = [
    "CLOCK_WORDS",
    "ORDERED",
    "All",
    "AnyOf",
    "ClockTest",
    "Condition",
    "Count",
    "Current",
    "Done",
    "Facts",
    "FieldTest",
    "Names",
    "Not",
    "RowFacts",
    "RowTest",
    "leaves",
    "parse",
    "reads",
]

CLOCK_WORDS = frozenset({"none", "running", "paused", "overdue", "met", "late", "void", "elapsed", "kept", "missed"})
FIELD_OPERATORS = frozenset(
    {"is", "more_than", "at_least", "at_most", "same_as", "differs_from", "not_above", "current"}
)
ROW_OPERATORS = frozenset({"some", "every", "last", "count", "open"})


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


CHILD_WORDS = ("outcome", "open", "current")  # what a parent's ledger says of a child
ORDERED = frozenset({"number", "money", "date", "moment"})


def parse(value: Any, names: Names) -> Condition:
    """A read mapping as a condition; every unknown name is handed to `names.complain`."""
    if not isinstance(value, dict) or not value:
        names.complain("condition", f"'{value}' is not a condition; write a mapping such as {{stage: closed}}")
        return All(())
    return _all([_line(key, test, names) for key, test in value.items()])


def _all(parts: list["Condition"]) -> "Condition":
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _line(key: str, test: Any, names: Names) -> Condition:
    if key == "any":
        return AnyOf(tuple(parse(part, names) for part in (test if isinstance(test, list) else [test])))
    if key == "not":
        return Not(parse(test, names))
    if key in ("stage", "outcome") and key not in names.fields:
        known = names.stages if key == "stage" else names.outcomes
        return FieldTest(key, "in", _known_values(key, test, known, names))
    if key in names.actions and _is_action(key, test, names):
        return _action(key, test, names)
    if key in names.clocks and _is_clock(test):
        return _clock(key, test, names)
    if isinstance(test, dict) and ROW_OPERATORS & set(test):
        inner = _row_names(key, names)
        return _all([_row_test(key, operator, operand, inner, names) for operator, operand in test.items()])
    return _field(key, test, names)


def _listed(test: Any) -> list[Any]:
    return test if isinstance(test, list) else [test]


def _whole(value: Any, names: Names) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    names.complain("condition", f"'{value}' is no whole number")
    return 0


# -- actions and clocks ------------------------------------------------------------------------------------------------


def _is_action(key: str, test: Any, names: Names) -> bool:
    if isinstance(test, dict):
        return set(test) == {"since"} or (set(test) == {"at_least"} and key not in names.fields)
    return test in ("done", "not_done")


def _action(key: str, test: Any, names: Names) -> Condition:
    if test in ("done", "not_done"):
        return Done(key, least=int(test == "done"))
    if "at_least" in test:
        return Done(key, least=_whole(test["at_least"], names))
    if str(test["since"]) not in names.actions:
        names.complain("unknown-action", f"'{test['since']}' is no action of this procedure")
    return Done(key, since=str(test["since"]))


def _is_clock(test: Any) -> bool:
    if isinstance(test, dict):
        return set(test) == {"left_under"}
    return all(isinstance(word, str) and word in CLOCK_WORDS for word in _listed(test))


def _clock(key: str, test: Any, names: Names) -> Condition:
    if not isinstance(test, dict):
        return ClockTest(key, words=frozenset(_listed(test)))
    share = str(test["left_under"]).removesuffix("%")
    if not share.isdecimal() or not 0 < int(share) <= 100:
        names.complain("condition", f"'{test['left_under']}' is no share of time such as 30%")
        return All(())
    return ClockTest(key, left_under=int(share) / 100)


# -- rows and children -------------------------------------------------------------------------------------------------


def _row_names(key: str, names: Names) -> Names:
    if key in names.children:
        return Names(dict.fromkeys(CHILD_WORDS), complain=names.complain)
    rows = getattr(names.fields.get(key), "rows", None)
    if not rows:
        names.complain("unknown-name", f"'{key}' is neither a child nor a list of rows")
    return Names(rows or {}, complain=names.complain)


def _row_test(key: str, operator: str, operand: Any, inner: Names, names: Names) -> Condition:
    if operator in ("some", "every", "last"):
        return RowTest(key, operator, parse(operand, inner))  # type: ignore[arg-type]  # narrowed by the line above
    if operator == "open" and operand in ("none", "some") and key in names.children:
        return Count(key, least=0 if operand == "none" else 1, most=0 if operand == "none" else None, open_only=True)
    if operator == "count" and isinstance(operand, dict) and operand and set(operand) <= {"at_least", "at_most"}:
        most = _whole(operand["at_most"], names) if "at_most" in operand else None
        return Count(key, least=_whole(operand.get("at_least", 0), names), most=most)
    names.complain(
        "condition",
        f"'{operator}: {operand}' is no test on '{key}'; use some, every, last, count or (of children) open",
    )
    return All(())


# -- fields ------------------------------------------------------------------------------------------------------------


def _field(key: str, test: Any, names: Names) -> Condition:
    if key not in names.fields:
        names.complain("unknown-name", f"'{key}' is no field, action, clock or child that can be tested with '{test}'")
    if key == "current" and isinstance(test, bool):
        return Current(key) if test else Not(Current(key))
    if test in ("filled", "empty"):
        return FieldTest(key, "filled" if test == "filled" else "empty")
    if isinstance(test, dict) and test:
        return _all([_operator(key, operator, operand, names) for operator, operand in test.items()])
    choices = getattr(names.fields.get(key), "choices", None)
    return FieldTest(key, "in", _known_values(key, test, choices or None, names))


def _operator(key: str, operator: str, operand: Any, names: Names) -> Condition:
    if operator == "is":
        return _field(key, operand, names)
    if operator == "current":
        return _current(key, operand, names)
    if operator in ("more_than", "at_least", "at_most"):
        _insist_ordered(key, names)
        number = isinstance(operand, int) and not isinstance(operand, bool)
        if not number or getattr(names.fields.get(key), "kind", "number") not in ("number", "money"):
            names.complain("condition", f"'{key}: {operator}: {operand}' compares what is no number")
    elif operator in ("same_as", "differs_from", "not_above"):
        if not isinstance(operand, str) or operand not in names.fields:
            names.complain("unknown-field", f"'{operand}' is no field of this procedure")
        elif operator == "not_above":
            _insist_ordered(key, names)
            _insist_ordered(operand, names)
    else:
        names.complain("condition", f"'{operator}' is no test on a field; one of {', '.join(sorted(FIELD_OPERATORS))}")
        return All(())
    return FieldTest(key, operator, operand)  # type: ignore[arg-type]  # one of the six above


def _current(key: str, operand: Any, names: Names) -> Condition:
    if key in names.fields and not getattr(names.fields[key], "about", "-"):
        names.complain("condition", f"'{key}' says of no text what it is about; only such a field can be current")
    return Not(Current(key)) if operand is False else Current(key)


def _insist_ordered(key: str, names: Names) -> None:
    if getattr(names.fields.get(key), "kind", "number") not in ORDERED:
        names.complain("condition", f"'{key}' has no order: compare numbers, amounts or dates")


def _known_values(key: str, test: Any, known: Collection[str] | None, names: Names) -> tuple[Any, ...]:
    values = tuple(_listed(test))
    for value in values:
        if isinstance(value, dict | list):
            names.complain("condition", f"'{value}' is no value of '{key}'")
        elif known is not None and value not in known:
            names.complain("unknown-value", f"'{value}' is not among the values of '{key}': {', '.join(sorted(known))}")
    return values


# -- looking into a condition ------------------------------------------------------------------------------------------


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
