"""Citations: a verified tag stands only on an article that was read."""

from collections.abc import Iterator
from typing import Any

from fadu.kernel.checks.reading import Reading
from fadu.kernel.law import Book, article_numbers, parse_citations
from fadu.kernel.source import Fault, Map, walk

_VERIFIED = frozenset("VS")


def check(reading: Reading) -> Iterator[Fault]:
    for line, text in cited(reading.procedure.document):
        for advice in unread(reading.library.book, text):
            yield reading.fault(line, "unread-article", advice)


def cited(document: Any) -> Iterator[tuple[int, str]]:
    """(line, citations) of every `cites`, `basis` and reason for a restart in a document."""
    for path, value in walk(document):
        if isinstance(value, Map):
            keys = (
                list(value) if path and path[-1] == "restart" else [key for key in ("cites", "basis") if key in value]
            )
            yield from ((value.line_of(key), str(value[key])) for key in keys)


def unread(book: Book, text: str) -> Iterator[str]:
    """Why citations claim more than was read; nothing for citations that do not parse or name no known instrument."""
    try:
        cites = parse_citations(text)
    except ValueError:
        return
    for cite in cites:
        law = book.laws.get(cite.law)
        if law is None or cite.tag not in _VERIFIED:
            continue
        missing = [number for number in article_numbers(cite.articles) if number not in law.articles]
        if missing:
            articles = ", ".join(map(str, missing))
            yield f"'{cite}': article {articles} of {law.title.en} was not read; correct it, or tag it (U) until it is"
