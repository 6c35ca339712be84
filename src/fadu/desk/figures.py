"""Figures for a period, each with its definition and the way to the cases it counts."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from fadu.cases import listing
from fadu.desk.corrections import moved
from fadu.desk.ledger import pager
from fadu.desk.reader import Reader
from fadu.desk.rows import rows
from fadu.figures import measure, present
from fadu.figures.declared import UnknownFigure, find
from fadu.figures.publish import may_publish
from fadu.figures.span import Span, SpanError
from fadu.words import say


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the links a page needs."""

    line: present.FigureLine
    url: str
    splits: list["FigureSplit"]


@dataclass(frozen=True, slots=True)
class FigureSplit:
    title: str
    values: list[tuple[present.SplitValue, str, int]]  # the value, its link, its share of the largest in percent


def figures(reader: Reader, params: QueryDict) -> dict[str, Any]:
    span = span_of(params)
    domain = params.get("domain", "")
    return {
        "period": say(span.text),
        "periods": periods_of(span),
        "domain": domain,
        "figures": [_figure(line) for line in present.lines(reader.person, span, domain)],
    }


def figure(reader: Reader, key: str, params: QueryDict) -> dict[str, Any]:
    """Raises Http404 for a key nobody declares."""
    span = span_of(params)
    split = (params["split"], params.get("value", "")) if params.get("split") else None
    sheet = _sheet(reader, key, span, split)
    page = listing.page(sheet.cases, after=params.get("after", ""), before=params.get("before", ""))
    shown = _figure(sheet.line)
    latest = sheet.snapshots[0] if sheet.snapshots else None
    return {
        "key": key,
        "span": str(span),
        "offer": _offer(reader, key, span),
        "moved": moved(reader, latest) if latest and latest.differs else [],
        "period": say(span.text),
        "periods": periods_of(span),
        "figure": shown,
        "chosen": _chosen(shown, split),
        "parts": [_figure(part) for part in sheet.parts],
        "snapshots": sheet.snapshots,
        "rows": rows(reader, page.rows),
        "pager": pager(page, params) if page.after or page.before else None,
    }


def _offer(reader: Reader, key: str, span: Span) -> str:
    """What would be published, to whoever may: counted over the whole office, so it may be more than they see."""
    declared = find(key)
    if not may_publish(reader.person, declared):
        return ""
    number = measure.value(declared, span).value
    return "" if number is None else present.shown(declared, number)


def _sheet(reader: Reader, key: str, span: Span, split: Any) -> present.Sheet:
    try:
        return present.sheet(reader.person, key, span, split)
    except UnknownFigure as unknown:
        raise Http404(key) from unknown


def _figure(line: present.FigureLine) -> Figure:
    url = link(line.key, line.query)
    splits = [FigureSplit(say(split.title), _shares(line.key, split)) for split in line.splits if split.values]
    return Figure(line, url, splits)


def _shares(key: str, split: present.Split) -> list[tuple[present.SplitValue, str, int]]:
    largest = max((value.number for value in split.values), default=0) or 1
    return [(value, link(key, value.query), round(100 * value.number / largest)) for value in split.values]


def _chosen(shown: Figure, split: Any) -> str:
    found = (
        say(value.title)
        for part in shown.line.splits
        if split and part.field == split[0]
        for value in part.values
        if value.value == split[1]
    )
    return next(found, "")


def link(key: str, query: Any) -> str:
    """The page of a figure, with what narrows it."""
    params = QueryDict(mutable=True)
    params.update(query)
    return f"{reverse('figure', args=[key])}?{params.urlencode()}"


def periods_of(span: Span) -> dict[str, Any]:
    """The periods to choose from, and the first and last day of the one shown."""
    named = [(one.name, say(one.title), one.chosen) for one in present.periods(span)]
    return {"named": named, "first": span.first.isoformat(), "last": span.last.isoformat()}


def span_of(params: QueryDict) -> Span:
    """The period asked for by name or by its two days, or this year. Raises Http404 for what is none."""
    days = (params.get("from", ""), params.get("to", ""))
    asked = "..".join(days) if all(days) else params.get("period", "")
    if not asked:
        return Span.holding(timezone.localdate())
    try:
        return Span.parse(asked)
    except SpanError as error:
        raise Http404(say(error.text)) from error
