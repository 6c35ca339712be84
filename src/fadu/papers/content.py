"""What a letter says: its number, organ, date, receivers and words, from the definition and the case as it stood."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fadu.cases import definitions
from fadu.kernel.definition import LETTER_WORDS, Letter, Procedure, Who
from fadu.kernel.law import Book, Text
from fadu.kernel.saying import placeholders
from fadu.kernel.state import State
from fadu.kernel.values import inside, is_empty
from fadu.papers.saying import Saying

PUBLIC = Text("社会公众", "the public")


@dataclass
class Content:
    """One letter of one entry, for one reader: `seen` are the fields and columns they may see."""

    procedure: Procedure
    letter: Letter
    state: State
    body: Mapping[str, Any]
    own_number: str
    seen: frozenset[str]
    saying: Saying

    @cached_property
    def book(self) -> Book:
        return definitions.library().book

    @cached_property
    def hidden(self) -> int:
        """How many of the things this letter says its reader may not see."""
        return sum(
            key in self.procedure.fields and key not in self.seen for key in {*self.letter.shows, *self.mentioned}
        )

    @cached_property
    def mentioned(self) -> set[str]:
        """What its own words say, so that it need not be said again."""
        letter = self.letter
        return {name for text in (letter.mark, letter.heading, *letter.text) if text for name in placeholders(text)}

    @cached_property
    def number(self) -> str:
        return self.own_number or self.state.number

    @property
    def issue(self) -> str:
        """`2026年第12期` of `督查通报〔2026〕第12期`."""
        year, _, rest = self.number.rpartition("〔")[2].partition("〕")
        return f"{year}年{rest}" if rest.endswith("期") else ""

    @cached_property
    def organ(self) -> str:
        _, _, unit = str(self.body.get("as", "")).partition("@")
        return self.saying.organ(unit, self.state.unit)

    @cached_property
    def day(self) -> str:
        return self.saying.day(str(self.body["day"])[:10])

    @property
    def signed(self) -> str:
        return self.saying.person(self.body.get("for") or self.body["by"])

    @property
    def law(self) -> str:
        return self.saying.law(self.letter.cites, self.book)

    # -- words

    def paragraphs(self) -> Iterator[str]:
        """The letter's own paragraphs; one that would have a gap is left out."""
        for text in self.letter.text:
            if all(self.said(name) for name in placeholders(text)):
                yield self.filled(text)

    def filled(self, text: Text) -> str:
        words = text.in_(self.saying.lang)
        for name in placeholders(text):
            words = words.replace(f"{{{name}}}", self.said(name, bare=True))
        return words

    def said(self, key: str, *, bare: bool = False) -> str:
        """A field, a term or a word of the letter's own. `bare` in a sentence: the date without the law."""
        if key in self.procedure.fields:
            return self.saying.value(self.procedure.fields[key], self.value(key)) if key in self.seen else ""
        run = self.state.clocks.get(key)
        if run is not None:
            return self.saying.due(run) if bare else self.saying.term(self.procedure.clocks[key], run, self.book)
        return self._own(key) if key in LETTER_WORDS else ""

    def value(self, key: str) -> Any:
        return self.state.data.get(key)

    def title(self, key: str) -> str:
        return self.saying.text((self.procedure.fields.get(key) or self.procedure.clocks[key]).title)

    def _own(self, word: str) -> str:
        own = {"number": self.number, "organ": self.organ, "day": self.day}
        return own[word] if word in own else self.addressed(self.letter.to)

    # -- receivers

    def addressed(self, receivers: Iterable[Who]) -> str:
        found = dict.fromkeys(name for who in receivers for name in self._names(who))
        return ("，" if self.saying.lang == "zh" else ", ").join(name for name in found if name)

    def _names(self, who: Who) -> Iterator[str]:
        """Whom a letter goes to: units and people by name, an office by its title."""
        key = who.of if who.kind == "listed" else who.name
        if who.kind == "setter":
            yield self.saying.person(self.state.set_by.get(who.of, ""))
        elif key in self.procedure.fields:
            yield from self._named_in(key)
        elif key in self.procedure.children:
            yield from self._opened(key)
        elif key == "public" or key in self.book.roles:
            yield self.saying.text(self.book.roles.get(key, PUBLIC))

    def _opened(self, key: str) -> Iterator[str]:
        """The units whose sub-cases were opened, by the list they were opened for; else what the sub-cases are called."""
        child = self.procedure.children[key]
        lists = [self.procedure.fields[name] for name in (*child.each, child.rows) if name in self.procedure.fields]
        found = [
            unit
            for field in lists
            for _, unit in inside(field, self.value(field.key), "unit")
            if field.key in self.seen
        ]
        yield from (map(self.saying.unit, found) if found else [self.saying.text(child.title)])

    def _named_in(self, key: str) -> Iterator[str]:
        field, value = self.procedure.fields[key], self.value(key)
        if key in self.seen and isinstance(value, list):
            yield from (self.saying.item(field, item) for item in value)
        elif key in self.seen and not is_empty(value):
            yield self.saying.value(field, value)
