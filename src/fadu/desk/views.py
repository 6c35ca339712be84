"""The pages of the desk that are read. A view finds and answers; what a page shows is made elsewhere."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from fadu.cases import definitions
from fadu.cases.certificates import certificate_json
from fadu.cases.files import serve_file
from fadu.cases.models import Case
from fadu.desk import figures as figure_pages
from fadu.desk import inbox as inbox_page
from fadu.desk import leader as leader_page
from fadu.desk import ledger as ledger_page
from fadu.desk import rankings as ranking_pages
from fadu.desk import search as search_page
from fadu.desk import unit as unit_page
from fadu.desk.certificate import sheet
from fadu.desk.frame import LAST
from fadu.desk.page import Asking, bench_of, case_page, certificate_url
from fadu.desk.peek import peek as peek_of
from fadu.desk.reader import reader
from fadu.desk.rows import row
from fadu.desk.theme import THEMES
from fadu.kernel.definition import Procedure
from fadu.units.models import Unit


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/inbox.html", inbox_page.inbox(reader(request), request.GET))


@login_required
@require_GET
def ledger(request: HttpRequest, procedure: str) -> HttpResponse:
    defined = in_force(procedure)
    if "print" in request.GET:
        return render(request, "desk/ledger_print.html", ledger_page.printed(reader(request), defined, request.GET))
    response = render(request, "desk/ledger.html", ledger_page.ledger(reader(request), defined, request.GET))
    response.set_cookie(LAST, procedure, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/search.html", search_page.search(reader(request), request.GET))


@login_required
@require_GET
def case(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    found, asked = case_of(request, procedure, pk), request.GET
    asking = Asking(whole="all" in asked, show=asked.get("show", ""), leader=asked.get("for", ""))
    page = case_page(reader(request), found, asking)
    return render(request, "desk/case.html", {"page": page})


@login_required
@require_GET
def peek(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """The preview beside the inbox, without its frame."""
    found = peek_of(reader(request), case_of(request, procedure, pk))
    return render(request, "desk/peek.html", {"peek": found})


@login_required
@require_GET
def certificate(request: HttpRequest, procedure: str, pk: int, clock: str) -> HttpResponse:
    """Why a term ends when it ends, to print or (`?format=json`) to check."""
    found = case_of(request, procedure, pk)
    bench = bench_of(reader(request), found)
    if clock not in bench.state.clocks:
        raise Http404
    defined = bench.procedure.clocks[clock]
    if request.GET.get("format") == "json":
        counted = certificate_json(defined, bench.state.clocks[clock], bench.state.data, bench.calendar)
        return JsonResponse(counted, json_dumps_params={"ensure_ascii": False})
    context = {"row": row(reader(request), found), "sheet": sheet(bench, defined, certificate_url(found, clock))}
    return render(request, "desk/certificate.html", {**context, "case": found})


@login_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    page = figure_pages.figures(reader(request), request.GET)
    return render(request, "desk/figures.html", {**page, "rankings": ranking_pages.rankings(reader(request))})


@login_required
@require_GET
def figure(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "desk/figure.html", figure_pages.figure(reader(request), key, request.GET))


@login_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the keyboard, where no script opens them over the page."""
    return render(request, "desk/keys_page.html")


@login_required
@require_GET
def leader(request: HttpRequest) -> HttpResponse:
    """For those who lead or supervise; each sees what their posts cover."""
    if not leader_page.is_open_to(reader(request)):
        raise PermissionDenied
    return render(request, "desk/leader.html", leader_page.leader(reader(request), request.GET))


@login_required
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "desk/unit.html", unit_page.unit(reader(request), get_object_or_404(Unit, code=code)))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it; kept in a cookie, so that the page comes in the right colours at once."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure())
    return response


def case_of(request: HttpRequest, procedure: str, pk: int) -> Case:
    """A case the reader may see; what they may not see does not exist for them."""
    return get_object_or_404(reader(request).cases, procedure=procedure, pk=pk)


@login_required
@require_GET
def file(request: HttpRequest, procedure: str, pk: int, sha256: str) -> FileResponse:
    """A document of the case, as a download, or (`?inline`) for its page; who may see it is asked there."""
    found = case_of(request, procedure, pk)
    return serve_file(reader(request).person, found.pk, sha256, inline="inline" in request.GET)


def in_force(key: str) -> Procedure:
    """Raises Http404 for a procedure that is not here."""
    try:
        return definitions.current(key)
    except KeyError:
        raise Http404 from None
