"""What the asker was told, and how they want to be written to."""

from datetime import time
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StrictInt

from fadu.api import asked
from fadu.api.auth import asker, procedures_of
from fadu.api.problems import Unfit
from fadu.api.words import Json
from fadu.cases.moments import local
from fadu.notify.models import Kind, Notice, Preference
from fadu.notify.wording import name_of, sentence

router = Router()


class Box(Schema):
    """Unread ones, or all; `after` comes from the link of an earlier answer."""

    all: bool = False
    size: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[int, Field(ge=0, lt=2**63)] = 0


class Upto(Schema):
    """The newest notice that was read."""

    model_config = ConfigDict(extra="forbid")
    upto: Annotated[StrictInt, Field(ge=0, lt=2**63)]


class Wish(Schema):
    """When mails are sent, and about what; `quiet` from and until as `21:00`, the same twice for none."""

    model_config = ConfigDict(extra="forbid")
    rhythm: Literal["at_once", "daily", "never"]
    muted: list[Literal["turn", "letter", "moved", "soon", "overdue", "note", "closed"]] = []
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"


@router.get("/notices", summary="通知 | Notices")
def list_notices(request: HttpRequest, box: Query[Box]) -> Json:
    """The newest first."""
    asked.known_only(request, box)
    rows = Notice.objects.filter(person=asker(request)).order_by("-pk").select_related("case", "by")
    if narrowed := procedures_of(request):
        rows = rows.filter(case__procedure__in=narrowed)
    if not box.all:
        rows = rows.filter(read_at=None)
    if box.after:
        rows = rows.filter(pk__lt=box.after)
    found = list(rows[: box.size + 1])
    page = found[: box.size]
    following = f"?all={str(box.all).lower()}&size={box.size}&after={page[-1].pk}" if len(found) > box.size else ""
    return {
        "items": [_notice(one) for one in page],
        "next": request.build_absolute_uri(request.path + following) if following else None,
    }


@router.post("/notices/read", summary="标为已读 | Mark as read")
def post_read(request: HttpRequest, upto: Upto) -> Json:
    """All up to one of them; what came in since stays unread."""
    unread = Notice.objects.filter(person=asker(request), read_at=None, pk__lte=upto.upto)
    return {"read": unread.update(read_at=timezone.now())}


@router.get("/notices/settings", summary="通知设置 | Notice settings")
def get_settings(request: HttpRequest) -> Json:
    return _wish(Preference.objects.filter(person=asker(request)).first() or Preference())


@router.put("/notices/settings", summary="修改通知设置 | Change the notice settings")
def put_settings(request: HttpRequest, wish: Wish) -> Json:
    kept = {
        "rhythm": wish.rhythm,
        "muted": wish.muted,
        "quiet_from": _time("quiet_from", wish.quiet_from),
        "quiet_until": _time("quiet_until", wish.quiet_until),
    }
    row, _ = Preference.objects.update_or_create(person=asker(request), defaults=kept)
    return _wish(row)


def _time(place: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Unfit(place, "应当是时刻，如 21:00", "must be a time of day such as 21:00") from None


def _wish(row: Preference) -> Json:
    quiet = {"quiet_from": f"{row.quiet_from:%H:%M}", "quiet_until": f"{row.quiet_until:%H:%M}"}
    return {"rhythm": row.rhythm, "muted": row.muted, **quiet, "kinds": list(Kind.values)}


def _notice(one: Notice) -> Json:
    return {
        "id": one.pk,
        "kind": one.kind,
        "text": sentence(one),
        "case": {"id": str(one.case_id), "procedure": one.case.procedure, "name": name_of(one)},
        "at": local(one.at).isoformat(timespec="minutes"),
        "read": one.read_at is not None,
    }
