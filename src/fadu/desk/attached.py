"""The documents of a case: listed with where they came from, and shown in place where a browser can do so safely."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from fadu.cases.files import INLINE
from fadu.cases.models import Case
from fadu.desk.timeline import Told
from fadu.kernel.definition import Field
from fadu.kernel.values import inside
from fadu.words import say

TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Document:
    """`url` is where it is read if it can be, else where it is fetched; empty when no file is kept."""

    name: str
    what: str
    at: date
    url: str
    fetch_url: str
    size: str
    media: str = ""

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")


def documents(fields: Mapping[str, Field], case: Case, told: Sequence[Told]) -> list[Document]:
    """Every document that the reader may see, with the entry that first brought it; the newest first."""
    found: dict[tuple[str, str], Document] = {}
    for entry in told:
        for title, value in _brought(fields, entry.body.get("data", {})):
            made = document(case, title, value, entry.legal)
            found.setdefault((title, made.fetch_url or made.name), made)
    return list(found.values())[::-1]


def _brought(fields: Mapping[str, Field], data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        field = fields.get(key)
        for where, found in inside(field, value, "document") if field is not None else ():
            _, _, column = where.partition(".")
            if field is not None and (not column or column in field.rows):
                yield say(field.rows[column].title if column else field.title), found


def document(case: Case, what: str, value: Any, at: date) -> Document:
    stored: Mapping[str, Any] = value if isinstance(value, Mapping) else {"name": str(value)}
    digest, media = str(stored.get("sha256", "")), str(stored.get("type", ""))
    return Document(
        name=str(stored.get("name") or what),
        what=what,
        at=at,
        url=url_of(case, stored),
        fetch_url=file_url(case, digest) if digest else "",
        size=size_words(stored.get("size")),
        media=media,
    )


def url_of(case: Case, stored: Mapping[str, Any]) -> str:
    """Where a click on a document leads: to its page if it can be read there, else it is fetched."""
    digest = str(stored.get("sha256", ""))
    if not digest:
        return ""
    return preview_url(case, digest) if is_readable(str(stored.get("type", ""))) else file_url(case, digest)


def is_readable(media: str) -> bool:
    return media in INLINE or media == TEXT


def file_url(case: Case, digest: str) -> str:
    return reverse("file", args=[case.procedure, case.pk, digest])


def preview_url(case: Case, digest: str) -> str:
    return reverse("preview", args=[case.procedure, case.pk, digest])


def size_words(size: object) -> str:
    if not isinstance(size, int):
        return ""
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
