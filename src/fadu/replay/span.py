"""Ranges to draw from, as courses write them, and what a scene fixes beforehand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

_RANGE = re.compile(r"\+?(-?[\d.]+)\.\.(-?[\d.]+)(?: (\w+))?\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of times to draw from: a share of the way, or a number of workdays, hours or minutes."""

    low: float
    high: float
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> "Span":
        found = _RANGE.match(text)
        if not found:
            raise ValueError(f"'{text}' is no range; write '0..2 workdays' or '0.5..0.9'")
        return cls(float(found[1]), float(found[2]), found[3] or "")

    def draw(self, rng: Random) -> int:
        return rng.randint(int(self.low), int(self.high))

    def uniform(self, rng: Random) -> float:
        return rng.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a scene fixes: people, units, the title, the kind, the due date or the day it is opened."""

    opens: datetime
    due: date | datetime | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
