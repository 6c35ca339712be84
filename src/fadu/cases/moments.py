"""Between the kernel's local moments and the database's: one zone, minutes precise."""

from datetime import datetime

from django.utils import timezone

from fadu.kernel import clock

_EARLIEST = datetime(1970, 1, 2)  # noqa: DTZ001  # stands for "always": local, and safe in every database


def now() -> datetime:
    """The present local moment, naive, as the kernel reads it."""
    return timezone.localtime().replace(tzinfo=None)


def legal(at: datetime | None = None) -> str:
    """A moment as an entry bears it: `2026-10-22T16:20`."""
    return (at or now()).isoformat(timespec="minutes")


def stored(at: datetime | None) -> datetime | None:
    """A naive local moment as the database keeps it."""
    return None if at is None else timezone.make_aware(max(at, _EARLIEST))


def stored_day(text: str) -> datetime:
    """An entry's legal day as the database keeps it."""
    return timezone.make_aware(clock.moment(text))


def local(at: datetime) -> datetime:
    """A stored moment as the kernel reads it."""
    return timezone.localtime(at).replace(tzinfo=None)
