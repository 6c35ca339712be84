"""The ledger of one procedure: every case the reader may see, narrowed by what stands in the address."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from fadu.cases import listing
from fadu.desk.columns import Columns
from fadu.desk.counts import counted
from fadu.desk.frame import may_open
from fadu.desk.lights import COLOURS, Lamp
from fadu.desk.narrowing import (
    CONDITIONS,
    LIGHTS,
    ORDERS,
    SORTS,
    STATES,
    Counts,
    Narrowing,
    changed,
    conditions,
    kind_title,
)
from fadu.desk.picked import on_bar
from fadu.desk.reader import Reader
from fadu.desk.saved import views_of
from fadu.kernel.definition import Procedure
from fadu.words import minute, say, t

SIZE = 30
PRINTED = 2000  # rows on paper
ROOMY = 10  # columns from which a table scrolls within the page


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One condition in the address, as a chip that can be taken away."""

    title: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class LightLink:
    colour: str
    words: str
    count: str
    url: str
    current: bool


def ledger(reader: Reader, procedure: Procedure, params: QueryDict) -> dict[str, Any]:
    """Everything the page shows; the number of queries does not depend on the rows."""
    asked = Narrowing(reader, procedure, params)
    columns = Columns(reader, asked)
    page = listing.page(asked.rows, asked.sort, SIZE, params.get("after", ""), params.get("before", ""))
    lines = columns.lines(page.rows)
    counts = asked.counts()
    return {
        **_table(reader, asked, columns, counts),
        "opening": _opening(reader, procedure),
        "kind_title": say(procedure.fields[procedure.shows.kind].title) if procedure.shows.kind else "",
        "tabs": list(_tabs(reader, asked, counts)),
        "lamps": [_lamp(light, counts.lights[light], params) for light in LIGHTS if asked.state != "closed"],
        "filters": _filter_inputs(reader, asked),
        "kept": [(name, params[name]) for name in ("kind", "light", "link", "gov", "cols") if name in params],
        "menu": params.get("menu", ""),
        "choices": columns.choices(params),
        "views": views_of(reader, procedure.key, params),
        "calendar_url": reverse("agenda", args=[procedure.key]) if procedure.shows.calendar else "",
        "printed_url": changed(params) + "&print=1",
        "export_url": reverse("export", args=[procedure.key]) + changed(params),
        "export_picked": reverse("export", args=[procedure.key]),
        "lines": lines,
        "bar": on_bar(reader, page.rows, [line.row.step for line in lines]),
        "pager": pager(page, params, counts.rows),
        "empty": _empty(procedure, params, reader),
    }


def printed(reader: Reader, procedure: Procedure, params: QueryDict) -> dict[str, Any]:
    """The same rows on paper: no pages, and the conditions said once on each sheet."""
    asked = Narrowing(reader, procedure, params)
    columns = Columns(reader, asked)
    counts = asked.counts()
    page = listing.page(asked.rows, asked.sort, PRINTED)
    left_out = t("只印前 {n} 项 | the first {n} only", n=PRINTED) if page.after else ""
    return {
        **_table(reader, asked, columns, counts),
        "lines": columns.lines(page.rows),
        "left_out": left_out,
        "sheet": f"{say(procedure.title)}  {minute(reader.now, full=True)}",
        "back": changed(params),
        "unit": reader.posts[0].unit.name_zh if reader.posts else "",
    }


def pager(page: listing.Page, params: QueryDict, total: int | None = None) -> dict[str, str]:
    words = t("本页 {n} 项 | {n:case} on this page", n=len(page.rows))
    if total is not None:
        words = t("本页 {n} 项，共 {all} 项 | {n} of {all}", n=len(page.rows), all=counted(total))
    return {
        "words": words,
        "before": changed(params, before=page.before) if page.before else "",
        "after": changed(params, after=page.after) if page.after else "",
    }


def _table(reader: Reader, asked: Narrowing, columns: Columns, counts: Counts) -> dict[str, Any]:
    """What the page and the paper both show."""
    title = say(asked.procedure.title)
    return {
        "title": title,
        "key": asked.procedure.key,
        "chips": list(_chips(reader, asked.procedure, asked.params)),
        "columns": columns.shown,
        "is_wide": len(columns.shown) >= ROOMY,
        "caption": t("{title}，{n} 项 | {title}: {n:case}", title=title, n=counts.rows),
        "totals": _totals(counts, split=asked.state != "closed" and not asked.light),
        "sums": columns.sums(asked.rows, counts.rows),
        "unsummed": any(column.is_number for column in columns.shown) and counts.rows > listing.CAP,
        "order": t(SORTS[asked.sort]),
        "now": minute(reader.now, full=True),
    }


