"""The content security policy, sent with every answer: nothing from outside, nothing inline."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

DIRECTIVES = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # the QR code of the second factor is a data: image
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
POLICY = "; ".join(f"{directive} {sources}" for directive, sources in DIRECTIVES.items())


class ContentSecurityPolicy:
    """Adds the policy unless the view set a stricter one itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
