"""Reading the ledger on, entry by entry, and the lights that have turned since the last look.

The ledger itself is the outbox. Entries take their ids before they are committed, so a later id may be seen before an
earlier one: what lies within WINDOW behind the newest is read again, and `Told` says what was done with already.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from fadu.cases.models import Case, Entry
from fadu.notify.models import Bookmark, Kind, Notice, Told
from fadu.notify.telling import lit, notices

WINDOW = timedelta(hours=1)  # longer than any deed or import batch takes to commit
BATCH = 500
LEDGER, LIGHTS = "ledger", "lights"
Reading = Callable[[Sequence[Entry]], None]


def read_ledger(told: Reading, limit: int = BATCH) -> int:
    """Tell one batch of entries nobody was told yet; how many there were. The first time starts at the present."""
    with transaction.atomic():
        mark = _bookmark(LEDGER)
        if mark is None:
            return 0
        known = Told.objects.filter(entry_id=OuterRef("pk"))
        fresh = list(Entry.objects.filter(~Exists(known), pk__gt=mark.entry_id).order_by("pk")[:limit])
        told(fresh)
        Told.objects.bulk_create([Told(entry_id=entry.pk) for entry in fresh])
        _move_on(mark)
    return len(fresh)


def tell(entries: Sequence[Entry]) -> None:
    """Put the notices of entries down; what was told before is left as it is."""
    if entries:
        Notice.objects.bulk_create(notices(entries), ignore_conflicts=True)


def read_lights(limit: int = BATCH) -> int:
    """Tell of lights that turned since the last look: red first. The number of notices."""
    now = timezone.now()
    with transaction.atomic():
        mark = _bookmark(LIGHTS)
        if mark is None:
            return 0
        since = mark.moment or now
        found = [
            *lit(_turned("red_at", since, now), Kind.OVERDUE, now),
            *lit(_turned("amber_at", since, now), Kind.SOON, now),
        ]
        Notice.objects.bulk_create(found, ignore_conflicts=True, batch_size=limit)
        mark.moment = now
        mark.save()
    return len(found)


def begin(entry_id: int | None = None, moment: datetime | None = None) -> None:
    """Set both bookmarks: to the present, or to an earlier place for a city that begins with a past."""
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    at = {"entry_id": last if entry_id is None else entry_id, "moment": moment or timezone.now()}
    for name in (LEDGER, LIGHTS):
        Bookmark.objects.get_or_create(name=name, defaults=at)


def _turned(column: str, since: datetime, until: datetime) -> list[Case]:
    """Open cases whose light turned in between, and is not red already when it turns amber."""
    window = Q(**{f"{column}__gt": since, f"{column}__lte": until})
    rows = Case.objects.filter(window, is_open=True, grey=False).exclude(turn="").defer("tokens", "state")
    return list(rows if column == "red_at" else rows.filter(Q(red_at=None) | Q(red_at__gt=until)))


def _bookmark(name: str) -> Bookmark | None:
    """Locked, so that one reader reads at a time; None the first time, when it is set to the present."""
    mark = Bookmark.objects.select_for_update().filter(name=name).first()
    if mark is None:
        begin()
    return mark


def _move_on(mark: Bookmark) -> None:
    old = Entry.objects.filter(recorded_at__lt=timezone.now() - WINDOW, pk__in=Told.objects.values("entry_id"))
    passed = old.aggregate(last=Max("pk"))["last"]
    if passed and passed > mark.entry_id:
        mark.entry_id = passed
        mark.save()
        Told.objects.filter(entry_id__lte=passed).delete()
