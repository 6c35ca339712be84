"""Other systems told of entries: CloudEvents 1.0, signed as Standard Webhooks has it, tried again, failures kept in sight.

An event says that something happened and where to read it; it carries no fields of the case.
"""

import base64
import hmac
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fadu.cases.access import predicate
from fadu.cases.models import Case, Entry
from fadu.notify.models import Delivery, Hook, State
from fadu.units.models import Person
from fadu.units.posts import posts_of
from fadu.units.wording import both

LOG = logging.getLogger(__name__)
PATIENCE = (10, 60, 300, 1800, 7200, 21600, 86400)  # seconds between attempts; then the delivery has failed
SECONDS = 10  # an answer that takes longer counts as none
LEASE = timedelta(minutes=5)
MOST = 100


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could lead where FADU_WEBHOOK_HOSTS does not."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


OPENER: OpenerDirector = build_opener(ProxyHandler({}), _NoRedirect)


def make(name: str, url: str, person: Person, procedures: Sequence[str], made_by: Person) -> Hook:
    """A new hook. Raises ValidationError when the address is not one the environment allows."""
    hook = Hook(
        name=name,
        url=url,
        person=person,
        procedures=list(procedures),
        salt=secrets.token_hex(32),
        made_at=timezone.now(),
        made_by=made_by,
    )
    hook.full_clean()
    check_host(url)
    hook.save()
    return hook


def check_host(url: str) -> None:
    """Raises ValidationError on `url` unless FADU_WEBHOOK_HOSTS names its host: nobody makes the server call where it should not."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.username:
        raise ValidationError(
            {"url": both("地址须以 https:// 或 http:// 开头，不带用户名", "an http(s) address without a user")}
        )
    if parts.hostname not in settings.FADU_WEBHOOK_HOSTS:
        zh = f"服务器设置 FADU_WEBHOOK_HOSTS 没有允许“{parts.hostname}”"
        raise ValidationError({"url": both(zh, f"the setting FADU_WEBHOOK_HOSTS does not allow {parts.hostname}")})


def secret(hook: Hook) -> str:
    """The signing key as the receiver keeps it: `whsec_…`, derived anew each time."""
    return "whsec_" + base64.b64encode(_key(hook)).decode()


def _key(hook: Hook) -> bytes:
    return salted_hmac("fadu.notify.hook", hook.salt, algorithm="sha256").digest()


def signature(hook: Hook, event: str, moment: int, body: str) -> str:
    """`v1,` and the HMAC-SHA256 over `id.timestamp.body`, base64 (Standard Webhooks)."""
    signed = hmac.new(_key(hook), f"{event}.{moment}.{body}".encode(), "sha256").digest()
    return "v1," + base64.b64encode(signed).decode()


def note_down(entries: Sequence[Entry]) -> None:
    """A delivery for every hook that may see the entry's case and asked for its procedure."""
    hooks = list(Hook.objects.filter(is_active=True).select_related("person")) if entries else []
    for hook in hooks:
        asked = [entry for entry in entries if not hook.procedures or entry.procedure in hook.procedures]
        seen = predicate(hook.person, posts_of(hook.person, timezone.localdate()))
        cases = Case.objects.filter(seen, pk__in={entry.case_id for entry in asked}).defer("tokens", "state").in_bulk()
        rows = [_delivery(hook, entry, cases[entry.case_id]) for entry in asked if entry.case_id in cases]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _delivery(hook: Hook, entry: Entry, case: Case) -> Delivery:
    now = timezone.now()
    body = json.dumps(event(entry, case), ensure_ascii=False)
    return Delivery(hook=hook, entry=entry, body=body, next_at=now, made_at=now)


def event(entry: Entry, case: Case) -> Mapping[str, Any]:
    """The CloudEvent of an entry: `type` is `fadu.<procedure>.<action>`, `id` the digest of the entry."""
    place = f"{settings.FADU_URL}/api/v1/cases/{case.pk}"
    data = {"case": case.pk, "number": case.number, "seq": entry.seq, "stage": case.stage, "open": case.is_open}
    return {
        "specversion": "1.0",
        "id": entry.digest,
        "source": f"{settings.FADU_URL}/",
        "type": f"fadu.{entry.procedure}.{entry.action.removeprefix('@')}",
        "subject": str(case.pk),
        "time": entry.recorded_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {**data, "outcome": case.outcome, "url": place},
    }


def deliver(limit: int = MOST) -> int:
    """Send what is due; how many arrived. A hook that is switched off keeps its deliveries waiting."""
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.select_for_update(of=("self",)).filter(
            state=State.WAITING, next_at__lte=now, hook__is_active=True
        )
        rows = list(due.order_by("next_at").select_related("hook", "entry")[:limit])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=now + LEASE)
    return sum(_send(row) for row in rows)


def _send(row: Delivery) -> int:
    row.attempts += 1
    row.status, row.error = _posted(row)
    arrived = row.status is not None and 200 <= row.status < 300
    if arrived:
        row.state, row.sent_at = State.SENT, timezone.now()
    elif row.attempts > len(PATIENCE):
        row.state = State.FAILED
        LOG.warning("webhook %s: entry %s was not delivered: %s", row.hook_id, row.entry_id, row.error)
    else:
        row.next_at = timezone.now() + timedelta(seconds=PATIENCE[row.attempts - 1])
    row.save()
    return int(arrived)


def _posted(row: Delivery) -> tuple[int | None, str]:
    """The status of the answer and what went wrong, if anything."""
    moment = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "Fadu",
        "webhook-id": row.entry.digest,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(row.hook, row.entry.digest, moment, row.body),
    }
    try:
        check_host(row.hook.url)  # the environment may have changed since the hook was made
        request = Request(row.hook.url, row.body.encode(), headers, method="POST")  # noqa: S310  # http(s), checked above
        with OPENER.open(request, timeout=SECONDS) as answer:
            return answer.status, ""
    except HTTPError as error:
        return error.code, f"HTTP {error.code}"
    except ValidationError as error:
        return None, "; ".join(error.messages)[:500]
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"[:500]


def send_again(row: Delivery) -> None:
    """Put a delivery that failed back to the queue."""
    Delivery.objects.filter(pk=row.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, next_at=timezone.now(), error=""
    )
