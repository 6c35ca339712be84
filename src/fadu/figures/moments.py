"""Which cases a period holds: by an action done in it, by their opening or closing, or in hand at one of its ends."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from fadu.cases.models import Case, Entry
from fadu.cases.moments import now, stored
from fadu.figures.span import Span
from fadu.figures.sql import filled
from fadu.kernel.definition import Procedure
from fadu.kernel.figure import Figure
from fadu.kernel.perform import RECTIFY
from fadu.kernel.state import State, fold

CARRIED = ("carried_in", "carried_out")


def read_at(figure: Figure, span: Span) -> tuple[datetime, bool]:
    """The local moment at which a figure reads its cases, and whether cases may have moved on since.

    What is carried over an end of the period is read at that end, everything else as it stands now.
    """
    present = now()
    end = {"carried_in": span.start, "carried_out": span.end}.get(figure.over, present)
    return min(end, present), end < present


def falling(figure: Figure, span: Span, procedure: Procedure) -> Q:
    """The cases whose moment (not: carried) lies in the period."""
    if figure.over_action:
        return done_in(procedure.key, figure.over, span)
    if figure.over == "begun" and figure.begins:
        return begun_in(figure, span, procedure)
    column = "closed" if figure.over == "closed" else "opened"
    return Q(**{f"{column}__gte": stored(span.start), f"{column}__lt": stored(span.end)})


def done_in(procedure: str, action: str, span: Span) -> Q:
    """The cases in which an action was done in the period, at least once and not voided."""
    done = Entry.objects.filter(
        procedure=procedure, action=action, day__gte=stored(span.start), day__lt=stored(span.end)
    )
    return Q(pk__in=standing_entries(done).values("case_id"))


def standing_entries(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Without those a rectification voided; it always voids the entry right before it."""
    voiding = Entry.objects.filter(case=OuterRef("case"), seq=OuterRef("seq") + 1, action=RECTIFY)
    return entries.filter(~Exists(voiding))


def begun_in(figure: Figure, span: Span, procedure: Procedure) -> Q:
    if figure.begins not in procedure.fields:
        return done_in(procedure.key, figure.begins, span)
    path = f"state__data__{figure.begins}"
    return filled(figure.begins) & Q(**{f"{path}__gte": _text(span.start), f"{path}__lt": _text(span.end)})


def _text(at: datetime) -> str:
    return at.date().isoformat()


# -- in hand at a moment -----------------------------------------------------------------------------------------------


def in_hand_now(figure: Figure, procedure: Procedure) -> Q:
    q = Q(is_open=True)
    if figure.begins in procedure.fields:
        return q & filled(figure.begins)
    return q & Q(**{f"state__done__{figure.begins}__isnull": False}) if figure.begins else q


def unmoved(figure: Figure, procedure: Procedure, at: datetime) -> Q:
    """In hand at a past moment, with nothing entered since: they stand as they stood."""
    began = Q(opened__lt=stored(at))
    if figure.begins in procedure.fields:
        began &= Q(**{f"state__data__{figure.begins}__lt": _text(at)})
    return in_hand_now(figure, procedure) & began & Q(~Exists(_since(at)))


def moved(at: datetime) -> Q:
    """The cases that may have been in hand at a past moment and have entries since: to be folded up to it."""
    maybe = Q(is_open=True) | Q(closed__gte=stored(at)) | Q(closed__isnull=True)
    return Q(opened__lt=stored(at)) & maybe & Q(Exists(_since(at)))


def _since(at: datetime) -> Any:
    return Entry.objects.filter(case=OuterRef("pk"), day__gte=stored(at))


def states_at(cases: "QuerySet[Case]", at: datetime) -> Iterator[tuple[int, State]]:
    """Each case folded from its entries of legal days before a moment, without the voided ones.

    Of later entries only rectifications are read: they may void an earlier one.
    """
    entries = (
        Entry.objects.filter(Q(day__lt=stored(at)) | Q(action=RECTIFY), case_id__in=cases.order_by().values("pk"))
        .annotate(is_late=Q(day__gte=stored(at)))
        .order_by("case_id", "seq")
    )
    rows = entries.values_list("case_id", "seq", "action", "is_late", "body").iterator(chunk_size=2000)
    for case_id, group in groupby(rows, lambda row: row[0]):
        lines = list(group)
        voided = {seq - gap for _, seq, action, *_ in lines if action == RECTIFY for gap in (0, 1)}
        bodies = [json.loads(body) for _, seq, _, is_late, body in lines if not is_late and seq not in voided]
        if bodies:
            yield case_id, fold(bodies)


def was_in_hand(figure: Figure, procedure: Procedure, state: State, at: datetime) -> bool:
    """Whether a folded case was in hand at the moment it was folded to."""
    if procedure.is_closed(state.stage):
        return False
    if figure.begins in procedure.fields:
        return "" < str(state.data.get(figure.begins) or "") < _text(at)
    return not figure.begins or figure.begins in state.done
