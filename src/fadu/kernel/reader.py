"""The words, names and small formats of a definition: each read once here, each fault with its line and advice."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from fadu.kernel import condition
from fadu.kernel.condition import Condition, Names
from fadu.kernel.definition import Field, Table, Who
from fadu.kernel.law import Book, Citation, Text, parse_citations
from fadu.kernel.source import Fault, Map

T = TypeVar("T")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z")


class Reader:
    """A document being read against the book. It collects faults and never stops at the first."""

    def __init__(self, document: Map, book: Book) -> None:
        self.document, self.book, self.faults = document, book, list[Fault]()
        self.actions, self.clocks, self.stages = (self.keys(part) for part in ("actions", "clocks", "stages"))
        self.children, self.outcomes, self.gates = (self.keys(part) for part in ("children", "outcomes", "gates"))
        self.letters = self.keys("letters")
        self.fields: dict[str, Field] = {}

    def fault(self, line: int, rule: str, advice: str) -> None:
        self.faults.append(Fault(self.document.file, line, rule, advice))

    # -- shapes

    def mapping(self, raw: Map, key: str) -> Map:
        """The mapping under a key; an empty one, and a fault, when something else stands there."""
        value = raw.get(key)
        if isinstance(value, Map):
            return value
        if key in raw:
            self.fault(raw.line_of(key), "shape", f"'{key}' must be a mapping, not '{value}'")
        return Map.empty(raw.file, raw.line_of(key))

    def keys(self, section: str) -> list[str]:
        value = self.document.get(section)
        return list(value) if isinstance(value, Map) else []

    def each(self, section: str, read: Callable[[str, Map, int], T]) -> dict[str, T]:
        """Every entry of a section, read."""
        raw, result = self.mapping(self.document, section), dict[str, T]()
        for key, value in raw.items():
            if isinstance(value, Map):
                result[key] = read(key, value, raw.line_of(key))
            else:
                self.fault(raw.line_of(key), section, f"'{key}' must be a mapping")
        return result

    def words(self, raw: Map, concept: str, known: str) -> None:
        for word in raw:
            if word not in known.split():
                advice = f"'{word}' is no word of a {concept}; known: {', '.join(known.split())}"
                self.fault(raw.line_of(word), "unknown-word", advice)

    def required(self, raw: Map, key: str) -> Any:
        if key not in raw:
            self.fault(raw.line, "missing", f"'{key}' is missing; add it")
        return raw.get(key, "")

    # -- values

    def plain(self, raw: Map, key: str) -> str:
        """One value as text; empty when the key is not there."""
        value = raw.get(key, "")
        if isinstance(value, dict | list):
            self.fault(raw.line_of(key), "shape", f"'{key}' must be one value, not '{value}'")
            return ""
        return str(value)

    def text(self, raw: Map, key: str) -> Text:
        self.required(raw, key)
        value = self.plain(raw, key)
        if value and " | " not in value:
            self.fault(raw.line_of(key), "bilingual", f"'{value}' has one language; write '中文 | English'")
        return Text.parse(value)

    def optional_text(self, raw: Map, key: str) -> Text | None:
        return self.text(raw, key) if key in raw else None

    def texts(self, raw: Map, key: str) -> tuple[Text, ...]:
        """One text or a list of them, each in both languages."""
        found = self.listed(raw, key)
        for value in found:
            if " | " not in value:
                self.fault(raw.line_of(key), "bilingual", f"'{value}' has one language; write '中文 | English'")
        return tuple(Text.parse(value) for value in found)

    def whole(self, raw: Map, key: str) -> int:
        value = self.required(raw, key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fault(raw.line_of(key), "number", f"'{key}' must be a whole number, not '{value}'")
            return 0
        return value

    def flag(self, raw: Map, key: str) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.fault(raw.line_of(key), "flag", f"'{key}' is true or false, not '{value}'")
        return value is True

    def day(self, raw: Map, key: str) -> str:
        value = str(self.required(raw, key))
        if not _DAY.match(value):
            self.fault(raw.line_of(key), "date", f"'{value}' is no date such as 2026-01-31")
        return value

    def cites(self, raw: Map, key: str) -> tuple[Citation, ...]:
        self.required(raw, key)
        return self.optional_cites(raw, key)

    def optional_cites(self, raw: Map, key: str) -> tuple[Citation, ...]:
        value = self.plain(raw, key)
        try:
            found = parse_citations(value) if value else ()
        except ValueError as error:
            self.fault(raw.line_of(key), "citation", f"{error}")
            return ()
        for cite in found:
            if cite.law not in self.book.laws:
                advice = f"'{cite.law}' is not in laws.yaml; add it there or correct the key"
                self.fault(raw.line_of(key), "unknown-law", advice)
        return found

    # -- names

    def listed(self, raw: Map, key: str) -> list[str]:
        """The names under a key: one or a list of them."""
        value = raw.get(key, [])
        items = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, dict | list):
                self.fault(raw.line_of(key), "shape", f"'{key}' lists names, not '{item}'")
        return [str(item) for item in items if not isinstance(item, dict | list)]

    def names(self, raw: Map, key: str, known: Iterable[str]) -> list[str]:
        values = self.listed(raw, key)
        self.check_names(values, known, raw.line_of(key))
        return values

    def name(self, raw: Map, key: str, known: Iterable[str]) -> str:
        self.plain(raw, key)
        return (self.names(raw, key, known) or [""])[0]

    def check_names(self, values: Iterable[str], known: Iterable[str], line: int) -> None:
        allowed = set(known)
        for value in values:
            if value not in allowed:
                advice = f"'{value}' is not defined here; known: {', '.join(sorted(allowed)) or 'nothing'}"
                self.fault(line, "unknown-name", advice)

    def pairs(self, raw: Map, key: str, known: Iterable[str]) -> dict[str, str]:
        """A mapping of names to names; the left ones must be known."""
        found = self.mapping(raw, key)
        self.check_names(found, known, raw.line_of(key))
        return {name: self.plain(found, name) for name in found}

    def who(self, text: str, line: int) -> Who:
        name, _, of = text.partition(" of ")
        if name in ("parent", "clock") and not of:
            return Who(name, name)  # type: ignore[arg-type]  # the literal kinds of the same spelling
        if of or name in ("setter", "member"):
            self.check_names([of], self.fields, line)
        if name == "listed":
            return Who("listed", of)
        if name in ("setter", "member"):
            return Who("setter" if name == "setter" else "member", name, of)
        if not of and name in self.fields:
            return Who("party", name)
        if name not in self.book.roles:
            self.fault(line, "unknown-role", f"'{name}' is neither a role of laws.yaml nor a field of this procedure")
        return Who("role", name, of)

    # -- conditions and first-match tables

    def condition(self, raw: Map, key: str) -> Condition | None:
        return condition.parse(raw[key], self.known(raw.line_of(key))) if key in raw else None

    def table(self, raw: Map, key: str, values: Collection[str] = ()) -> Table:
        """`{value: condition, …, value: otherwise}`: the first that holds gives its value."""
        lines = self.mapping(raw, key)
        if values:
            self.check_names(lines, values, raw.line_of(key))
        tests = list(lines.values())
        if key in raw and (not tests or tests[-1] != "otherwise"):
            self.fault(raw.line_of(key), "first-match", f"the table of '{key}' must end in 'otherwise'")
        return tuple((value, self._test(lines, value)) for value in lines)

    def _test(self, lines: Map, value: str) -> Condition | None:
        return None if lines[value] == "otherwise" else condition.parse(lines[value], self.known(lines.line_of(value)))

    def known(self, line: int) -> Names:
        """Every name a condition may use here; its faults go to this line."""
        fields: Mapping[str, Field | None] = {**self.fields, "case_unit": None}
        parts = (self.stages, self.outcomes, self.actions, self.clocks, self.children)
        return Names(fields, *parts, lambda rule, advice: self.fault(line, rule, advice))
