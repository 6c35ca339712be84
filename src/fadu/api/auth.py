"""Who asks: a bearer token, or the session of the desk with its CSRF token."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.security.session import SessionAuth

from fadu.units.models import ApiToken, Person, Scope
from fadu.units.tokens import token_of

READING = ("GET", "HEAD", "OPTIONS")


class OutOfScope(Exception):
    """A token that opens this person's matters, but not this."""


class Token(HttpBearer):
    """`Authorization: Bearer fadu_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        """A token that opens nothing is not passed over in favour of a session."""
        row = token_of(token)
        if row is None:
            raise AuthenticationError
        if row.scope == Scope.READ and request.method not in READING:
            raise OutOfScope
        request.api_token = row  # type: ignore[attr-defined]  # what it is good for is asked again where cases are read
        return row.person


class Session(APIKeyCookie):
    """The signed-in browser. CSRF is asked only of who is signed in, so that a stranger hears 401 and not 403."""

    param_name = SessionAuth.param_name

    def __call__(self, request: HttpRequest) -> Any | None:
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        return request.user if isinstance(request.user, Person) else None


def procedures_of(request: HttpRequest) -> frozenset[str]:
    """The procedures a token is narrowed to; empty when it opens all, and for a session."""
    row: ApiToken | None = getattr(request, "api_token", None)
    return frozenset(row.procedures) if row is not None else frozenset()


def insist_unlimited(request: HttpRequest) -> None:
    """Raises OutOfScope for a token that is narrowed to some procedures."""
    if procedures_of(request):
        raise OutOfScope


def asker(request: HttpRequest) -> Person:
    """The person of a request that was let in."""
    person = request.auth  # type: ignore[attr-defined]  # set by ninja
    assert isinstance(person, Person)  # noqa: S101  # every operation stands behind Token or Session
    return person
