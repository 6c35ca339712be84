"""The real application, and beside it an address that does nothing: what the framework itself costs."""

import django

django.setup()

from django.http import HttpRequest, HttpResponse  # noqa: E402  # Django first
from django.urls import path  # noqa: E402

from fadu.config import urls  # noqa: E402
from fadu.config.wsgi import application  # noqa: E402


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urls.urlpatterns.insert(0, path("nothing", nothing))
__all__ = ["application"]
