"""The pages that do something: begin a case, act in one. Both show the form of an action and hand its answers over."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from fadu.cases import definitions
from fadu.cases.act import Occasion, Stale, act, open_case
from fadu.cases.files import Document, store_bytes
from fadu.cases.formats import Unwelcome
from fadu.cases.leading import leads, prefill
from fadu.cases.models import Case
from fadu.cases.preview import preview, preview_opening
from fadu.desk import behalf, drafts
from fadu.desk.asides import asides
from fadu.desk.buttons import NOT_MINE, able_in, reasons
from fadu.desk.foreseen import foreseen, seeks, shut
from fadu.desk.forms import Form, Maker, overrides
from fadu.desk.known import Known
from fadu.desk.leads import onward
from fadu.desk.page import bench_of, told_of
from fadu.desk.paragraphs import drawn_from, made_of, paragraphs
from fadu.desk.reader import Reader, reader
from fadu.desk.rows import row
from fadu.desk.timeline import TimelineLine, timeline
from fadu.desk.views import case_of, in_force
from fadu.kernel.definition import Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Person, Unit
from fadu.units.posts import posts_of
from fadu.words import minute, say, t

HAPPENED = "at"  # what act() calls the legal moment when it refuses it
NO_MOMENT = Text("实际办理时间不是日期和时刻", "When it happened is no date and time")
NOT_YOURS = Text("您没有登记本类事项的岗位", "None of your posts opens such a case")
Deed = Callable[[dict[str, Any], Occasion], Case]


@dataclass
class Sitting:
    """One person at one form. `principal` is the leader for whom they write down what was decided on paper."""

    request: HttpRequest
    maker: Maker
    deed: Deed
    case: Case | None = None
    principal: Person | None = None
    source: tuple[int, str] | None = None  # the case and its action that led here
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        return reader(self.request)

    @property
    def form(self) -> drafts.Form:
        action = self.maker.action.key + (f"@{self.source[0]}" if self.source else "")
        return drafts.Form.of(self.reader.person, self.maker.procedure.key, self.case, action)

    @property
    def government(self) -> str:
        if self.case is not None:
            return self.case.government_id
        units = (post.unit.government for post in self.reader.posts)
        return next((unit.code for unit in units if unit is not None), "")


@drafts.signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, procedure: str) -> HttpResponse:
    sitting = _opening(request, in_force(procedure))
    unit = _office(sitting)
    if unit is None:
        return _refused(sitting, (Refusal(NOT_MINE, NOT_YOURS),))
    person = reader(request).person
    sitting.deed = lambda data, occasion: open_case(procedure, person, data, unit, occasion, sitting.source)
    return _answer(sitting)


@drafts.signed_in
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, procedure: str, pk: int, action: str) -> HttpResponse:
    sitting = _acting(request, case_of(request, procedure, pk), action)
    against = _against(sitting) if request.method == "GET" else ()
    return _refused(sitting, against) if against else _answer(sitting)


# -- what was begun and not handed in ------------------------------------------------------------------------------------


@drafts.signed_in
@require_POST
def draft_of_new(request: HttpRequest, procedure: str) -> HttpResponse:
    return _draft(_opening(request, in_force(procedure)))


@drafts.signed_in
@require_POST
def draft(request: HttpRequest, procedure: str, pk: int, action: str) -> HttpResponse:
    return _draft(_acting(request, case_of(request, procedure, pk), action))


def _draft(sitting: Sitting) -> HttpResponse:
    """Keep what stands in the form now, with the files chosen since; or (`drop`) forget it."""
    request = sitting.request
    if "drop" in request.POST:
        sitting.form.drop()
        asked = f"?{urlencode(sitting.context.get('came_from', {}))}" if sitting.source else ""
        return redirect(request.path.removesuffix("draft/") + asked)
    if not _is_own(sitting):
        return JsonResponse({"error": say(OTHER_PERSON)}, status=409)
    kept, errors = _uploaded(sitting)
    try:
        at = sitting.form.keep(request.POST)
    except drafts.TooLong:
        words = t("写得太长，没有自动保存 | Too long to be kept by itself")
        return JsonResponse({"error": words}, status=413)
    ahead = _ahead(sitting, sitting.maker.read(request.POST).data)
    found = render_to_string("desk/foreseen.html", ahead, request) if ahead else ""
    return JsonResponse({"at": minute(at) if at else "", "kept": kept, "errors": errors, "found": found})


def _uploaded(sitting: Sitting) -> tuple[dict[str, list[dict[str, str]]], dict[str, str]]:
    """The files chosen since, kept at once, by the names of their inputs; and why others are not taken."""
    kept: dict[str, list[dict[str, str]]] = {}
    errors: dict[str, str] = {}
    for name, uploads in sitting.request.FILES.lists():
        try:
            found = [_keep(sitting.reader.person, upload) for upload in uploads]
            kept[name] = [{"name": one["name"], "value": json.dumps(one, ensure_ascii=False)} for one in found]
        except Unwelcome as unwelcome:
            errors[name] = say(unwelcome.text)
    return kept, errors


# -- the form and its answer ---------------------------------------------------------------------------------------------


def _answer(sitting: Sitting) -> HttpResponse:
    request, maker = sitting.request, sitting.maker
    if request.method == "GET":
        return _begun(sitting)
    keep = partial(_keep, sitting.reader.person)
    if "rows" in request.POST:
        return _form(sitting, maker.resumed(request.POST, request.FILES, keep))
    if not _is_own(sitting):
        return _refused(sitting, (Refusal("person", OTHER_PERSON),))
    answers = maker.read(request.POST, request.FILES, keep)
    refusals: tuple[Refusal, ...] = ()
    status, seen = 422, None
    if not answers.errors:
        try:
            return _done(sitting, sitting.deed(answers.data, _occasion(sitting)))
        except Refused as refused:
            refusals = refused.refusals
        except Stale as stale:
            status, seen = 409, stale.entries[-1].seq if stale.entries else None
            sitting.context["stale"] = _missed(sitting, {entry.seq for entry in stale.entries})
    if any(refusal.gate == NOT_MINE for refusal in refusals):
        return _refused(sitting, refusals)
    return _form(sitting, maker.again(request.POST, answers, refusals, seen), status)


OTHER_PERSON = Text(
    "这张表是另一个人打开的，填写的内容已留给他本人；请重新打开再办",
    "Somebody else opened this form; what was typed is kept for them. Open it anew",
)


def _is_own(sitting: Sitting) -> bool:
    """Whether the form was opened by who hands it in; on a shared computer another may have signed in meanwhile."""
    opened = drafts.form_of(sitting.request.POST.get(drafts.TICKET, ""))
    if opened is None or opened.person == sitting.reader.person.pk:
        return True
    drafts.rescue(sitting.request)
    return False


def _begun(sitting: Sitting) -> HttpResponse:
    """The form as it was left, or a new one."""
    found = sitting.form.draft()
    if found is None:
        return _form(sitting, sitting.maker.blank(sitting.context.get("given")))
    typed = drafts.typed_in(found)
    seen = typed.get("seen", "")
    sitting.context |= {
        "draft": found,
        "moved_on": bool(sitting.case and seen.isdecimal() and int(seen) < sitting.case.seq),
    }
    return _form(sitting, sitting.maker.resumed(typed))


def _keep(person: Person, upload: "UploadedFile[bytes]") -> Document:
    """Stored at once, so that a form that comes back need not be given the file again. Raises Unwelcome."""
    return store_bytes(upload.read(), upload.name or "", person)


def _form(sitting: Sitting, form: Form, status: int = 200) -> HttpResponse:
    request, maker = sitting.request, sitting.maker
    context = {
        **_place(sitting),
        "form": form,
        "ticket": sitting.form.ticket,
        "draft_url": _draft_url(request),
        "principal": sitting.principal,
        "asides": asides(request, maker, sitting.case),
        **_ahead(sitting, form.data),
    }
    return render(request, "desk/do.html", context, status=status)


def _ahead(sitting: Sitting, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the system would fill in from what is typed so far; nothing for a form without such fields."""
    maker, person = sitting.maker, sitting.reader.person
    if not seeks(maker.procedure, maker.action):
        return {}
    if sitting.case is not None:
        foresight = preview(sitting.case, maker.action.key, person, data)
    else:
        unit = _office(sitting)
        if unit is None:
            return {}
        foresight = preview_opening(maker.procedure.key, person, data, unit)
    found = foreseen(maker.procedure, maker.action, foresight, sitting.reader.names)
    return {"foreseen": found, "shut": shut(foresight)}


