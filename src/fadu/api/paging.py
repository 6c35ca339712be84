"""Pages by key, with their neighbours in the body and in a Link header (RFC 8288)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from fadu.api.asked import Paging
from fadu.api.parsing import to_text
from fadu.api.reader import Reader
from fadu.api.records import row
from fadu.api.words import Json
from fadu.cases import listing
from fadu.cases.models import Case


def paged(
    request: HttpRequest,
    reader: Reader,
    rows: QuerySet[Case],
    asked: Paging,
    sort: str = "due",
    more: Json | None = None,
) -> HttpResponse:
    """The page of the rows that was asked for; `more` stands before its items."""
    found = listing.page(rows, sort, asked.size, asked.after, asked.before)
    links = {"next": _address(request, after=found.after), "prev": _address(request, before=found.before)}
    body = {**(more or {}), "items": [row(reader, case) for case in found.rows], **links}
    response = HttpResponse(to_text(body), content_type="application/json")
    named = [f'<{url}>; rel="{rel}"' for rel, url in links.items() if url]
    if named:
        response["Link"] = ", ".join(named)
    return response


def _address(request: HttpRequest, **key: str) -> str | None:
    if not any(key.values()):
        return None
    params = request.GET.copy()
    for name in ("after", "before"):
        params.pop(name, None)
    params.update(key)
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
