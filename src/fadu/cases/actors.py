"""A person as the kernel sees them on a day: posts of their own and of those they stand in for."""

from datetime import date

from fadu.kernel.decide import Actor
from fadu.units.models import Person
from fadu.units.posts import posts_of


def actor_for(person: Person, government: str, on: date, principal: Person | None = None) -> Actor:
    """`government` is the code of the case's: a role without a unit counts only where it is held."""
    held = posts_of(person, on)
    posts = frozenset((post.role, post.unit.code) for post in held)
    here = {
        (post.role, post.unit.code)
        for post in held
        if post.unit.government is not None and post.unit.government.code == government
    }
    leader = actor_for(principal, government, on) if principal is not None else None
    return Actor(str(person.pk), posts, leader, posts - here)
