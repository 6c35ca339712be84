"""What the auditor reads, and nobody writes: administrative acts, sign-ins, exports."""

from datetime import date, datetime, time
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from fadu.administration.acts import ACTS
from fadu.administration.models import AdministrationEntry
from fadu.cases import definitions
from fadu.desk.administration.doors import door
from fadu.desk.administration.history import lines
from fadu.desk.administration.paging import listing
from fadu.desk.administration.tables import SHEETS
from fadu.exchange.models import ExportRecord
from fadu.units.models import SignIn
from fadu.units.roles import AUDIT_ADMIN
from fadu.words import say

R = TypeVar("R", bound=Model)


@door("read", AUDIT_ADMIN)
def acts(request: HttpRequest) -> HttpResponse:
    """Every administrative act, the newest first."""
    params = request.GET
    rows = _between(AdministrationEntry.objects.select_related("by"), params)
    if params.get("act", "") in ACTS:
        rows = rows.filter(act=params["act"])
    if who := params.get("who", "").strip():
        rows = rows.filter(Q(by__username__icontains=who) | Q(by__name__icontains=who))
    if what := params.get("what", "").strip():
        rows = rows.filter(subject__icontains=what)
    found = listing(rows, "-seq", params)
    context = {
        "lines": list(lines(found.rows)),
        "pager": found.pager,
        "choices": [(key, say(title), key == params.get("act")) for key, title in ACTS.items()],
        **_kept(params),
    }
    return render(request, "administration/acts.html", context)


@door("read", AUDIT_ADMIN)
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Who came in, who failed, who was locked out."""
    params = request.GET
    rows = _between(SignIn.objects.select_related("person"), params)
    if params.get("act", "") in SignIn.What.values:
        rows = rows.filter(what=params["act"])
    if who := params.get("who", "").strip():
        rows = rows.filter(Q(username__icontains=who) | Q(person__name__icontains=who))
    if where := params.get("what", "").strip():
        rows = rows.filter(address__startswith=where)
    found = listing(rows, "-pk", params)
    choices = [(key, str(label), key == params.get("act")) for key, label in SignIn.What.choices]
    context = {"rows": found.rows, "pager": found.pager, "choices": choices, **_kept(params)}
    return render(request, "administration/sign_ins.html", context)


@door("read", AUDIT_ADMIN)
def exports(request: HttpRequest) -> HttpResponse:
    """What was taken out of the system, by whom, how many rows."""
    params = request.GET
    rows = _between(ExportRecord.objects.select_related("person"), params)
    if who := params.get("who", "").strip():
        rows = rows.filter(Q(person__username__icontains=who) | Q(person__name__icontains=who))
    if what := params.get("what", "").strip():
        rows = rows.filter(procedure__icontains=what)
    found, known = listing(rows, "-pk", params), definitions.everything()
    titles = {key: one.title for key, one in known.items()} | {key: one.title for key, one in SHEETS.items()}
    named = [(row, say(titles[row.procedure]) if row.procedure in titles else row.procedure) for row in found.rows]
    return render(request, "administration/exports.html", {"rows": named, "pager": found.pager, **_kept(params)})


def _between(rows: "QuerySet[R]", params: QueryDict) -> "QuerySet[R]":
    """Within the days asked for, both included."""
    since, until = _day(params.get("since", "")), _day(params.get("until", ""))
    if since is not None:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(since, time())))
    if until is not None:
        rows = rows.filter(at__lte=timezone.make_aware(datetime.combine(until, time.max)))
    return rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _kept(params: QueryDict) -> dict[str, object]:
    """What the filters say, shown again in them."""
    asked = {name: params.get(name, "").strip() for name in ("who", "what", "since", "until")}
    return {**asked, "is_narrowed": any((*asked.values(), params.get("act")))}
