"""The few tags that every template uses: words, dates, numbers, icons, lights."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from heroicons.templatetags.heroicons import heroicon_outline

from fadu import words
from fadu.cases.definitions import library
from fadu.kernel.law import Text
from fadu.units.posts import HeldPost

register = template.Library()

DATED = re.compile(r"((?:\d{4}年)?\d{1,2}月\d{1,2}日(?: \d\d:\d\d)?|\d{4}年|〔\d{4}〕\d+号)")

# Shapes differ, so that a light reads without its colour.
SHAPES: Mapping[str, str] = {
    "red": "M7 .5 13.5 7 7 13.5.5 7z",
    "amber": "M7 1l6.5 12h-13z",
    "green": "M7 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z",
    "grey": "M2.5 2h3.2v10H2.5zM8.3 2h3.2v10H8.3z",
    "done": "M5.6 12 .9 7.4l1.5-1.5 3.1 3 6.1-6.8 1.6 1.4z",
}


@register.simple_tag
def t(text: str, **values: object) -> str:
    """`{% t "待我办 | For me" %}`, `{% t "共 {n} 项 | {n:case}" n=total %}`."""
    return words.t(text, **values)


@register.simple_tag
def html_lang() -> str:
    """`zh-Hans`, `zh-Hant` or `en`, as browsers choose fonts by it."""
    return {"zh-hant": "zh-Hant", "en": "en"}.get(get_language() or "", "zh-Hans")


@register.filter
def say(text: Text) -> str:
    return words.say(text)


@register.filter
def day(value: date | None) -> str:
    return _time(value, words.day(value)) if value else ""


@register.filter
def full_day(value: date | None) -> str:
    return _time(value, words.day(value, full=True)) if value else ""


@register.filter
def minute(value: datetime | None) -> str:
    return _time(value, words.minute(value)) if value else ""


@register.filter
def moment(value: date) -> str:
    """A moment with its minute, a day without."""
    return minute(value) if isinstance(value, datetime) else day(value)


@register.filter
def term_end(value: datetime | None) -> str:
    """The end of a term; midnight is the day before."""
    return _time(value, words.end(value)) if value else ""


@register.filter
def full_term_end(value: datetime | None) -> str:
    return _time(value, words.end(value, full=True)) if value else ""


@register.filter
def stored_day(value: str) -> str:
    """A legal day or moment as entries hold it."""
    return _time(date.fromisoformat(value[:10]), words.day(date.fromisoformat(value[:10])))


@register.filter
def role_words(post: HeldPost) -> str:
    """The title of a post, or the name of its role."""
    role = library().book.roles.get(post.role)
    return post.title or (words.say(role) if role else post.role)


@register.filter
def dated(value: str) -> str:
    """A stored day, always with its year: rules outlive the year they are read in."""
    at = date.fromisoformat(value[:10])
    english = f"{at.day} {words.MONTHS[at.month - 1]} {at.year}"
    return _time(at, english if words.language() == "en" else f"{at.year}年{at.month}月{at.day}日")


@register.filter
def thousands(value: float) -> str:
    return f"{value:,}"


@register.filter
def unlocalised(value: float) -> str:
    """A length in a picture: with a point in every language."""
    return f"{value:g}"


@register.filter
def prose(value: object) -> SafeString:
    """Text with its dates and document numbers kept whole, free of the gap browsers put between Han and digits."""
    parts = DATED.split(str(value))
    kept = (format_html('<span class="wh">{}</span>', part) if n % 2 else escape(part) for n, part in enumerate(parts))
    return mark_safe("".join(kept))  # noqa: S308 – every part was escaped above


@register.filter
def kept_name(name: str) -> str:
    """`photos-picture-3`, a file of a row, is kept as `photos-picture-kept` like that of every other row."""
    return f"{name.rpartition('-')[0]}-kept"


@register.filter
def digest(value: str) -> str:
    return words.short_digest(value)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A heroicon beside its word; never alone."""
    return _icon(str(name))


@register.simple_tag
def light(lamp: Any) -> SafeString:
    """Shape, word and number of a `lights.Lamp`."""
    return format_html(
        '<span class="light {}"><svg aria-hidden="true" viewBox="0 0 14 14"><path d="{}"/></svg>{}</span>',
        lamp.colour,
        SHAPES[lamp.colour],
        lamp.words,
    )


def _time(value: date | datetime, shown: str) -> SafeString:
    at = words.local(value) if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), shown)


@lru_cache
def _icon(name: str) -> SafeString:
    drawn = heroicon_outline(name, size=None, **{"class": "i", "aria-hidden": "true"})
    return mark_safe(drawn)  # noqa: S308 – an icon of the package, no user text
