"""Why a rule holds: instruments, citations with their verification tag, and the text that remedies print."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["block", "warn"]
Lang = Literal["zh", "en"]

# V read in full, S read in part, I an invariant of this system: these block.
# L local instrument, P practice, U unverified: these warn until a city's own pack says otherwise.
BLOCKING_TAGS = frozenset("VSI")
TAGS = {
    "V": "已核对全文 | read in full",
    "S": "已核对部分 | read in part",
    "I": "系统保证 | invariant of the system",
    "L": "地方规定 | local instrument",
    "P": "行政惯例 | practice",
    "U": "未核实 | unverified",
}

_CITATION = re.compile(r"(?P<law>[A-Za-z][A-Za-z0-9-]*)(?: (?P<articles>[0-9][0-9()/, -]*))? \((?P<tag>[VSILPU])\)\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and English."""

    zh: str
    en: str

    @classmethod
    def parse(cls, text: str) -> "Text":
        """`中文 | English`; a text without a bar serves both."""
        zh, _, en = text.partition(" | ")
        return cls(zh.strip(), (en or zh).strip())

    def in_(self, lang: str) -> str:
        return self.en if lang.startswith("en") else self.zh

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class Citation:
    """`GKI 33 (V)`: an instrument of the book, its articles as written, and how far the text was verified."""

    law: str
    articles: str
    tag: str

    @classmethod
    def parse(cls, text: str) -> "Citation":
        match = _CITATION.match(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is not a citation such as 'GKI 33 (V)'")
        return cls(match["law"], (match["articles"] or "").strip(), match["tag"])

    @property
    def blocks(self) -> bool:
        return self.tag in BLOCKING_TAGS

    def __str__(self) -> str:
        return " ".join(part for part in (self.law, self.articles, f"({self.tag})") if part)


def parse_citations(text: str) -> tuple[Citation, ...]:
    """`GKI 30 (V); GKI 31 (V)` in the order written; raises ValueError naming the part that is no citation."""
    return tuple(Citation.parse(part) for part in text.split(";"))


def article_numbers(text: str) -> list[int]:
    """The articles a citation names: `16(2)` gives 16, `14-17` gives 14 to 17, an empty text gives none."""
    numbers: list[int] = []
    for part in re.sub(r"\([^)]*\)", "", text).replace("/", ",").split(","):
        first, _, last = part.strip().partition("-")
        if first:
            numbers += range(int(first), int(last or first) + 1)
    return numbers


def severity_of(cites: tuple[Citation, ...]) -> Severity:
    """A rule blocks when one of its sources was verified; otherwise it warns."""
    return "block" if any(cite.blocks for cite in cites) else "warn"


@dataclass(frozen=True, slots=True)
class Law:
    """An instrument: title, number of issue, the day this version came into force, and which articles were verified."""

    key: str
    title: Text
    number: str = ""
    in_force: str = ""
    note: Text | None = None
    articles: frozenset[int] = frozenset()  # empty: no article of it was verified, or it has none


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a person may do against an outcome; printed by the outcome, never typed by hand."""

    key: str
    text: Text
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """A folder of definitions: what it is called, and which of them are listed first."""

    title: Text
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The shared words of all definitions: instruments, roles and remedies; and the titles of their folders."""

    laws: Mapping[str, Law] = field(default_factory=dict)
    roles: Mapping[str, Text] = field(default_factory=dict)
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)  # by folder, in the order they are listed

    def place(self, domain: str, key: str) -> tuple[int, int]:
        """Where a definition is listed: by its domain, and there those named first before the others."""
        first = self.domains[domain].first if domain in self.domains else ()
        place = list(self.domains).index(domain) if domain in self.domains else len(self.domains)
        return place, first.index(key) if key in first else len(first)

    def words(self, cite: Citation, lang: str = "zh") -> str:
        """`《政府信息公开条例》第33条`, or the English of the same."""
        law = self.laws.get(cite.law)
        if law is None:
            return str(cite)
        if lang.startswith("en"):
            return f"{law.title.en}, art. {cite.articles}" if cite.articles else law.title.en
        name = law.title.zh if cite.law == "practice" else f"《{law.title.zh}》"
        return f"{name}第{cite.articles}条" if cite.articles else name