def _tabs(reader: Reader, asked: Narrowing, counts: Counts) -> Iterator[dict[str, Any]]:
    """A tab for each kind there is, with what is open, overdue and closed; none when the definition names no kind."""
    for kind, of in counts.kinds.items():
        if kind and not (of.open or of.closed or kind == asked.kind):
            continue
        more = [t("逾期 {n} | {n} overdue", n=counted(of.overdue))] if of.overdue is not None else []
        more += [t("办结 {n} | {n} closed", n=counted(of.closed))] if of.closed is not None else []
        yield {
            "title": kind_title(reader, asked.procedure, kind) if kind else t("全部 | All"),
            "count": counted(of.open),
            "more": more,
            "late": bool(of.overdue),
            "url": changed(asked.params, kind=kind),
            "current": kind == asked.kind,
        }


def _chips(reader: Reader, procedure: Procedure, params: QueryDict) -> Iterator[Narrowed]:
    for name, title, value in conditions(reader, procedure, params):
        if value:
            yield Narrowed(t(title), value, changed(params, **{name: ""}))


def _lamp(light: str, count: int, params: QueryDict) -> LightLink:
    current = params.get("light") == light
    url = changed(params, light="" if current else light)
    return LightLink(LIGHTS[light], t(COLOURS[LIGHTS[light]]), counted(count), url, current)


def _filter_inputs(reader: Reader, asked: Narrowing) -> list[dict[str, Any]]:
    params, procedure = asked.params, asked.procedure
    units = [("", t("全部单位 | all units")), *reader.names.units.items()]
    stages = [("", t("全部阶段 | all stages")), *((key, say(stage.title)) for key, stage in procedure.stages.items())]
    orders = [(key, t(SORTS[key])) for key in ORDERS[asked.state]]
    closing = asked.state == "closed"
    return [
        _input("q", "含文字 | Contains", params, type_="search"),
        _input("unit", "单位 | Unit", params, units),
        _input("stage", "阶段 | Stage", params, stages),
        _input("state", "状态 | State", params, [(key, t(words)) for key, words in STATES.items()]),
        _input("since", "立项不早于 | Opened from", params, type_="date"),
        _input("until", "立项不晚于 | Opened until", params, type_="date"),
        *([_input("closed_since", "办结不早于 | Closed from", params, type_="date")] if closing else []),
        *([_input("closed_until", "办结不晚于 | Closed until", params, type_="date")] if closing else []),
        {**_input("sort", "顺序 | Order", params, orders), "value": asked.sort},
    ]


def _input(
    name: str, title: str, params: QueryDict, choices: list[tuple[str, str]] | None = None, type_: str = "text"
) -> dict[str, Any]:
    return {"name": name, "title": t(title), "choices": choices, "type": type_, "value": params.get(name, "")}


def _totals(counts: Counts, *, split: bool) -> dict[str, Any]:
    """By light, unless they are of one light or, being closed, of none."""
    lights = [Lamp(LIGHTS[light], f"{t(COLOURS[LIGHTS[light]])} {counted(counts.lights[light])}") for light in LIGHTS]
    return {"cases": t("符合条件 {n} 项 | {n} matching", n=counted(counts.rows)), "lights": lights if split else []}


def _opening(reader: Reader, procedure: Procedure) -> dict[str, str] | None:
    if not may_open(reader, procedure):
        return None
    new, table = (reverse(name, args=[procedure.key]) for name in ("new", "import"))
    return {"title": say(procedure.opening.title), "url": new, "import_url": table}


def _empty(procedure: Procedure, params: QueryDict, reader: Reader) -> dict[str, str]:
    """Names the conditions that empty the list, and offers to take them away."""
    named = ["“{}”".format(chip.title + " " + chip.value) for chip in _chips(reader, procedure, params)]
    if not named:
        text = t("立项后会出现在这里。 | They appear here once opened.")
        opening = _opening(reader, procedure)
        found = {"title": t("还没有{title} | No {title} yet", title=say(procedure.title)), "text": text}
        return {**found, "url": opening["url"], "action": opening["title"]} if opening else found
    return {
        "title": t("没有符合条件的事项 | Nothing matches"),
        "text": t("同时符合{named}的没有。 | No case meets {named}.", named="、".join(named)),
        "url": changed(params, **dict.fromkeys(CONDITIONS, "")),
        "action": t("去掉全部条件 | Remove all conditions"),
    }
