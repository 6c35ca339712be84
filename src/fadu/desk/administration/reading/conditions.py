"""A condition in words, the same for gates, lights, forms and letters."""

from collections.abc import Callable, Mapping
from typing import Any

from fadu.desk.administration.reading.names import Names, listed, quoted
from fadu.kernel.condition import All, AnyOf, ClockTest, Condition, Count, Current, Done, FieldTest, Not, RowTest
from fadu.kernel.definition import Field, Outcome
from fadu.words import say, t

CLOCK_WORDS: Mapping[str, str] = {
    "none": "尚未起算 | has not begun",
    "running": "正在计时 | is running",
    "paused": "已中止 | is paused",
    "overdue": "已逾期 | is overdue",
    "met": "按期完成 | was met",
    "late": "逾期完成 | was met late",
    "void": "已失效 | lapsed",
    "elapsed": "已满 | has elapsed",
    "kept": "已遵守 | was kept",
    "missed": "已错过 | was missed",
}
COMPARED: Mapping[str, str] = {
    "filled": "{field}已填 | {field} is filled in",
    "empty": "{field}未填 | {field} is empty",
    "more_than": "{field}大于 {value} | {field} is more than {value}",
    "at_least": "{field}不少于 {value} | {field} is at least {value}",
    "at_most": "{field}不超过 {value} | {field} is at most {value}",
    "same_as": "{field}与{other}相同 | {field} is the same as {other}",
    "differs_from": "{field}与{other}不同 | {field} differs from {other}",
    "not_above": "{field}不超过{other} | {field} is not above {other}",
}
ROWS: Mapping[str, str] = {
    "some": "{rows}中有一项{that} | one of {rows}: {that}",
    "every": "{rows}中每一项都{that} | each of {rows}: {that}",
    "last": "{rows}中最后一项{that} | the last of {rows}: {that}",
}
OR, AND = "，或者 | , or ", "，并且 | , and "


class Wording:
    """Says the conditions of one procedure. Inside a test on rows, `columns` are theirs; on children, `outcomes`."""

    def __init__(
        self,
        names: Names,
        columns: Mapping[str, Field] | None = None,
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> None:
        self.names, self.columns = names, columns
        self.outcomes = names.procedure.outcomes if outcomes is None else outcomes

    def say(self, condition: Condition | None) -> str:
        return self._words[type(condition)](self, condition) if condition is not None else ""

    def _all(self, condition: All) -> str:
        return listed((self._closed(part) for part in condition.parts), AND)

    def _any(self, condition: AnyOf) -> str:
        return listed((self._closed(part) for part in condition.parts), OR)

    def _closed(self, part: Condition) -> str:
        """A part of several parts stands in brackets."""
        words = self.say(part)
        return t("（{words}） | ({words})", words=words) if isinstance(part, All | AnyOf) else words

    def _not(self, condition: Not) -> str:
        return t("{that}不成立 | it does not hold that {that}", that=self._closed(condition.part))

    def _field(self, test: FieldTest) -> str:
        if test.name == "stage" and self.columns is None:
            stages = listed((self.names.stage(str(value)) for value in test.operand), "或 |  or ")
            return t("处于{stages} | in {stages}", stages=stages)
        if test.name == "outcome" and test.operator == "in" and "outcome" not in self.names.procedure.fields:
            known = listed((self._outcome(str(value)) for value in test.operand), "或 |  or ")
            return t("结果为{outcomes} | the outcome is {outcomes}", outcomes=known)
        if test.name == "open" and self.columns is not None:
            return t("未办结 | it is open") if True in test.operand else t("已办结 | it is closed")
        field, name = self._found(test.name)
        if test.operator == "in":
            values = listed((self.names.value(field, value) for value in test.operand), "或 |  or ")
            return t("{field}为{values} | {field} is {values}", field=name, values=values)
        other = self._found(str(test.operand))[1]
        return t(COMPARED[test.operator], field=name, value=test.operand, other=other)

    def _found(self, key: str) -> tuple[Field | None, str]:
        if self.columns is not None and key in self.columns:
            return self.columns[key], quoted(say(self.columns[key].title))
        return self.names.procedure.fields.get(key), self.names.any(key)

    def _outcome(self, key: str) -> str:
        return quoted(say(self.outcomes[key].title)) if key in self.outcomes else quoted(key)

    def _current(self, test: Current) -> str:
        if test.name == "current":
            return t("仍针对现行文本 | it still is about the present text")
        return t("{field}仍针对现行文本 | {field} still is about the present text", field=self._found(test.name)[1])

    def _done(self, test: Done) -> str:
        action = self.names.action(test.name)
        if test.since:
            since = self.names.action(test.since)
            return t("{since}以后办过{action} | {action} was done since {since}", action=action, since=since)
        if test.least == 0:
            return t("没有办过{action} | {action} was never done", action=action)
        if test.least == 1:
            return t("办过{action} | {action} was done", action=action)
        return t("办过{action}至少 {n} 次 | {action} was done at least {n:time}", action=action, n=test.least)

    def _clock(self, test: ClockTest) -> str:
        clock = self.names.clock(test.name)
        if test.left_under:
            share = round(test.left_under * 100)
            return t("{clock}剩余不足 {n}% | less than {n}% of {clock} is left", clock=clock, n=share)
        words = listed((t(CLOCK_WORDS[word]) for word in sorted(test.words)), "或 |  or ")
        return t("{clock}{words} | {clock} {words}", clock=clock, words=words)

    def _row(self, test: RowTest) -> str:
        that = self._inside(test.name).say(test.of)
        return t(ROWS[test.quantifier], rows=self.names.any(test.name), that=that)

    def _inside(self, name: str) -> "Wording":
        field, child = self.names.procedure.fields.get(name), self.names.procedure.children.get(name)
        if child is not None and child.procedure in self.names.library.keys:
            return Wording(self.names, {}, self.names.library.in_force(child.procedure).outcomes)
        return Wording(self.names, field.rows if field else {})

    def _count(self, test: Count) -> str:
        rows = self.names.any(test.name)
        if test.open_only and test.most == 0:
            return t("{rows}都已办结 | no {rows} is open", rows=rows)
        if test.open_only:
            return t("{rows}还有未办结的 | some {rows} is open", rows=rows)
        if test.most is None:
            return t("{rows}至少 {n} 项 | {rows}: at least {n}", rows=rows, n=test.least)
        if test.least == 0:
            return t("{rows}至多 {n} 项 | {rows}: at most {n}", rows=rows, n=test.most)
        return t("{rows} {least} 至 {most} 项 | {rows}: {least} to {most}", rows=rows, least=test.least, most=test.most)

    _words: Mapping[type, Callable[["Wording", Any], str]] = {
        All: _all,
        AnyOf: _any,
        Not: _not,
        FieldTest: _field,
        Current: _current,
        Done: _done,
        ClockTest: _clock,
        RowTest: _row,
        Count: _count,
    }
