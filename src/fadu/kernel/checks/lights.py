"""Lights: grey, red, yellow, green in that order, by tests whose turning moment can be computed in advance.

A list of millions is filtered by light through stored moments, so a light may wait for a clock to run out or run short,
but not for one to be negated.
"""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading, tests
from fadu.kernel.condition import AnyOf, ClockTest, Condition, Not
from fadu.kernel.definition import Light
from fadu.kernel.source import Fault

ORDER = ("grey", "red", "yellow", "green")
_TURNS_WITH_TIME = {"running", "elapsed", "missed"}


def check(reading: Reading) -> Iterator[Fault]:
    lights, line = reading.procedure.lights, reading.line_of("lights")
    colours = [light.colour for light in lights]
    for light in lights:
        if light.colour not in ORDER:
            yield reading.fault(
                _line(reading, light), "lights", f"'{light.colour}' is no light; one of {', '.join(ORDER)}"
            )
        yield from _computable(reading, light)
    if lights and [colour for colour in ORDER if colour in colours] != colours:
        yield reading.fault(
            line, "lights", f"the lights stand in the order {', '.join(ORDER)}; the first that holds wins"
        )
    if lights and (lights[-1].when is not None or colours[-1] != "green"):
        yield reading.fault(line, "lights", "the last light is 'green: otherwise'")
    yield from _main_clocks(reading)


def _line(reading: Reading, light: Light) -> int:
    return reading.line_of("lights", light.colour)


def _computable(reading: Reading, light: Light) -> Iterator[Fault]:
    if light.when is None:
        if light.colour != "green":
            yield reading.fault(
                _line(reading, light), "lights", f"'{light.colour}' needs a condition; only green is otherwise"
            )
        return
    if _negates_a_clock(light.when):
        yield reading.fault(
            _line(reading, light), "lights", f"'{light.colour}' negates a clock; say what makes it shine"
        )
    for test in tests(light.when):
        if not isinstance(test, ClockTest):
            continue
        if test.words & _TURNS_WITH_TIME:
            words = ", ".join(sorted(test.words & _TURNS_WITH_TIME))
            advice = f"'{light.colour}' waits for '{test.name}: {words}'; a light tests overdue or left_under"
            yield reading.fault(_line(reading, light), "lights", advice)
        if light.colour == "grey" and (test.left_under or "overdue" in test.words):
            yield reading.fault(
                _line(reading, light), "lights", "grey means standing still; it cannot wait for a clock"
            )


def _negates_a_clock(condition: Condition) -> bool:
    if isinstance(condition, Not):
        return any(isinstance(test, ClockTest) for test in tests(condition.part))
    return any(_negates_a_clock(part) for part in getattr(condition, "parts", ()))


def _main_clocks(reading: Reading) -> Iterator[Fault]:
    """The clock a list shows is the clock that turns red."""
    if reading.procedure.shows.due and "yellow" not in [light.colour for light in reading.procedure.lights]:
        yield reading.fault(reading.line_of("lights"), "lights", "no yellow light warns before the due date is past")
    red = next((light for light in reading.procedure.lights if light.colour == "red"), None)
    shown = set(_any_of(red.when)) if red is not None and red.when is not None else set()
    for key in reading.procedure.shows.due:
        if key not in shown:
            advice = f"clock '{key}' is shown as the due date, but red does not shine when it is overdue"
            yield reading.fault(reading.line_of("lights"), "lights", advice)


def _any_of(condition: Condition) -> Iterator[str]:
    for part in condition.parts if isinstance(condition, AnyOf) else (condition,):
        if isinstance(part, ClockTest) and "overdue" in part.words:
            yield part.name
