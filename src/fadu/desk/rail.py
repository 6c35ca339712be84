"""The stages of a case as a line: where it has been, where it is, where it usually goes.

A procedure is a graph; people think of it as a road. The road is the longest way from the start to an end that
passes no stage twice, in the order the definition lists its stages; detours (退回, 中止) are shown once they happen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fadu.kernel.definition import ANY, START, Procedure
from fadu.words import say


@dataclass(frozen=True, slots=True)
class Stop:
    """One stage on the rail. `day` (ISO) is when the case last came there; `state` is done, now or ahead."""

    title: str
    state: str
    day: str


@dataclass(frozen=True, slots=True)
class Rail:
    stops: tuple[Stop, ...]

    @property
    def position(self) -> int:
        return next((n for n, stop in enumerate(self.stops, 1) if stop.state == "now"), len(self.stops))

    @property
    def current(self) -> Stop:
        return self.stops[self.position - 1]


def rail(procedure: Procedure, stage: str, moves: Iterable[tuple[str, str]]) -> Rail:
    """`moves` are the (stage, legal day) pairs of the entries that changed the stage, oldest first."""
    trail = list(moves)
    visited = dict(trail)
    # A rectified entry leads back without a move of its own, so the present stage is always the end of the trail.
    shown = _with_detours(procedure, [*(key for key, _ in trail), stage])
    if procedure.is_closed(stage):
        shown = [key for key in shown if key in visited]
    here = shown.index(stage)
    return Rail(tuple(_stop(procedure, key, n - here, visited) for n, key in enumerate(shown)))


def _with_detours(procedure: Procedure, trail: list[str]) -> list[str]:
    """The road, and each detour behind the stage from which it was taken."""
    shown = [key for key in procedure.stages if key in road(procedure)]
    for before, key in zip(["", *trail], trail, strict=False):
        if key not in shown:
            shown.insert(shown.index(before) + 1 if before in shown else 0, key)
    return shown


def _stop(procedure: Procedure, key: str, offset: int, visited: Mapping[str, str]) -> Stop:
    # A case sent back stands before stages it has already seen; those lie ahead again.
    state = "now" if offset == 0 else "done" if offset < 0 and key in visited else "ahead"
    return Stop(say(procedure.stages[key].title), state, visited.get(key, "") if state != "ahead" else "")


def road(procedure: Procedure) -> frozenset[str]:
    """The stages of the longest way to an end without a repetition."""
    return _road(_ways(procedure), tuple(procedure.ends_in))


def _ways(procedure: Procedure) -> tuple[tuple[str, tuple[str, ...]], ...]:
    ways: dict[str, list[str]] = {}
    for action in procedure.actions.values():
        for source in action.sources:
            if source != ANY and not action.by_clock:
                ways.setdefault(source, []).extend(to for to in action.targets() if to in procedure.stages)
    return tuple((source, tuple(dict.fromkeys(targets))) for source, targets in ways.items())


@lru_cache(maxsize=256)
def _road(ways: tuple[tuple[str, tuple[str, ...]], ...], ends: tuple[str, ...]) -> frozenset[str]:
    following = dict(ways)
    best: tuple[str, ...] = ()
    trails: list[tuple[str, ...]] = [(stage,) for stage in following.get(START, ())]
    looked_at = 0
    while trails and looked_at < 20_000:  # a drawn graph has a few dozen ways; the limit is against a pathological one
        looked_at += 1
        trail = trails.pop()
        if trail[-1] in ends:
            best = max(best, trail, key=len)
            continue
        trails.extend((*trail, stage) for stage in following.get(trail[-1], ()) if stage not in trail)
    return frozenset(best)
