"""Signing in: accounts are given out by the office, and a password somebody else chose is changed first."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed, password_reset, password_set
from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fadu.units.door_book import note
from fadu.units.models import Person, SignIn

# Reachable while the password must be changed: the change itself, leaving, the language, and proving who one is.
OPEN_NAMES = frozenset({"account_change_password", "account_logout", "account_reauthenticate", "set_language"})


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No public sign-up; the site speaks the person's language from sign-in on, until they switch."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After too many failures even the right password is refused; the auditor sees that it was tried."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note(request, SignIn.What.LOCKED, str(credentials.get("username", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, or a name that is nobody's."""
        note(request, SignIn.What.FAILED, str(credentials.get("username", "")))

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Sets the language cookie, which later switches replace."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        return response


class PasswordMustChange:
    """Sends people whose password was set by somebody else to the page where they choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Runs once the address is resolved; static files and unknown addresses never come here."""
        person = request.user
        if not isinstance(person, Person) or not person.must_change_password:
            return None
        match = request.resolver_match
        if match and match.url_name in OPEN_NAMES:
            return None
        return HttpResponseRedirect(reverse("account_change_password"))


@receiver([password_changed, password_set, password_reset])
def _own_password(user: Person, **_: Any) -> None:
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
