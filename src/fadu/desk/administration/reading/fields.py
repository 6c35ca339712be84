"""What a case knows, field by field, in sentences."""

from collections.abc import Iterator, Mapping

from fadu.desk.administration.reading.conditions import Wording
from fadu.desk.administration.reading.names import KINDS, Names, listed, quoted, sentences
from fadu.kernel.definition import Aggregate, Field, Found, Sought
from fadu.words import say, t

FOUND: Mapping[str, str] = {
    "count": "自动取数：{procedure}的件数 | found: how many {procedure}",
    "value": "自动取数：最近一件{procedure}的{field} | found: {field} of the latest {procedure}",
    "values": "自动取数：各件{procedure}的{field} | found: {field} of each {procedure}",
    "sum": "自动取数：各件{procedure}的{field}之和 | found: the sum of {field} over {procedure}",
    "cases": "自动取数：符合条件的{procedure} | found: the {procedure} that fit",
}
SOUGHT: Mapping[str, str] = {
    "same_as": "{theirs}与本件{own}相同 | {theirs} the same as {own} here",
    "differs_from": "{theirs}与本件{own}不同 | {theirs} other than {own} here",
    "shares": "{theirs}与本件{own}有重合 | {theirs} shares something with {own} here",
    "covers": "{theirs}包含本件{own} | {theirs} covers {own} here",
    "not_after": "{theirs}不晚于本件{own} | {theirs} not after {own} here",
    "not_before": "{theirs}不早于本件{own} | {theirs} not before {own} here",
}
AGGREGATES: Mapping[str, str] = {
    "sum": "自动计算：{rows}的{column}之和 | derived: the sum of {column} in {rows}",
    "count": "自动计算：{rows}的行数 | derived: the number of {rows}",
    "share": "自动计算：{rows}中符合条件的百分比 | derived: the percentage of {rows} that fit",
    "earliest": "自动计算：{rows}中最早的{column} | derived: the earliest {column} in {rows}",
    "latest": "自动计算：{rows}中最晚的{column} | derived: the latest {column} in {rows}",
}
LIMITS: Mapping[str, str] = {
    "at_least": "不小于 {value} | at least {value}",
    "at_most": "不大于 {value} | at most {value}",
    "not_before": "不早于{value} | not before {value}",
    "not_after": "不晚于{value} | not after {value}",
}
FLAGS: Mapping[str, str] = {
    "private": "涉及个人，不公开 | personal, never public",
    "public": "可以公开 | may be made public",
    "statistics": "用于分组统计 | splits statistics",
    "unchangeable": "填后不能改 | cannot be changed",
}


def field_text(field: Field, names: Names) -> str:
    return sentences(_parts(field, names))


def _parts(field: Field, names: Names) -> Iterator[str]:
    yield _kind(field, names)
    if field.rows:
        yield t("每行填：{columns} | each row: {columns}", columns=listed(_columns(field)))
    yield from _filled(field, names)
    if field.default is not None:
        yield t("默认为{value} | by default {value}", value=names.value(field, field.default))
    for word, value in field.limits.items():
        yield t(LIMITS[word], value=_limit(names, value))
    if field.when is not None:
        yield t("只在{when}时填 | only when {when}", when=Wording(names).say(field.when))
    yield from _rules(field, names)
    if field.hint:
        yield t("提示：{hint} | hint: {hint}", hint=say(field.hint))


def _rules(field: Field, names: Names) -> Iterator[str]:
    """Who sees it, what it is used for, whom and what it must be about."""
    if field.seen_by:
        roles = listed(names.role(role) for role in field.seen_by)
        yield t("只有{roles}能看 | seen only by {roles}", roles=roles)
    yield from (t(words) for flag, words in FLAGS.items() if getattr(field, flag))
    if field.post:
        yield t("须是当日在任的{role} | must be a {role} in office that day", role=names.role(field.post))
    if field.about:
        yield t("针对{field}的现行文本 | about the present text of {field}", field=names.field(field.about))


def _kind(field: Field, names: Names) -> str:
    if field.choices:
        return t(
            "选项：{choices} | one of {choices}", choices=listed(quoted(say(one)) for one in field.choices.values())
        )
    if field.target:
        return t("指向{target} | points to {target}", target=names.other(field.target))
    if field.kind == "list" and field.of:
        return t("{kind}，可以多个 | several of: {kind}", kind=t(KINDS[field.of]))
    return t(KINDS[field.kind])


def _columns(field: Field) -> Iterator[str]:
    return (quoted(say(column.title)) for column in field.rows.values())


def _filled(field: Field, names: Names) -> Iterator[str]:
    """Where its value comes from when nobody types it."""
    wording = Wording(names)
    for value, when in field.derived:
        shown = names.value(field, value)
        if when is None:
            yield t("否则为{value} | else {value}", value=shown)
        else:
            yield t("{when}时为{value} | {value} when {when}", when=wording.say(when), value=shown)
    if field.aggregate is not None:
        yield _aggregate(field.aggregate, names)
    if field.found is not None:
        yield _found(field.found, names)
    if field.computed:
        yield t(
            "由函数 {name} 预填，填报人负责 | prefilled by {name}; who files it answers for it", name=field.computed
        )
    if field.draws_from:
        yield t("从{field}的各段摘取 | drawn from the paragraphs of {field}", field=names.field(field.draws_from))


def _aggregate(aggregate: Aggregate, names: Names) -> str:
    rows = names.procedure.fields[aggregate.rows].rows
    column = quoted(say(rows[aggregate.column].title)) if aggregate.column in rows else ""
    words = t(AGGREGATES[aggregate.how], rows=names.field(aggregate.rows), column=column)
    if aggregate.where is None:
        return words
    where = Wording(names, rows).say(aggregate.where)
    return t("{words}（只算{where}的） | {words} (only where {where})", words=words, where=where)


def _found(found: Found, names: Names) -> str:
    known = found.procedure in names.library.keys
    fields = names.library.in_force(found.procedure).fields if known else {}
    field = quoted(say(fields[found.field].title)) if found.field in fields else found.field
    words = t(FOUND[found.how], procedure=names.other(found.procedure), field=field)
    if not found.where:
        return words
    where = listed((_sought(test, fields, names) for test in found.where), "，且 | , and ")
    return t("{words}，条件是{where} | {words}, where {where}", words=words, where=where)


def _sought(test: Sought, fields: Mapping[str, Field], names: Names) -> str:
    theirs = quoted(say(fields[test.name].title)) if test.name in fields else names.any(test.name)
    if test.how != "in":
        return t(SOUGHT[test.how], theirs=theirs, own=names.field(str(test.operand)))
    values = listed((names.value(fields.get(test.name), value) for value in test.operand), "或 |  or ")
    return t("{theirs}为{values} | {theirs} is {values}", theirs=theirs, values=values)


def _limit(names: Names, value: object) -> str:
    if value == "today":
        return t("当天 | the day it is filed")
    return names.field(str(value)) if str(value) in names.procedure.fields else str(value)
