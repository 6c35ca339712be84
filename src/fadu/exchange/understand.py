"""What a clerk writes in a cell, as the kernel takes it: dates and numbers in their usual forms, names, choices in words."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fadu.cases.directory import Directory, Unknown
from fadu.exchange.workbook import Broken, Formula, Value
from fadu.kernel.definition import Field
from fadu.kernel.law import Text

EXACT = 10**15  # beyond, Excel has lost digits
YES = frozenset("是 yes y true 1 √ ✓ 对 有".split())
NO = frozenset("否 no n false 0 × x 无".split())
BETWEEN = re.compile(r"[、，,;；\n]")
UNUSABLE = re.compile("[\x00\ud800-\udfff]")
COLUMNS = re.compile(r"\s*[|｜\t]\s*")


class Unclear(ValueError):
    """A cell that cannot be read; the text says what should stand there."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


@dataclass
class Understanding:
    """Reads cells; the names of units and people are looked up once each."""

    directory: Directory = field(default_factory=Directory)
    named: dict[tuple[str, str], str] = field(default_factory=dict)

    def cell(self, defined: Field, value: Value) -> Any:
        """None for an empty cell. Raises Unclear."""
        if value is None:
            return None
        if isinstance(value, Formula):
            raise Unclear("是公式，请改为“粘贴为数值”", "is a formula; paste its value instead")
        if isinstance(value, Broken):
            raise Unclear(f"是错误值 {value}", f"is the error value {value}")
        if isinstance(value, str) and UNUSABLE.search(value):  # a workbook can spell them out
            raise Unclear("含有不可用的字符", "contains a character that cannot be stored")
        if defined.kind == "list":
            return self._list(defined, text_of(value))
        return self._one(defined, defined.kind, value)

    def _one(self, defined: Field, kind: str, value: Value) -> Any:
        if defined.choices:
            return _choice(defined, text_of(value))
        if kind in ("unit", "person"):
            return self._named(kind, text_of(value))
        read = _READ.get(kind)
        text = text_of(value)
        return read(value) if read else text or None

    def _list(self, defined: Field, text: str) -> Any:
        if defined.rows:
            return [self._row(defined, line) for line in text.splitlines() if line.strip()] or None
        kind = defined.of or "text"
        return [self._one(defined, kind, part.strip()) for part in BETWEEN.split(text) if part.strip()] or None

    def _row(self, defined: Field, line: str) -> dict[str, Any]:
        """A line of a cell is a row of the list, its columns divided by upright strokes."""
        parts, columns = COLUMNS.split(line.strip()), list(defined.rows.values())
        if len(parts) > len(columns):
            names_zh, names_en = ("｜".join(getattr(one.title, way) for one in columns) for way in ("zh", "en"))
            raise Unclear(f"每行写 {names_zh}", f"each line holds {names_en}")
        pairs = zip(columns, parts, strict=False)
        return {column.key: self._one(column, column.kind, part) for column, part in pairs if part}

    def _named(self, kind: str, text: str) -> str | None:
        if not text:
            return None
        if (kind, text) not in self.named:
            try:
                self.named[kind, text] = self.directory.unit(text) if kind == "unit" else self.directory.person(text)
            except Unknown as unknown:
                raise Unclear(unknown.text.zh, unknown.text.en) from None
        return self.named[kind, text]


def text_of(value: Value) -> str:
    """A cell as text; a whole number without its point."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if abs(value) >= EXACT:
            raise Unclear(
                "数字超过 15 位，Excel 已丢失末几位；请把这一列设为文本，再重新填写",
                "has more than 15 digits and Excel lost the last ones; format the column as text and type it again",
            )
        return f"{value:.15g}"
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute) == (0, 0)
        return value.date().isoformat() if is_day else value.isoformat(timespec="minutes")
    return str(value or "").strip()


def plain(text: str) -> str:
    """Full-width signs as plain ones, capitals as small ones."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _choice(defined: Field, text: str) -> str | None:
    if not text:
        return None
    wanted = plain(text)
    for key, title in defined.choices.items():
        if wanted in (plain(key), plain(title.zh), plain(title.en)):
            return key
    zh, en = ("、".join(getattr(title, way) for title in defined.choices.values()) for way in ("zh", "en"))
    raise Unclear(f"应当是其中之一：{zh}", f"should be one of: {en}")


def _yes_no(value: Value) -> bool | None:
    text = plain(text_of(value))
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    raise Unclear("写“是”或者“否”", "write yes or no")


def _number(value: Value) -> Any:
    if isinstance(value, float):
        return float(f"{value:.12g}")  # what Excel shows, not what it keeps
    text = plain(text_of(value)).replace(",", "").removesuffix("元").strip()
    if not text:
        return None
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text):
        raise Unclear("应当是数字", "should be a number")
    return float(text) if "." in text else int(text)


# -- days and moments --------------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(上午|下午|am|pm)?\s*(\d{1,2})\s*(?::|时|点)\s*(\d{1,2})?\s*(?:分|:\d{1,2}(?:\.\d+)?)?\s*(am|pm)?")


def _date(value: Value) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = plain(text_of(value))
    if not text:
        return None
    found = _DAY.match(text)
    if not found or (found.end() < len(text) and not _TIME.fullmatch(text[found.end() :].strip(" t"))):
        raise _no_day()
    return _day(found).isoformat()


def _moment(value: Value) -> str | None:
    if isinstance(value, datetime):
        return text_of(value)
    text = plain(text_of(value))
    if not text:
        return None
    found = _DAY.match(text)
    if not found:
        raise _no_day()
    rest = text[found.end() :].strip(" t")
    return f"{_day(found)}T{_clock(rest)}" if rest else _day(found).isoformat()


def _day(found: re.Match[str]) -> date:
    year, month, number = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear(
            f"没有 {year}年{month}月{number}日这一天，写存在的日期，例如 2026-02-28",
            f"there is no such day as {year}-{month:02}-{number:02}; write one that exists, such as 2026-02-28",
        ) from None


def _clock(text: str) -> str:
    found = _TIME.fullmatch(text)
    if found:
        hour, minute = int(found[2]), int(found[3] or 0)
        if (found[1] or found[4]) in ("下午", "pm") and hour < 12:
            hour += 12
        if hour < 24 and minute < 60:
            return f"{hour:02}:{minute:02}"
    raise Unclear("时刻写成 14:30", "write the time as 14:30")


def _no_day() -> Unclear:
    return Unclear("应当是日期，例如 2026-10-22、2026/10/22 或者 2026年10月22日", "should be a date such as 2026-10-22")


_READ: Mapping[str, Callable[[Value], Any]] = {
    "number": _number,
    "money": _number,
    "date": _date,
    "moment": _moment,
    "yes_no": _yes_no,
}
