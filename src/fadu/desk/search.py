"""Search over all cases the reader may see: by number first, then by text, newest first."""

from typing import Any

from django.db.models import Q
from django.http import QueryDict

from fadu.desk.reader import Reader
from fadu.desk.rows import rows
from fadu.search.match import matching

MOST = 50


def search(reader: Reader, params: QueryDict) -> dict[str, Any]:
    asked = params.get("q", "").strip()
    seen = reader.cases
    exact = list(seen.filter(number=asked)[:MOST]) if asked else []
    found = (
        list(matching(seen, asked).exclude(Q(pk__in=[case.pk for case in exact])).order_by("-pk")[: MOST + 1])
        if asked
        else []
    )
    return {
        "asked": asked,
        "rows": rows(reader, [*exact, *found][:MOST]),
        "more": len(exact) + len(found) > MOST,
        "most": MOST,
    }
