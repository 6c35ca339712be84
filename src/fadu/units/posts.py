"""The posts somebody may act in on a given day: their own, and those of people they stand in for."""

from dataclasses import dataclass
from datetime import date

from fadu.units.models import Delegation, Person, Post, Unit
from fadu.units.models.validity import in_force


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One role in one unit. `delegated_from` is the absent person when it is held as their deputy."""

    role: str
    unit: Unit
    title: str
    delegated_from: Person | None

    @property
    def key(self) -> str:
        """How turns and entries name it: role@unit."""
        return f"{self.role}@{self.unit.code}"


def posts_of(person: Person, on: date) -> tuple[HeldPost, ...]:
    """Own posts first, then delegated ones, each in the order of the units; two queries.

    Nobody whose account is closed holds a post. A delegated post is not passed on, and an administrator's never is.
    """
    if not person.is_active:
        return ()
    delegations = list(Delegation.on(on).filter(deputy=person).select_related("absent"))
    holders = {person.pk, *(delegation.absent_id for delegation in delegations)}
    posts = list(Post.objects.filter(in_force(on), person__in=holders).select_related("unit__government"))
    own = [_held(post, None) for post in posts if post.person_id == person.pk]
    # Two delegations may cover the same post; it is held once.
    lent = {post.pk: _held(post, row.absent) for row in delegations for post in posts if _lends(row, post)}
    return (*own, *lent.values())


def _lends(delegation: Delegation, post: Post) -> bool:
    return post.person_id == delegation.absent_id and delegation.covers(post.role)


def _held(post: Post, absent: Person | None) -> HeldPost:
    return HeldPost(post.role, post.unit, post.title, absent)
