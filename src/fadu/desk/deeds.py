"""The pages that do something: begin a case, act in one. Both show the form of an action and hand its answers over."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fadu.cases import definitions
from fadu.cases.act import Occasion, Stale, act, choices, open_case
from fadu.cases.files import Document, store_bytes
from fadu.cases.models import Case, Entry
from fadu.desk.asides import asides
from fadu.desk.buttons import NOT_MINE, reasons
from fadu.desk.forms import Maker, overrides
from fadu.desk.page import bench_of
from fadu.desk.reader import reader
from fadu.desk.rows import row
from fadu.desk.timeline import Told, timeline
from fadu.desk.views import case_of, in_force
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Person, Unit
from fadu.words import say, t

HAPPENED = "at"  # what act() calls the legal moment when it refuses it
NO_MOMENT = Text("实际办理时间不是日期和时刻", "When it happened is no date and time")
NOT_YOURS = Text("您没有登记本类事项的岗位", "None of your posts opens such a case")
Deed = Callable[[dict[str, Any], Occasion], Case]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, procedure: str) -> HttpResponse:
    defined = in_force(procedure)
    unit = _office(request, defined.key)
    maker = Maker(defined, defined.opening, definitions.library().book)
    if unit is None:
        return _refused(request, maker, (Refusal(NOT_MINE, NOT_YOURS),), {})
    return _answer(
        request, maker, lambda data, occasion: open_case(defined.key, reader(request).person, data, unit, occasion), {}
    )


@login_required
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, procedure: str, pk: int, action: str) -> HttpResponse:
    case = case_of(request, procedure, pk)
    maker = _maker(request, case, action)
    context = {"row": row(reader(request), case), "case": case}
    against = _against(request, case, action) if request.method == "GET" else ()
    if against:
        return _refused(request, maker, against, context)
    return _answer(
        request, maker, lambda data, occasion: act(case, action, reader(request).person, data, occasion), context
    )


def _answer(request: HttpRequest, maker: Maker, deed: Deed, context: dict[str, Any]) -> HttpResponse:
    if request.method == "GET":
        return _form(request, maker, {**context, "form": maker.blank()})
    answers = maker.read(request.POST, request.FILES, partial(_keep, reader(request).person))
    refusals: tuple[Refusal, ...] = ()
    status = 422
    if not answers.errors:
        try:
            return _done(request, deed(answers.data, _occasion(request, maker)), maker)
        except Refused as refused:
            refusals = refused.refusals
        except Stale as stale:
            status, context = 409, {**context, "stale": _missed(request, maker, context["case"], stale.entries)}
    if any(refusal.gate == NOT_MINE for refusal in refusals):
        return _refused(request, maker, refusals, context)
    seen = context["stale"][0].seq if "stale" in context else None
    return _form(request, maker, {**context, "form": maker.again(request.POST, answers, refusals, seen)}, status)


def _keep(person: Person, upload: "UploadedFile[bytes]") -> Document:
    """Stored at once, so that a form that comes back need not be given the file again. Raises Unwelcome."""
    return store_bytes(upload.read(), upload.name or "", person)


def _form(request: HttpRequest, maker: Maker, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(
        request,
        "desk/do.html",
        {**_place(maker), **context, "asides": asides(request, maker, context.get("case"))},
        status=status,
    )


def _refused(
    request: HttpRequest, maker: Maker, refusals: tuple[Refusal, ...], context: dict[str, Any]
) -> HttpResponse:
    """The action cannot be done: why, and under which article."""
    status = 403 if any(refusal.gate == NOT_MINE for refusal in refusals) else 409
    why = {"title": say(maker.action.title), "reasons": list(reasons(refusals))}
    return render(request, "desk/refused.html", {**_place(maker), **context, **why}, status=status)


def _place(maker: Maker) -> dict[str, str]:
    return {"procedure": say(maker.procedure.title), "ledger_url": reverse("ledger", args=[maker.procedure.key])}


def _done(request: HttpRequest, case: Case, maker: Maker) -> HttpResponse:
    words = t(
        "已记录：{action}（第 {n} 条） | Recorded: {action} (entry {n})", action=say(maker.action.title), n=case.seq
    )
    messages.success(request, words)
    return redirect("case", case.procedure, case.pk)


def _maker(request: HttpRequest, case: Case, key: str) -> Maker:
    bench = bench_of(reader(request), case)
    action = bench.procedure.actions.get(key)
    if action is None or action.is_opening or action.by_clock or action.by_parent:
        raise Http404
    facts = CaseFacts(bench.procedure, bench.state, bench.now, bench.calendar)
    return Maker(bench.procedure, action, bench.book, facts=facts)


def _against(request: HttpRequest, case: Case, key: str) -> tuple[Refusal, ...]:
    """What stands against the action before anything is typed; a warning alone does not."""
    found = next((choice for choice in choices(case, reader(request).person) if choice.action.key == key), None)
    if found is None:
        stage = definitions.procedure_of(case.definition_id).stages[case.stage].title
        return (Refusal("stage", Text(f"当前为“{stage.zh}”，这一步已经不能办了", f"Not possible while: {stage.en}")),)
    return () if found.allowed else found.refusals


def _occasion(request: HttpRequest, maker: Maker) -> Occasion:
    seen = request.POST.get("seen", "")
    return Occasion(
        at=_happened(request.POST.get("happened", "")),
        seen=int(seen) if seen.isdecimal() else None,
        overrides=overrides(maker.procedure, request.POST),
    )


def _happened(text: str) -> datetime | None:
    """When it happened, if that is not now: terms count from that day, the entry still bears the moment of recording."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise Refused((Refusal("kind", NO_MOMENT, field=HAPPENED),)) from None


def _missed(request: HttpRequest, maker: Maker, case: Case, entries: list[Entry]) -> list[Any]:
    """The new entries, told against what all before them had left."""
    found = reader(request)
    whole = Entry.objects.filter(case=case).order_by("seq")
    told = [Told(entry.content, entry.recorded_at, entry.digest) for entry in whole]
    lines = timeline(maker.procedure, found.fields(maker.procedure, case.government_id), told, found.names)
    return [line for line in lines if line.seq in {entry.seq for entry in entries}]


def _office(request: HttpRequest, procedure: str) -> Unit | None:
    """The unit whose post lets the reader begin a case; None when no post does."""
    opening = in_force(procedure).opening
    roles = {who.name for who in opening.by if who.kind == "role"}
    return next((post.unit for post in reader(request).posts if post.role in roles), None)
