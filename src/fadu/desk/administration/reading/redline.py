"""Two versions of a procedure article by article: what was struck out, what came in, what stayed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from fadu.desk.administration.reading.articles import Article, Section, sections
from fadu.desk.administration.reading.names import listed, sentences
from fadu.kernel.definition import Procedure
from fadu.kernel.library import Library
from fadu.words import t

_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


COUNTS = {
    "changed": "改 {n} 条 | {n} changed",
    "added": "新增 {n} 条 | {n} added",
    "removed": "删去 {n} 条 | {n} removed",
    "same": "未改 {n} 条 | {n} unchanged",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `how` is same, del or ins."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One article in both versions; `state` is same, changed, added or removed."""

    state: str
    section: str
    title: list[Piece]
    text: list[Piece]
    cites: list[Piece]
    line: int


@dataclass(frozen=True, slots=True)
class Redline:
    lines: list[Line]

    @property
    def words(self) -> str:
        """How many articles changed, came, went and stayed."""
        states = [line.state for line in self.lines]
        counted = ((states.count(state), words) for state, words in COUNTS.items())
        return sentences([listed((t(words, n=number) for number, words in counted if number), "， | , ")])

    @property
    def differs(self) -> list[Line]:
        return [line for line in self.lines if line.state != "same"]

    @property
    def same(self) -> list[Line]:
        return [line for line in self.lines if line.state == "same"]


def redline(old: tuple[Procedure, Library] | None, new: tuple[Procedure, Library]) -> Redline:
    """`old` is None for a procedure that there was none of before."""
    before = sections(*old) if old else []
    return Redline(list(_lines(before, sections(*new))))


def _lines(before: list[Section], after: list[Section]) -> Iterator[Line]:
    known = {(article.section, article.key): article for section in before for article in section.articles}
    titles = {section.key: section.title for section in (*before, *after)}
    kept = {(article.section, article.key) for section in after for article in section.articles}
    articles = {section.key: section.articles for section in after}
    for key, title in titles.items():
        for article in articles.get(key, []):
            yield _line(title, known.get((key, article.key)), article)
        for (section, _), gone in known.items():
            if section == key and (section, gone.key) not in kept:
                yield _line(title, gone, None)


def _line(section: str, old: Article | None, new: Article | None) -> Line:
    first, last = old or new, new or old
    assert first is not None  # noqa: S101 – one of the two is there
    assert last is not None  # noqa: S101 – the same
    pairs = ((first.title, last.title), (first.text, last.text), (first.cites, last.cites))
    if old is None or new is None:
        how = "ins" if old is None else "del"
        title, text, cites = ([Piece(how, now)] if now else [] for _, now in pairs)
        return Line("added" if old is None else "removed", section, title, text, cites, last.line)
    changed = any(was != now for was, now in pairs)
    title, text, cites = (pieces(was, now) for was, now in pairs)
    return Line("changed" if changed else "same", section, title, text, cites, last.line)


def pieces(old: str, new: str) -> list[Piece]:
    """Word by word in Latin letters, character by character in Chinese; lone matches inside a change are no relief."""
    if old == new:
        return [Piece("same", new)] if new else []
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(now[c:d])))
            continue
        if a < b:
            found.append(Piece("del", "".join(was[a:b])))
        if c < d:
            found.append(Piece("ins", "".join(now[c:d])))
    return list(_joined(found))


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """A single character kept between two changes reads as noise: the whole stretch changes."""
    stretch: list[Piece] = []
    for number, piece in enumerate(found):
        last = number in (0, len(found) - 1)
        if piece.how == "same" and (last or len(piece.text) > 1):
            yield from _stretch(stretch)
            stretch = []
            yield piece
        else:
            stretch.append(piece)
    yield from _stretch(stretch)


def _stretch(stretch: list[Piece]) -> Iterator[Piece]:
    for how in ("del", "ins"):
        text = "".join(piece.text for piece in stretch if piece.how in (how, "same"))
        if text:
            yield Piece(how, text)
