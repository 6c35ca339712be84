"""Holiday notices read from parsed year files, checked against the rules of the calendar, and laid over each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

_KEYS = {"year", "notice", "number", "issued", "note", "off", "work", "amended", "local", "file"}
_AMENDMENT_KEYS = {"notice", "number", "issued", "note", "off", "work"}
_BRIDGE = 14  # days of December before and of January after the year that a notice may move


class CalendarError(ValueError):
    """A year file that cannot be used; the message names file, key and rule."""


@dataclass(frozen=True, slots=True)
class YearNotice:
    """One notice: days off with their names and make-up workdays, as written; `amended` lists what changed it later."""

    year: int
    notice: str
    number: str | None  # None: not verified
    issued: date | None
    off: Mapping[date, str]
    work: frozenset[date]
    local: bool = False
    amended: tuple["YearNotice", ...] = ()
    file: str = ""

    @property
    def source(self) -> str:
        """How a day names its notice: the number, or the title when the number is not verified."""
        return self.number or self.notice

    def content(self) -> list[Any]:
        """What the calendar's version digests; the file's name is no content."""
        off = [[day.isoformat(), name] for day, name in sorted(self.off.items())]
        work = [day.isoformat() for day in sorted(self.work)]
        issued = self.issued.isoformat() if self.issued else None
        amended = [notice.content() for notice in self.amended]
        return [self.year, self.notice, self.number, issued, off, work, self.local, amended]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the notices say of one day that they name."""

    worked: bool
    name: str
    source: str
    local: bool


def read_notices(years: Iterable[Mapping[str, Any]]) -> list[YearNotice]:
    """One notice for each parsed file, in order of years, local additions last."""
    notices = [_notice(raw) for raw in years]
    seen: dict[int, str] = {}
    for notice in notices:
        if notice.local:
            continue
        if notice.year in seen:
            _fault(notice.file, "year", f"{notice.year} 年已由 {seen[notice.year]} 给出 | already given by that file")
        seen[notice.year] = notice.file
    return sorted(notices, key=lambda notice: (notice.local, notice.year, notice.file))


def merge(
    notices: list[YearNotice],
) -> tuple[dict[int, YearNotice], tuple[YearNotice, ...], dict[date, Mark]]:
    """National notices by year, local ones, and what holds for each day named; later layers win as the law allows."""
    marks: dict[date, Mark] = {}
    for notice in (notice for notice in notices if not notice.local):
        _lay(notice, marks)
    for amendment in (part for notice in notices for part in notice.amended):
        _lay_amendment(amendment, marks)
    national = dict(marks)
    for notice in (notice for notice in notices if notice.local):
        _lay_local(notice, marks, national)
    return (
        {notice.year: notice for notice in notices if not notice.local},
        tuple(notice for notice in notices if notice.local),
        marks,
    )


def _marks_of(notice: YearNotice) -> Iterator[tuple[date, Mark]]:
    for day, name in notice.off.items():
        yield day, Mark(worked=False, name=name, source=notice.source, local=notice.local)
    for day in notice.work:
        yield day, Mark(worked=True, name="调休上班", source=notice.source, local=notice.local)


def _lay(notice: YearNotice, marks: dict[date, Mark]) -> None:
    for day, mark in _marks_of(notice):
        _weekend_if_worked(notice, day, mark)
        other = marks.setdefault(day, mark)  # a bridge at the turn of the year may stand in two notices, alike
        if other.worked != mark.worked:
            _fault(notice.file, str(day), f"与 {other.source} 相矛盾：一天不能既放假又上班 | both off and worked")


def _lay_amendment(notice: YearNotice, marks: dict[date, Mark]) -> None:
    for day, mark in _marks_of(notice):
        if not (day in marks and not marks[day].worked):  # a later notice may cancel a day off, even a weekday
            _weekend_if_worked(notice, day, mark)
        marks[day] = mark


def _lay_local(notice: YearNotice, marks: dict[date, Mark], national: Mapping[date, Mark]) -> None:
    for day, mark in _marks_of(notice):
        _weekend_if_worked(notice, day, mark)
        if mark.worked and day in national and not national[day].worked:
            rule = (
                f"地方通知不能取消全国放假日（{national[day].source}） | HOL 4 adds days, it cannot take a national one"
            )
            _fault(notice.file, f"work: {day}", rule)
        marks[day] = mark


