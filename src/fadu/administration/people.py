"""Accounts, posts and delegations: what the security administrator may do, written down.

Nobody changes their own account here, and no administrator that of another: accounts of the three are kept at the
command line (`fadu init --admin`, `--security`, `--audit`), by whoever runs the machine.
"""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from fadu.administration.record import insist, record
from fadu.units import tokens
from fadu.units.models import ApiToken, Delegation, Person, Post, Unit
from fadu.units.roles import ADMINISTRATORS, SECURITY_ADMIN
from fadu.units.wording import both

KEPT = ("username", "name", "phone", "email", "language")


def subject(person: Person) -> str:
    return f"person:{person.username}"


def told(person: Person) -> dict[str, Any]:
    """A person as the record shows them; telephone and e-mail are private and stay out of it."""
    return {name: getattr(person, name) for name in KEPT if name not in ("phone", "email")}


def one_time_password() -> str:
    """Long enough to be typed from a slip of paper once."""
    return secrets.token_urlsafe(12)


def add(by: Person | None, person: Person) -> str:
    """Stores the account; its one-time password can be had nowhere else. Raises ValidationError."""
    password = one_time_password()
    person.set_password(password)
    enter(by, person)
    return password


@transaction.atomic
def enter(by: Person | None, person: Person) -> None:
    """Stores an account that has its one-time password already. Raises ValidationError."""
    insist(by, SECURITY_ADMIN)
    person.must_change_password = True
    person.full_clean()
    person.save(force_insert=True)
    record(by, "add_person", subject(person), after=told(person))


@transaction.atomic
def change(by: Person, person: Person) -> None:
    _insist_other(by, person)
    stored = Person.objects.get(pk=person.pk)
    person.full_clean()
    person.save(update_fields=[name for name in KEPT if name != "username"])
    before, after = told(stored), told(person)
    private = [name for name in ("phone", "email") if getattr(stored, name) != getattr(person, name)]
    if before != after or private:
        record(by, "change_person", subject(person), before, after, note=", ".join(private))


@transaction.atomic
def close(by: Person, person: Person) -> None:
    """From now on it neither signs in nor acts; everything it did stays."""
    _insist_other(by, person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    record(by, "close_account", subject(person))


@transaction.atomic
def reopen(by: Person, person: Person) -> str:
    """With a new one-time password."""
    _insist_other(by, person)
    Person.objects.filter(pk=person.pk).update(is_active=True)
    record(by, "reopen_account", subject(person))
    person.is_active = True
    return _new_password(person)


@transaction.atomic
def reset_password(by: Person, person: Person) -> str:
    """A one-time password; sessions end, and tokens rest until it was changed."""
    _insist_other(by, person)
    record(by, "reset_password", subject(person))
    return _new_password(person)


@transaction.atomic
def reset_factor(by: Person, person: Person) -> None:
    """Without its second factor and recovery codes; the person sets up new ones."""
    _insist_other(by, person)
    gone, _ = Authenticator.objects.filter(user=person).delete()
    if gone:
        record(by, "reset_factor", subject(person))


def _new_password(person: Person) -> str:
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    return password


# -- posts and delegations ---------------------------------------------------------------------------------------------


@transaction.atomic
def give_post(by: Person | None, post: Post) -> Post:
    """Raises ValidationError, PermissionDenied."""
    _insist_other(by, post.person)
    if post.role in ADMINISTRATORS:
        words = both("管理员岗位只能在服务器上开立", "administrators are made at the command line")
        raise ValidationError({"role": words})
    _insist_standing(post.unit, post.since)
    post.save(force_insert=True)
    record(by, "give_post", subject(post.person), after=_told_post(post))
    return post


@transaction.atomic
def end_post(by: Person, post: Post, last: date) -> None:
    """`last` is the last day it is held. Raises ValidationError, PermissionDenied."""
    _insist_other(by, post.person)
    before = _told_post(post)
    post.until = last
    post.save()
    record(by, "end_post", subject(post.person), before, _told_post(post))


@transaction.atomic
def delegate(by: Person, delegation: Delegation) -> Delegation:
    """Raises ValidationError, PermissionDenied."""
    for person in (delegation.absent, delegation.deputy):
        _insist_other(by, person)
    delegation.save(force_insert=True)
    record(by, "delegate", subject(delegation.absent), after=_told_delegation(delegation))
    return delegation


@transaction.atomic
def revoke_delegation(by: Person, delegation: Delegation, on: date) -> None:
    """From the day `on` it no longer holds. Raises ValidationError, PermissionDenied."""
    _insist_other(by, delegation.absent)
    before = _told_delegation(delegation)
    delegation.revoke(on)
    record(by, "revoke_delegation", subject(delegation.absent), before, _told_delegation(delegation))


@transaction.atomic
def revoke_token(by: Person, token: ApiToken) -> None:
    insist(by, SECURITY_ADMIN)
    tokens.revoke(token)
    record(by, "revoke_token", subject(token.person), before={"token": token.name})


def roles_to_give(book_roles: Sequence[str]) -> list[str]:
    """The roles a post can be given in here."""
    return [role for role in book_roles if role not in ADMINISTRATORS]


def is_administrator(person: Person) -> bool:
    """Whether the account ever held one of the three posts."""
    return Post.objects.filter(person=person, role__in=ADMINISTRATORS).exists()


def _insist_other(by: Person | None, person: Person) -> None:
    insist(by, SECURITY_ADMIN)
    if by is not None and by.pk == person.pk:
        raise ValidationError(both("不能办理自己的账号", "nobody keeps their own account"))
    if by is not None and is_administrator(person):
        words = both("管理员的账号只能在服务器上用命令维护", "accounts of administrators are kept at the command line")
        raise ValidationError(words)


def _insist_standing(unit: Unit, day: date | None) -> None:
    if unit.until is not None and day is not None and unit.until < day:
        raise ValidationError({"unit": both("该单位已撤销", "the unit is closed")})


def _told_post(post: Post) -> dict[str, Any]:
    return {
        "unit": post.unit.code,
        "role": post.role,
        "title": post.title,
        "since": _iso(post.since),
        "until": _iso(post.until),
    }


def _told_delegation(delegation: Delegation) -> dict[str, Any]:
    return {
        "deputy": delegation.deputy.username,
        "since": _iso(delegation.since),
        "until": _iso(delegation.until),
        "reason": delegation.reason,
        "roles": list(delegation.roles),
        "revoked": _iso(delegation.revoked),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
