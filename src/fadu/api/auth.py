"""Who asks: a bearer token, or the session of the desk with its CSRF token."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.security.session import SessionAuth

from fadu.units.models import Person
from fadu.units.tokens import person_of


class Token(HttpBearer):
    """`Authorization: Bearer fadu_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        """A token that opens nothing is not passed over in favour of a session."""
        person = person_of(token)
        if person is None:
            raise AuthenticationError
        return person


class Session(APIKeyCookie):
    """The signed-in browser. CSRF is asked only of who is signed in, so that a stranger hears 401 and not 403."""

    param_name = SessionAuth.param_name

    def __call__(self, request: HttpRequest) -> Any | None:
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        return request.user if isinstance(request.user, Person) else None


def asker(request: HttpRequest) -> Person:
    """The person of a request that was let in."""
    person = request.auth  # type: ignore[attr-defined]  # set by ninja
    assert isinstance(person, Person)  # noqa: S101  # every operation stands behind Token or Session
    return person
