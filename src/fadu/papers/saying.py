"""Values as an official document says them: units and people by their full names, dates in full, in the paper's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fadu.kernel.definition import Clock, Field
from fadu.kernel.law import Book, Citation, Text
from fadu.kernel.state import Run
from fadu.kernel.values import is_empty
from fadu.papers.then import CaseThen
from fadu.units.models import Person, Unit

Lang = Literal["zh", "en"]
MONTHS = "January February March April May June July August September October November December".split()
YES, NO = Text("是", "yes"), Text("否", "no")
PROVISIONAL = Text("（暂定）", " (provisional)")
ENDED: Mapping[str, Text] = {
    "met": Text("（已按期完成）", " (met)"),
    "kept": Text("（已按期完成）", " (kept)"),
    "late": Text("（逾期完成）", " (met late)"),
    "missed": Text("（已错过）", " (missed)"),
}
_SEPARATED = 10_000  # smaller numbers, a year among them, are written without a comma


@dataclass
class Saying:
    """The names and the language of one document."""

    lang: Lang
    people: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, CaseThen] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, lang: Lang, people: Iterable[int], cases: Mapping[int, CaseThen]) -> "Saying":
        wanted = set(people)
        named = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
        units = Unit.objects.only("code", "name_zh", "name_en", "kind", "parent_id").in_bulk(field_name="code")
        return cls(lang, named, cases, units)

    def text(self, text: Text) -> str:
        return text.in_(self.lang)

    def joined(self, parts: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(part for part in parts if part)

    # -- names

    def unit(self, code: str) -> str:
        known = self.units.get(code)
        if known is None:
            return code
        return known.name_en or known.name_zh if self.lang == "en" else known.name_zh

    def organ(self, signer: str, keeper: str) -> str:
        """Who issues: the unit of whoever acts; a leader signs for the office that keeps the case, a section issues in the
        name of the unit above it (DOC 17).
        """
        by_id = {unit.pk: unit for unit in self.units.values()}
        at = self.units.get(signer)
        code = keeper if at is None or at.kind == Unit.Kind.GOVERNMENT else signer
        found = self.units.get(code)
        while found is not None and found.kind == Unit.Kind.SECTION and found.parent_id in by_id:
            found = by_id[found.parent_id]
        return self.unit(found.code) if found else self.unit(code)

    def person(self, key: Any) -> str:
        number = str(key).removeprefix("person:")
        return self.people.get(int(number), number) if number.isdecimal() else ""

    def case(self, key: Any) -> str:
        then = self.cases.get(int(key))
        return f"{then.number} {self.text(Text.parse(then.title))}".strip() if then else ""

    # -- dates

    def day(self, text: str) -> str:
        """`2026年9月11日`, with the hour and minute of a moment."""
        year, month, day = (int(part) for part in text[:10].split("-"))
        dated = f"{year}年{month}月{day}日" if self.lang == "zh" else f"{day} {MONTHS[month - 1]} {year}"
        if len(text) == 10:
            return dated
        hour, minute = text[11:13], text[14:16]
        return f"{dated}{int(hour)}时{minute}分" if self.lang == "zh" else f"{dated}, {hour}:{minute}"

    def due(self, run: Run) -> str:
        """The end of a term; a term that lapsed has none."""
        if run.status == "void":
            return ""
        return self.day(run.due) + (self.text(PROVISIONAL) if run.provisional else "")

    def term(self, clock: Clock, run: Run, book: Book) -> str:
        """The end of a term with how it stood and the law it rests on."""
        due = self.due(run)
        standing = self.text(ENDED[run.status]) if due and run.status in ENDED else ""
        law = self.law(clock.cites, book) if due else ""
        cited = Text(f"（依据{law}）", f" ({law})").in_(self.lang) if law else ""
        return f"{due}{standing}{cited}"

    def law(self, cites: Iterable[Citation], book: Book) -> str:
        """The instruments cited; practice is no law and is not cited in a document."""
        return ("，" if self.lang == "zh" else "; ").join(
            book.words(cite, self.lang) for cite in cites if cite.law not in ("practice", "BOOK")
        )

    # -- values

    def value(self, defined: Field, value: Any) -> str:
        if is_empty(value):
            return ""
        if isinstance(value, list):
            return self.joined(self.item(defined, item) for item in value)
        if defined.choices:
            title = defined.choices.get(str(value))
            return self.text(title) if title else str(value)
        return self._plain(defined.kind, value)

    def item(self, defined: Field, item: Any) -> str:
        if isinstance(item, Mapping) and defined.rows:
            return " ".join(said for key, column in defined.rows.items() if (said := self.value(column, item.get(key))))
        return self._plain(defined.of, item)

    def _plain(self, kind: str, value: Any) -> str:
        if kind == "yes_no":
            return self.text(YES if value else NO)
        named = {"unit": self.unit, "person": self.person, "case": self.case, "date": self.day, "moment": self.day}
        if kind in named:
            return named[kind](value)
        if isinstance(value, Mapping):
            return str(value.get("name") or value.get("title") or value.get("number") or "")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:,}" if abs(value) >= _SEPARATED else f"{value}"
        return str(value)
