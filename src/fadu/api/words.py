"""Texts, citations and refusals as JSON, and a text in the language of the request."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from fadu.cases import definitions
from fadu.kernel.law import Citation, Text
from fadu.kernel.refusal import Refusal

Json = dict[str, Any]


def say(text: Text) -> str:
    return text.in_(get_language() or "zh")


def both(text: Text | None) -> Json | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def cites(found: Iterable[Citation]) -> list[Json]:
    """Each with its words as a letter would quote them."""
    book = definitions.library().book
    return [
        {
            "law": cite.law,
            "articles": cite.articles,
            "tag": cite.tag,
            "words": {"zh": book.words(cite, "zh"), "en": book.words(cite, "en")},
        }
        for cite in found
    ]


def refusal(found: Refusal) -> Json:
    return {
        "gate": found.gate,
        "text": both(found.text),
        "cites": cites(found.cites),
        "field": found.field or None,
        "severity": found.severity,
        "hint": both(found.hint),
    }
