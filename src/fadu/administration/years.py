"""A year's notice from a form into the text that holds: days off, one line each or a range, and make-up workdays."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from fadu.units.wording import both

_LINE = re.compile(r"(?P<first>\S+?)\s*(?:(?:至|到|~|-{2}|—+|\.\.)\s*(?P<last>\d\S*?))?[\s:：]+(?P<name>\S.*)\Z")
LONGEST = 40  # days of one range


def text_of(said: Mapping[str, Any]) -> str:
    """`year, notice, number, issued, off, work, local`, as the form has them. Raises ValidationError by field."""
    off = dict(_off(str(said["off"])))
    work = list(_work(str(said["work"])))
    document: dict[str, Any] = {
        "year": said["year"],
        "notice": said["notice"].strip(),
        "number": said["number"].strip() or None,
        "issued": said["issued"],
        **({"local": True} if said.get("local") else {}),
        "off": dict(sorted(off.items())),
    }
    dumped = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10**6)
    days = ", ".join(day.isoformat() for day in sorted(work))
    return f"{dumped}work: [{days}]\n"


def _off(text: str) -> Iterator[tuple[date, str]]:
    for number, line in _lines(text):
        found = _LINE.match(line)
        if found is None:
            words = both(
                f"第 {number} 行“{line[:30]}”看不懂，请写成 2027-01-01 元旦，或 2027-02-05 至 2027-02-11 春节",
                f"line {number}, '{line[:30]}': write 2027-01-01 元旦, or 2027-02-05 -- 2027-02-11 春节",
            )
            raise ValidationError({"off": words})
        first = _day(found["first"], number, "off")
        last = _day(found["last"], number, "off") if found["last"] else first
        if not 0 <= (last - first).days < LONGEST:
            words = both(f"第 {number} 行的起止日期不对", f"line {number}: the last day does not follow the first")
            raise ValidationError({"off": words})
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset), found["name"].strip()


def _work(text: str) -> Iterator[date]:
    for number, line in _lines(text):
        for part in re.split(r"[\s,，、]+", line):
            if part:
                yield _day(part, number, "work")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _day(text: str, number: int, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = both(f"第 {number} 行：{text} 不是日期", f"line {number}: '{text}' is no date such as 2027-01-01")
        raise ValidationError({field: words}) from None
