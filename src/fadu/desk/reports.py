"""Chapters of the yearly report: every number opens its evidence; the same as PDF and DOCX; published as a whole."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fadu.cases.models import Case
from fadu.cases.moments import local, now
from fadu.desk.figures import link
from fadu.desk.letters import paper_file
from fadu.desk.reader import Reader, reader
from fadu.figures.span import Span
from fadu.reports.chapter import Composed, Note, Said, compose
from fadu.reports.declared import UnknownChapter, declared, find
from fadu.reports.paper import chapter_paper
from fadu.reports.publish import may_publish, publish_chapter
from fadu.units.models import Unit
from fadu.words import language, say, t

EARLIEST = 2000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence, or a number that opens its evidence."""

    words: str
    url: str = ""
    note: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One line of where the numbers come from."""

    note: Note
    url: str
    snapshot_url: str


@login_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The chapters there are, for every year with anything in it."""
    first = Case.objects.aggregate(first=Min("opened"))["first"]
    this_year = now().year
    years = range(this_year, local(first).year - 1 if first else this_year - 1, -1)
    chapters = [
        (chapter, [(year, reverse("report", args=[year, chapter.key])) for year in years])
        for chapter in declared().values()
    ]
    return render(request, "desk/reports.html", {"chapters": chapters})


@login_required
@require_GET
def report(request: HttpRequest, year: int, key: str) -> HttpResponse:
    made = _composed(reader(request), year, key)
    return render(request, "desk/report.html", _page(reader(request), made))


@login_required
@require_GET
def report_file(request: HttpRequest, year: int, key: str, ending: str) -> HttpResponseBase:
    made = _composed(reader(request), year, key)
    return paper_file(request, chapter_paper(made, _office()), ending, f"{year} {say(made.chapter.title)}")


@login_required
@require_POST
def publish(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """Freezes every number of the chapter over the whole office."""
    found = reader(request)
    made = compose(_chapter(key), _year(year))
    if not may_publish(found.person, made):
        raise PermissionDenied
    note = f"{made.year.text.zh}{made.chapter.report.zh}：{made.chapter.title.zh}"
    published = publish_chapter(made, found.person, note)
    messages.success(request, t("已公布本章数字 {n} 个 | {n} numbers of the chapter were published", n=len(published)))
    return redirect("report", year, key)


def _composed(reader: Reader, year: int, key: str) -> Composed:
    return compose(_chapter(key), _year(year), reader.person)


def _chapter(key: str) -> Any:
    try:
        return find(key)
    except UnknownChapter:
        raise Http404(key) from None


def _year(year: int) -> Span:
    if not EARLIEST <= year <= now().year:
        raise Http404
    return Span.year(year)


def _office() -> str:
    top = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, parent=None).order_by("pk").first()
    return (top.name_en if language() == "en" else top.name_zh) if top else ""


# -- the page ----------------------------------------------------------------------------------------------------------


def _page(reader: Reader, made: Composed) -> dict[str, Any]:
    unpublished = [note for note in made.notes if not note.measure.snapshot and not note.measure.is_change]
    return {
        "made": made,
        "office": _office(),
        "sections": [
            (section, [_piece(piece) for piece in section.text], _tables(section)) for section in made.sections
        ],
        "sources": [_source(note) for note in made.notes],
        "unpublished": len(unpublished),
        "may_publish": may_publish(reader.person, made) and (unpublished or not made.is_published),
    }


def _piece(piece: str | Said) -> Piece:
    if isinstance(piece, str):
        return Piece(piece)
    measure = piece.note.measure
    return Piece(piece.words, link(measure.key, measure.query), piece.note.number)


def _tables(section: Any) -> list[Any]:
    return [
        (
            table,
            [(label, [_linked(cell) for cell in cells]) for label, cells in table.rows],
            [_linked(c) for c in table.total],
        )
        for table in section.tables
    ]


def _linked(cell: Any) -> Piece:
    return Piece(cell.words, link(cell.key, cell.query) if cell.query else "")


def _source(note: Note) -> Source:
    measure, frozen = note.measure, note.measure.snapshot
    snapshot_url = reverse("snapshot", args=[measure.key, frozen.id]) if frozen else ""
    return Source(note, link(measure.key, measure.query), snapshot_url)
