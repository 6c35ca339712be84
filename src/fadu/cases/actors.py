"""A person as the kernel sees them on a day: posts of their own and of those they stand in for."""

from collections.abc import Iterable
from datetime import date

from fadu.cases.moments import now
from fadu.kernel.decide import Actor
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of


def actor_for(person: Person, government: str, on: date, principal: Person | None = None) -> Actor:
    """`government` is the code of the case's: a role without a unit counts only where it is held. `on` is the legal day.

    Who writes down an earlier day of their own must have held the post then and hold it still; who records for a
    leader holds theirs now, and the leader held theirs then.
    """
    today = now().date()
    if principal is not None:
        leader = _actor(principal, government, posts_of(principal, on))
        return _actor(person, government, posts_of(person, today), leader)
    held = posts_of(person, today)
    if on != today:
        then = {post.key for post in posts_of(person, on)}
        held = tuple(post for post in held if post.key in then)
    return _actor(person, government, held)


def actor_holding(person: Person, government: str, held: Iterable[HeldPost]) -> Actor:
    """The same for today, where the posts were asked for already: of many cases on one page."""
    return _actor(person, government, held)


def _actor(person: Person, government: str, held: Iterable[HeldPost], leader: Actor | None = None) -> Actor:
    posts = frozenset((post.role, post.unit.code) for post in held)
    here = {
        (post.role, post.unit.code)
        for post in held
        if post.unit.government is not None and post.unit.government.code == government
    }
    absent = frozenset(str(post.delegated_from.pk) for post in held if post.delegated_from is not None)
    return Actor(str(person.pk), posts, leader, posts - here, absent)
