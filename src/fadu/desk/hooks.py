"""Other systems that are told: for the system administrator. The signing key is shown once; failures stay in sight."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fadu.cases import definitions
from fadu.desk.reader import Reader, reader
from fadu.notify import hooks as notify
from fadu.notify.models import Delivery, Hook, State
from fadu.units.models import Person
from fadu.units.roles import SYSTEM_ADMIN
from fadu.words import say, t

LATEST = 50


def is_keeper(reader: Reader) -> bool:
    return SYSTEM_ADMIN in reader.roles


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def hooks(request: HttpRequest) -> HttpResponse:
    """Every hook with what waits and what failed; a new one is made here, and its key stands on the page that answers."""
    found = _keeper(request)
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "url", "person")}
    chosen = request.POST.getlist("procedure")
    context: dict[str, Any] = {"typed": typed, "errors": {}}
    if request.method == "POST":
        try:
            made = _made(typed, chosen, found.person)
            context = {"typed": {}, "errors": {}, "made": made, "key": notify.secret(made)}
        except ValidationError as error:
            context["errors"] = {name: " ".join(said) for name, said in error.message_dict.items()}
    status = 422 if context["errors"] else 201 if "made" in context else 200
    known = definitions.everything()
    asked = [(key, say(procedure.title), key in chosen and status == 422) for key, procedure in known.items()]
    return render(request, "desk/hooks.html", {**context, "rows": _rows(), "procedures": asked}, status=status)


def _made(typed: dict[str, str], procedures: list[str], made_by: Person) -> Hook:
    person = Person.objects.filter(username=typed["person"].lower(), is_active=True).first()
    if person is None:
        raise ValidationError({"person": t("没有这个账号 | There is no such account")})
    known = [key for key in procedures if key in definitions.library().keys]
    return notify.make(typed["name"], typed["url"], person, known, made_by)


def _rows() -> Any:
    waiting = Count("deliveries", filter=Q(deliveries__state=State.WAITING))
    failed = Count("deliveries", filter=Q(deliveries__state=State.FAILED))
    return Hook.objects.select_related("person").annotate(waiting=waiting, failed=failed).order_by("-is_active", "name")


@login_required
@require_GET
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Its latest deliveries; `?failed` only those given up."""
    _keeper(request)
    found = get_object_or_404(Hook.objects.select_related("person", "made_by"), pk=pk)
    failed = "failed" in request.GET
    rows = Delivery.objects.filter(hook=found).order_by("-pk").select_related("entry")
    if failed:
        rows = rows.filter(state=State.FAILED)
    known = definitions.everything()
    titles = [say(known[key].title) for key in found.procedures if key in known]
    context = {"hook": found, "deliveries": rows[:LATEST], "failed": failed, "titles": titles, "latest": LATEST}
    return render(request, "desk/hook.html", context)


@login_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off; what waits is kept."""
    _keeper(request)
    found = get_object_or_404(Hook, pk=pk)
    Hook.objects.filter(pk=pk).update(is_active=not found.is_active)
    return redirect("hook", pk)


@login_required
@require_POST
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Put a delivery that was given up back to the queue."""
    _keeper(request)
    notify.send_again(get_object_or_404(Delivery, pk=delivery, hook=pk))
    messages.success(request, t("已重新排队 | Queued again"))
    return redirect("hook", pk)


def _keeper(request: HttpRequest) -> Reader:
    found = reader(request)
    if not is_keeper(found):
        raise PermissionDenied
    return found