def _draft_url(request: HttpRequest) -> str:
    return f"{request.path}draft/"


def _refused(sitting: Sitting, refusals: tuple[Refusal, ...]) -> HttpResponse:
    """The action cannot be done: why, and under which article."""
    status = 403 if any(refusal.gate == NOT_MINE for refusal in refusals) else 409
    why = {"title": say(sitting.maker.action.title), "reasons": list(reasons(refusals))}
    return render(sitting.request, "desk/refused.html", {**_place(sitting), **why}, status=status)


def _place(sitting: Sitting) -> dict[str, Any]:
    defined, case = sitting.maker.procedure, sitting.case
    place = {"procedure": say(defined.title), "ledger_url": reverse("ledger", args=[defined.key]), **sitting.context}
    return place if case is None else {**place, "row": row(sitting.reader, case), "case": case}


def _done(sitting: Sitting, case: Case) -> HttpResponse:
    sitting.form.drop()
    action = say(sitting.maker.action.title)
    words = t("已记录：{action}（第 {n} 条） | Recorded: {action} (entry {n})", action=action, n=case.seq)
    messages.success(sitting.request, words, extra_tags=_draft_url(sitting.request))
    next_form = onward(sitting.reader, case, sitting.maker.action)
    return redirect(next_form) if next_form else redirect("case", case.procedure, case.pk)


