"""Mails: written from notices as each person wants them, sent when their quiet hours allow, tried again, and kept."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fadu.cases import definitions
from fadu.notify.models import Kind, Mail, Notice, Preference, Rhythm, State
from fadu.notify.wording import name_of, sentence
from fadu.units.models import Person
from fadu.words import t

LOG = logging.getLogger(__name__)
DIGEST_AT = time(8, 30)
FRESH = timedelta(days=3)  # older notices are on the page; nobody is written to about them any more
PRESSING = timedelta(days=1)  # what ends sooner does not wait for the morning
PATIENCE = (1, 5, 30, 120, 600)  # minutes between attempts; then the mail has failed
LONGEST_HOLIDAY = 15  # days; the longest so far were nine
MOST = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """Notices that go into one mail, and when it may leave."""

    notices: Sequence[Notice]
    at: datetime
    is_digest: bool = False


def write(limit: int = MOST) -> int:
    """Write the mails that are due to be written; how many. Each notice is taken account of once."""
    now = timezone.now()
    fresh = Notice.objects.filter(is_written=False).select_related("person", "case", "by").order_by("pk")[: limit * 10]
    by_person: dict[Person, list[Notice]] = defaultdict(list)
    for notice in fresh:
        by_person[notice.person].append(notice)
    wishes = {one.person_id: one for one in Preference.objects.filter(person__in=by_person)}
    return sum(
        _write_to(person, found, wishes.get(person.pk) or Preference(person=person), now)
        for person, found in by_person.items()
    )


@transaction.atomic
def _write_to(person: Person, found: Sequence[Notice], wish: Preference, now: datetime) -> int:
    wanted = [notice for notice in found if _is_wanted(notice, wish, now)]
    batches = list(_batches(wanted, wish, now)) if person.email and person.is_active else []
    for batch in batches:
        _store(person, batch, now)
    kept = {notice.pk for notice in wanted} if wish.rhythm == Rhythm.DAILY and person.email else set()
    written = {notice.pk for batch in batches for notice in batch.notices}
    done = [notice.pk for notice in found if notice.pk not in kept or notice.pk in written]
    Notice.objects.filter(pk__in=done).update(is_written=True)
    return len(batches)


def _is_wanted(notice: Notice, wish: Preference, now: datetime) -> bool:
    if wish.rhythm == Rhythm.NEVER or notice.kind in wish.muted:
        return False
    return notice.read_at is None and notice.at >= now - FRESH


def _batches(wanted: Sequence[Notice], wish: Preference, now: datetime) -> Iterator[Batch]:
    """What presses goes at once, whatever the hour; the rest after the quiet hours, or together in the morning."""
    pressing = [notice for notice in wanted if _is_pressing(notice, now)]
    rest = [notice for notice in wanted if notice not in pressing]
    yield from (Batch([notice], now) for notice in pressing)
    if wish.rhythm == Rhythm.AT_ONCE:
        yield from (Batch([notice], quiet_end(wish, now)) for notice in rest)
    elif ripe := [notice for notice in rest if notice.at < digest_moment(now)]:
        yield Batch(ripe, now, is_digest=True)


def _store(person: Person, batch: Batch, now: datetime) -> None:
    with translation.override(person.language):
        subject, body = _subject(batch.notices), _body(person, batch.notices)
    mail = Mail.objects.create(
        person=person,
        address=person.email,
        subject=subject,
        body=body,
        is_digest=batch.is_digest,
        next_at=batch.at,
        made_at=now,
    )
    mail.notices.set(batch.notices)


def _subject(notices: Sequence[Notice]) -> str:
    """One line: a title with a line break in it must not become a header."""
    one = f"{Kind(notices[0].kind).label}：{name_of(notices[0])}"
    several = t("您有 {n} 条新通知 | {n:notice} for you", n=len(notices))
    return " ".join((one if len(notices) == 1 else several).split())[:300]


def _body(person: Person, notices: Sequence[Notice]) -> str:
    words = {
        "greeting": t("{name}，您好： | Dear {name},", name=person.name),
        "lines": [(sentence(one), name_of(one), site(f"/notices/{one.pk}/")) for one in notices],
        "closing": t("何时、为何给您发信，可以在这里更改： | When and why we write to you can be changed here:"),
        "settings": site("/notices/settings/"),
    }
    return render_to_string("notify/mail.txt", words)


def send(limit: int = MOST) -> int:
    """Send the mails whose moment has come; how many went out. A notice read meanwhile is still in the record."""
    now = timezone.now()
    with transaction.atomic():
        due = Mail.objects.select_for_update().filter(state=State.WAITING, next_at__lte=now).order_by("next_at")
        mails = list(due[:limit])
        Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(next_at=now + timedelta(minutes=15))  # a lease
    if not mails:
        return 0
    connection = get_connection()
    sent = sum(_send_one(mail, connection) for mail in mails)
    connection.close()
    return sent


def _send_one(mail: Mail, connection: BaseEmailBackend) -> int:
    mail.attempts += 1
    try:
        letter = EmailMessage(
            mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.address], connection=connection
        )
        letter.send()
    except (OSError, SMTPException) as error:
        _try_again(mail, error)
        return 0
    mail.state, mail.sent_at, mail.error = State.SENT, timezone.now(), ""
    mail.save()
    return 1


def _try_again(mail: Mail, error: Exception) -> None:
    LOG.warning("mail %s to person %s was not sent: %s", mail.pk, mail.person_id, error)
    mail.error = f"{type(error).__name__}: {error}"[:500]
    if mail.attempts > len(PATIENCE):
        mail.state = State.FAILED
    else:
        mail.next_at = timezone.now() + timedelta(minutes=PATIENCE[mail.attempts - 1])
    mail.save()


# -- when -------------------------------------------------------------------------------------------------------------


def _is_pressing(notice: Notice, now: datetime) -> bool:
    return notice.due is not None and notice.due - now < PRESSING and notice.kind != Kind.CLOSED


def quiet_end(wish: Preference, now: datetime) -> datetime:
    """The present, or the end of the quiet hours it falls in."""
    local = timezone.localtime(now)
    begin, end, at = wish.quiet_from, wish.quiet_until, local.time()
    if begin < end and begin <= at < end:
        return _on(local.date(), end)
    if begin > end and at >= begin:
        return _on(local.date() + timedelta(days=1), end)
    if begin > end and at < end:
        return _on(local.date(), end)
    return now


def digest_moment(now: datetime) -> datetime:
    """The latest half past eight of a workday that has passed; a day of an unknown year is taken for a workday."""
    calendar = definitions.calendar()
    today = timezone.localdate(now)
    first = 0 if now >= _on(today, DIGEST_AT) else 1
    days = (today - timedelta(days=back) for back in range(first, first + LONGEST_HOLIDAY))
    return next(_on(day, DIGEST_AT) for day in days if not calendar.knows(day) or calendar.is_workday(day))


def _on(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


# -- where ------------------------------------------------------------------------------------------------------------


def site(path: str) -> str:
    """A full address of this installation."""
    return f"{settings.FADU_URL}{path}"
