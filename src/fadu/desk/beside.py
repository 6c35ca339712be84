"""Deeds beside the procedure's own actions: a note, a link with another case, a rectification of the last entry."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fadu.cases import act, links
from fadu.cases.act import Occasion, Stale
from fadu.cases.models import Case
from fadu.desk.asked import NOTHING, Asked, line
from fadu.desk.buttons import NOT_MINE, reasons
from fadu.desk.page import Asking, case_page
from fadu.desk.reader import reader
from fadu.desk.rows import row
from fadu.desk.views import case_of
from fadu.kernel.refusal import Refused
from fadu.words import t

LONGEST_NUMBER, LONGEST_REASON = 100, 500


@login_required
@require_POST
def link(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """Both cases get an entry; who links must see both."""
    case = case_of(request, procedure, pk)
    number = line(request.POST, "number", LONGEST_NUMBER)
    if number.error:
        return _again(request, case, 422, linking=number)
    try:
        other = links.link(case, number.value, reader(request).person)
    except Refused as refused:
        return _again(request, case, 422, linking=Asked(number.value, _words(refused)))
    messages.success(request, t("已与 {number} 关联 | Linked with {number}", number=other.number))
    return redirect("case", case.procedure, case.pk)


@login_required
@require_POST
def note(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """Something said on a case, for all who may see it."""
    case = case_of(request, procedure, pk)
    said = line(request.POST, "text", act.LONGEST_NOTE)
    if said.error:
        return _again(request, case, 422, noting=said)
    try:
        act.note(case, reader(request).person, said.value)
    except Refused as refused:
        return _again(request, case, 422, noting=Asked(said.value, _words(refused)))
    messages.success(request, t("已留言 | Your note is there"))
    return redirect(f"{reverse('case', args=[case.procedure, case.pk])}#entries")


@login_required
@require_POST
def rectify(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """Void the last entry; only the office that owns the procedure may, and only what it has seen."""
    case = case_of(request, procedure, pk)
    reason, seen = line(request.POST, "reason", LONGEST_REASON), request.POST.get("seen", "")
    if reason.error:
        return _again(request, case, 422, rectifying=reason)
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return _again(request, case, 422, rectifying=Asked(reason.value, t(UNSEEN)))
    try:
        done = act.rectify(case, reader(request).person, reason.value, Occasion(seen=int(seen)))
    except Refused as refused:
        if any(refusal.gate == NOT_MINE for refusal in refused.refusals):
            return _foreign(request, case, refused)
        return _again(request, case, 409, rectifying=Asked(reason.value, _words(refused)))
    except Stale:
        return _again(request, case_of(request, procedure, pk), 409, rectifying=Asked(reason.value, t(STALE)))
    messages.success(request, t("已更正：第 {n} 条记录撤销 | Rectified: entry {n} is voided", n=done.seq - 1))
    return redirect("case", case.procedure, case.pk)


STALE = (
    "没有更正：这件事刚被别人办过，请看过新记录再定 | Not rectified: somebody has acted meanwhile; read the new entries"
)
UNSEEN = "没有更正：不知道您看到第几条 | Not rectified: it is not known which entry you saw"


def _again(
    request: HttpRequest,
    case: Case,
    status: int,
    *,
    linking: Asked = NOTHING,
    rectifying: Asked = NOTHING,
    noting: Asked = NOTHING,
) -> HttpResponse:
    page = case_page(reader(request), case, Asking(linking=linking, rectifying=rectifying, noting=noting))
    return render(request, "desk/case.html", {"page": page}, status=status)


def _foreign(request: HttpRequest, case: Case, refused: Refused) -> HttpResponse:
    """Whoever may not rectify has no form to come back to."""
    title = t("更正最后一条 | Rectify the last entry")
    context = {"title": title, "row": row(reader(request), case), "reasons": list(reasons(refused.refusals))}
    return render(request, "desk/refused.html", context, status=403)


def _words(refused: Refused) -> str:
    return "；".join(f"{reason.text}{reason.cites and f'（{reason.cites}）'}" for reason in reasons(refused.refusals))
