"""The ledger of one procedure: every case the reader may see, narrowed by what stands in the address."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from fadu.cases import listing
from fadu.cases.models import Case
from fadu.desk.counts import counted
from fadu.desk.frame import may_open
from fadu.desk.lights import COLOURS
from fadu.desk.picked import on_bar
from fadu.desk.reader import Reader
from fadu.desk.rows import kind_words, rows
from fadu.kernel.definition import Procedure
from fadu.words import day, say, t

SIZE = 30
LIGHTS = {"red": "red", "yellow": "amber", "green": "green", "grey": "grey"}  # of the definition -> of the page
STATES = {"open": "在办 | Open", "closed": "已办结 | Closed", "all": "全部 | All"}
SORTS = {
    "due": "先到期的在前 | Soonest due first",
    "-due": "后到期的在前 | Latest due first",
    "new": "新立的在前 | Newest first",
    "old": "早立的在前 | Oldest first",
}


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


class Narrowing:
    """The cases an address asks for, and the counts beside them; who may see what is asked once."""

    def __init__(self, reader: Reader, procedure: Procedure, params: QueryDict) -> None:
        self.params, self.now = params, reader.local
        self.kind = params.get("kind", "")
        self.light = params.get("light", "") if params.get("light") in LIGHTS else ""
        self.state = params.get("state", "open") if params.get("state") in STATES else "open"
        asked = listing.Filters(
            stage=params.get("stage", ""),
            unit=params.get("unit", ""),
            state="all",
            text=params.get("q", "").strip(),
            opened_from=_midnight(params.get("since", "")),
            opened_until=_midnight(params.get("until", ""), days=1),
            link=params.get("link", ""),
        )
        self.base = listing.ledger(reader.person, procedure.key, asked)
        picked = [int(number) for number in params.getlist("pick") if number.isdecimal()]
        if picked:
            self.base = self.base.filter(pk__in=picked)

    @property
    def rows(self) -> "QuerySet[Case]":
        return self._lit(self._of_kind(self._in_state(self.base)))

    def counts(self) -> dict[str, int]:
        """Of all that is asked for, and of each light among it (whichever light is chosen)."""
        lights = {light: self._of_kind(self.base).filter(listing.light_q(light, self.now)) for light in LIGHTS}
        return listing.capped_counts({"all": self.rows, **lights})

    def kinds(self, known: Iterable[str]) -> dict[str, int]:
        """Of each kind there is a case of; kinds that no definition lists are counted whole, being few."""
        rows = self._lit(self._in_state(self.base))
        asked = {kind: rows.filter(kind=kind) for kind in known}
        if asked:
            return {kind: n for kind, n in listing.capped_counts({**asked, "": rows.filter(kind="")}).items() if n}
        return dict(rows.order_by("kind").values_list("kind").annotate(n=Count("pk")))

    def _in_state(self, found: "QuerySet[Case]") -> "QuerySet[Case]":
        return found if self.state == "all" else found.filter(is_open=self.state == "open")

    def _of_kind(self, found: "QuerySet[Case]") -> "QuerySet[Case]":
        return found.filter(kind=self.kind) if self.kind else found

    def _lit(self, found: "QuerySet[Case]") -> "QuerySet[Case]":
        return found.filter(listing.light_q(self.light, self.now)) if self.light else found


def ledger(reader: Reader, procedure: Procedure, params: QueryDict) -> dict[str, Any]:
    """Everything the page shows; the number of queries does not depend on the rows."""
    asked = Narrowing(reader, procedure, params)
    sort = params.get("sort", "") if params.get("sort") in SORTS else "due"
    page = listing.page(asked.rows, sort, SIZE, params.get("after", ""), params.get("before", ""))
    found = rows(reader, page.rows)
    counts = asked.counts()
    tabs = list(_tabs(reader, procedure, asked))
    return {
        "title": say(procedure.title),
        "opening": _opening(reader, procedure),
        "kind_title": say(procedure.fields[procedure.shows.kind].title) if tabs else "",
        "tabs": tabs,
        "chips": list(_chips(reader, procedure, params)),
        "lamps": [_lamp(light, counts[light], params) for light in LIGHTS],
        "filters": _filter_inputs(reader, procedure, params, sort),
        "filters_open": False,
        "kept": [(name, params[name]) for name in ("kind", "light", "link") if name in params],
        "rows": found,
        "bar": on_bar(reader, page.rows, [row.step for row in found]),
        "columns": list(_columns(procedure, sort, params, has_kind=bool(tabs))),
        "caption": t("{title}，{n} 项 | {title}: {n:case}", title=say(procedure.title), n=counts["all"]),
        "totals": _totals(counts),
        "now": reader.now,
        "pager": pager(page, params, counts["all"]),
        "empty": _empty(procedure, params, reader),
    }


def pager(page: listing.Page, params: QueryDict, total: int | None = None) -> dict[str, str]:
    words = t("本页 {n} 项 | {n:case} on this page", n=len(page.rows))
    if total is not None:
        words = t("本页 {n} 项，共 {all} 项 | {n} of {all}", n=len(page.rows), all=counted(total))
    return {
        "words": words,
        "before": _changed(params, before=page.before) if page.before else "",
        "after": _changed(params, after=page.after) if page.after else "",
    }


def _tabs(reader: Reader, procedure: Procedure, asked: "Narrowing") -> Iterator[dict[str, Any]]:
    """A tab for each kind there is; none when the definition names no kind."""
    if not procedure.shows.kind:
        return
    known = list(procedure.fields[procedure.shows.kind].choices)
    found = asked.kinds(known)
    exact = all(number <= listing.CAP for number in found.values())
    total = f"{sum(found.values()):,}" if exact else counted(listing.CAP + 1)
    yield {"title": t("全部 | All"), "count": total, "current": not asked.kind, "url": _changed(asked.params, kind="")}
    for kind in sorted(found, key=lambda kind: (known.index(kind) if kind in known else len(known), kind)):
        words = kind_words(procedure, kind, reader.names) or t("未定 | none")
        url = _changed(asked.params, kind=kind)
        yield {"title": words, "count": counted(found[kind]), "url": url, "current": kind == asked.kind}


def _chips(reader: Reader, procedure: Procedure, params: QueryDict) -> Iterator[Narrowed]:
    for name, title, value in conditions(reader, procedure, params):
        if value:
            yield Narrowed(t(title), value, _changed(params, **{name: ""}))


def conditions(reader: Reader, procedure: Procedure, params: QueryDict) -> Iterator[tuple[str, str, str]]:
    state = params.get("state", "open")
    yield "state", "状态 | State", t(STATES[state]) if state in ("closed", "all") else ""
    yield "kind", "类别 | Kind", kind_words(procedure, params.get("kind", ""), reader.names)
    yield "unit", "单位 | Unit", reader.names.unit(params.get("unit", "")) if params.get("unit") else ""
    stage = procedure.stages.get(params.get("stage", ""))
    yield "stage", "阶段 | Stage", say(stage.title) if stage else ""
    light = LIGHTS.get(params.get("light", ""))
    yield "light", "灯 | Light", t(COLOURS[light]) if light else ""
    yield "q", "含 | Contains", params.get("q", "").strip()
    since, until = _date(params.get("since", "")), _date(params.get("until", ""))
    yield "since", "立项不早于 | Opened from", day(since, full=True) if since else ""
    yield "until", "立项不晚于 | Opened until", day(until, full=True) if until else ""
    yield "link", "关联 | Linked with", _linked(reader, params.get("link", ""))
    yield (
        "pick",
        "所选 | Picked",
        t("{n} 项 | {n:case}", n=len(params.getlist("pick"))) if params.getlist("pick") else "",
    )


def _linked(reader: Reader, link: str) -> str:
    """The case at the other end, by its number and title."""
    one = next((part for part in link.split(":") if part.isascii() and part.isdecimal() and len(part) < 19), "")
    return reader.names.case(one).text if one else link


def _lamp(light: str, count: int, params: QueryDict) -> LightLink:
    current = params.get("light") == light
    url = _changed(params, light="" if current else light)
    return LightLink(LIGHTS[light], t(COLOURS[LIGHTS[light]]), counted(count), url, current)


def _filter_inputs(reader: Reader, procedure: Procedure, params: QueryDict, sort: str) -> list[dict[str, Any]]:
    units = [("", t("全部单位 | all units")), *reader.names.units.items()]
    stages = [("", t("全部阶段 | all stages")), *((key, say(stage.title)) for key, stage in procedure.stages.items())]
    return [
        _input("q", "含文字 | Contains", params, type_="search"),
        _input("unit", "单位 | Unit", params, units),
        _input("stage", "阶段 | Stage", params, stages),
        _input("state", "状态 | State", params, [(key, t(words)) for key, words in STATES.items()]),
        _input("since", "立项不早于 | Opened from", params, type_="date"),
        _input("until", "立项不晚于 | Opened until", params, type_="date"),
        {**_input("sort", "顺序 | Order", params, [(key, t(words)) for key, words in SORTS.items()]), "value": sort},
    ]


def _input(
    name: str, title: str, params: QueryDict, choices: list[tuple[str, str]] | None = None, type_: str = "text"
) -> dict[str, Any]:
    return {"name": name, "title": t(title), "choices": choices, "type": type_, "value": params.get(name, "")}


def _columns(procedure: Procedure, sort: str, params: QueryDict, *, has_kind: bool) -> Iterator[Mapping[str, str]]:
    yield {"title": t("编号 | Number"), "css": "c-no"}
    yield {"title": t("事项 | Matter"), "css": ""}
    if has_kind:
        yield {"title": say(procedure.fields[procedure.shows.kind].title), "css": "w3 c-kind"}
    yield {"title": t("单位 | Unit"), "css": "c-unit"}
    yield {"title": t("阶段 | Stage"), "css": "w2 c-stage"}
    yield {"title": t("期限 | Term"), "css": "c-term"}
    order = {"due": "ascending", "-due": "descending"}.get(sort, "")
    turned = "-due" if sort == "due" else ""
    yield {"title": t("到期日 | Due"), "css": "c-day", "order": order, "url": _changed(params, sort=turned)}
    yield {"title": t("轮到 | Whose turn"), "css": "w3 c-turn"}


def _totals(counts: Mapping[str, int]) -> dict[str, str]:
    return {
        "cases": t("符合条件 {n} 项 | {n} matching", n=counted(counts["all"])),
        "overdue": t("逾期 {n} 项 | {n} overdue", n=counted(counts["red"])),
    }


def _opening(reader: Reader, procedure: Procedure) -> dict[str, str] | None:
    if not may_open(reader, procedure):
        return None
    return {"title": say(procedure.opening.title), "url": reverse("new", args=[procedure.key])}


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
        "url": "?",
        "action": t("去掉全部条件 | Remove all conditions"),
    }


def _changed(params: QueryDict, **changes: str) -> str:
    """The address with some conditions changed; paging begins anew."""
    copied = params.copy()
    for name in ("after", "before", *changes):
        copied.pop(name, None)
    for name, value in changes.items():
        if value:
            copied[name] = value
    return f"?{copied.urlencode()}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(text: str, days: int = 0) -> datetime | None:
    found = _date(text)
    return timezone.make_aware(datetime.combine(found + timedelta(days=days), time())) if found else None
