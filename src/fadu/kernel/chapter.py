"""Chapters of a yearly report: sentences in both languages whose every number is a declared figure, and tables of figures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fadu.kernel.figure import Figure, Reader, digest_of
from fadu.kernel.law import Citation, Text
from fadu.kernel.library import Library
from fadu.kernel.source import Map

ASPECTS = ("", "last_year", "change")  # the figure itself, that of the year before, by how much it differs
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_-]*)(?:\.([a-z_]+))?\}")
_HEAD = "chapter domain title report version in_force basis sections uncounted".split()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures by the values of a field they are all split by."""

    title: Text
    by: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its sentences, its tables."""

    title: Text
    text: tuple[Text, ...]
    tables: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One declared chapter. `uncounted` says in words what no figure counts yet."""

    key: str
    domain: str
    title: Text
    report: Text
    version: int
    in_force: str
    basis: tuple[Citation, ...]
    digest: str
    sections: tuple[Section, ...]
    uncounted: tuple[Text, ...] = ()


def pieces(sentence: str) -> Iterator[str | tuple[str, str]]:
    """A sentence as words and (figure, aspect) in their order."""
    end = 0
    for found in _PLACEHOLDER.finditer(sentence):
        if sentence[end : found.start()]:
            yield sentence[end : found.start()]
        yield found[1], found[2] or ""
        end = found.end()
    if sentence[end:]:
        yield sentence[end:]


def named(text: Text) -> list[tuple[str, str]]:
    """The figures (and aspects) of a sentence, in the order of the Chinese."""
    return [piece for piece in pieces(text.zh) if not isinstance(piece, str)]


def load_chapter(document: Map, library: Library, figures: Mapping[str, Figure]) -> Chapter:
    """The chapter a `chapter:` document declares; raises DefinitionError with every fault in it."""
    return _Chapters(document, library).read(figures)


class _Chapters(Reader):
    def read(self, figures: Mapping[str, Figure]) -> Chapter:
        head, self.figures = self.document, figures
        self.words(head, _HEAD, "chapter")
        sections = self.each("sections", self._section)
        return self.done(
            Chapter(
                key=str(head["chapter"]),
                domain=str(self.required(head, "domain")),
                title=self.text(head, "title"),
                report=self.text(head, "report"),
                version=self.whole(head, "version"),
                in_force=self.day(head, "in_force"),
                basis=self.cites(head, "basis"),
                digest=digest_of(head),
                sections=tuple(sections.values()),
                uncounted=tuple(self._sentences(head, "uncounted")),
            )
        )

    def _section(self, _: str, raw: Map) -> Section:
        self.words(raw, ("title", "text", "tables"), "section")
        tables = raw.get("tables", Map.empty(raw.file, raw.line_of("tables")))
        grids = (self._grid(tables[name]) for name in tables if isinstance(tables[name], Map))
        return Section(self.text(raw, "title"), tuple(self._sentences(raw, "text")), tuple(grids))

    def _sentences(self, raw: Map, key: str) -> Iterator[Text]:
        for sentence in self.listed(raw, key):
            text, line = Text.parse(sentence), raw.line_of(key)
            if " | " not in sentence:
                self.fault(line, "bilingual", f"'{sentence}' has one language; write '中文 | English'")
            said, also = (
                sorted(piece for piece in pieces(half) if not isinstance(piece, str)) for half in (text.zh, text.en)
            )
            if said != also:
                self.fault(line, "placeholder", f"both languages of '{text.en[:40]}…' must show the same figures")
            for name, aspect in said:
                self._known(name, line)
                if aspect not in ASPECTS:
                    self.fault(line, "placeholder", f"'{{{name}.{aspect}}}': a figure has .last_year and .change")
            yield text

    def _known(self, name: str, line: int) -> Figure | None:
        figure = self.figures.get(name)
        if figure is None:
            self.fault(line, "unknown-figure", f"'{name}' is declared by no file of figures")
        return figure

    def _grid(self, raw: Map) -> Grid:
        self.words(raw, ("title", "by", "figures"), "table of a chapter")
        by, keys = str(self.required(raw, "by")), self.listed(raw, "figures")
        for key in keys:
            figure = self._known(key, raw.line_of("figures"))
            counted = [self.figures[part] for part in figure.parts] or [figure] if figure is not None else []
            if not all(by in part.split for part in counted):
                self.fault(raw.line_of("figures"), "split", f"'{key}' is not split by '{by}', which this table is")
        return Grid(self.text(raw, "title"), by, tuple(keys))
