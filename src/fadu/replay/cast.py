"""Who plays: the people of a city by the posts they hold, as the kernel sees them."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from fadu.cases.actors import actor_for
from fadu.kernel.decide import Actor
from fadu.units.models import Person, Post


@dataclass(slots=True)
class Cast:
    """The holders of each post of a government and of the units under it, on the first day of the play."""

    government: str
    day: date
    rng: Random
    holders: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (role, unit) -> usernames
    _actors: dict[str, tuple[Actor, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, government: str, day: date, rng: Random) -> "Cast":
        cast = cls(government, day, rng)
        posts = Post.objects.filter(unit__path__startswith=f"/{government}/", since__lte=day).order_by("pk")
        for role, unit, name in posts.values_list("role", "unit__code", "person__username"):
            cast.holders.setdefault((role, unit), []).append(name)
        return cast

    def anyone(self, role: str, unit: str, rng: Random, but: frozenset[str] = frozenset()) -> str:
        """The username of somebody in a role at a unit (anywhere when it is empty), none of `but`; KeyError if nobody."""
        found = [
            name
            for (held, at), names in self.holders.items()
            if held == role and unit in ("", at)
            for name in names
            if name not in but
        ]
        if not found:
            raise KeyError(f"{role}@{unit or self.government}")
        return rng.choice(found)

    def actor(self, username: str) -> tuple[Actor, int]:
        """The actor, and the number of the account."""
        if username not in self._actors:
            person = Person.objects.get(username=username)
            self._actors[username] = actor_for(person, self.government, self.day), person.pk
        return self._actors[username]
