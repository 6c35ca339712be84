"""Writing down administrative acts, and proving that none was changed, removed or put in between."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from fadu.administration.models import AdministrationEntry
from fadu.kernel.ledger import DEFAULT_ALGORITHM, Sealed, canonical, chain_fault, seal
from fadu.units.models import Person
from fadu.units.posts import posts_of


def holds(person: Person, *roles: str) -> bool:
    """Whether a person holds one of these posts today."""
    return any(post.role in roles for post in posts_of(person, timezone.localdate()))


def insist(person: Person | None, role: str) -> None:
    """Only the administrator whose work it is; None is the command line. Raises PermissionDenied."""
    if person is not None and not holds(person, role):
        raise PermissionDenied(role)


@transaction.atomic
def record(
    by: Person | None,
    act: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> AdministrationEntry:
    """One line more, in the transaction of the act itself; of `before` and `after` only what differs is kept."""
    last = _last()
    old, new = differing(before or {}, after or {})
    at, seq = timezone.now(), last.seq + 1 if last else 1
    body = {
        "seq": seq,
        "at": at.isoformat(),
        "by": by.username if by else "",
        "act": act,
        "subject": subject,
        "before": old,
        "after": new,
        "note": note,
    }
    text = canonical(body)
    return AdministrationEntry.objects.create(
        seq=seq,
        at=at,
        by=by,
        act=act,
        subject=subject,
        body=text,
        digest=seal(last.digest if last else "", text),
        algorithm=DEFAULT_ALGORITHM,
    )


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides without what is the same, and without what is empty."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return (
        {key: before[key] for key in keys if before.get(key) not in (None, "", [])},
        {key: after[key] for key in keys if after.get(key) not in (None, "", [])},
    )


def _last() -> AdministrationEntry | None:
    """The end of the chain. Its first line is held, so that two acts at once follow one another."""
    list(AdministrationEntry.objects.select_for_update().filter(seq=1).values_list("pk"))
    return AdministrationEntry.objects.first()


def fault() -> str | None:
    """The first break in the chain, or nothing."""
    return chain_fault(_sealed(AdministrationEntry.objects.order_by("seq").iterator()))


def _sealed(entries: Iterable[AdministrationEntry]) -> Iterable[Sealed]:
    return (Sealed(entry.seq, entry.body, entry.digest, entry.algorithm) for entry in entries)
