"""Light or dark: the chosen theme, and the medium under which the page links the dark values."""

from collections.abc import Mapping

from django.http import HttpRequest

THEMES: Mapping[str, str] = {"auto": "(prefers-color-scheme: dark)", "light": "not all", "dark": "all"}


def theme_of(request: HttpRequest | None) -> str:
    chosen = request.COOKIES.get("theme", "") if request is not None else ""
    return chosen if chosen in THEMES else "auto"
