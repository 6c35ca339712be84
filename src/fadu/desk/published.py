"""Publishing a figure, and what was published: the frozen list beside what is counted now."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from fadu.cases import listing
from fadu.desk import figures as pages
from fadu.desk.asked import line
from fadu.desk.corrections import moved
from fadu.desk.ledger import pager
from fadu.desk.reader import Reader, reader
from fadu.desk.rows import rows
from fadu.figures import present
from fadu.figures import publish as publishing
from fadu.figures.declared import UnknownFigure, find
from fadu.figures.models import Snapshot
from fadu.figures.span import Span
from fadu.kernel.figure import Figure
from fadu.words import say, t

LONGEST_NOTE = 500


@login_required
@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Freezes the figure of the whole office for the period that was shown."""
    figure, span = _figure(key), pages.span_of(request.POST)
    if not publishing.may_publish(reader(request).person, figure):
        raise PermissionDenied
    note = line(request.POST, "note", LONGEST_NOTE, optional=True)
    error = note.error
    if not error:
        try:
            snapshot = publishing.publish(figure, span, reader(request).person, note.value)
        except publishing.NotPublishable as fault:
            error = say(fault.text)
    if error:
        context = pages.figure(reader(request), key, request.POST)
        return render(request, "desk/figure.html", {**context, "note": note.value, "fault": error}, status=422)
    shown = present.shown(figure, snapshot.value["value"])
    messages.success(
        request, t("已公布：{title} {value} | Published: {title} {value}", title=say(figure.title), value=shown)
    )
    return redirect("snapshot", key, snapshot.pk)


@login_required
@require_GET
def snapshot(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """What was published: its value, its digest, the cases it counted, and what a count today says differently."""
    figure = _figure(key)
    found = get_object_or_404(Snapshot.objects.select_related("published_by"), figure=key, pk=pk)
    return render(request, "desk/snapshot.html", _frozen(reader(request), figure, found, request.GET))


def _frozen(reader: Reader, figure: Figure, found: Snapshot, params: Any) -> dict[str, Any]:
    cases = reader.cases.filter(pk__in=found.lines.values("case"))
    page = listing.page(cases, after=params.get("after", ""), before=params.get("before", ""))
    heads = dict(found.lines.filter(case__in=page.rows).values_list("case", "head"))
    line = present.compared(figure, found, publishing.difference(found))
    span = Span.parse(found.period)
    return {
        "title": say(figure.title),
        "unit": say(figure.unit),
        "period": say(span.text),
        "url": pages.link(key=figure.key, query={"period": found.period}),
        "one": line,
        "moved": moved(reader, line),
        "is_intact": publishing.is_intact(found),
        "records": found.records,
        "hidden": found.records - cases.count(),
        "rows": [(row, heads[row.id]) for row in rows(reader, page.rows)],
        "pager": pager(page, params) if page.after or page.before else None,
    }


def _figure(key: str) -> Figure:
    try:
        return find(key)
    except UnknownFigure:
        raise Http404(key) from None
