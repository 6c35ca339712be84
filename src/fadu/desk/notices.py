"""What the reader was told: the unread first, each opening its matter; and how they want to be written to."""

from collections.abc import Mapping
from datetime import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fadu.desk.counts import counted
from fadu.desk.reader import reader
from fadu.notify.models import Kind, Mail, Notice, Preference, Rhythm
from fadu.notify.wording import name_of, sentence
from fadu.words import t

SIZE = 50
MAILS = 20
NO_TIME = "请填写时刻，例如 21:00 | A time of day, such as 21:00"


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first; `?all` with those already read."""
    found, everything = reader(request), "all" in request.GET
    rows = Notice.objects.filter(person=found.person).order_by("-pk").select_related("case", "by")
    rows = rows.defer("case__tokens", "case__state")
    if not everything:
        rows = rows.filter(read_at=None)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: SIZE + 1])
    more, page = len(page) > SIZE, page[:SIZE]
    address = f"?{'all&' if everything else ''}before={page[-1].pk}" if more else ""
    context = {
        "lines": [(one, sentence(one), name_of(one)) for one in page],
        "everything": everything,
        "unread": counted(found.tallies["notices"]),
        "last": page[0].pk if page else 0,
        "pager": {"words": t("本页 {n} 条 | {n:notice} on this page", n=len(page)), "after": address} if page else None,
    }
    return render(request, "desk/notices.html", context)


@login_required
@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Read, and on to its matter: where mails lead."""
    notice = get_object_or_404(Notice.objects.select_related("case"), pk=pk, person=reader(request).person)
    if notice.read_at is None:
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect("case", notice.case.procedure, notice.case_id)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All up to the newest that stood on the page; what came in since stays unread."""
    upto = request.POST.get("upto", "")
    if upto.isdecimal() and len(upto) < 19:
        unread = Notice.objects.filter(person=reader(request).person, read_at=None, pk__lte=int(upto))
        number = unread.update(read_at=timezone.now())
        messages.success(request, t("{n} 条已读 | {n:notice} read", n=number))
    return redirect("notices")


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Rhythm, muted kinds and quiet hours of the reader; and the latest mails as they were sent."""
    person = reader(request).person
    wish = Preference.objects.filter(person=person).first() or Preference(person=person)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _taken(wish, request.POST, request.POST.getlist("told"))
        if not errors:
            wish.save()
            messages.success(request, t("已保存 | Saved"))
            return redirect("notice-settings")
    context = {
        "wish": wish,
        "errors": errors,
        "address": person.email,
        "rhythms": [(one.value, one.label, wish.rhythm == one) for one in Rhythm],
        "kinds": [(one.value, one.label, one.value not in wish.muted) for one in Kind],
        "mails": Mail.objects.filter(person=person).order_by("-pk")[:MAILS],
    }
    return render(request, "desk/notice_settings.html", context, status=422 if errors else 200)


def _taken(wish: Preference, posted: Mapping[str, str], told: list[str]) -> dict[str, str]:
    """What was typed, put into the wish; what is wrong with it, by field."""
    errors = {}
    if posted.get("rhythm") in Rhythm.values:
        wish.rhythm = posted["rhythm"]
    wish.muted = [kind for kind in Kind.values if kind not in told]
    for name in ("quiet_from", "quiet_until"):
        try:
            setattr(wish, name, time.fromisoformat(posted.get(name, "")))
        except ValueError:
            errors[name] = t(NO_TIME)
    return errors
