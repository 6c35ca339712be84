"""An official document as it is meant, before anything is set in type: its elements (GB/T 9704—2012, 7) and its blocks.

A setter (`pdf`, `docx`, a page) makes something to read of it. Everything here is plain text; no setter reads markup.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from fadu.kernel.law import Text

Form = Literal["document", "letter", "slip", "bulletin", "plain"]
RunStyle = Literal["", "head", "strong", "note"]
NUMBER = re.compile(r"[\u4e00-\u9fa5（）]+〔\d{4}〕[1-9]\d*号\Z")
ISSUE = re.compile(r"(\d{4}年)?第[1-9]\d*期\Z")
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"（[一二三四五六七八九十]+）"),
    re.compile(r"\d+[.．](?!\d)"),
    re.compile(r"（\d+）"),
)  # 7.3.3
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIRED = 9  # characters: two answers as short as this share a row of a form


class BadNumber(ValueError):
    """A number that no official document bears; `text` says so in two languages."""

    def __init__(self, number: str) -> None:
        self.text = Text(
            f"“{number}”不是规范的发文字号：应为机关代字、六角括号内的四位年份、不编虚位的序号和“号”，如 云政办督〔2026〕57号；简报编“第12期”",
            f"'{number}' is no document number: the organ's characters, the year in 〔〕, a number without leading zeros and "
            "号, as 云政办督〔2026〕57号; a bulletin has 第12期",
        )
        super().__init__(f"{self.text.zh} | {self.text.en}")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look: the head of a paragraph, something that stands out, the mark of a note."""

    text: str
    style: RunStyle = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level` 1 to 4 for 一、 （一） 1. （1）; 0 for plain text. A level 1 or 2 that is all head is a heading."""

    runs: tuple[Run, ...]
    level: int = 0
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def is_heading(self) -> bool:
        return self.level > 0 and all(run.style == "head" for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header. `widths` are shares of the type area; `right` names the columns that hold numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()
    right: tuple[int, ...] = ()
    total: bool = False  # whether the last row adds up the others
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Grid:
    """A form: each row holds one or two answers, each (label, text); an empty text leaves room to write."""

    rows: tuple[tuple[tuple[str, str], ...], ...]
    kind: str = "grid"


Block = Paragraph | Table | Grid


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: who gets a copy, who printed it and when."""

    lines: tuple[str, ...] = ()  # `抄送：市审计局，市数据局。`
    organ: str = ""
    date: str = ""


@dataclass(frozen=True)
class Paper:
    """One document. Empty elements are left out; raises BadNumber for a number in another form than the standard's."""

    form: Form
    title: tuple[str, ...]  # its lines
    blocks: tuple[Block, ...] = ()
    mark: str = ""  # 发文机关标志, in one line or two
    number: str = ""
    issue: str = ""  # of a bulletin: 第12期
    urgency: str = ""
    signer: str = ""
    addressee: str = ""
    attachments: tuple[str, ...] = ()
    organ: str = ""  # who signs; of a bulletin, who edits
    date: str = ""
    note: str = ""  # 附注, in brackets
    imprint: Imprint | None = None
    stamp: str = ""  # across every page: 草稿, 已撤销
    foot: str = ""  # what a machine-made record says of itself, small, at the end
    lang: Literal["zh", "en"] = "zh"
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    made: datetime = field(default=datetime(2000, 1, 1, tzinfo=UTC))  # of the entry it comes from, never of the clock

    def __post_init__(self) -> None:
        for number, form in ((self.number, NUMBER), (self.issue, ISSUE)):
            if number and not form.match(number):
                raise BadNumber(number)

    @property
    def mark_width(self) -> float:
        """Of its longest line, in characters."""
        return max(map(width, self.mark.split("\n")))

    @property
    def mark_length(self) -> str:
        """For a page, which cannot measure: a long mark is set smaller."""
        return next((name for most, name in ((12, ""), (16, "long")) if self.mark_width <= most), "longer")

    @property
    def name(self) -> str:
        """What a file of it is called."""
        return " ".join(part for part in (self.number or self.issue, "".join(self.title)) if part)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Every line of a text, with its level and its head told apart."""
    for line in text.splitlines():
        if line.strip():
            yield paragraph(line.strip())


def paragraph(text: str) -> Paragraph:
    level = next((place for place, start in enumerate(_LEVELS, start=1) if start.match(text)), 0)
    if level not in (1, 2):
        return Paragraph((Run(text),), level)
    head, stop, rest = text.partition("。")
    if rest.strip():
        return Paragraph((Run(head + stop, "head"), Run(rest)), level)
    is_sentence = bool(stop) and len(text) > 40  # a heading bears no full stop; a whole long sentence is no heading
    return Paragraph((Run(text, "" if is_sentence else "head"),), level)


def grid(answers: Iterable[tuple[str, str]]) -> Grid:
    """Answers in their order, two short ones to a row."""
    rows: list[tuple[tuple[str, str], ...]] = []
    waiting: tuple[str, str] | None = None
    for answer in answers:
        if not _is_short(answer):
            rows += [(one,) for one in (waiting, answer) if one]
            waiting = None
        elif waiting:
            rows.append((waiting, answer))
            waiting = None
        else:
            waiting = answer
    return Grid(tuple(rows if waiting is None else [*rows, (waiting,)]))


def _is_short(answer: tuple[str, str]) -> bool:
    return "\n" not in answer[1] and width(answer[1]) <= _PAIRED


def width(words: str) -> float:
    """In characters; a Latin letter or a digit is half of one."""
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in words)


def printable(value: Any) -> Any:
    """The same paper (or part of one) without characters that cannot be printed, whoever pasted them."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, tuple):
        return tuple(printable(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{part.name: printable(getattr(value, part.name)) for part in fields(value) if part.init}
        )
    return value


def number_of(number: str) -> str:
    """The number when it is one an official document may bear, else nothing: a ticket's number stays in the text."""
    return number if NUMBER.match(number) else ""
