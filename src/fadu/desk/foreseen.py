"""What a form shows that nobody types: the values found in other cases, with what was counted, and what is shut already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fadu.cases import definitions
from fadu.desk.buttons import Reason, reasons
from fadu.desk.values import Anchor, Names, in_words
from fadu.kernel.decide import Foresight
from fadu.kernel.definition import Action, Field, Found, Procedure, Sought
from fadu.words import language, say, t

FEW = 5  # cases named; the rest is a number

HOW: Mapping[str, str] = {
    "count": "“{what}”的件数 | the number of: {what}",
    "value": "最新一件“{what}”的值 | the value of the newest: {what}",
    "values": "“{what}”的各个值 | the values of: {what}",
    "sum": "“{what}”的合计 | the total of: {what}",
    "cases": "各件“{what}” | every: {what}",
}
COMPARED: Mapping[str, str] = {
    "same_as": "{name}与本件“{own}”相同 | {name} as in '{own}' here",
    "differs_from": "{name}与本件“{own}”不同 | {name} other than '{own}' here",
    "shares": "{name}与本件“{own}”有重合 | {name} in common with '{own}' here",
    "covers": "{name}包括本件“{own}”的全部 | {name} with all of '{own}' here",
    "not_after": "{name}不晚于本件“{own}” | {name} not after '{own}' here",
    "not_before": "{name}不早于本件“{own}” | {name} not before '{own}' here",
}
OF_A_CASE: Mapping[str, str] = {
    "stage": "阶段 | stage", "outcome": "结果 | outcome", "open": "在办 | open", "unit": "立项单位 | opened at",
    "number": "编号 | number", "case": "该件 | that case", "parent": "主件 | main case",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One value that fills itself: `text` is empty while what it is sought by is not typed yet."""

    title: str
    text: str
    how: str
    links: tuple[Anchor, ...] = ()
    more: int = 0


def seeks(procedure: Procedure, action: Action) -> bool:
    """Whether the form of an action shows anything that is found."""
    return any(procedure.fields[item.field].found for item in action.takes)


def foreseen(procedure: Procedure, action: Action, foresight: Foresight, names: Names) -> list[Foreseen]:
    taken = (procedure.fields[item.field] for item in action.takes)
    return [_line(procedure, one, one.found, foresight.found.get(one.key), names) for one in taken if one.found]


def shut(foresight: Foresight) -> list[Reason]:
    """What stands against handing it in, whatever else is typed; a warning can still be passed."""
    return list(reasons(one for one in foresight.refusals if one.severity != "warn"))


def _line(procedure: Procedure, defined: Field, found: Found, value: Any, names: Names) -> Foreseen:
    links: tuple[Anchor, ...] = ()
    if found.how == "cases" and isinstance(value, list):
        names.load_cases(int(one) for one in value[:FEW])
        links = tuple(names.case(one) for one in value[:FEW])
    empty = t("没有 | none") if value == [] else ""
    text = in_words(defined, value, names) if not links else ""
    more = len(value) - len(links) if links else 0
    return Foreseen(say(defined.title), text or empty, _how(procedure, found), links, more)


def _how(procedure: Procedure, found: Found) -> str:
    """`“督查检查计划”的件数，年度与本件“年度”相同，阶段为“已批准”`."""
    theirs = definitions.library().in_force(found.procedure)
    field = theirs.fields.get(found.field)
    what = say(theirs.title) + (f" · {say(field.title)}" if field else "")
    comma = ", " if language() == "en" else "，"
    return comma.join([t(HOW[found.how], what=what), *(_test(procedure, theirs, test) for test in found.where)])


def _test(procedure: Procedure, theirs: Procedure, test: Sought) -> str:
    field = theirs.fields.get(test.name)
    name = say(field.title) if field else t(OF_A_CASE.get(test.name, f"{test.name} | {test.name}"))
    if test.how == "in":
        return _given(theirs, test, name)
    own = procedure.fields.get(test.operand)
    if own is None and test.how == "same_as":
        return t("{name}为本事项 | {name} is this case", name=name)
    return t(COMPARED[test.how], name=name, own=say(own.title) if own else t("本事项 | this case"))


def _given(theirs: Procedure, test: Sought, name: str) -> str:
    if test.operand in ((True,), (False,)) and test.name == "open":
        return t("在办 | open") if test.operand[0] else t("已办结 | closed")
    values = (_value(theirs, test.name, value) for value in test.operand)
    return t("{name}为“{values}” | {name}: {values}", name=name, values=" / ".join(values))


def _value(theirs: Procedure, name: str, value: Any) -> str:
    known: Mapping[str, Any] = {"stage": theirs.stages, "outcome": theirs.outcomes}.get(name, {})
    if value in known:
        return say(known[value].title)
    field = theirs.fields.get(name)
    if field is not None and str(value) in field.choices:
        return say(field.choices[str(value)])
    return t("是 | yes") if value is True else t("否 | no") if value is False else str(value)
