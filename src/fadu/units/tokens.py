"""Making, finding and ending tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from fadu.units.models import ApiToken, Person, Scope

PREFIX = "fadu_"  # so that a token left in a file or a log is recognised as one
LONGEST_DAYS = 366


def issue(
    person: Person, name: str, days: int = 90, scope: Scope = Scope.ACT, procedures: Iterable[str] = ()
) -> tuple[str, ApiToken]:
    """A new token and its row; the token cannot be had again. `days` counts from today, the last one included."""
    token = PREFIX + secrets.token_urlsafe(32)
    expires = timezone.localdate() + timedelta(days=days)
    narrowed = {"scope": scope, "procedures": sorted(procedures)}
    return token, ApiToken.objects.create(
        person=person, name=name, digest=digest_of(token), expires=expires, **narrowed
    )


def digest_of(token: str) -> str:
    """A token has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(token: str) -> ApiToken | None:
    """The row of a token; None when it is unknown, revoked or expired, or its person's account is closed."""
    row = ApiToken.objects.select_related("person").filter(digest=digest_of(token), revoked=None).first()
    today = timezone.localdate()
    if row is None or row.expires < today or not row.person.is_active or row.person.must_change_password:
        return None
    _note_use(row, today)
    return row


def _note_use(row: ApiToken, today: date) -> None:
    """By the day: a write with every request would be too dear."""
    if row.last_used != today:
        ApiToken.objects.filter(pk=row.pk).update(last_used=today)


def revoke(row: ApiToken) -> None:
    """From now on it opens nothing."""
    ApiToken.objects.filter(pk=row.pk, revoked=None).update(revoked=timezone.now())
