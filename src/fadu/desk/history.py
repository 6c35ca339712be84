"""What a case held before each entry, read from the entries alone: values, clocks, stage, which entries were voided."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fadu.desk.certificate import STATES
from fadu.kernel.definition import Procedure
from fadu.words import day, minute, say, t

Body = Mapping[str, Any]


@dataclass
class Known:
    """A case as far as its entries have been read; a rectification says anew what it holds."""

    data: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, Body] = field(default_factory=dict)
    stage: str = ""

    def after(self, body: Body) -> "Known":
        restored = body.get("state")
        if restored:
            return Known(dict(restored["data"]), dict(restored["clocks"]), restored["stage"])
        return Known(
            {**self.data, **body.get("data", {})},
            {**self.clocks, **body.get("clocks", {})},
            body.get("to", self.stage),
        )


def voided(bodies: Iterable[Body]) -> dict[int, Body]:
    """The number of each voided entry, with the entry that voids it."""
    return {body["voids"]: body for body in bodies if body.get("voids")}


def terms_moved(procedure: Procedure, before: Known, after: Known) -> Iterator[tuple[str, str, str]]:
    """Title, former and present state of every clock an entry moved: `“办结”期限`, `10月22日到期`, `10月23日到期`."""
    for key, clock in procedure.clocks.items():
        former, present = (_run(known.clocks.get(key)) for known in (before, after))
        if former != present:
            yield t("“{term}”期限 | Term '{term}'", term=say(clock.title)), former, present


def _run(run: Body | None) -> str:
    """A run in words, as entries store it: only what differs from a fresh one."""
    if run is None:
        return t("未起算 | not begun")
    holds, status = run.get("holds") or (), run.get("status", "open")
    if status != "open" or (holds and holds[-1][1] is None):
        return t(STATES["paused" if status == "open" else status][1])
    words = t("{day}到期 | due {day}", day=_due(run["due"]))
    return words + t("（暂定） |  (provisional)") if run.get("provisional") else words


def _due(due: str) -> str:
    return day(date.fromisoformat(due)) if len(due) == 10 else minute(datetime.fromisoformat(due))
