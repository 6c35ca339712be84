"""A count of days drawn as a calendar of weeks: each counted day with its number, each other day with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fadu.kernel.calendar import Calendar, Day
from fadu.kernel.certificate import Effect, Line
from fadu.words import WEEKDAYS, language, say, t

LONGEST = 12  # weeks drawn in full; of a longer count the ends are drawn and the middle is told
KEPT = 5


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    note: str
    css: str


@dataclass(frozen=True, slots=True)
class Week:
    """Seven cells, or the words for the weeks left out."""

    cells: tuple[Cell, ...] = ()
    gap: str = ""


def weekday_names() -> list[str]:
    return [name.removeprefix("周") for name in say(WEEKDAYS).split()]


def weeks(lines: Iterable[Line], calendar: Calendar, today: date) -> tuple[Week, ...]:
    """Monday to Sunday, from the week of the first line to that of the last; empty when there are no lines."""
    effects = _by_day(lines)
    if not effects:
        return ()
    first, last = min(effects), max(effects)
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    starts = [monday + timedelta(weeks=n) for n in range(count)]
    if count <= LONGEST:
        return tuple(_week(start, effects, calendar, today) for start in starts)
    gap = Week(gap=t("…… 中间 {n} 周略 …… | … {n:week} in between …", n=count - 2 * KEPT))
    head, tail = starts[:KEPT], starts[-KEPT:]
    return (*_drawn(head, effects, calendar, today), gap, *_drawn(tail, effects, calendar, today))


def plain_count(start: date, last: date, calendar: Calendar) -> Iterator[Line]:
    """A term that ends on an agreed day has no length; its workdays are counted for the reader."""
    yield Line(start, "start", None, "", "", "", "")
    ordinal = 0
    for offset in range(1, (last - start).days + 1):
        day = start + timedelta(days=offset)
        worked = calendar.is_workday(day)
        ordinal += worked
        yield Line(day, "counted" if worked else "skipped", ordinal if worked else None, "", "", "", "")
    yield Line(last, "due", None, "", "", "", "")


def _drawn(
    starts: list[date], effects: Mapping[date, dict[Effect, Line]], calendar: Calendar, today: date
) -> Iterator[Week]:
    return (_week(start, effects, calendar, today) for start in starts)


def _by_day(lines: Iterable[Line]) -> dict[date, dict[Effect, Line]]:
    found: dict[date, dict[Effect, Line]] = {}
    for line in lines:
        found.setdefault(line.date, {})[line.effect] = line
    return found


def _week(monday: date, effects: Mapping[date, dict[Effect, Line]], calendar: Calendar, today: date) -> Week:
    days = [monday + timedelta(days=n) for n in range(7)]
    return Week(tuple(_cell(day, effects.get(day, {}), calendar, today, first=n == 0) for n, day in enumerate(days)))


def _cell(day: date, effects: Mapping[Effect, Line], calendar: Calendar, today: date, *, first: bool) -> Cell:
    label = f"{day.month}/{day.day}" if first or day.day == 1 else str(day.day)
    css = (
        "skipped" if "rolled" in effects else " ".join("counted" if effect == "added" else effect for effect in effects)
    )
    return Cell(label, _note(calendar.day(day), effects), f"{css} today".strip() if day == today else css)


def _note(day: Day, effects: Mapping[Effect, Line]) -> str:
    if "due" in effects:
        return t("到期 | due")
    if "held" in effects:
        return t("中止 | paused")
    counted = effects.get("counted") or effects.get("added")
    if counted:
        make_up = day.kind == "make_up"
        number = counted.ordinal or 0
        return t("班·{n} | work·{n}", n=number) if make_up else t("第{n}日 | day {n}", n=number)
    if "start" in effects:
        return t("起算 | start")
    if "skipped" in effects or "rolled" in effects:
        return _off(day)
    return ""


def _off(day: Day) -> str:
    if day.kind == "weekend":
        return t("周末 | off")
    return day.name if language() != "en" else "holiday"
