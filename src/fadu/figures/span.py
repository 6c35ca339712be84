"""The stretch of legal days a figure counts: a year, a half, a quarter, a month, or any two days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from fadu.cases.moments import now
from fadu.kernel.law import Text

Size = Literal["year", "half", "quarter", "month", "days"]
_NAMED = re.compile(r"(?P<year>(?:19|20|21)\d{2})(?:(?P<half>H[12])|(?P<quarter>Q[1-4])|-(?P<month>0[1-9]|1[0-2]))?\Z")
_MONTHS: dict[Size, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_FORMS = "2026, 2026H1, 2026Q3, 2026-09, 2026-01-01..2026-03-31"


class SpanError(ValueError):
    """Not a period; `text` says what one looks like, in two languages."""

    def __init__(self, value: str) -> None:
        self.text = Text(f"“{value}”不是统计期，应写作 {_FORMS}", f"'{value}' is no period; write {_FORMS}")
        super().__init__(f"{self.text.zh} | {self.text.en}")


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day, both counted. `str()` gives the name it is parsed from."""

    first: date
    last: date
    size: Size = "days"

    @classmethod
    def parse(cls, text: str) -> "Span":
        """`2026`, `2026H1`, `2026Q3`, `2026-09` or `2026-01-01..2026-03-31`; raises SpanError."""
        match = _NAMED.match(text)
        if match is None:
            return cls._between(text)
        size: Size = (
            "half" if match["half"] else "quarter" if match["quarter"] else "month" if match["month"] else "year"
        )
        number = int((match["half"] or match["quarter"] or "H1")[1:]) if size != "month" else int(match["month"])
        return cls._sized(int(match["year"]), size, number)

    @classmethod
    def _between(cls, text: str) -> "Span":
        first, _, last = text.partition("..")
        try:
            span = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise SpanError(text) from None
        if not 1900 <= span.first.year <= span.last.year < 2200 or span.last < span.first:
            raise SpanError(text)
        return span

    @classmethod
    def _sized(cls, year: int, size: Size, number: int) -> "Span":
        month = (number - 1) * _MONTHS[size] + 1
        last = month + _MONTHS[size] - 1
        return cls(date(year, month, 1), date(year, last, monthrange(year, last)[1]), size)

    @classmethod
    def year(cls, year: int) -> "Span":
        return cls._sized(year, "year", 1)

    @classmethod
    def holding(cls, day: date, size: Size = "year") -> "Span":
        """The year, half, quarter or month a day lies in."""
        return cls._sized(day.year, size, (day.month - 1) // _MONTHS[size] + 1)

    @property
    def start(self) -> datetime:
        """The first moment, local and naive."""
        return datetime.combine(self.first, time())  # legal moments are local

    @property
    def end(self) -> datetime:
        """The first moment after it, local and naive: 24:00 of the last day."""
        return datetime.combine(self.last + timedelta(days=1), time())

    @property
    def is_over(self) -> bool:
        return now() >= self.end

    @property
    def previous(self) -> "Span":
        """The same length before: the year before a year, the month before a month."""
        if self.size == "days":
            return Span(self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))
        return Span.holding(self.first - timedelta(days=1), self.size)

    @property
    def text(self) -> Text:
        year, number = self.first.year, (self.first.month - 1) // _MONTHS.get(self.size, 1) + 1
        if self.size == "year":
            return Text(f"{year}年", str(year))
        if self.size == "half":
            return Text(f"{year}年{'上下'[number - 1]}半年", f"{('first', 'second')[number - 1]} half of {year}")
        if self.size == "quarter":
            return Text(f"{year}年第{number}季度", f"Q{number} {year}")
        if self.size == "month":
            return Text(f"{year}年{number}月", f"{self.first:%B %Y}")
        return Text(f"{self.first}至{self.last}", f"{self.first} to {self.last}")

    def __str__(self) -> str:
        year, number = self.first.year, (self.first.month - 1) // _MONTHS.get(self.size, 1) + 1
        names = {
            "year": f"{year}",
            "half": f"{year}H{number}",
            "quarter": f"{year}Q{number}",
            "month": f"{year}-{number:02}",
        }
        return names.get(self.size, f"{self.first}..{self.last}")
