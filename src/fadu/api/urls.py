"""/api/v1/: the operations, the page that describes them, and a plain answer for every other address."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja.openapi.docs import Swagger

from fadu.api.problems import nothing_here, spoken
from fadu.api.views import api

_patterns, _, _namespace = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern):
        _pattern.callback = spoken(_pattern.callback)


@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """The documentation as a page; its script and styles come from this server."""
    return Swagger().render_page(request, api)


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/docs", docs, name="api-docs"),
    path("v1/", (_patterns, "ninja", _namespace)),
    re_path(r"^.*$", nothing_here),
]
