"""Everything of one unit that the reader may see: what is late, what comes next, what was closed last."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from fadu.cases import listing
from fadu.cases.board import first
from fadu.cases.models import Case
from fadu.desk.counts import counted
from fadu.desk.frame import worked_procedures
from fadu.desk.lights import COLOURS, Lamp
from fadu.desk.narrowing import LIGHTS
from fadu.desk.reader import Reader
from fadu.desk.rows import rows
from fadu.units.models import Unit
from fadu.words import language, say, t

OPEN, CLOSED = 30, 8  # rows shown; the ledgers have the rest


def unit(reader: Reader, found: Unit) -> dict[str, Any]:
    """Everything the page shows; the number of queries does not depend on the rows."""
    cases = reader.cases.filter(handling=found)
    worked = [procedure for procedure in worked_procedures(reader) if not procedure.is_register]
    lights = {light: cases.filter(listing.light_q(light, reader.local)) for light in LIGHTS}
    ledgers = {procedure.key: cases.filter(procedure=procedure.key, is_open=True) for procedure in worked}
    counts = listing.capped_counts({"open": cases.filter(is_open=True), **lights, **ledgers})
    page = listing.page(cases.filter(is_open=True), size=OPEN)
    return {
        "title": (language() == "en" and found.name_en) or found.name_zh,
        "code": found.code,
        "count": counted(counts["open"]),
        "lamps": [Lamp(LIGHTS[light], f"{t(COLOURS[LIGHTS[light]])} {counted(counts[light])}") for light in LIGHTS],
        "open": rows(reader, page.rows),
        "more": bool(page.after),
        "closed": rows(reader, _closed_last(cases, [procedure.key for procedure in worked])),
        "ledgers": [
            {
                "title": say(procedure.title),
                "count": counted(counts[procedure.key]),
                "url": f"{reverse('ledger', args=[procedure.key])}?unit={found.code}",
            }
            for procedure in worked
            if counts[procedure.key]
        ],
    }


def _closed_last(cases: "QuerySet[Case]", procedures: list[str]) -> list[Case]:
    parts = [cases.filter(procedure=key, is_open=False) for key in procedures]
    return first(parts, ("-closed", "-pk"), CLOSED)
