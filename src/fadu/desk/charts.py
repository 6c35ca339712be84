"""Small bar charts as SVG: where each bar stands and how high it is; the numbers stand in a table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 120.0, 40.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    is_last: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One series. `words` say what the picture shows to who does not see it."""

    title: str
    now: str
    words: str
    bars: tuple[Bar, ...]
    axis: tuple[str, str]  # below its first and its last bar


def bars(values: Sequence[int], highest: int) -> tuple[Bar, ...]:
    """Bars on one scale; the least that is something can still be seen."""
    step = WIDTH / max(len(values), 1)
    heights = [max(round(HEIGHT * value / highest, 1), 1.0) if value else 0.0 for value in values] if highest else []
    return tuple(
        Bar(round(step * n + 0.5, 1), round(HEIGHT - height, 1), round(step - 1, 1), height, n == len(values) - 1)
        for n, height in enumerate(heights or [0.0] * len(values))
    )


def share(part: int, whole: int) -> float:
    """Per cent of a bar's length; what is something is not nothing."""
    return max(round(100 * part / whole, 1), 0.5) if part and whole else 0.0
