"""Conditions: a field is compared with what it can hold, and every clock is seen by one of them."""

from collections.abc import Iterator, Mapping

from fadu.kernel.checks.reading import Reading, tests
from fadu.kernel.condition import ClockTest, Condition, FieldTest, RowTest, leaves
from fadu.kernel.definition import Field
from fadu.kernel.source import Fault

_COMPARED = {"yes_no": bool, "number": int, "money": int}  # choices are compared when the condition is read


def check(reading: Reading) -> Iterator[Fault]:
    for what, line, condition in reading.conditions:
        for advice in misfits(condition, reading.procedure.fields):
            yield reading.fault(line, "value-test", f"{what}: {advice}")
    yield from _unwatched(reading)


def misfits(condition: Condition, fields: Mapping[str, Field]) -> Iterator[str]:
    """Why the tests of a condition cannot be true of their fields."""
    for leaf in leaves(condition):
        if isinstance(leaf, RowTest) and leaf.name in fields:
            yield from misfits(leaf.of, fields[leaf.name].rows)
        if isinstance(leaf, FieldTest) and leaf.name in fields:
            yield from _misfit(leaf, fields[leaf.name])


def _misfit(test: FieldTest, field: Field) -> Iterator[str]:
    if test.operator != "in" or field.choices:
        return
    wanted = _COMPARED.get(field.kind)
    for value in test.operand:
        if wanted is None or type(value) is not wanted:
            yield f"'{field.key}' is a {field.kind} and cannot be '{value}'; test filled or empty"


def _unwatched(reading: Reading) -> Iterator[Fault]:
    """A deadline that no light, gate, letter or view looks at could pass unnoticed."""
    procedure = reading.procedure
    seen = {
        test.name for _, _, condition in reading.conditions for test in tests(condition) if isinstance(test, ClockTest)
    }
    seen |= reading.shown
    for clock in procedure.clocks.values():
        if clock.key not in seen and not clock.expires:
            advice = f"no light, gate, letter or view looks at clock '{clock.key}', so it could pass unnoticed; name it in a light"
            yield reading.fault(clock.line, "unwatched-clock", advice)
