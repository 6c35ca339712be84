"""The milestones of a case: set once along its way, and reported with what was reached by then."""

from datetime import date, datetime
from typing import Any

from fadu.replay.timing import Timing
from fadu.replay.words import Words

_WAYS = ((0.3, 30), (0.65, 40), (0.97, 30))  # share of the way, weight


class Milestones:
    """Three of them; `at` a moment those whose day has come are reached, but the last of these when it is behind."""

    def __init__(self, time: Timing, words: Words) -> None:
        self.time, self.words, self.rows = time, words, list[dict[str, Any]]()

    def at(self, moment: datetime, *, behind: bool) -> list[dict[str, Any]]:
        self.rows = self.rows or [self._row(share, weight, place) for place, (share, weight) in enumerate(_WAYS)]
        reached = [row for row in self.rows if row["due"] <= moment.date().isoformat()]
        for row in reached[:-1] if behind else reached:
            row.setdefault("reached_on", min(row["due"], moment.date().isoformat()))
        return [dict(row) for row in self.rows]

    def _row(self, share: float, weight: int, place: int) -> dict[str, Any]:
        day: date = self.time.on_the_way(share).date()
        return {"name": self.words.banks["milestones"][place], "weight": weight, "due": day.isoformat()}
