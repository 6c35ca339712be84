"""The pages everybody may read: what is published, list by list, and one case of a list."""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fadu.cases.files import answer
from fadu.cases.models import Attachment, Case
from fadu.portal.public import PublicList, public_lists
from fadu.portal.shown import Around, PublicCase, average, public_case, public_documents
from fadu.units.models import Unit
from fadu.words import language, say

FEW, SIZE = 10, 30
SIZES = ("", "large", "elder")
FRESH = cache_control(public=True, max_age=60)


@FRESH
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every list that has anything in it, with its newest."""
    around = Around()
    found = [_brief(one, around) for one in public_lists()]
    return _page(request, "portal/home.html", {"lists": sorted(filter(_has_cases, found), key=_without_progress)})


def _has_cases(brief: dict[str, Any]) -> bool:
    return bool(brief["cases"])


def _without_progress(brief: dict[str, Any]) -> bool:
    """What shows how far it has come stands first."""
    return all(one.percent is None for one in brief["cases"])


def _brief(one: PublicList, around: Around) -> dict[str, Any]:
    rows = list(one.cases()[: FEW + 1])
    cases = _published(rows[:FEW], around)
    return {
        "title": say(one.procedure.title),
        "key": one.procedure.key,
        "cases": cases,
        "more": len(rows) > FEW,
        "progress": "" if len(rows) > FEW else average(cases),
    }


@FRESH
@require_safe
def listing(request: HttpRequest, procedure: str) -> HttpResponse:
    """One list, paged by key."""
    one = _list(procedure)
    rows = one.cases()
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SIZE + 1])
    context = {
        "title": say(one.procedure.title),
        "key": procedure,
        "cases": _published(found[:SIZE], Around()),
        "next": found[SIZE - 1].pk if len(found) > SIZE else None,
        "is_first": not after,
    }
    return _page(request, "portal/list.html", context)


@FRESH
@require_safe
def case(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    one = _list(procedure)
    found = public_case(get_object_or_404(Case, procedure=procedure, pk=pk), Around())
    if found is None:
        raise Http404
    return _page(request, "portal/case.html", {"title": say(one.procedure.title), "key": procedure, "case": found})


@require_safe
def file(request: HttpRequest, procedure: str, pk: int, sha256: str) -> FileResponse:  # noqa: ARG001  # Django hands it over
    """A published document, as a download."""
    found = get_object_or_404(Case, procedure=procedure, pk=pk)
    field = public_documents(found).get(sha256)
    if field is None:
        raise Http404
    rows = Attachment.objects.filter(case=found, file__sha256=sha256, field=field).select_related("file")
    attachment = rows.order_by("-pk").first()
    if attachment is None:
        raise Http404
    return answer(attachment)


def _list(procedure: str) -> PublicList:
    found = next((one for one in public_lists() if one.procedure.key == procedure), None)
    if found is None:
        raise Http404
    return found


def _published(rows: Iterable[Case], around: Around) -> list[PublicCase]:
    return [found for one in rows if (found := public_case(one, around)) is not None]


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    asked = request.GET.get("size")
    size = asked if asked in SIZES else request.COOKIES.get("size", "")
    response = render(request, template, {"city": _city(), "size": size if size in SIZES else "", **context})
    patch_vary_headers(response, ["Cookie"])
    if asked in SIZES:
        response.set_cookie("size", str(asked), max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure())
    return response


def _city() -> str:
    unit = Unit.objects.filter(parent=None, kind=Unit.Kind.GOVERNMENT).order_by("order", "code").first()
    if unit is None:
        return ""
    return (unit.name_en or unit.name_zh) if language() == "en" else (unit.short_zh or unit.name_zh)
