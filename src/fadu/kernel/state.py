"""Where a case stands: a projection of its entries, folded one entry at a time.

An entry says everything it changes, so folding needs neither the definition nor a calendar, and the same state
comes out on any machine in any year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

Body = Mapping[str, Any]  # one entry as written in the ledger, see docs/ledger.md
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an action was done, its first and last occurrence (entry number, legal moment), and by whom."""

    times: int
    first: int
    last: int
    day: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock. `due` is a date (24:00 of that day) or a moment; `holds` are pauses [from, to or None]."""

    start: str
    seq: int
    due: str
    provisional: bool = False
    status: str = "open"  # open, met, late, void, kept, missed
    holds: tuple[tuple[str, str | None], ...] = ()
    extended: int = 0
    ended: str | None = None
    period_start: str | None = None  # of a recurring clock: the end of the previous period
    round: int = 1  # of a recurring clock: which period runs
    fired: bool = False  # its action by the clock was done
    late_before: int = 0  # how many earlier runs ended late

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_held(self) -> bool:
        return self.is_open and bool(self.holds) and self.holds[-1][1] is None


@dataclass(frozen=True, slots=True)
class ChildState:
    """What a parent knows of a child: only what the child wrote into the parent's ledger."""

    key: str
    id: int
    open: bool = True
    outcome: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A case after its last entry. `set_by` names who set each value; `about` binds a value to a text's digest."""

    seq: int = 0
    day: str = ""
    stage: str = ""
    previous: str = ""
    outcome: str | None = None
    outcome_seq: int = 0
    closed_seq: int = 0
    number: str = ""
    unit: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    set_by: Mapping[str, str] = field(default_factory=dict)
    set_seq: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, Tally] = field(default_factory=dict)
    clocks: Mapping[str, Run] = field(default_factory=dict)
    children: tuple[ChildState, ...] = ()

    def to_json(self) -> Json:
        """A plain mapping; equal states give equal mappings."""
        return {
            "seq": self.seq,
            "day": self.day,
            "stage": self.stage,
            "previous": self.previous,
            "outcome": self.outcome,
            "outcome_seq": self.outcome_seq,
            "closed_seq": self.closed_seq,
            "number": self.number,
            "unit": self.unit,
            "data": dict(self.data),
            "set_by": dict(self.set_by),
            "set_seq": dict(self.set_seq),
            "about": dict(self.about),
            "done": {key: [t.times, t.first, t.last, t.day, list(t.by)] for key, t in self.done.items()},
            "clocks": {key: run_to_json(run) for key, run in self.clocks.items()},
            "children": [[c.key, c.id, c.open, c.outcome, c.about] for c in self.children],
        }

    @classmethod
    def from_json(cls, raw: Json) -> "State":
        return cls(
            **{
                **raw,
                "done": {key: Tally(t[0], t[1], t[2], t[3], tuple(t[4])) for key, t in raw["done"].items()},
                "clocks": {key: run_from_json(run) for key, run in raw["clocks"].items()},
                "children": tuple(ChildState(*child) for child in raw["children"]),
            }
        )


_RUN_DEFAULTS = {item.name: item.default for item in fields(Run)}


def run_to_json(run: Run) -> Json:
    """Only what differs from a fresh run, to keep entries short."""
    pairs = ((key, getattr(run, key), default) for key, default in _RUN_DEFAULTS.items())
    found = {key: value for key, value, default in pairs if value != default}
    if run.holds:
        found["holds"] = [list(hold) for hold in run.holds]
    return found


def run_from_json(raw: Json) -> Run:
    if "holds" not in raw:
        return Run(**raw)
    return Run(**{**raw, "holds": tuple((hold[0], hold[1]) for hold in raw["holds"])})


def evolve(state: State, body: Body) -> State:
    """The state after one more entry. Total: any entry that `decide` wrote can be folded."""
    if "state" in body:  # a rectification states what the case is without the entry it voids
        return State.from_json(body["state"])
    seq: int = body["seq"]
    principal: str = body.get("for") or body["by"]
    moved = "to" in body and body["to"] != state.stage
    data = body.get("data", {})
    setters = body.get("setters", {})
    outcome, outcome_seq = (body["outcome"], seq) if "outcome" in body else (state.outcome, state.outcome_seq)
    return State(
        seq=seq,
        day=body["day"],
        stage=body.get("to", state.stage),
        previous=state.stage if moved else state.previous,
        outcome=outcome,
        outcome_seq=outcome_seq,
        closed_seq=body.get("closed", state.closed_seq),
        number=body.get("number", state.number),
        unit=body.get("unit", state.unit),
        data=laid_over(state.data, data) if data else state.data,
        set_by={**state.set_by, **{key: setters.get(key, principal) for key in data}} if data else state.set_by,
        set_seq={**state.set_seq, **dict.fromkeys(data, seq)} if data else state.set_seq,
        about={**state.about, **body["about"]} if "about" in body else state.about,
        done={**state.done, body["action"]: _tally(state.done.get(body["action"]), body, principal)},
        clocks=_clocks(state.clocks, body.get("clocks")),
        children=_children(state.children, body),
    )


def laid_over(data: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values with others laid over them; one of None takes away what was there."""
    whole = {**data, **more}
    return {key: value for key, value in whole.items() if value is not None} if None in more.values() else whole


def _tally(before: Tally | None, body: Body, principal: str) -> Tally:
    """Whoever recorded a deed for a leader counts among those who did it, beside the leader."""
    seq, day = body["seq"], body["day"]
    persons = tuple(dict.fromkeys((*(before.by if before else ()), principal, body["by"])))
    if before is None:
        return Tally(1, seq, seq, day, persons)
    return Tally(before.times + 1, before.first, seq, day, persons)


def _clocks(before: Mapping[str, Run], changed: Mapping[str, Json] | None) -> Mapping[str, Run]:
    if not changed:
        return before
    return {**before, **{key: run_from_json(run) for key, run in changed.items()}}


def with_clocks(state: State, runs: Mapping[str, Run]) -> State:
    """The state with some runs replaced."""
    return replace(state, clocks={**state.clocks, **runs})


def _children(before: tuple[ChildState, ...], body: Body) -> tuple[ChildState, ...]:
    opened = tuple(ChildState(child["key"], child["id"], about=child.get("about")) for child in body.get("opened", ()))
    told = {child["id"]: child for child in body.get("told", ())}
    if "child" in body:
        told[body["child"]["id"]] = body["child"]
    if told:
        before = tuple(_told(child, told[child.id]) if child.id in told else child for child in before)
    return before + opened


def _told(child: ChildState, news: Json) -> ChildState:
    return replace(
        child,
        open=news.get("open", child.open),
        outcome=news.get("outcome", child.outcome) if "outcome" in news else child.outcome,
        about=news.get("about", child.about),
    )


def fold(bodies: Iterable[Body]) -> State:
    """The state after many entries."""
    state = State()
    for body in bodies:
        state = evolve(state, body)
    return state
