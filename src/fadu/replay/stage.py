"""Performing scripts: many families at once, deed by deed in the order of their legal moments, batch by batch.

So numbers run in the order of days, and what the clock owes is done before the deed that finds it owed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice

from fadu.cases.bulk import BulkDocket
from fadu.cases.projection import GRACE
from fadu.kernel import perform
from fadu.kernel.decide import Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.perform import Deed, Folder
from fadu.kernel.refusal import Refused
from fadu.replay.cast import Cast
from fadu.replay.picks import Picks
from fadu.replay.script import Holder, Script, Step

BATCH = 500  # families: some 6,000 entries in 30 MB


class Unplayable(Exception):
    """A script that the law refuses: says the step and the reason. A fault of the course, not of the data."""


@dataclass(slots=True)
class _Play:
    script: Script
    place: int = 0
    root: Folder | None = None
    led: list[Folder] = field(default_factory=list)  # the cases it led to


def play(
    docket: BulkDocket,
    cast: Cast,
    scripts: Iterable[Script],
    now: datetime,
    tell: Callable[[int], None],
    size: int = BATCH,
) -> int:
    """Perform every step up to `now`, `size` families a batch; the number of families. `tell` hears how many so far."""
    begun = 0
    feed = iter(scripts)
    while batch := list(islice(feed, size)):
        with docket.batch():
            for done in _play_batch(docket, cast, batch, now):
                tell(begun + done)
        begun += len(batch)
    return begun


def _play_batch(docket: BulkDocket, cast: Cast, batch: list[Script], now: datetime) -> Iterator[int]:
    plays, picks = [_Play(script) for script in batch], Picks(docket, cast.rng)
    queue = [(play.script.steps[0].at, number) for number, play in enumerate(plays)]
    queue.sort()
    begun = 0
    while queue and queue[0][0] <= now:
        _, number = heappop(queue)
        play = plays[number]
        if play.place == 0:
            begun += 1
            yield begun
        _do(docket, cast, play, picks)
        if play.place < len(play.script.steps):
            heappush(queue, (play.script.steps[play.place].at, number))
    _settle(docket, now)


def _settle(docket: BulkDocket, now: datetime) -> None:
    """What the clock still owes at the end."""
    docket.person_id = None
    for held in list(docket.held.values()):
        if held.folder.procedure.can_expire:
            perform.tick(docket, docket.calendar, held.folder.id, now, GRACE)


def _do(docket: BulkDocket, cast: Cast, play: _Play, picks: Picks) -> None:
    step, known = play.script.steps[play.place], len(docket.held)
    play.place += 1
    try:
        if play.root is None:
            play.root = _opened(docket, cast, play.script, step, picks)
        else:
            _tick(docket, play.root, step.at)  # it may open the child that the deed is done in
            folder = _target(docket, play.root, play.led, step)
            if folder is not None:
                _performed(docket, cast, folder, step, picks)
        begun = [held.folder for held in islice(reversed(docket.held.values()), len(docket.held) - known)]
        play.led += [one for one in reversed(begun) if one.parent_id is None and one is not play.root]
    except Refused as refused:
        if step.maybe:
            return
        reasons = "; ".join(f"{refusal.field or refusal.gate}: {refusal.text.en}" for refusal in refused.refusals)
        where = f"{play.script.procedure}.{step.action} of {step.at:%Y-%m-%d %H:%M} by {step.by}"
        raise Unplayable(f"{where}: {reasons}") from refused


def _opened(docket: BulkDocket, cast: Cast, script: Script, step: Step, picks: Picks) -> Folder:
    actor, docket.person_id = cast.actor(str(step.by))
    procedure = docket.find(script.procedure, step.at.date().isoformat())
    root = perform.open_case(
        docket, docket.calendar, procedure, _deed(actor, step, picks), _office(actor, procedure) or script.unit
    )
    if script.name:
        picks.names[script.name] = root.id
    return root


def _performed(docket: BulkDocket, cast: Cast, folder: Folder, step: Step, picks: Picks) -> None:
    _tick(docket, folder, step.at)
    actor, docket.person_id = cast.actor(_username(cast, folder, step.by))
    perform.perform(docket, docket.calendar, folder.id, _deed(actor, step, picks))


def _tick(docket: BulkDocket, folder: Folder, at: datetime) -> None:
    if folder.procedure.can_expire:
        docket.person_id = None
        perform.tick(docket, docket.calendar, folder.id, at, GRACE)


def _deed(actor: Actor, step: Step, picks: Picks) -> Deed:
    data = picks.filled(step.data, step.at)
    return Deed.of(actor, step.action, step.at.isoformat(timespec="minutes"), data, overrides=step.because)


def _username(cast: Cast, folder: Folder, by: str | Holder) -> str:
    return by if isinstance(by, str) else cast.anyone(by.role, folder.state.data[by.field], cast.rng)


def _office(actor: Actor, procedure: Procedure) -> str:
    """The unit in whose post a case is opened."""
    roles = {who.name for who in procedure.opening.by}
    return next((unit for role, unit in sorted(actor.posts) if role in roles), "")


def _target(docket: BulkDocket, root: Folder, led: list[Folder], step: Step) -> Folder | None:
    """The case a step is done in; None when there is no such one."""
    if step.child is None:
        return root
    key, place = step.child
    found = [docket.get(child.id) for child in root.state.children if child.key == key]
    found += [one for one in led if one.procedure.key == key]
    return found[place] if place < len(found) else None
