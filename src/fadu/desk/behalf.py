"""Writing down what a leader decided on paper: who may, and for whom."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from fadu.cases.act import LEADERS, RECORDER
from fadu.desk.reader import Reader
from fadu.units.models import Person, Post
from fadu.units.posts import HeldPost


@dataclass(frozen=True, slots=True)
class Leader:
    id: int
    name: str
    title: str
    chosen: bool


def records_for(reader: Reader, government: str) -> bool:
    """Whether the reader is a recorder in that government."""
    return any(post.role == RECORDER and _is_in(post, government) for post in reader.posts)


def leaders(reader: Reader, government: str, chosen: Person | None = None) -> list[Leader]:
    """The leaders in office a recorder may act for; none for anybody else."""
    if not records_for(reader, government):
        return []
    posts = _in_office(government).select_related("person").order_by("role", "unit__order", "person__name")
    found = {post.person_id: post for post in posts}
    return [Leader(pk, one.person.name, one.title, chosen is not None and pk == chosen.pk) for pk, one in found.items()]


def principal(reader: Reader, government: str, asked: str) -> Person | None:
    """The leader an address or a form names; None for nobody, and for whom the reader may not record."""
    if not asked.isdecimal() or len(asked) > 18 or not records_for(reader, government):
        return None
    post = _in_office(government).filter(person=int(asked)).select_related("person").first()
    return post.person if post else None


def _in_office(government: str) -> "QuerySet[Post]":
    today = timezone.localdate(timezone.now())
    held = Post.objects.filter(Q(until=None) | Q(until__gte=today), role__in=LEADERS, since__lte=today)
    return held.filter(unit__government__code=government, person__is_active=True)


def _is_in(post: HeldPost, government: str) -> bool:
    return post.unit.government is not None and post.unit.government.code == government
