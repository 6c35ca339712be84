"""The words of a certificate: why a day counts, does not count or ends a period, with the article."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from fadu.kernel.calendar import Calendar
from fadu.kernel.period import Due, Period


class Cause(NamedTuple):
    """Why a day counts or does not: in Chinese, in English, and the article."""

    zh: str
    en: str
    cites: str = ""
    cites_en: str = ""


_FESTIVALS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗战胜利70周年纪念日": "70th anniversary of the victory in 1945",
}
NOT_COUNTED = Cause("不计入期限", "time that does not count")
START = Cause("事件当日不计入，次日起算", "the day of the event is not counted", "民法典第201条", "Civil Code art. 201")
START_HOUR = Cause("自该时起算", "counted from this hour", "民法典第201条", "Civil Code art. 201")
EVENT = Cause("事件当日不计入，向前倒数", "the event's own day is not counted", "民法典第201条", "Civil Code art. 201")
NEXT_LENGTH = Cause(
    "原期限顺延至此届满，次日起计延长期",
    "the first length ends here; the extension counts from the next day",
    "民法典第203条",
    "Civil Code art. 203",
)
CALENDAR_DAY = Cause("自然日", "calendar day", "民法典第200—201条", "Civil Code arts. 200-201")


def _measures(zh: str, en: str, source: str) -> Cause:
    rule, rule_en = "全国年节及纪念日放假办法第6—7条", "Holiday Measures arts. 6-7"
    return Cause(zh, en, f"{rule}；{source}" if source else rule, f"{rule_en}; {source}" if source else rule_en)


def worked(calendar: Calendar, day: date) -> Cause:
    found = calendar.day(day)
    if found.kind == "make_up":
        return _measures("调休上班日", "make-up workday", found.source)
    return _measures(*_unless_known("工作日", "workday", calendar, day), found.source)


def rest(calendar: Calendar, day: date) -> Cause:
    found = calendar.day(day)
    if found.kind == "weekend":
        return _measures(*_unless_known("周末", "weekend", calendar, day), "")
    return _measures(f"{found.name}放假", f"{_in_english(found.name)} holiday", found.source)


def _unless_known(zh: str, en: str, calendar: Calendar, day: date) -> tuple[str, str]:
    if calendar.knows(day):
        return zh, en
    return f"{zh}（暂定，尚无{day.year}年放假安排）", f"{en} (provisional, no notice for {day.year} yet)"


def moved_on(calendar: Calendar, day: date) -> Cause:
    why = rest(calendar, day)
    return Cause(
        f"期间末日为法定休假日（{why.zh}），顺延",
        f"the last day is a day of rest ({why.en}): moves on",
        f"民法典第203条；{why.cites}",
        f"Civil Code art. 203; {why.cites_en}",
    )


def corresponding(start: date, day: date, leg: Period) -> Cause | None:
    """What a period in months or years ends on; excluded days may have carried it further."""
    if leg.unit not in ("month", "year"):
        return None
    if day.day == start.day:
        zh, en = f"{leg.text.zh}后的对应日", f"the corresponding day, {leg.text.en} on"
    elif (day + timedelta(days=1)).day == 1:
        zh, en = "无对应日，以月末日为末日", "no corresponding day: the month's last day"
    else:
        zh, en = "末日（对应日加扣除的日数）", "the last day, after the excluded days"
    return Cause(zh, en, "民法典第202条", "Civil Code art. 202")


def in_hours(n: int) -> Cause:
    return Cause(f"连续计算{n}小时", f"{n} hours without a break", "民法典第201条", "Civil Code art. 201")


def ending(end: Due) -> Cause:
    clock = f"{end.at:%H:%M}" if isinstance(end.at, datetime) else "24:00"
    return Cause(f"期间届满（当日{clock}）", f"the period ends (at {clock})", "民法典第203条", "Civil Code art. 203")


def latest(calendar: Calendar, last: date) -> Cause:
    zh, en = "最迟在这一天", "the last day allowed"
    if not calendar.is_workday(last):
        advised = calendar.add_workdays(last, -1).isoformat()
        zh, en = f"{zh}；当日休假，宜在 {advised} 前办结", f"{en}; a day of rest, so better by {advised}"
    return Cause(zh, en, "民法典第201条", "Civil Code art. 201")


def _in_english(name: str) -> str:
    return " and ".join(_FESTIVALS.get(part, part) for part in name.split("、"))
