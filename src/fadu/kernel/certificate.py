"""Why a deadline falls on its day: every counted, skipped, excluded, added and moved day, with cause and article."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from fadu.kernel.calendar import Calendar
from fadu.kernel.causes import (
    CALENDAR_DAY,
    EVENT,
    NEXT_LENGTH,
    NOT_COUNTED,
    START,
    START_HOUR,
    Cause,
    corresponding,
    ending,
    in_hours,
    latest,
    moved_on,
    rest,
    worked,
)
from fadu.kernel.law import Lang, Text
from fadu.kernel.period import Due, Held, Period, day_of, due, legs, merged, reckon, reckon_back, unrolled

Effect = Literal["start", "counted", "skipped", "held", "rolled", "added", "due"]

EFFECTS: dict[Effect, Text] = {
    "start": Text("起算", "start"),
    "counted": Text("计入", "counted"),
    "skipped": Text("跳过", "skipped"),
    "held": Text("扣除", "excluded"),
    "added": Text("延长", "extended"),
    "rolled": Text("顺延", "moved on"),
    "due": Text("届满", "ends"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the count. ordinal: the number of the counted day within its period, None when it does not count."""

    date: date
    effect: Effect
    ordinal: int | None
    cause: str
    cause_en: str
    cites: str
    cites_en: str

    def to_json(self) -> dict[str, Any]:
        return {
            "date": self.date.isoformat(),
            "effect": self.effect,
            "ordinal": self.ordinal,
            "cause": self.cause,
            "cause_en": self.cause_en,
            "cites": self.cites,
            "cites_en": self.cites_en,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """The full count of one deadline, made from the calendar whose version it names."""

    start: date | datetime
    period: Period
    due: Due
    lines: tuple[Line, ...]
    calendar_version: str
    notices: tuple[str, ...]  # numbers of the notices read
    unknown_years: tuple[int, ...]  # the years read whose notice is missing: why the date is provisional
    more: Period | None = None
    total: Period | None = None
    before: bool = False
    cites: str = ""

    @property
    def summary(self) -> dict[str, int]:
        """How many days were counted, skipped, excluded, added and moved."""
        found = Counter(line.effect for line in self.lines)
        return {effect: found[effect] for effect in EFFECTS if effect not in ("start", "due")}

    @property
    def reason(self) -> Text | None:
        """Why the date is provisional."""
        if not self.unknown_years:
            return None
        years = [str(year) for year in self.unknown_years]
        return Text(
            f"尚无{'、'.join(years)}年放假安排，按周末规则推算",
            f"no holiday notice for {', '.join(years)} yet, counted by weekends alone",
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values only; the inverse is to certify again with the same calendar version."""
        return {
            "start": self.start.isoformat(),
            "period": str(self.period),
            "more": str(self.more) if self.more else None,
            "total": str(self.total) if self.total else None,
            "before": self.before,
            "due": self.due.iso(),
            "provisional": self.due.provisional,
            "unknown_years": list(self.unknown_years),
            "summary": self.summary,
            "calendar_version": self.calendar_version,
            "notices": list(self.notices),
            "cites": self.cites,
            "lines": [line.to_json() for line in self.lines],
        }


def certify(  # noqa: PLR0913  # all that a deadline depends on
    start: date | datetime,
    period: Period,
    calendar: Calendar,
    *,
    held: Held = (),
    held_causes: Sequence[Cause | tuple[str, str, str]] = (),
    more: Period | None = None,
    total: Period | None = None,
    before: bool = False,
    cites: str = "",
) -> Certificate:
    """The certificate of `due(start, period, …)`, or with `before` of `latest_before(start, period)`.

    held_causes: (zh, en, cites) for each pair of `held`, in the same order. cites: the clock's own article.
    Raises ValueError as `due` does, and for days excluded from, or an extension of, a period counted back.
    """
    if before and (held or more or total):
        raise ValueError("a period counted back from an event has no excluded days and no extension")
    if before:
        end, years = reckon_back(start, period, calendar)
        lines = tuple(_backward(day_of(start), period, end, calendar))
    else:
        end, years = reckon(start, period, calendar, held=held, more=more, total=total)
        count = _Count(calendar, held, _causes(held, held_causes), total or period)
        lines = (*count.lines(start, more), _line(day_of(end.at), "due", ending(end)))
    notices, unknown = calendar.notices_of(years), calendar.unknown(years)
    return Certificate(start, period, end, lines, calendar.version, notices, unknown, more, total, before, cites)


def _causes(held: Held, causes: Sequence[Cause | tuple[str, str, str]]) -> list[Cause]:
    if causes and len(causes) != len(held):
        raise ValueError(f"{len(held)} excluded spans with {len(causes)} causes: give one cause for each span, or none")
    return [Cause(*cause) for cause in causes] or [NOT_COUNTED] * len(held)


@dataclass(frozen=True, slots=True)
class _Count:
    """A count forwards, day by day; `base` is the length before any extension."""

    calendar: Calendar
    held: Held
    causes: list[Cause]
    base: Period

    def lines(self, start: date | datetime, more: Period | None) -> Iterator[Line]:
        yield _line(day_of(start), "start", START_HOUR if self.base.unit == "hour" else START)
        first, *extension = legs(self.base, more)
        yield from self._leg(start, first, extended=False)
        for leg in extension:
            end = due(start, first, self.calendar, held=self.held)
            if first.unit != "hour" and end.at != unrolled(day_of(start), first, self.calendar, merged(self.held)):
                yield _line(day_of(end.at), "rolled", NEXT_LENGTH)
            yield from self._leg(end.ends if leg.unit == "hour" else end.at, leg, extended=True)

    def _leg(self, start: date | datetime, leg: Period, *, extended: bool) -> Iterator[Line]:
        if leg.unit == "hour":
            yield from self._hours(start, leg, extended=extended)
        else:
            yield from self._days(day_of(start), leg, extended=extended)

    def _days(self, start: date, leg: Period, *, extended: bool) -> Iterator[Line]:
        holds = merged(self.held)
        last = unrolled(start, leg, self.calendar, holds)
        base_last = start if extended else unrolled(start, self.base, self.calendar, holds)
        ordinal = 0
        for day in _between(start + timedelta(days=1), last):
            needs_workday = leg.unit == "workday" and not self.calendar.is_workday(day)
            excluded = None if needs_workday else self._excluded(day)
            if excluded:
                yield _line(day, "held", excluded)
            elif needs_workday:
                yield _line(day, "skipped", rest(self.calendar, day))
            else:
                ordinal += 1
                cause = corresponding(start, day, leg) if day == last else None
                cause = cause or (worked(self.calendar, day) if leg.unit == "workday" else CALENDAR_DAY)
                yield _line(day, "added" if day > base_last else "counted", cause, ordinal)
        if leg.unit != "workday":
            for day in _between(last, self.calendar.roll(last) - timedelta(days=1)):
                yield _line(day, "rolled", moved_on(self.calendar, day))

    def _hours(self, start: date | datetime, leg: Period, *, extended: bool) -> Iterator[Line]:
        end = due(start, leg, self.calendar, held=self.held).at
        for day in _between(day_of(start), day_of(end)):
            if excluded := self._excluded(day):
                yield _line(day, "held", excluded)
        if not extended:
            base_end = due(start, self.base, self.calendar, held=self.held).at
            yield _line(day_of(base_end), "counted", in_hours(self.base.n), self.base.n)
        if extended or leg.n > self.base.n:
            yield _line(day_of(end), "added", in_hours(leg.n), leg.n)

    def _excluded(self, day: date) -> Cause | None:
        pairs = zip(self.held, self.causes, strict=True)
        return next((cause for (a, b), cause in pairs if day_of(a) < day <= day_of(b)), None)


def _backward(event: date, period: Period, end: Due, calendar: Calendar) -> Iterator[Line]:
    """From the event's day back to the last day allowed, in that order."""
    yield _line(event, "start", EVENT)
    last = day_of(end.at)
    if period.unit == "hour":
        yield _line(last, "counted", in_hours(period.n), period.n)
        yield _line(last, "due", ending(end))
        return
    ordinal = 0
    for day in reversed(list(_between(last, event - timedelta(days=1)))):
        if period.unit == "workday" and not calendar.is_workday(day):
            yield _line(day, "skipped", rest(calendar, day))
            continue
        ordinal += 1
        yield _line(day, "counted", worked(calendar, day) if period.unit == "workday" else CALENDAR_DAY, ordinal)
    yield _line(last, "due", latest(calendar, last))


def render_text(certificate: Certificate, lang: Lang = "zh") -> str:
    """The certificate as lines of text; neighbouring days of one effect and cause stand together, none is left out."""
    zh = lang == "zh"
    rows = [_heading(certificate, zh=zh), *(_row(run, zh=zh) for run in _runs(certificate.lines))]
    if certificate.reason:
        rows.append(("暂定：" if zh else "Provisional: ") + certificate.reason.in_(lang))
    rows.append(("日历版本 " if zh else "Calendar ") + certificate.calendar_version)
    if certificate.notices:
        rows.append(("放假安排 " if zh else "Notices ") + "、".join(certificate.notices))
    return "\n".join(rows)


def _heading(certificate: Certificate, *, zh: bool) -> str:
    def words(period: Period) -> str:
        return period.text.zh if zh else period.text.en

    start, end, length = (
        certificate.start.isoformat(),
        certificate.due.iso(),
        words(certificate.total or certificate.period),
    )
    if certificate.more:
        length += (" 延长 " if zh else " extended by ") + words(certificate.more)
    if certificate.before:
        text = f"{start} 之前 {length}，最迟 {end}" if zh else f"{length} before {start}: at the latest {end}"
    else:
        text = f"自 {start} 起 {length}，届满 {end}" if zh else f"{length} from {start}: ends {end}"
    return f"{text} [{certificate.cites}]" if certificate.cites else text


def _runs(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if run and not (_same(run[-1], line) and abs((line.date - run[-1].date).days) == 1):
            yield run
            run = []
        run.append(line)
    yield run


def _same(a: Line, b: Line) -> bool:
    return (a.effect, a.cause, a.cites) == (b.effect, b.cause, b.cites)


def _row(run: list[Line], *, zh: bool) -> str:
    first, last = run[0], run[-1]
    days = first.date.isoformat() + (f" … {last.date.isoformat()}" if len(run) > 1 else "")
    numbers = "" if first.ordinal is None else f"{first.ordinal}" + (f"–{last.ordinal}" if len(run) > 1 else "")
    effect, cause = EFFECTS[first.effect].in_("zh" if zh else "en"), first.cause if zh else first.cause_en
    cites = first.cites if zh else first.cites_en
    return f"{days:<24} {effect:<{2 if zh else 8}} {numbers:>9}  {cause}" + (f" [{cites}]" if cites else "")


def _line(day: date, effect: Effect, cause: Cause, ordinal: int | None = None) -> Line:
    return Line(day, effect, ordinal, cause.zh, cause.en, cause.cites, cause.cites_en or cause.cites)


def _between(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
