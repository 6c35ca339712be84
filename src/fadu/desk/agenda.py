"""The calendar of each unit: what comes to it in a month, day by day, and where two things fall on the same days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fadu.cases import definitions
from fadu.cases.access import working_roles
from fadu.cases.models import Case
from fadu.desk.agenda_days import Month, between, days
from fadu.desk.reader import Reader, reader
from fadu.desk.views import in_force
from fadu.kernel.definition import Agenda, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import State
from fadu.words import say, t

MOST = 400  # cases of a month; more are not shown, and the page says so
LATE = "T99"  # after every moment of a day


@dataclass(frozen=True, slots=True)
class Stay:
    """A case as it stands, with the units and days it takes."""

    case: Case
    units: tuple[str, ...]
    first: date
    last: date

    def shares(self, other: "Stay") -> tuple[date, date] | None:
        """The days on which both are there."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class Lane:
    """One case at one unit; `clashes` say with which others it falls together."""

    title: str
    url: str
    by: str
    stage: str
    days: str
    strip: tuple[str, ...]
    clashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """One unit and what comes to it; `clashes` counts the pairs that fall together."""

    name: str
    url: str
    lanes: list[Lane]
    clashes: int


@login_required
@require_GET
def agenda(request: HttpRequest, procedure: str) -> HttpResponse:
    defined = in_force(procedure)
    if defined.shows.calendar is None:
        raise Http404(procedure)
    return render(request, "desk/agenda.html", _page(reader(request), defined, defined.shows.calendar, request.GET))


def _page(reader: Reader, procedure: Procedure, shown: Agenda, params: QueryDict) -> dict[str, Any]:
    month, narrowed = Month.asked(params.get("month", "")), params.get("unit", "")
    rows = _rows(reader, procedure, shown, month)
    stays = [stay for case in rows[:MOST] if (stay := _stay(reader, case, shown)) is not None]
    units = _units(reader, procedure, stays, _whose(reader, procedure, stays, narrowed), month)
    return {
        "title": t("{title}日历 | Calendar – {title}", title=say(procedure.title)),
        "ledger": (say(procedure.title), reverse("ledger", args=[procedure.key])),
        "month": month.words,
        "others": _others(procedure, month),
        "earlier": _url(procedure, month.previous, narrowed),
        "later": _url(procedure, month.next, narrowed),
        "now": "" if month.is_now else _url(procedure, Month.asked(""), narrowed),
        "chosen": reader.names.unit(narrowed) if narrowed else "",
        "all_url": _url(procedure, month),
        "scale": month.scale,
        "units": units,
        "clashes": sum(unit.clashes for unit in units),
        "cut": len(rows) > MOST,
        "most": MOST,
    }


def _rows(reader: Reader, procedure: Procedure, shown: Agenda, month: Month) -> list[Case]:
    """The cases the reader may see that touch the month, one more than are shown."""
    touching: dict[str, Any] = {
        f"state__data__{shown.since}__lte": month.last.isoformat() + LATE,
        f"state__data__{shown.until}__gte": month.first.isoformat(),
    }
    rows = reader.cases.filter(procedure=procedure.key, **touching).order_by("-pk").defer("tokens")
    return list(rows[: MOST + 1])


def _stay(reader: Reader, case: Case, shown: Agenda) -> Stay | None:
    """None when the calendar does not show the case, or the reader does not see its units."""
    own, state = definitions.procedure_of(case.definition_id), State.from_json(case.state)
    if shown.unit not in reader.fields(own, case.government_id):
        return None
    if shown.when is not None and not shown.when.holds(CaseFacts(own, state, reader.local, definitions.calendar())):
        return None
    units = state.data.get(shown.unit) or []
    first, last = (date.fromisoformat(str(state.data[name])[:10]) for name in (shown.since, shown.until))
    return Stay(case, tuple(units if isinstance(units, list) else [units]), first, last)


def _whose(reader: Reader, procedure: Procedure, stays: Iterable[Stay], narrowed: str) -> set[str]:
    """The units shown: every one for who works on the procedure, for others their own."""
    works = reader.roles & working_roles(procedure)
    seen = {unit for stay in stays for unit in stay.units} if works else set(reader.unit_codes)
    return seen & {narrowed} if narrowed else seen


def _units(
    reader: Reader, procedure: Procedure, stays: Iterable[Stay], whose: set[str], month: Month
) -> list[UnitMonth]:
    """Units where things fall together first, then by name."""
    by_unit: dict[str, list[Stay]] = defaultdict(list)
    for stay in sorted(stays, key=lambda stay: (stay.first, stay.case.pk)):
        for unit in whose & set(stay.units):
            by_unit[unit].append(stay)
    made = [
        _unit(reader, unit, _url(procedure, month, unit), stays_there, month) for unit, stays_there in by_unit.items()
    ]
    return sorted(made, key=lambda unit: (-unit.clashes, unit.name))


def _unit(reader: Reader, code: str, url: str, stays: list[Stay], month: Month) -> UnitMonth:
    lanes, pairs = [], 0
    for stay in stays:
        clashes = [(other, shared) for other in stays if other is not stay and (shared := stay.shares(other))]
        lanes.append(_lane(reader, stay, clashes, month))
        pairs += len(clashes)
    return UnitMonth(reader.names.unit(code), url, lanes, pairs // 2)


def _lane(reader: Reader, stay: Stay, clashes: list[tuple[Stay, tuple[date, date]]], month: Month) -> Lane:
    case = stay.case
    shared = {day for _, span in clashes for day in days(*span)}
    return Lane(
        title=case.title,
        url=reverse("case", args=[case.procedure, case.pk]),
        by=reader.names.unit(case.handling_id) if case.handling_id else "",
        stage=say(definitions.procedure_of(case.definition_id).stages[case.stage].title),
        days=between(stay.first, stay.last),
        strip=month.strip(stay.first, stay.last, shared),
        clashes=tuple(_clash(other.case, span) for other, span in clashes),
    )


def _clash(other: Case, span: tuple[date, date]) -> str:
    named = other.number or other.title
    return t("{days}与{other}重叠 | overlaps {other}, {days}", days=between(*span), other=named)


def _url(procedure: Procedure, month: Month, unit: str = "") -> str:
    params = QueryDict(mutable=True)
    params.update({"month": str(month), **({"unit": unit} if unit else {})})
    return f"{reverse('agenda', args=[procedure.key])}?{params.urlencode()}"


def _others(procedure: Procedure, month: Month) -> list[tuple[str, str, bool]]:
    """The calendars there are: (title, address, whether it is this one)."""
    found = [one for one in definitions.everything().values() if one.shows.calendar is not None]
    return [(say(one.title), _url(one, month), one.key == procedure.key) for one in found]
