"""The few tags of the public pages."""

from django import template
from django.http import HttpRequest
from django.utils.translation import get_language

from fadu import words

register = template.Library()
THEMES = {"light": "not all", "dark": "all"}


@register.simple_tag
def t(text: str, **values: object) -> str:
    """`{% t "公开事项 | Published" %}`, as on the desk."""
    return words.t(text, **values)


@register.simple_tag
def html_lang() -> str:
    return {"zh-hant": "zh-Hant", "en": "en"}.get(get_language() or "", "zh-Hans")


@register.simple_tag(takes_context=True)
def dark_media(context: template.Context) -> str:
    """When the dark colours hold: as the reader chose, else as their system does."""
    request: HttpRequest = context["request"]
    return THEMES.get(request.COOKIES.get("theme", ""), "(prefers-color-scheme: dark)")
