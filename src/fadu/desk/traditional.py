"""Traditional Chinese, converted from the Simplified page when the answer leaves."""

import re
from collections.abc import Callable

import opencc
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

# What a reader sees: text between tags and the attributes that are read out. What is sent back (values, textareas)
# and what machines read stays as it is, so that a form returns the very characters that were stored.
_KEPT = re.compile(r"(<(?:textarea|script|style)\b.*?</(?:textarea|script|style)>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_READ_OUT = re.compile(r'\b((?:title|alt|placeholder|aria-label|data-l)=")([^"]*)(")')

_converter = opencc.OpenCC("s2t")


def traditional(page: str) -> str:
    """The HTML page with every text that is shown in Traditional characters."""
    parts = _KEPT.split(page)
    return "".join(_tag(part) if n % 2 else str(_converter.convert(part)) for n, part in enumerate(parts))


def _tag(markup: str) -> str:
    if markup.lower().startswith(("<textarea", "<script", "<style")):
        return markup
    return _READ_OUT.sub(lambda found: found[1] + str(_converter.convert(found[2])) + found[3], markup)


class TraditionalChinese:
    """Middleware; it stands below LocaleMiddleware, which knows the reader's choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and get_language() == "zh-hant" and isinstance(response, HttpResponse):
            response.content = traditional(response.content.decode(response.charset))
        return response
