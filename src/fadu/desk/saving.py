"""Keeping a view of a ledger, and the page where one's views are renamed, shared, ordered and deleted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fadu.desk import saved
from fadu.desk.asked import line
from fadu.desk.models import SavedView
from fadu.desk.reader import Reader, reader
from fadu.desk.views import in_force
from fadu.words import say, t

LONGEST_NAME = 60


@login_required
@require_http_methods(["GET", "POST"])
def views(request: HttpRequest, procedure: str) -> HttpResponse:
    """POST keeps the address it is given under a name, and leads back to it."""
    defined = in_force(procedure)
    found = reader(request)
    if request.method == "GET":
        return _page(request, found, procedure)
    name = line(request.POST, "name", LONGEST_NAME)
    query = saved.kept(QueryDict(request.POST.get("query", "")))
    error = name.error or saved.keep(found, defined.key, name.value, query, _unit(found, request))
    if error:
        return _page(request, found, procedure, {"name": name.value, "query": query, "error": error}, 422)
    messages.success(request, t("已存视图“{name}” | View '{name}' is kept", name=name.value))
    return redirect(f"{reverse('ledger', args=[procedure])}?{query}")


@login_required
@require_POST
def change(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """What is somebody else's does not exist here."""
    found = reader(request)
    view = get_object_or_404(saved.own(found, procedure), pk=pk)
    deed = request.POST.get("do", "")
    if deed == "up":
        saved.move_up(found, view)
    elif deed == "delete":
        view.delete()
        messages.success(request, t("已删去视图“{name}” | View '{name}' is deleted", name=view.name))
    elif deed == "change":
        error = _rename(found, view, request)
        if error:
            return _page(request, found, procedure, {"pk": pk, "error": error}, 422)
    return redirect("views", procedure)


def _rename(found: Reader, view: SavedView, request: HttpRequest) -> str:
    name = line(request.POST, "name", LONGEST_NAME)
    if name.error:
        return name.error
    if saved.own(found, view.procedure).filter(name=name.value).exclude(pk=view.pk).exists():
        return t("您已有同名的视图 | You have a view of that name")
    view.name, view.unit_id = name.value, _unit(found, request) or None
    view.save(update_fields=["name", "unit"])
    return ""


def _unit(found: Reader, request: HttpRequest) -> str:
    """The unit it is shared with; only one the person works in."""
    asked = request.POST.get("unit", "")
    return asked if asked in dict(saved.units_of(found)) else ""


def _page(
    request: HttpRequest, found: Reader, procedure: str, fault: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "procedure": say(in_force(procedure).title),
        "key": procedure,
        "ledger_url": reverse("ledger", args=[procedure]),
        "views": saved.views_of(found, procedure, {}),
        "fault": fault or {},
    }
    return render(request, "desk/views.html", context, status=status)
