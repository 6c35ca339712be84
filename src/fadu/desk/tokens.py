"""The reader's own page: their posts, how the desk looks to them, and the tokens that let programs act for them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fadu.cases import definitions
from fadu.desk.asked import Asked, line, whole
from fadu.desk.frame import frame_of, worked_procedures
from fadu.desk.reader import reader
from fadu.units import tokens
from fadu.units.models import ApiToken, Scope
from fadu.words import say, t, today

LONGEST_NAME = 100
BLANK = Asked("90")


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """The token stands on the page that answers, and nowhere else."""
    name, days = line(request.POST, "name", LONGEST_NAME), whole(request.POST, "days", 1, tokens.LONGEST_DAYS)
    if name.error or days.error:
        return _page(request, 422, name=name, days=days)
    scope = Scope.READ if request.POST.get("scope") == Scope.READ else Scope.ACT
    known = definitions.library().keys
    procedures = [key for key in request.POST.getlist("procedure") if key in known]
    token, _ = tokens.issue(reader(request).person, name.value, int(days.value), scope, procedures)
    return _page(request, 201, token=token, made=name.value)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the reader's own; somebody else's does not exist."""
    found = get_object_or_404(ApiToken, pk=pk, person=reader(request).person)
    tokens.revoke(found)
    messages.success(request, t("令牌“{name}”已废止 | The token '{name}' is revoked", name=found.name))
    return redirect("me")


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    found = reader(request)
    context = {
        "frame": frame_of(request),
        "posts": found.posts,
        "tokens": ApiToken.objects.filter(person=found.person, revoked=None),
        "today": today(),
        "scopes": [(one.value, one.label, one == Scope.ACT) for one in Scope],
        "procedures": [(item.key, say(item.title)) for item in worked_procedures(found)],
        "most_days": tokens.LONGEST_DAYS,
        "name": Asked(),
        "days": BLANK,
    }
    return render(request, "desk/me.html", {**context, **more}, status=status)
