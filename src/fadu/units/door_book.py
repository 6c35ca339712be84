"""The book at the door: every sign-in, every failure and every lock-out is written down with its time and address."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_set, user_logged_in, user_logged_out
from allauth.mfa.signals import authentication_failed
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

from fadu.units.models import Person, SignIn
from fadu.units.models.person import normalised

What = SignIn.What


def note(request: HttpRequest | None, what: str, username: str, person: Person | None = None) -> None:
    """One line. A name that is nobody's is kept as it was typed, cut to the length of a name."""
    typed = normalised(username.replace("\x00", ""))[:150]
    known = person or Person.objects.filter(username=typed).first()
    SignIn.objects.create(
        what=what,
        username=known.username if known else typed,
        person=known,
        address=_address(request),
        agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:200] if request else "",
    )


def _address(request: HttpRequest | None) -> str:
    """The caller's, as far as the proxies in front may be believed."""
    if request is None:
        return ""
    try:
        return str(get_adapter(request).get_client_ip(request))[:45]
    except PermissionDenied:  # a request without an address, as from a socket
        return ""


@receiver(user_logged_in)
def _in(request: HttpRequest, user: Person, **_: Any) -> None:
    note(request, What.IN, user.username, user)


@receiver(user_logged_out)
def _out(request: HttpRequest | None, user: Person | None, **_: Any) -> None:
    if isinstance(user, Person):
        note(request, What.OUT, user.username, user)


@receiver(authentication_failed)
def _factor(request: HttpRequest, user: Person, **_: Any) -> None:
    note(request, What.FACTOR, user.username, user)


@receiver([password_changed, password_set])
def _password(request: HttpRequest, user: Person, **_: Any) -> None:
    note(request, What.PASSWORD, user.username, user)
