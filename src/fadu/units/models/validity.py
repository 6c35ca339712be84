"""From which day to which day something holds; both days are included, as in 自…起至…止."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from fadu.units.wording import both


def in_force(on: date) -> Q:
    """Rows that hold on the day `on`; an empty `since` or `until` leaves that side open."""
    begun = Q(since__isnull=True) | Q(since__lte=on)
    return begun & (Q(until__isnull=True) | Q(until__gte=on))


def overlapping(since: date, until: date | None) -> Q:
    """Rows that share at least one day with `since` to `until`."""
    shared = Q(until__isnull=True) | Q(until__gte=since)
    return shared & Q(since__lte=until) if until else shared


# For the database: a missing side makes the comparison unknown, which a check constraint lets pass.
ENDS_AFTER_IT_BEGINS = Q(until__gte=F("since"))


def check_order(since: date | None, until: date | None) -> None:
    """Raises ValidationError on the field `until` when it is before `since`."""
    if since and until and until < since:
        raise ValidationError({"until": both("结束日期不得早于开始日期", "the last day is before the first")})
