"""Who is reading, and what every page needs to answer them: posts, names, the calendar, the definitions, the hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fadu.cases.access import fields_seen, predicate, turn_keys
from fadu.cases.listing import Inbox, capped_counts
from fadu.cases.models import Case
from fadu.desk.values import Names
from fadu.kernel.definition import Field, Procedure
from fadu.notify.models import Notice
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of


@dataclass
class Reader:
    """Made once a request; looks each thing up once."""

    person: Person
    now: datetime = field(default_factory=timezone.now)
    names: Names = field(default_factory=Names)

    def __post_init__(self) -> None:
        self.names.seen = lambda: self.cases

    @cached_property
    def posts(self) -> tuple[HeldPost, ...]:
        return posts_of(self.person, timezone.localdate(self.now))

    @property
    def cases(self) -> "QuerySet[Case]":
        """The cases the reader may see; every page asks here."""
        return Case.objects.filter(predicate(self.person, self.posts))

    @property
    def roles(self) -> set[str]:
        return {post.role for post in self.posts}

    @property
    def unit_codes(self) -> list[str]:
        return list(dict.fromkeys(post.unit.code for post in self.posts))

    def fields(self, procedure: Procedure, government: str) -> dict[str, Field]:
        """The fields (and of lists, the columns) of a case in that government which the reader may see."""
        return fields_seen(self.posts, procedure, government)

    @cached_property
    def tallies(self) -> Mapping[str, int]:
        """What the side bar counts on every page, in one statement, up to the cap."""
        mine = Case.objects.filter(is_open=True, turn__in=turn_keys(self.person, self.posts))
        unread = Notice.objects.filter(person=self.person, read_at=None)
        return capped_counts({"mine": mine, "notices": unread})

    @cached_property
    def lent(self) -> dict[str, str]:
        """The turns that reach the reader only as somebody's deputy, with that person's name."""
        return {key: absent.name for key, absent in Inbox(self.person, self.posts).lent.items()}

    @property
    def local(self) -> datetime:
        """Now as the kernel counts: naive, on the wall clock."""
        return timezone.make_naive(self.now)


def reader(request: HttpRequest) -> Reader:
    """The reader of this request; only for people who have signed in."""
    found: Reader | None = getattr(request, "reader", None)
    if found is None:
        assert isinstance(request.user, Person)  # noqa: S101 – every view that reads stands behind login_required
        found = Reader(request.user)
        request.reader = found  # type: ignore[attr-defined]  # a page and its side bar share one
    return found
