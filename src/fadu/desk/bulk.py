"""One form for many cases: `/bulk/` shows what can be done to the picked rows, asks once, and says what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from fadu.cases import definitions
from fadu.cases.files import Document, store_bytes
from fadu.cases.models import Case
from fadu.desk import picked
from fadu.desk.buttons import Reason, reasons
from fadu.desk.forms import Form, Maker
from fadu.desk.known import Known
from fadu.desk.picked import MOST, Offer
from fadu.desk.reader import Reader, reader
from fadu.desk.rows import Row, rows
from fadu.kernel.refusal import Refusal
from fadu.words import say, t


@dataclass(frozen=True, slots=True)
class Picks:
    """The cases that were picked and may be seen, the entry each was last seen at, and where they were picked."""

    cases: list[Case]
    seen: dict[int, int]
    back: str
    too_many: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A picked case in a table; `entry` is what was seen of it, or what was written."""

    row: Row
    entry: int
    reasons: tuple[Reason, ...] = ()


@login_required
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """GET asks, POST does; each row carries the entry it was seen at, so that nothing is done twice."""
    found = reader(request)
    picks = _picks(request, found)
    if not picks.cases:
        return _choose(request, picks, [], 422)
    posted = request.POST if request.method == "POST" else request.GET
    offers = picked.offers(found, picks.cases)
    offer = next((one for one in offers if one.action.key == posted.get("action", "")), None)
    if offer is None or not (offer.able or request.method == "POST"):
        return _choose(request, picks, offers)
    maker = Maker(offer.procedure, offer.action, definitions.library().book, Known(names=found.names))
    if request.method == "GET":
        return _ask(request, picks, offer, maker.blank())
    return _do(request, picks, offer, maker)


def _picks(request: HttpRequest, found: Reader) -> Picks:
    """`pick=ID`, or `pick=ID.SEQ` from the form; what may not be seen does not exist."""
    posted = request.POST if request.method == "POST" else request.GET
    seen = dict(pick for text in posted.getlist("pick") if (pick := _pick(text)))
    back = posted.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    back = back if safe else reverse("inbox")
    if len(seen) > MOST:
        return Picks([], {}, back, too_many=len(seen))
    asked = found.cases.filter(pk__in=seen).select_related("handling", "unit").defer("tokens").order_by("due", "id")
    return Picks(list(asked), seen, back)


def _pick(text: str) -> tuple[int, int] | None:
    number, _, seq = text.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    return int(number), int(seq) if seq.isascii() and seq.isdecimal() and len(seq) < 10 else 0


def _choose(request: HttpRequest, picks: Picks, offers: Iterable[Offer], status: int = 200) -> HttpResponse:
    """What can be done to them; or why there is nothing to choose."""
    context = {
        "title": t("批量办理 | Do many at once"),
        "offers": [_offered(one, picks) for one in offers if one.able],
        "lines": [Line(row, 0) for row in rows(reader(request), picks.cases)],
        "too_many": picks.too_many,
        "most": MOST,
    }
    return render(request, "desk/bulk.html", {**_place(picks), **context}, status=status)


def _offered(offer: Offer, picks: Picks) -> dict[str, Any]:
    title, able, rest = say(offer.action.title), len(offer.able), len(picks.cases) - len(offer.able)
    words = (
        t("全部可办 | all of them") if not rest else t("{all} 项中 {n} 项可办 | {n} of {all}", n=able, all=able + rest)
    )
    return {"key": offer.action.key, "title": title, "words": words}


def _ask(request: HttpRequest, picks: Picks, offer: Offer, form: Form, status: int = 200) -> HttpResponse:
    found = reader(request)
    against = {case.pk: tuple(reasons(offer.refusals(case))) for case in picks.cases}
    lines = [
        Line(row, case.seq, against[case.pk]) for case, row in zip(picks.cases, rows(found, picks.cases), strict=True)
    ]
    context = {
        "title": form.title,
        "form": form,
        "action": offer.action.key,
        "lines": [line for line in lines if not line.reasons],
        "refused": [line for line in lines if line.reasons],
    }
    return render(request, "desk/bulk_form.html", {**_place(picks), **context}, status=status)


def _do(request: HttpRequest, picks: Picks, offer: Offer, maker: Maker) -> HttpResponse:
    found = reader(request)

    def keep(upload: "UploadedFile[bytes]") -> Document:
        return store_bytes(upload.read(), upload.name or "", found.person)

    if "rows" in request.POST:
        return _ask(request, picks, offer, maker.resumed(request.POST, request.FILES, keep))
    answers = maker.read(request.POST, request.FILES, keep)
    if answers.errors:
        return _ask(request, picks, offer, maker.again(request.POST, answers, ()), 422)
    done = picked.do_each(found, offer, picks.cases, picks.seen, answers.data)
    typed = {refusal for one in done for refusal in one.refusals if refusal.field in maker.fields}
    if typed and all(one.refusals for one in done):  # nothing was done, and for what was typed: the form comes back
        ordered = sorted(typed, key=lambda refusal: list(maker.fields).index(refusal.field))
        return _ask(request, picks, offer, maker.again(request.POST, answers, _once(ordered)), 422)
    lines = [
        Line(row, one.case.seq, tuple(reasons(one.refusals)))
        for one, row in zip(done, rows(found, [one.case for one in done]), strict=True)
    ]
    context = {
        "title": say(offer.action.title),
        "lines": [line for line in lines if not line.reasons],
        "refused": [line for line in lines if line.reasons],
    }
    return render(request, "desk/bulk_done.html", {**_place(picks), **context})


def _once(refusals: Iterable[Refusal]) -> Iterable[Refusal]:
    """The same fault of many cases is told once."""
    return {(refusal.field, refusal.text.zh): refusal for refusal in refusals}.values()


def _place(picks: Picks) -> dict[str, Any]:
    return {"back": picks.back, "count": len(picks.cases)}
