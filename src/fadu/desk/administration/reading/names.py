"""What the parts of a procedure are called in its sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fadu.kernel.definition import ANY, CASE, HISTORY, PREVIOUS, START, STAY, Field, Procedure, Who
from fadu.kernel.law import Citation, Text
from fadu.kernel.library import Library
from fadu.words import language, say, t

KINDS: Mapping[str, str] = {
    "text": "短文 | a line of text",
    "long_text": "长文 | text",
    "number": "数 | a number",
    "money": "金额 | an amount",
    "date": "日期 | a date",
    "moment": "日期和时刻 | a date with its hour",
    "yes_no": "是或否 | yes or no",
    "choice": "选一项 | one of a list",
    "unit": "单位 | a unit",
    "person": "人员 | a person",
    "party": "当事人 | a party",
    "document": "文件 | a document",
    "list": "列表 | a list",
    "item": "清单项 | an item of a register",
    "case": "事项 | a matter",
}
TRUTH = {True: "是 | yes", False: "否 | no"}


@dataclass(frozen=True, slots=True)
class Names:
    """The words of one procedure, in the reader's language."""

    procedure: Procedure
    library: Library

    def field(self, key: str) -> str:
        if key in (CASE, HISTORY):
            return t("本事项 | this matter") if key == CASE else t("办理经过 | its timeline")
        return self._quoted(self.procedure.fields, key)

    def stage(self, key: str) -> str:
        places = {
            START: t("开立时 | at the opening"),
            ANY: t("办结以前任何阶段 | any stage before the end"),
            PREVIOUS: t("原来的阶段 | the stage before"),
            STAY: t("原阶段不变 | the same stage"),
        }
        return places.get(key) or self._quoted(self.procedure.stages, key)

    def action(self, key: str) -> str:
        return self._quoted(self.procedure.actions, key)

    def clock(self, key: str) -> str:
        return self._quoted(self.procedure.clocks, key)

    def child(self, key: str) -> str:
        return self._quoted(self.procedure.children, key)

    def outcome(self, key: str) -> str:
        return self._quoted(self.procedure.outcomes, key)

    def letter(self, key: str) -> str:
        if key == "by_outcome":
            return t("结果对应的文书 | the letter of the outcome")
        return self._quoted(self.procedure.letters, key)

    def any(self, key: str) -> str:
        """Whatever of the procedure has this key: a letter shows fields and clocks, a clock pauses in stages."""
        tables: tuple[Mapping[str, Any], ...] = (
            self.procedure.fields,
            self.procedure.clocks,
            self.procedure.stages,
            self.procedure.children,
            self.procedure.actions,
        )
        found = next((table for table in tables if key in table), None)
        if found is not None:
            return self._quoted(found, key)
        words = {"stage": "阶段 | the stage", "outcome": "结果 | the outcome", "letters": "文书 | the letters"}
        return t(words[key]) if key in words else key

    def other(self, key: str) -> str:
        """Another procedure, by its title."""
        known = key in self.library.keys
        return quoted(say(self.library.in_force(key).title)) if known else quoted(key)

    def role(self, key: str) -> str:
        title = self.library.book.roles.get(key)
        return say(title) if title else key

    def who(self, who: Who) -> str:
        if who.kind == "role":
            role = self.role(who.name)
            return t("{unit}的{role} | the {role} of {unit}", unit=self.field(who.of), role=role) if who.of else role
        if who.kind == "member":
            return t("{unit}的人 | anybody of {unit}", unit=self.field(who.of or who.name))
        if who.kind == "setter":
            return t("定{field}的人 | whoever set {field}", field=self.field(who.of or who.name))
        if who.kind == "doer":
            return t("办过{action}的人 | whoever did {action}", action=self.action(who.name))
        if who.kind in ("parent", "clock"):
            return t("主事项 | the parent matter") if who.kind == "parent" else t("期限届满时系统 | the system")
        if who.kind == "party":
            return self.field(who.name)
        return t("{field}所列的人 | who is named in {field}", field=self.field(who.of or who.name))

    def value(self, field: Field | None, value: Any) -> str:
        """A value of a field as its forms show it."""
        if isinstance(value, bool):
            return t(TRUTH[value])
        if field is not None and str(value) in field.choices:
            return quoted(say(field.choices[str(value)]))
        return str(value)

    def cites(self, cites: tuple[Citation, ...]) -> str:
        return ("; " if language() == "en" else "；").join(self.library.book.words(cite, language()) for cite in cites)

    def _quoted(self, table: Mapping[str, Any], key: str) -> str:
        part = table.get(key)
        title: Text | None = getattr(part, "title", None)
        return quoted(say(title)) if title is not None else quoted(key)


def quoted(text: str) -> str:
    return f"“{text}”" if language() == "zh" else f"‘{text}’"


def listed(parts: Iterable[str], last: str = "、 | , ") -> str:
    """Names one after the other."""
    zh, _, en = last.partition(" | ")
    return (zh if language() == "zh" else en).join(parts)


def sentences(parts: Iterable[str]) -> str:
    """Clauses as one paragraph."""
    found = [part for part in parts if part]
    if not found:
        return ""
    return "；".join(found) + "。" if language() == "zh" else "; ".join(found) + "."
