"""Cases, entries and clocks as plain JSON. Ids are strings: JavaScript would round them beyond 53 bits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from fadu.api.reader import Reader
from fadu.api.words import Json, both, cites, refusal
from fadu.cases import definitions
from fadu.cases.models import NEVER, Attachment, Case, Entry, Link
from fadu.cases.moments import local
from fadu.kernel import clock as reading
from fadu.kernel.decide import Choice
from fadu.kernel.definition import Clock, Procedure
from fadu.kernel.state import Run, State

_LIGHT_OF_STATUS = {
    "overdue": "red", "late": "red", "missed": "red",
    "met": "green", "kept": "green", "elapsed": "green",
}  # fmt: skip
SCARCE = 0.3  # below this share of its time a clock is yellow
_DAY = timedelta(days=1)


def row(reader: Reader, case: Case) -> Json:
    """A case as lists have it: its columns alone, nothing that needs its state."""
    procedure = definitions.procedure_of(case.definition_id)
    return {
        "id": str(case.pk),
        "number": case.number or None,
        "procedure": case.procedure,
        "title": case.title if procedure.shows.title in reader.shown(case) else None,
        "kind": case.kind or None,
        "stage": case.stage,
        "stage_title": both(procedure.stages[case.stage].title),
        "is_open": case.is_open,
        "outcome": case.outcome,
        "government": case.government_id,
        "unit": case.unit_id,
        "handling": case.handling_id,
        "turn": case.turn or None,
        "opened": _minute(case.opened),
        "closed": _minute(case.closed) if case.closed else None,
        "due": _due(case.due),
        "due_clock": case.due_clock or None,
        "provisional": case.provisional,
        "light": light(case, reader.at),
        "parent": str(case.parent_id) if case.parent_id else None,
        "seq": case.seq,
    }


def light(case: Case, at: datetime) -> str | None:
    """red, yellow, green or grey at a local moment, from the stored moments it turns; a closed case has none."""
    if not case.is_open:
        return None
    if case.grey:
        return "grey"
    for colour, turns in (("red", case.red_at), ("yellow", case.amber_at)):
        if turns is not None and local(turns) <= at:
            return colour
    return "green"


def _minute(moment: datetime) -> str:
    return local(moment).isoformat(timespec="minutes")


def _due(end: datetime) -> str | None:
    """The last day (it ends at 24:00), or the last moment; the column holds the first instant after it."""
    if end >= NEVER:
        return None
    moment = local(end)
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return (moment - _DAY).date().isoformat()
    return (moment - timedelta(microseconds=1)).isoformat(timespec="minutes")


def detail(reader: Reader, case: Case) -> Json:
    """A case with its values, clocks, children, links and documents; what may not be seen is named in `hidden`."""
    procedure, state = definitions.procedure_of(case.definition_id), State.from_json(case.state)
    return {
        **row(reader, case),
        "version": procedure.name,
        "head": case.head,
        "fields": reader.masked(case, state.data),
        "hidden": sorted(state.data.keys() - reader.shown(case)),
        "clocks": [clock(procedure.clocks[key], run, reader.at) for key, run in state.clocks.items()],
        "children": list(_children(procedure, state)),
        "links": _links(reader, case),
        "documents": _documents(reader, case),
    }


def clock(defined: Clock, run: Run, at: datetime) -> Json:
    status = reading.status_at(defined, run, at)
    share = reading.share_left(defined, run, at, definitions.calendar())
    running = "yellow" if share is not None and share < SCARCE else "green"
    return {
        "key": defined.key,
        "title": both(defined.title),
        "shape": defined.shape,
        "status": status,
        "light": running if status == "running" else _LIGHT_OF_STATUS.get(status, "grey"),
        "start": run.start,
        "due": run.due,
        "provisional": run.provisional,
        "share_left": None if share is None else round(share, 4),
        "holds": [list(hold) for hold in run.holds],
        "extended": run.extended,
        "ended": run.ended,
        "cites": cites(defined.cites),
    }


def _children(procedure: Procedure, state: State) -> Iterator[Json]:
    """What the parent's own ledger knows of each."""
    for child in state.children:
        defined = procedure.children.get(child.key)
        title = both(defined.title) if defined else None
        yield {"id": str(child.id), "key": child.key, "title": title, "is_open": child.open, "outcome": child.outcome}


def _links(reader: Reader, case: Case) -> list[Json]:
    """The cases linked to this one that the reader may see."""
    found = list(Link.objects.filter(case=case).values_list("kind", "other"))
    in_sight = (
        set(reader.cases.filter(pk__in=[other for _, other in found]).values_list("pk", flat=True)) if found else ()
    )
    return [{"kind": kind, "id": str(other)} for kind, other in found if other in in_sight]


def _documents(reader: Reader, case: Case) -> list[Json]:
    shown = reader.shown(case)
    rows = Attachment.objects.filter(case=case).select_related("file").order_by("seq", "pk")
    return [
        {
            "sha256": item.file_id,
            "name": item.name,
            "size": item.file.size,
            "type": item.file.media_type,
            "field": item.field,
            "entry": item.seq,
        }
        for item in rows
        if item.field in shown
    ]


def entry(reader: Reader, case: Case, found: Entry) -> Json:
    """A ledger line. Its digest is over the whole line, also where values are left out here."""
    body: dict[str, Any] = found.content
    procedure = definitions.procedure_of(case.definition_id)
    action = procedure.actions.get(found.action)
    told = {key: body[key] for key in _TOLD if key in body}
    if "data" in body:
        told["data"] = reader.masked(case, body["data"])
        told["hidden"] = sorted(body["data"].keys() - reader.shown(case))
    return {
        "seq": found.seq,
        "action": found.action,
        "title": both(action.title) if action else None,
        "actor": _actor(found),
        "day": body["day"],
        "recorded_at": body["at"],
        **told,
        "digest": found.digest,
        "algorithm": found.algorithm,
    }


_TOLD = (
    "as", "for", "from", "to", "outcome", "number", "overrides", "letters", "opened", "told", "child", "clocks",
    "closed", "voids", "reason",
)  # fmt: skip


def _actor(found: Entry) -> Json | None:
    return {"id": str(found.actor_id), "name": found.actor.name} if found.actor else None


def choice(procedure: Procedure, found: Choice) -> Json:
    """An action as a button would show it."""
    action = found.action
    return {
        "action": action.key,
        "title": both(action.title),
        "allowed": found.allowed,
        "refusals": [refusal(item) for item in found.refusals],
        "takes": [{"field": item.field, "optional": item.optional} for item in action.takes],
        "outcomes": list(action.outcomes),
        "schema": f"{procedure.key}.{action.key}",
        "cites": cites(action.cites),
    }
