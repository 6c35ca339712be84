"""A ranking counted for a period, with the way to every number, and from which the office takes a round of rewards."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fadu.cases.access import working_roles
from fadu.cases.act import act, open_case
from fadu.cases.definitions import library
from fadu.cases.models import Case
from fadu.desk.figures import link, periods_of, span_of
from fadu.desk.frame import may_open
from fadu.desk.reader import Reader, reader
from fadu.figures import ranking as counting
from fadu.figures.declared import rankings as declared_rankings
from fadu.figures.ranking import Ranked, UnknownRanking, named, spelt
from fadu.kernel.definition import Procedure
from fadu.kernel.ranking import Number, Part, Placed, Ranking
from fadu.kernel.refusal import Refused
from fadu.units.models import Unit
from fadu.words import language, say, t

RANK = "rank"  # what a round of rewards calls the deed that takes the places


@dataclass(frozen=True, slots=True)
class Score:
    """What one figure gave: its value, which opens its evidence, and its points."""

    title: str
    value: str
    url: str
    points: str


@dataclass(frozen=True, slots=True)
class Line:
    place: int
    unit: str
    score: str
    scores: list[Score]


def rankings(reader: Reader) -> list[tuple[str, str]]:
    """(title, address) of those the reader may open."""
    found = [ranking for ranking in declared_rankings().values() if _may_see(reader, _takes(ranking))]
    return [(say(ranking.title), reverse("ranking", args=[ranking.key])) for ranking in found]


@login_required
@require_GET
def ranking(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "desk/ranking.html", _page(reader(request), _named(request, key), request.GET))


@login_required
@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Begins a round of rewards for the period shown, with the places counted now; one transaction, two entries."""
    found, ranking = reader(request), _named(request, key)
    unit = _office(found, _takes(ranking))
    if unit is None:
        raise PermissionDenied
    ranked = Ranked(ranking, span_of(request.POST))
    try:
        case = _begun(found, ranked, unit)
    except Refused as refused:
        context = {
            **_page(found, ranking, request.POST),
            "fault": t("； | ; ").join(say(one.text) for one in refused.refusals),
        }
        return render(request, "desk/ranking.html", context, status=422)
    messages.success(request, t("已按排名提出，请核对后报领导确认 | Ranked; check it, a leader confirms"))
    return redirect("case", case.procedure, case.pk)


def _begun(reader: Reader, ranked: Ranked, unit: Unit) -> Case:
    span, ranking = ranked.span, ranked.ranking
    first = {
        "name": f"{span.text.zh}{_takes(ranking).title.zh}",
        "since": span.first.isoformat(),
        "until": span.last.isoformat(),
        "rules": counting.rules(ranking).zh,
    }
    with transaction.atomic():
        case = open_case(ranking.takes, reader.person, first, unit)
        return act(case, RANK, reader.person, {"ranking": ranked.rows, "counted": ranked.digest})


def _page(reader: Reader, ranking: Ranking, params: QueryDict) -> dict[str, Any]:
    span = span_of(params)
    ranked = Ranked(ranking, span)
    return {
        "key": ranking.key,
        "title": say(ranking.title),
        "span": str(span),
        "period": say(span.text),
        "is_over": span.is_over,
        "periods": periods_of(span),
        "rules": say(counting.rules(ranking)),
        "cites": t("； | ; ").join(library().book.words(cite, language()) for cite in ranking.basis),
        "parts": [say(part.figure.title) for part in ranking.parts],
        "lines": [_line(reader, ranked, one) for one in ranked.placed],
        "takes": say(_takes(ranking).title),
        "may_take": bool(ranked.placed) and _office(reader, _takes(ranking)) is not None,
        "digest": ranked.digest,
    }


def _line(reader: Reader, ranked: Ranked, one: Placed) -> Line:
    scores = [_score(ranked, one.unit, *part) for part in one.parts]
    return Line(one.place, reader.names.unit(one.unit), spelt(one.score), scores)


def _score(ranked: Ranked, unit: str, part: Part, value: Number, given: Number) -> Score:
    query = {"period": str(ranked.span), "split": ranked.ranking.by, "value": unit}
    shown = f"{spelt(value)}%" if part.figure.is_percent else spelt(value)
    return Score(say(part.figure.title), shown, link(part.figure.key, query), spelt(given))


# -- who -----------------------------------------------------------------------------------------------------------------


def _named(request: HttpRequest, key: str) -> Ranking:
    """The ranking, for those who work on what takes it. Raises Http404, PermissionDenied."""
    try:
        found = named(key)
    except UnknownRanking as unknown:
        raise Http404(key) from unknown
    if not _may_see(reader(request), _takes(found)):
        raise PermissionDenied
    return found


def _takes(ranking: Ranking) -> Procedure:
    return library().in_force(ranking.takes)


def _may_see(reader: Reader, takes: Procedure) -> bool:
    return bool(reader.roles & working_roles(takes))


def _office(reader: Reader, takes: Procedure) -> Unit | None:
    """The unit at which the reader may begin a round; None when they may not."""
    roles = {who.name for who in takes.opening.by if who.kind == "role"}
    found = (post.unit for post in reader.posts if post.role in roles)
    return next(found, None) if may_open(reader, takes) else None
