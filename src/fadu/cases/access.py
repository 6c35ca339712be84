"""Who may see a case: one predicate, compiled once, for the row check and for list, search, count, export, figures and API.

A person sees the cases of the procedures their role works on (any `by` or `owner` role without a unit), within their
government; every case in which a unit of theirs is named (an invited inspector has none); every case that names them now; and every case whose turn is
theirs.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from fadu.cases import definitions
from fadu.cases.models import Case, Concern, Guest
from fadu.cases.moments import now
from fadu.kernel.definition import Field, Procedure
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of
from fadu.units.roles import ADMINISTRATORS


def visible(person: Person, on: date | None = None) -> QuerySet[Case]:
    """The cases a person may see today."""
    return Case.objects.filter(predicate(person, posts_of(person, on or now().date())))


def may_see(person: Person, case: Case) -> bool:
    """The same predicate asked of one row."""
    return visible(person).filter(pk=case.pk).exists()


def predicate(person: Person, held: Iterable[HeldPost]) -> Q:
    """The predicate as a filter; false for who holds no post that works on cases."""
    posts = working_posts(held)
    if not posts:
        return Q(pk__in=())
    outside = invited_roles()
    units = sorted({post.unit.code for post in posts if post.role not in outside})
    allowed = Q()
    for government, procedures in worked(posts).items():
        allowed |= Q(government=government, procedure__in=procedures)
    # Last, because it is dear: databases try the parts of an OR in the order written.
    named = Q(Exists(Concern.objects.filter(case=OuterRef("pk"), unit_id__in=units)))
    invited = Q(pk__in=Guest.objects.filter(person=person.pk).values("case"))  # few, and asked for once
    return allowed | Q(turn__in=_names(person, posts)) | invited | named


def invited_roles() -> frozenset[str]:
    """Posts held from outside: fields name their holders, no definition lets them act for a unit. Such a post opens no
    case of the unit where it is kept, only those that name the person.
    """
    return _invited(*definitions.version())


@lru_cache(maxsize=4)
def _invited(_city: str, _upto: int) -> frozenset[str]:
    found = list(_procedures())
    named = {field.post for procedure in found for field in procedure.fields.values() if field.post}
    acting = {
        who.name
        for procedure in found
        for action in procedure.actions.values()
        for who in action.by
        if who.kind == "role"
    }
    return frozenset(named - acting)


def worked(held: Iterable[HeldPost]) -> dict[str, list[str]]:
    """Government -> the procedures of which a person sees every case there, because their role works on them."""
    found = {
        government: sorted({item.key for item in _procedures() if roles & working_roles(item)})
        for government, roles in _roles(working_posts(held)).items()
    }
    return {government: procedures for government, procedures in found.items() if procedures}


def _names(person: Person, posts: Iterable[HeldPost]) -> list[str]:
    """Turns by name: one's own, and of the absent whose posts one holds."""
    absent = {post.delegated_from.pk for post in posts if post.delegated_from is not None}
    return [f"person:{pk}" for pk in (person.pk, *sorted(absent))] if posts else []


def working_posts(held: Iterable[HeldPost]) -> list[HeldPost]:
    """The posts that work on cases; an administrator's opens none."""
    return [post for post in held if post.role not in ADMINISTRATORS]


def _roles(posts: Iterable[HeldPost]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for post in posts:
        if post.unit.government is not None:
            found.setdefault(post.unit.government.code, set()).add(post.role)
    return found


def _procedures() -> Iterable[Procedure]:
    return definitions.library().versions.values()


def working_roles(procedure: Procedure) -> frozenset[str]:
    """The roles that act in a procedure wherever its cases are handled."""
    who = [procedure.owner, *(who for action in procedure.actions.values() for who in action.by)]
    return frozenset(item.name for item in who if item.kind == "role" and not item.of)


def shown_fields(held: Iterable[HeldPost], procedure: Procedure, government: str) -> frozenset[str]:
    """The fields (and columns, as `list.column`) of a case that somebody may see; `seen_by` names roles there.

    The same for pages, API, export and the files in them.
    """
    roles = {post.role for post in held if post.unit.government is not None and post.unit.government.code == government}
    fields = [field for field in procedure.fields.values() if not field.seen_by or roles & set(field.seen_by)]
    columns = {
        f"{field.key}.{column.key}"
        for field in fields
        for column in field.rows.values()
        if not column.seen_by or roles & set(column.seen_by)
    }
    return frozenset(columns | {field.key for field in fields})


def fields_seen(held: Iterable[HeldPost], procedure: Procedure, government: str) -> dict[str, Field]:
    """The same as definitions: lists with only the columns that somebody may see."""
    shown = shown_fields(held, procedure, government)
    return {
        key: replace(field, rows={name: column for name, column in field.rows.items() if f"{key}.{name}" in shown})
        for key, field in procedure.fields.items()
        if key in shown
    }


def turn_keys(person: Person, held: Iterable[HeldPost]) -> list[str]:
    """The turns that are this person's: by role at a unit, by role in a government, by name while they hold a post, and
    by the name of somebody whose post they hold as a deputy.
    """
    posts = working_posts(held)
    keys = set(_names(person, posts))
    for post in posts:
        keys.add(post.key)
        if post.unit.government is not None:
            keys.add(f"{post.role}@{post.unit.government.code}")
    return sorted(keys)
