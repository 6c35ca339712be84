"""Why a term ends when it ends: the kernel's count of one run of one clock, arranged for a reader."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from fadu.cases.certificates import certificate_of
from fadu.desk.lights import Lamp, left
from fadu.desk.weeks import Week, plain_count, weekday_names, weeks
from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.certificate import Certificate, Line
from fadu.kernel.definition import Clock, Procedure
from fadu.kernel.law import Book, Citation
from fadu.kernel.state import Run, State
from fadu.words import day, language, minute, say, t

STATES: Mapping[str, tuple[str, str]] = {  # what a clock's condition is called, and its light
    "none": ("grey", "未起算 | not begun"),
    "paused": ("grey", "已中止 | paused"),
    "met": ("green", "按期完成 | met"),
    "kept": ("green", "按期完成 | kept"),
    "late": ("red", "逾期完成 | met late"),
    "missed": ("red", "已错过 | missed"),
    "void": ("grey", "已失效 | lapsed"),
    "elapsed": ("green", "已满 | elapsed"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One clock of a case, ready to be shown. `weeks` is empty when days are not what it counts."""

    key: str
    title: str
    start: str
    due: str
    provisional: bool
    lamp: Lamp
    cites: str
    used: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The certificate of a term."""

    term: Term
    caption: str
    weekdays: list[str]
    weeks: tuple[Week, ...]
    lines: tuple[Fact, ...]
    has_holds: bool
    provisional: str
    url: str = ""

    @property
    def title(self) -> str:
        return self.term.title


@dataclass(frozen=True, slots=True)
class Bench:
    """What every reading of a clock needs."""

    procedure: Procedure
    state: State
    calendar: Calendar
    book: Book
    now: datetime  # naive, local

    def cite(self, cites: tuple[Citation, ...]) -> str:
        return ("; " if language() == "en" else "；").join(self.book.words(cite, language()) for cite in cites)


def term(bench: Bench, clock: Clock) -> Term:
    run = bench.state.clocks.get(clock.key)
    if run is None:
        return Term(clock.key, say(clock.title), "", "", provisional=False, lamp=_lamp(bench, clock, run), cites="")
    used, total = _progress(bench, clock, run)
    return Term(
        clock.key,
        say(clock.title),
        _start_of(run),
        _last_day(bench, clock, run),
        provisional=run.provisional,
        lamp=_lamp(bench, clock, run),
        cites=bench.cite(clock.cites),
        used=used,
        total=total,
    )


def sheet(bench: Bench, clock: Clock, url: str = "") -> Sheet:
    """Raises KeyError when the clock never ran."""
    stored = bench.state.clocks[clock.key]
    run = reading.as_if_resumed(clock, stored, bench.state.data, bench.calendar, bench.now)
    counted = certificate_of(clock, run, bench.state.data, bench.calendar)
    lines = counted.lines if counted else tuple(_plain(clock, run, bench.calendar))
    return Sheet(
        term(bench, clock),
        t("{start} 起，{due}到期 | from {start}, due {due}", start=_start_of(run), due=term(bench, clock).due),
        weekday_names(),
        weeks(lines, bench.calendar, bench.now.date()),
        tuple(_facts(bench, clock, stored, lines)),
        has_holds=any(line.effect == "held" for line in lines),
        provisional=_provisional(run, counted),
        url=url,
    )


def _plain(clock: Clock, run: Run, calendar: Calendar) -> Iterator[Line]:
    if clock.shape == "until":
        start, last = reading.moment(run.start).date(), reading.moment(run.due).date()
        if start < last:
            yield from _with_holds(plain_count(start, last, calendar), run)


def _with_holds(lines: Iterable[Line], run: Run) -> Iterator[Line]:
    """The days of a pause stand in the weeks but are not counted."""
    holds, counted = reading.held_days(run), 0
    for line in lines:
        if line.effect == "counted" and any(first < line.date <= last for first, last in holds):
            yield replace(line, effect="held", ordinal=None)
            continue
        counted += line.effect == "counted"
        yield replace(line, ordinal=counted) if line.effect == "counted" else line


def _last_day(bench: Bench, clock: Clock, run: Run) -> str:
    """The last day; of a pausing term the day it cannot end before, were it resumed today."""
    shown = _stored(reading.as_if_resumed(clock, run, bench.state.data, bench.calendar, bench.now).due)
    return t("不早于 {due} | not before {due}", due=shown) if run.is_held else shown


def _facts(bench: Bench, clock: Clock, run: Run, lines: tuple[Line, ...]) -> Iterator[Fact]:
    yield Fact(t("规则 | Rule"), _rule(bench, clock), bench.cite(clock.cites))
    yield Fact(t("起算 | From"), _start(bench, run), _cause(lines, "start"))
    counted = sum(line.effect in ("counted", "added") for line in lines)
    if counted:
        made_up = [
            line.date for line in lines if line.effect == "counted" and bench.calendar.day(line.date).kind == "make_up"
        ]
        yield Fact(t("计入 | Counted"), t("{n} 日 | {n:day}", n=counted), _made_up(made_up))
    skipped = [line.date for line in lines if line.effect in ("skipped", "rolled")]
    if skipped:
        yield Fact(t("不计 | Not counted"), _skipped(bench.calendar, skipped), _notices(bench.calendar, skipped))
    yield Fact(t("中止 | Pauses"), _holds(run))
    yield Fact(t("延期 | Extensions"), t("{n} 次 | {n:time}", n=run.extended) if run.extended else t("无 | none"))
    yield Fact(t("日历 | Calendar"), t("版本 {v} | version {v}", v=bench.calendar.version))


def _rule(bench: Bench, clock: Clock) -> str:
    if clock.shape == "until" and clock.until:
        title = say(bench.procedure.fields[clock.until].title)
        return t("到“{title}”所定之日 | until the day set as {title}", title=title)
    if clock.shape == "until":
        return t("到下一个 {day} | until the next {day}", day=clock.yearly)
    length = say(reading.length_of(clock, bench.state.data).text)
    shapes = {
        "within": "{length}内 | within {length}",
        "at_least": "不少于{length} | at least {length}",
        "before": "提前{length} | {length} before",
        "every": "每{length} | every {length}",
    }
    return t(shapes[clock.shape], length=length)


def _start(bench: Bench, run: Run) -> str:
    done = [key for key, tally in bench.state.done.items() if run.seq in (tally.first, tally.last)]
    action = say(bench.procedure.actions[done[0]].title) if done and done[0] in bench.procedure.actions else ""
    return f"{_start_of(run)} {action}".strip()


def _cause(lines: tuple[Line, ...], effect: str) -> str:
    line = next((line for line in lines if line.effect == effect), None)
    if line is None or not line.cause:
        return ""
    cause, cites = (line.cause_en, line.cites_en) if language() == "en" else (line.cause, line.cites)
    return f"{cause}（{cites}）" if language() != "en" else f"{cause} ({cites})"


def _made_up(days: list[date]) -> str:
    if not days:
        return ""
    named = "、".join(day(one) for one in days)
    return t("含调休上班 {n} 日：{named} | of them {n:make-up day}: {named}", n=len(days), named=named)


def _skipped(calendar: Calendar, days: list[date]) -> str:
    names: dict[str, int] = {}
    for one in days:
        known = calendar.day(one)
        name = t("周末 | weekends") if known.kind == "weekend" else known.name if language() != "en" else "holidays"
        names[name] = names.get(name, 0) + 1
    parts = ("、" if language() != "en" else ", ").join(
        t("{name} {n} 日 | {name} {n}", name=name, n=n) for name, n in names.items()
    )
    return t("{n} 日：{parts} | {n:day}: {parts}", n=len(days), parts=parts)


def _notices(calendar: Calendar, days: list[date]) -> str:
    return "、".join(dict.fromkeys(filter(None, (calendar.day(one).source for one in days))))


def _holds(run: Run) -> str:
    if not run.holds:
        return t("无 | none")
    spans = (f"{_stored(first)} – {_stored(last) if last else t('至今 | now')}" for first, last in run.holds)
    return "；".join(spans)


def _provisional(run: Run, counted: Certificate | None) -> str:
    if not run.provisional:
        return ""
    if counted and counted.reason:
        return t("暂定：{why}。 | Provisional: {why}.", why=say(counted.reason))
    return t(
        "暂定：所跨年度的放假安排尚未公布，公布后自动重算。 | Provisional: a holiday notice is missing; the date is counted again when it comes."
    )


def _lamp(bench: Bench, clock: Clock, run: Run | None) -> Lamp:
    word = reading.status_at(clock, run, bench.now)
    if run is None or word not in ("running", "overdue"):
        colour, words = STATES[word]
        return Lamp(colour, t(words))
    share = reading.share_left(clock, run, bench.now, bench.calendar)
    colour = "red" if word == "overdue" else "amber" if share is not None and share < 0.3 else "green"
    return Lamp(colour, left(_ends(run.due), bench.now, bench.calendar, workdays=_in_workdays(clock)))


def _progress(bench: Bench, clock: Clock, run: Run) -> tuple[int, int]:
    """Workdays (or days) used and in all, for the bar; nothing for hours and for clocks that do not run."""
    if not run.is_open or run.is_held or not reading.is_day(run.due):
        return 0, 0
    start, last, now = (
        reading.moment(run.period_start or run.start).date(),
        reading.moment(run.due).date(),
        bench.now.date(),
    )
    if _in_workdays(clock):
        total, used = (
            bench.calendar.workdays_between(start, last),
            bench.calendar.workdays_between(start, min(now, last)),
        )
    else:
        total, used = (last - start).days, (min(now, last) - start).days
    return max(used, 0), max(total, 0)


def _in_workdays(clock: Clock) -> bool:
    """An agreed day has no unit of its own; an office counts its workdays."""
    unit = clock.period.unit if clock.period else clock.length_unit
    return unit in ("workday", "")


def _ends(due: str) -> datetime:
    return reading.end_of(due) if reading.is_day(due) else reading.moment(due)


def _start_of(run: Run) -> str:
    """The minute of a start matters only to a term that ends at a minute."""
    return _stored(run.start[:10] if reading.is_day(run.due) else run.start)


def _stored(value: str) -> str:
    """A stored day or moment in words."""
    moment = reading.moment(value)
    return day(moment.date()) if reading.is_day(value) else minute(moment)
