"""Looking for other cases: what a `found` field asks with the values of its own case put in, and what answers it.

A comparison with a value that the case does not have finds nothing. Days compare by day, whatever the hour.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from fadu.kernel.definition import CASE, Found, Procedure
from fadu.kernel.law import Text
from fadu.kernel.state import State
from fadu.kernel.values import LONGEST_LIST, is_empty


@dataclass(frozen=True, slots=True)
class Test:
    """One test on a case looked for; `value` is what it is compared with (of `in` the values)."""

    name: str
    how: str
    value: Any


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. The case that asks never counts; `hopeless` when a value to compare with is missing."""

    found: Found
    case_id: int
    tests: tuple[Test, ...]

    @property
    def hopeless(self) -> bool:
        return any(is_empty(test.value) for test in self.tests)


class Surroundings(Protocol):
    """What lies outside a case: other cases, and the names of what it names."""

    def found(self, queries: Sequence[Query]) -> list[Any]: ...
    def named(self, kind: str, value: Any) -> Text: ...


def query(found: Found, case_id: int, data: Mapping[str, Any]) -> Query:
    """A question with the values of the case that asks."""
    own = {**data, CASE: data.get(CASE, case_id)}
    tests = (
        Test(test.name, test.how, test.operand if test.how == "in" else own.get(test.operand)) for test in found.where
    )
    return Query(found, case_id, tuple(tests))


# -- whether a case answers ----------------------------------------------------------------------------------------------


class Case(Protocol):
    """A case as it is looked at from another."""

    id: int
    procedure: Procedure
    state: State
    parent_id: int | None


def answers(asked: Query, case: Case) -> bool:
    """Whether a case is one of those looked for."""
    if case.id == asked.case_id or case.procedure.key != asked.found.procedure or not case.state.stage:
        return False
    return not asked.hopeless and all(_HOLDS[test.how](value_of(test.name, case), test.value) for test in asked.tests)


def value_of(name: str, case: Case) -> Any:
    """A field of a case, or what a case is found by beside its fields (OF_A_CASE)."""
    if name in case.procedure.fields:
        return case.state.data.get(name)
    known = {
        "stage": case.state.stage,
        "outcome": case.state.outcome,
        "open": not case.procedure.is_closed(case.state.stage),
        "unit": case.state.unit,
        "number": case.state.number,
        "case": case.id,
        "parent": case.parent_id,
    }
    return known.get(name)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(value: Any, own: Any) -> bool:
        days = (value[:10], own[:10]) if isinstance(value, str) and isinstance(own, str) else (value, own)
        return not is_empty(value) and compare(*days)

    return holds


_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "in": lambda value, wanted: value in wanted,
    "same_as": lambda value, own: own in listed(value),
    "differs_from": lambda value, own: not is_empty(value) and own not in listed(value),
    "shares": lambda value, own: any(item in listed(value) for item in listed(own)),
    "covers": lambda value, own: all(item in listed(value) for item in listed(own)),
    "not_after": _ordered(lambda value, own: value <= own),
    "not_before": _ordered(lambda value, own: value >= own),
}


# -- what is found --------------------------------------------------------------------------------------------------------


def nothing(found: Found) -> Any:
    """What is found when there is no such case."""
    return {"count": 0, "sum": 0, "cases": [], "values": []}.get(found.how)


def added(values: Iterable[Any]) -> int | float:
    """A sum without the dust of binary fractions."""
    total = round(sum(value for value in values if isinstance(value, int | float)), 6)
    return int(total) if total == int(total) else total


def gathered(asked: Query, cases: Sequence[tuple[int, Any]]) -> Any:
    """The answer from the cases found, each with the value of the field asked for."""
    if asked.found.how == "count":
        return len(cases)
    if asked.found.how == "sum":
        return added(value for _, value in cases)
    if asked.found.how == "cases":
        return sorted(case for case, _ in cases)[-LONGEST_LIST:]
    if asked.found.how == "values":
        return sorted({value for _, value in cases if not is_empty(value)})[:LONGEST_LIST]
    return max(cases, key=itemgetter(0))[1] if cases else None
