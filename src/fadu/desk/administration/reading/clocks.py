"""The terms of a procedure in sentences: how long, from when, what ends, pauses, restarts and extends them."""

from collections.abc import Iterable, Iterator

from fadu.desk.administration.reading.conditions import Wording
from fadu.desk.administration.reading.names import Names, listed, sentences
from fadu.kernel.definition import Begin, Clock, Extension
from fadu.kernel.period import Period
from fadu.words import say, t

UNITS = {
    "workday": "个工作日 | working days",
    "day": "日 | days",
    "month": "个月 | months",
    "year": "年 | years",
    "hour": "小时 | hours",
}
SHAPES = {
    "within": "{length}内 | within {length}",
    "at_least": "不少于{length} | at least {length}",
    "before": "不迟于{until}前{length} | at least {length} before {until}",
    "every": "每{length}一次 | every {length}",
}


def clock_text(clock: Clock, names: Names) -> str:
    return sentences(_parts(clock, names))


def _parts(clock: Clock, names: Names) -> Iterator[str]:
    if clock.begins:
        begins = listed((_begin(begin, names) for begin in clock.begins), "或 |  or ")
        yield t("自{begins}起，{length} | from {begins}, {length}", begins=begins, length=_length(clock, names))
    else:
        yield _length(clock, names)
    if clock.when is not None:
        yield t("只在{when}时计 | runs only when {when}", when=Wording(names).say(clock.when))
    yield from _ends(clock, names)
    for key, cites in clock.restart.items():
        rule = names.cites(cites)
        yield t(
            "遇{action}从头起算（{rule}） | begins anew after {action} ({rule})", action=names.action(key), rule=rule
        )
    if clock.pause:
        pauses = listed(names.any(key) for key in clock.pause)
        yield t("{pauses}期间不计 | not counted during {pauses}", pauses=pauses)
    if clock.extension is not None:
        yield _extension(clock.extension)


def _ends(clock: Clock, names: Names) -> Iterator[str]:
    for words, keys in (
        ("以{actions}终止 | ends with {actions}", clock.ends_with),
        ("以{actions}为做到 | kept by {actions}", clock.done_by),
        ("遇{actions}失效 | lapses with {actions}", clock.lapses_with),
        ("遇{actions}重新计时 | runs again after {actions}", clock.reopens_with),
        ("届满即{actions} | at its end {actions}", filter(None, [clock.expires])),
    ):
        if actions := _actions(keys, names):
            yield t(words, actions=actions)


def _begin(begin: Begin, names: Names) -> str:
    if begin.kind == "field":
        return names.field(begin.name)
    action = names.action(begin.name)
    return t("首次{action} | the first {action}", action=action) if begin.first else action


def _length(clock: Clock, names: Names) -> str:
    if clock.yearly:
        month, _, day = clock.yearly.partition("-")
        return t(
            "到下一个 {month}月{day}日 | until the next {month}-{day}", month=month.lstrip("0"), day=day.lstrip("0")
        )
    until = names.field(clock.until) if clock.until else ""
    if clock.shape == "until":
        return t("到{until}所定之日 | until the day set as {until}", until=until)
    return t(SHAPES[clock.shape], length=_period(clock, names), until=until)


def _period(clock: Clock, names: Names) -> str:
    if clock.period is not None:
        return say(clock.period.text)
    unit = t(UNITS[clock.length_unit])
    return t("{field}所定{unit} | as many {unit} as {field} says", field=names.field(clock.length_field), unit=unit)


def _extension(extension: Extension) -> str:
    times = t("可以延长 {n} 次 | may be extended {n:time}", n=extension.times)
    longest = (("每次不超过{length} | by {length} at most", extension.up_to), ("自起算不超过{length} | {length} in all", extension.total))  # fmt: skip
    return listed((times, *(t(words, length=_said(period)) for words, period in longest if period)), "， | , ")


def _said(period: Period) -> str:
    return say(period.text)


def _actions(keys: Iterable[str], names: Names) -> str:
    return listed((names.action(key) for key in keys), "、 |  or ")
