"""What people read, in Chinese and English beside each other, written as the definitions write it: `中文 | English`.

Both languages stand where they are used, so a sentence cannot lack its English; a third language would need a catalogue.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language

from fadu.kernel.law import Text

WEEKDAYS = Text.parse("周一 周二 周三 周四 周五 周六 周日 | Mon Tue Wed Thu Fri Sat Sun")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Number(int):
    """A count that brings its English noun: `{n:day}` is `1 day` or `3 days`; `{n}` alone is `1,988`."""

    def __format__(self, noun: str) -> str:
        return f"{int(self):,} {noun}{'' if self == 1 else 's'}" if noun else f"{int(self):,}"


def t(text: str, **values: object) -> str:
    """The half of `中文 | English` that the reader reads, with `{name}` filled in. Raises ValueError without a bar."""
    chosen = say(_parsed(text))
    if not values:
        return chosen
    return chosen.format(**{name: Number(value) if isinstance(value, int) else value for name, value in values.items()})


def both(text: str, **values: object) -> Text:
    """Both halves of `中文 | English`, with `{name}` filled in: for what is kept and read later, in either language."""
    numbers = {name: Number(value) if isinstance(value, int) else value for name, value in values.items()}
    parsed = _parsed(text)
    return Text(parsed.zh.format(**numbers), parsed.en.format(**numbers))


def say(text: Text) -> str:
    return text.in_(language())


def language() -> str:
    """`zh` or `en`; Traditional Chinese is converted from `zh` when the answer leaves."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def today() -> date:
    return timezone.localdate()


def local(moment: datetime) -> datetime:
    """The moment as the wall clock shows it."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day(value: date, *, full: bool = False) -> str:
    """`10月22日`, with the year when it is not this one; `full` always has the year and the weekday."""
    weekday = say(WEEKDAYS).split()[value.weekday()]
    if language() == "en":
        short = f"{value.day} {MONTHS[value.month - 1]}"
        dated = short if value.year == today().year and not full else f"{short} {value.year}"
        return f"{weekday} {dated}" if full else dated
    short = f"{value.month}月{value.day}日"
    dated = short if value.year == today().year and not full else f"{value.year}年{short}"
    return f"{dated} {weekday}" if full else dated


def minute(value: datetime, *, full: bool = False) -> str:
    """A day with its time, where a minute matters."""
    at = local(value)
    return f"{day(at.date(), full=full)} {at:%H:%M}"


def end(value: datetime, *, full: bool = False) -> str:
    """The end of a term. Midnight ends the day before it: `10月22日`, not `10月23日 00:00`."""
    at = local(value)
    return day(last_day(at), full=full) if is_midnight(at) else minute(value, full=full)


def last_day(value: datetime) -> date:
    at = local(value)
    return (at - timedelta(days=1)).date() if is_midnight(at) else at.date()


def is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def short_digest(digest: str) -> str:
    """Two times four characters, as a chip shows it."""
    return f"{digest[:4]}·{digest[-4:]}" if digest else ""


@lru_cache(maxsize=2048)
def _parsed(text: str) -> Text:
    if " | " not in text:
        raise ValueError(f"'{text}' has no English; write '中文 | English'")
    return Text.parse(text)
