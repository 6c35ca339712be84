"""Who holds a turn: the other way round from `posts_of`, and by the same rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from fadu.units.models import Delegation, Person, Post
from fadu.units.models.validity import in_force


def holders(keys: Iterable[str], on: date) -> Mapping[str, set[Person]]:
    """The people behind turns (role@unit, role@government, person:ID) that day, their deputies included; three queries.

    Nobody whose account is closed holds anything.
    """
    wanted = set(keys)
    found: dict[str, set[Person]] = defaultdict(set)
    named = {int(key.removeprefix("person:")): key for key in wanted if _names_person(key)}
    for person in Person.objects.filter(pk__in=named, is_active=True):
        found[named[person.pk]].add(person)
    posts = _posts(wanted - set(named.values()), on)
    deputies = _deputies({post.person_id for post in posts} | set(named), on)
    for post in posts:
        behind = {post.person} if post.person.is_active else set()
        behind |= {one.deputy for one in deputies[post.person_id] if one.covers(post.role)}
        for key in {f"{post.role}@{code}" for code in _places(post)} & wanted:
            found[key] |= behind
    return found


def _names_person(key: str) -> bool:
    return key.startswith("person:") and key.removeprefix("person:").isdecimal()


def _posts(keys: set[str], on: date) -> list[Post]:
    """A role asked of a government is held in any unit under it."""
    asked = [key.partition("@")[::2] for key in keys if "@" in key]
    roles, codes = {role for role, _ in asked}, {code for _, code in asked}
    if not asked:
        return []
    where = Q(unit__code__in=codes) | Q(unit__government__code__in=codes)
    rows = Post.objects.filter(where, in_force(on), role__in=roles)
    return list(rows.select_related("person", "unit", "unit__government"))


def _places(post: Post) -> set[str]:
    places = {post.unit.code}
    if post.unit.government is not None:
        places.add(post.unit.government.code)
    return places


def _deputies(people: set[int], on: date) -> Mapping[int, list[Delegation]]:
    found: dict[int, list[Delegation]] = defaultdict(list)
    for one in Delegation.on(on).filter(absent__in=people, deputy__is_active=True).select_related("deputy"):
        found[one.absent_id].append(one)
    return found