def _weekend_if_worked(notice: YearNotice, day: date, mark: Mark) -> None:
    if mark.worked and day.weekday() < 5:
        _fault(notice.file, f"work: {day}", "调休上班日必须是周六或周日 | a make-up day is a Saturday or a Sunday")


def _notice(raw: Mapping[str, Any]) -> YearNotice:
    year = raw.get("year")
    file = str(raw.get("file") or year or "calendar")
    if type(year) is not int or not 1949 <= year <= 9998:
        _fault(file, "year", "应为四位年份 | must be a year such as 2026")
    _known_keys(file, raw, _KEYS)
    notice = _body(file, raw, year)
    if notice.local and raw.get("amended"):
        _fault(file, "amended", "地方通知请另写一份文件 | a local change is a file of its own")
    amended = raw.get("amended") or []
    if not isinstance(amended, list) or not all(isinstance(part, Mapping) for part in amended):
        _fault(file, "amended", "应为通知列表 | must be a list of notices")
    for part in amended:
        _known_keys(file, part, _AMENDMENT_KEYS)
    return replace(notice, amended=tuple(_body(file, part, year) for part in amended))


def _body(file: str, raw: Mapping[str, Any], year: int) -> YearNotice:
    title = raw.get("notice")
    if not isinstance(title, str) or not title.strip():
        _fault(file, "notice", "缺少通知标题 | the title of the notice is missing")
    number, local = raw.get("number"), raw.get("local", False)
    if number is not None and not isinstance(number, str):
        _fault(file, "number", "应为文号，未核实时写 null | a number of issue, or null while unverified")
    if not isinstance(local, bool):
        _fault(file, "local", "应为 true 或 false | must be true or false")
    off, work = _off(file, raw.get("off") or {}, year), _work(file, raw.get("work") or [], year)
    if both := sorted(off.keys() & work):
        _fault(file, f"off/work: {both[0]}", "一天不能既放假又上班 | a day cannot be both off and worked")
    issued = None if raw.get("issued") is None else _date(file, "issued", raw["issued"])
    return YearNotice(year, title, number, issued, off, work, local, (), file)


def _off(file: str, raw: Any, year: int) -> dict[date, str]:
    if not isinstance(raw, Mapping):
        _fault(file, "off", "应为 日期: 节日 | must map each date to its holiday")
    off: dict[date, str] = {}
    for key, name in raw.items():
        day = _date(file, f"off: {key}", key)
        if not isinstance(name, str) or not name.strip():
            _fault(file, f"off: {key}", "缺少节日名称 | the name of the holiday is missing")
        off[_in_year(file, "off", day, year)] = name.strip()
    return off


def _work(file: str, raw: Any, year: int) -> frozenset[date]:
    if not isinstance(raw, list):
        _fault(file, "work", "应为日期列表 | must be a list of dates")
    days = [_in_year(file, "work", _date(file, f"work: {item}", item), year) for item in raw]
    if twice := {day for day in days if days.count(day) > 1}:
        _fault(file, f"work: {min(twice)}", "重复 | listed twice")
    return frozenset(days)


def _in_year(file: str, key: str, day: date, year: int) -> date:
    """A notice covers its year and, at the turn of it, the bridge days of late December and early January."""
    before = date(year, 1, 1).toordinal() - day.toordinal()
    after = day.toordinal() - date(year, 12, 31).toordinal()
    if before > _BRIDGE or after > _BRIDGE:
        rule = f"不属于 {year} 年，也不是年末年初的调休 | neither in {year} nor at the turn of that year"
        _fault(file, f"{key}: {day}", rule)
    return day


def _date(file: str, key: str, value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        _fault(file, key, f"'{value}' 不是日期，应写作 2026-01-01 | not a date such as 2026-01-01")


def _known_keys(file: str, raw: Mapping[str, Any], allowed: set[str]) -> None:
    if unknown := sorted(str(key) for key in raw if key not in allowed):
        _fault(file, unknown[0], f"未知的键；可用：{', '.join(sorted(allowed - {'file'}))} | unknown key")


def _fault(file: str, key: str, rule: str) -> NoReturn:
    raise CalendarError(f"{file}: {key}: {rule}")
