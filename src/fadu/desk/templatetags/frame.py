"""The frame of every page: the side bar, the language and the theme."""

from typing import Any

from django import template
from django.forms import BoundField

from fadu.desk import frame as framing
from fadu.desk.theme import THEMES, theme_of
from fadu.units.models import Person

register = template.Library()


@register.inclusion_tag("desk/side.html", takes_context=True)
def side_bar(context: template.Context) -> dict[str, Any]:
    request = context["request"]
    return {**_kept(context), "frame": framing.frame_of(request) if isinstance(request.user, Person) else None}


@register.inclusion_tag("desk/prefs.html", takes_context=True)
def prefs(context: template.Context) -> dict[str, Any]:
    return _kept(context)


@register.simple_tag(takes_context=True)
def theme_media(context: template.Context) -> str:
    return THEMES[theme_of(context.get("request"))]


@register.filter
def labelled(field: BoundField) -> BoundField:
    """A field that has a label needs no placeholder that says the same and vanishes."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter("is")
def is_(value: object, other: object) -> str:
    """`true` or `false`, as aria-pressed wants it."""
    return "true" if value == other else "false"


def _kept(context: template.Context) -> dict[str, Any]:
    request = context.get("request")
    return {"request": request, "csrf_token": context.get("csrf_token"), "theme": theme_of(request)}
