"""What a figure counts, in plain words made from its declaration: the definition a reader sees beside the number."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fadu.figures.declared import book, find, procedure_of
from fadu.kernel.condition import (
    All,
    AnyOf,
    ClockTest,
    Condition,
    Count,
    Current,
    Done,
    FieldTest,
    Not,
    RowTest,
)
from fadu.kernel.definition import Procedure
from fadu.kernel.figure import MOMENTS, Figure
from fadu.kernel.law import Text

_CLOCK_WORDS: Mapping[str, Text] = {
    "none": Text("未起算", "has not started"),
    "running": Text("未届满", "is running"),
    "paused": Text("已中止", "is paused"),
    "overdue": Text("已逾期", "is overdue"),
    "met": Text("按时完成", "was met"),
    "late": Text("逾期完成", "was met late"),
    "void": Text("已终止", "has lapsed"),
    "elapsed": Text("已届满", "has elapsed"),
    "kept": Text("已遵守", "was kept"),
    "missed": Text("未遵守", "was missed"),
}
_OPEN = {True: Text("未办结", "is open"), False: Text("已办结", "is closed")}
_YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def definition(figure: Figure) -> Text:
    """`统计期内办理“批准立项并交办”的督办事项件数` – one sentence in both languages."""
    if figure.is_of_figures:
        return _of_figures(figure)
    procedure = procedure_of(figure)
    where = _Words(procedure).of(figure.where) if figure.where is not None else None
    over = _over(figure, procedure)
    counted = _counted(figure, procedure)
    zh, en = f"{over.zh}的{procedure.title.zh}{counted.zh}", f"{counted.en}: cases of '{procedure.title.en}' {over.en}"
    return Text(f"{zh}，限{where.zh}", f"{en}, where {where.en}") if where else Text(zh, en)


def cites(figure: Figure) -> Text:
    """The articles a figure rests on."""
    return Text(
        *(sep.join(book().words(one, lang) for one in figure.cites) for sep, lang in (("；", "zh"), ("; ", "en")))
    )


def _of_figures(figure: Figure) -> Text:
    titles = [find(key).title for key in figure.parts]
    zh, en = (" ÷ ", " ÷ ") if figure.kind == "ratio" else (" ＋ ", " + ")
    return Text(zh.join(f"“{title.zh}”" for title in titles), en.join(f"'{title.en}'" for title in titles))


def _over(figure: Figure, procedure: Procedure) -> Text:
    if figure.over_action:
        title = procedure.actions[figure.over].title
        return Text(f"统计期内办理“{title.zh}”", f"with '{title.en}' done in the period")
    moment = MOMENTS[figure.over]
    carried = figure.over in ("carried_in", "carried_out")
    return Text(
        moment.zh if carried else f"统计期内{moment.zh}", f"that {moment.en}{'' if carried else ' in the period'}"
    )


def _counted(figure: Figure, procedure: Procedure) -> Text:
    if figure.kind == "count":
        return Text("件数", "Number")
    if figure.kind == "average":
        first, last = (procedure.actions[name].title for name in figure.days)
        return Text(f"自“{first.zh}”至“{last.zh}”的平均天数", f"Average days from '{first.en}' to '{last.en}'")
    title = procedure.fields[figure.of].title
    if figure.kind == "sum":
        return Text(f"的“{title.zh}”合计", f"Sum of '{title.en}'")
    return Text(f"的“{title.zh}”种数", f"Number of different values of '{title.en}'")


class _Words:
    """A condition in words, with the titles of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def of(self, condition: Condition) -> Text:
        say: Callable[[Any], Text] = getattr(self, f"_{type(condition).__name__.lower()}")
        return say(condition)

    def _all(self, condition: All) -> Text:
        return _joined([self.of(part) for part in condition.parts], "，且", " and ")

    def _anyof(self, condition: AnyOf) -> Text:
        inner = _joined([self.of(part) for part in condition.parts], "，或者", " or ")
        return Text(f"（{inner.zh}）", f"({inner.en})")

    def _not(self, condition: Not) -> Text:
        inner = self.of(condition.part)
        return Text(f"不符合“{inner.zh}”", f"not ({inner.en})")

    def _fieldtest(self, test: FieldTest) -> Text:
        title = self._title(test.name)
        if test.name == "open" and test.name not in self.procedure.fields:
            return _OPEN[True in test.operand]
        if test.operator == "in":
            values = _joined([self._value(test.name, value) for value in test.operand], "、", " or ")
            return Text(f"{title.zh}为{values.zh}", f"{title.en} is {values.en}")
        operand = self._title(test.operand) if test.operand in self.procedure.fields else Text.parse(str(test.operand))
        zh, en = {
            "filled": ("{}已填写", "{} is filled in"),
            "empty": ("{}未填写", "{} is empty"),
            "more_than": ("{}大于{}", "{} is more than {}"),
            "at_least": ("{}不小于{}", "{} is at least {}"),
            "at_most": ("{}不大于{}", "{} is at most {}"),
            "same_as": ("{}与{}相同", "{} is the same as {}"),
            "differs_from": ("{}与{}不同", "{} differs from {}"),
            "not_above": ("{}不大于{}", "{} is not above {}"),
        }[test.operator]
        return Text(zh.format(title.zh, operand.zh), en.format(title.en, operand.en))

    def _current(self, test: Current) -> Text:
        title = self._title(test.name)
        return Text(f"{title.zh}针对现行文本", f"{title.en} is about the present text")

    def _done(self, test: Done) -> Text:
        title = self.procedure.actions[test.name].title
        if test.since:
            since = self.procedure.actions[test.since].title
            return Text(f"“{since.zh}”之后办理过“{title.zh}”", f"'{title.en}' was done after '{since.en}'")
        if not test.least:
            return Text(f"未办理过“{title.zh}”", f"'{title.en}' was never done")
        times = Text("", "") if test.least == 1 else Text(f"{test.least}次以上", f" {test.least} times or more")
        return Text(f"办理过{times.zh}“{title.zh}”", f"'{title.en}' was done{times.en}")

    def _clocktest(self, test: ClockTest) -> Text:
        title = self.procedure.clocks[test.name].title
        if not test.words:
            share = f"{test.left_under:.0%}"
            return Text(f"“{title.zh}”期限剩余不足{share}", f"less than {share} of the term '{title.en}' is left")
        words = _joined([_CLOCK_WORDS[word] for word in _CLOCK_WORDS if word in test.words], "或者", " or ")
        return Text(f"“{title.zh}”期限{words.zh}", f"the term '{title.en}' {words.en}")

    def _rowtest(self, test: RowTest) -> Text:
        title, inner = self._title(test.name), _Words(self.procedure).of(test.of)
        zh, en = {"some": ("有", "some"), "every": ("每个", "every"), "last": ("最近一个", "the last")}[test.quantifier]
        return Text(f"{zh}“{title.zh}”{inner.zh}", f"for {en} '{title.en}' {inner.en}")

    def _count(self, test: Count) -> Text:
        title = self._title(test.name)
        bounds = [Text(f"不少于{test.least}个", f"at least {test.least}")] if test.least else []
        bounds += [Text(f"不多于{test.most}个", f"at most {test.most}")] if test.most is not None else []
        words, which = _joined(bounds, "、", " and "), Text("未办结的", "open ") if test.open_only else Text("", "")
        return Text(f"{which.zh}“{title.zh}”{words.zh}", f"{words.en} {which.en}'{title.en}'")

    def _title(self, name: str) -> Text:
        known = {
            "stage": Text("阶段", "the stage"),
            "outcome": Text("结果", "the outcome"),
            "open": Text("未结束", "open"),
        }
        if name in self.procedure.fields:
            title = self.procedure.fields[name].title
            return Text(f"“{title.zh}”", f"'{title.en}'")
        if name in self.procedure.children:
            return self.procedure.children[name].title
        return known.get(name, Text("立项单位", "the office") if name == "case_unit" else Text(name, name))

    def _value(self, name: str, value: Any) -> Text:
        if isinstance(value, bool):
            return _YES_NO[value]
        defined = self.procedure.fields.get(name)
        stage, outcome = self.procedure.stages.get(value), self.procedure.outcomes.get(value)
        if name == "stage" and stage is not None:
            return stage.title
        if name == "outcome" and outcome is not None:
            return outcome.title
        return (defined.choices if defined else {}).get(value, Text(str(value), str(value)))


def _joined(parts: Iterable[Text], zh: str, en: str) -> Text:
    found = list(parts)
    return Text(zh.join(part.zh for part in found), en.join(part.en for part in found))
