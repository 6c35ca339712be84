"""Who comes in: every page of the administration names the posts that open it."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fadu.desk.reader import reader

View = Callable[..., HttpResponse]
METHODS = {"read": require_GET, "write": require_POST, "form": require_http_methods(["GET", "HEAD", "POST"])}


def door(kind: str, *roles: str) -> Callable[[View], View]:
    """`kind` is read, write or form; without roles everybody who has signed in comes in."""

    def guarded(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if roles and not reader(request).roles & set(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(METHODS[kind](inner))

    return guarded