# -- who sits at which form -----------------------------------------------------------------------------------------------


def _opening(request: HttpRequest, defined: Procedure) -> Sitting:
    maker = Maker(defined, defined.opening, definitions.library().book, Known(names=reader(request).names))
    return _from_where(_for_whom(Sitting(request, maker, _nothing)))


def _from_where(sitting: Sitting) -> Sitting:
    """The case whose action led to this form, with what it hands over."""
    asked = sitting.request.POST if "from" in sitting.request.POST else sitting.request.GET
    number, action = asked.get("from", ""), asked.get("by", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return sitting
    case = sitting.reader.cases.filter(pk=int(number)).first()
    if case is None or leads(case, action, sitting.maker.procedure.key) is None:
        return sitting
    sitting.source = case.pk, action
    given = prefill(case, action, sitting.maker.procedure.key, sitting.reader.person)
    came_from = {"from": case.pk, "by": action}
    sitting.context |= {"given": given, "source": row(sitting.reader, case), "came_from": came_from}
    return sitting


def _acting(request: HttpRequest, case: Case, key: str) -> Sitting:
    bench = bench_of(reader(request), case)
    action = bench.procedure.actions.get(key)
    if action is None or action.is_opening or action.by_clock or action.by_parent:
        raise Http404
    facts = CaseFacts(bench.procedure, bench.state, bench.now, bench.calendar)
    texts = {bench.procedure.fields[item.field].draws_from for item in action.takes} & drawn_from(bench.procedure)
    made = made_of(reader(request), case) if texts else {}
    drawn = tuple(one for key in texts for one in paragraphs(str(bench.state.data.get(key, "")), made))
    known = Known(names=reader(request).names, paragraphs=drawn)
    sitting = _for_whom(Sitting(request, Maker(bench.procedure, action, bench.book, known, facts), _nothing, case))
    person = reader(request).person
    sitting.deed = lambda data, occasion: act(case, key, person, data, occasion)
    return sitting


def _nothing(_data: dict[str, Any], _occasion: Occasion) -> Case:
    raise LookupError("nobody said what this form does")


def _for_whom(sitting: Sitting) -> Sitting:
    asked = sitting.request.POST.get("for", "") or sitting.request.GET.get("for", "")
    sitting.principal = behalf.principal(sitting.reader, sitting.government, asked) if asked else None
    return sitting


def _against(sitting: Sitting) -> tuple[Refusal, ...]:
    """What stands against the action before anything is typed; a warning alone does not."""
    case, key = sitting.case, sitting.maker.action.key
    if case is None:
        return ()
    every = able_in(sitting.reader, case, sitting.principal)
    found = next((choice for choice in every if choice.action.key == key), None)
    if found is None:
        stage = definitions.procedure_of(case.definition_id).stages[case.stage].title
        return (Refusal("stage", Text(f"当前为“{stage.zh}”，这一步已经不能办了", f"Not possible while: {stage.en}")),)
    return () if found.allowed else found.refusals


def _occasion(sitting: Sitting) -> Occasion:
    posted = sitting.request.POST
    seen = posted.get("seen", "")
    return Occasion(
        at=_happened(posted.get("happened", "")),
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None,
        overrides=overrides(sitting.maker.procedure, posted),
        on_behalf_of=sitting.principal,
    )


def _happened(text: str) -> datetime | None:
    """When it happened, if that is not now: terms count from that day, the entry still bears the moment of recording."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise Refused((Refusal("kind", NO_MOMENT, field=HAPPENED),)) from None


def _missed(sitting: Sitting, new: set[int]) -> list[TimelineLine]:
    """The new entries, told against what all before them had left."""
    case, found, defined = sitting.case, sitting.reader, sitting.maker.procedure
    if case is None:
        return []
    lines = timeline(defined, found.fields(defined, case.government_id), told_of(case), found.names)
    return [line for line in lines if line.seq in new]


def _office(sitting: Sitting) -> Unit | None:
    """The unit whose post lets the reader, or the leader they record for, begin a case; None when no post does."""
    roles = {who.name for who in sitting.maker.procedure.opening.by if who.kind == "role"}
    posts = sitting.reader.posts
    if sitting.principal is not None:
        posts = posts_of(sitting.principal, sitting.reader.local.date())
    return next((post.unit for post in posts if post.role in roles), None)
