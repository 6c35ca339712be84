"""The leader's page 领导视图: what is late, whose, since when; and from every number to its cases.

It covers every case of the procedures that the reader's leading posts work on, in one government; each part adds up to the
number above it, because all come from one count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from fadu.cases import definitions, listing
from fadu.cases.access import worked
from fadu.cases.board import Board, Load, Scope, Week, board, late, weeks
from fadu.cases.listing import NONE
from fadu.cases.models import Case, Link
from fadu.desk.charts import Chart, bars, share
from fadu.desk.counts import counted
from fadu.desk.narrowing import NO_KIND, NO_UNIT, changed
from fadu.desk.picked import SHORTCUTS
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, kind_words, rows
from fadu.kernel.definition import LINKED, Procedure
from fadu.kernel.state import State
from fadu.words import day, minute, say, t

LEADING = frozenset({"leader", "chief", "supervision_officer"})
WEEKS = 12
LATE, MINE, UNITS = 10, 5, 12  # rows shown of each; the rest is one click away
URGE = next(action for action, key in SHORTCUTS.items() if key == "u")


def is_open_to(reader: Reader) -> bool:
    return bool(reader.roles & LEADING)


class Asked:
    """What the address narrows the page to; what it may not be narrowed to is not offered."""

    def __init__(self, reader: Reader, params: QueryDict) -> None:
        leading = [post for post in reader.posts if post.role in LEADING]
        known = {government: _matters(keys) for government, keys in worked(leading).items()}
        self.params, self.governments = params, [code for code, found in known.items() if found]
        asked = params.get("gov", "")
        self.government = asked if asked in self.governments else next(iter(self.governments), "")
        self.offered = {procedure.key: procedure for procedure in known.get(self.government, [])}
        key = params.get("procedure", "")
        self.procedures = [self.offered[key]] if key in self.offered else list(self.offered.values())
        self.one = self.procedures[0] if len(self.procedures) == 1 else None
        self.kind = params.get("kind", "") if self.one else ""
        self.unit = params.get("unit", "")

    @property
    def scope(self) -> Scope:
        keys = tuple(procedure.key for procedure in self.procedures)
        return Scope(self.government, keys, _stored(self.kind), _stored(self.unit))

    def ledger(self, procedure: Procedure, **more: str) -> str:
        """The ledger of exactly these cases."""
        asked = {"unit": self.unit, "kind": self.kind, **more}
        query = QueryDict(mutable=True)
        query.update({"gov": self.government, **{name: value for name, value in asked.items() if value}})
        return f"{reverse('ledger', args=[procedure.key])}?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a table that adds up: a kind, a unit, a procedure, or all of them."""

    title: str
    load: Load
    url: str = ""  # more about it
    opens: Mapping[str, str] | None = None  # number -> the ledger of its cases
    is_within: bool = False  # of the line above it
    length: float = 0.0  # of its bar, per cent
    hot: float = 0.0  # of the red part of it


@dataclass(frozen=True, slots=True)
class LateLine:
    row: Row
    since: datetime | None
    urged: int
    tied: list[dict[str, Any]]


def leader(reader: Reader, params: QueryDict) -> dict[str, Any]:
    """Everything the page shows; the number of queries does not depend on how much there is."""
    asked = Asked(reader, params)
    found = board(asked.scope, reader.local)
    flow = weeks(asked.scope, _mondays(reader.local), reader.local)
    lines = _late(reader, late(asked.scope, reader.local, LATE))
    mine = listing.Inbox(reader.person, reader.posts, reader.local)
    waiting = listing.page(mine.rows("mine"), size=MINE)
    return {
        "now": minute(reader.now, full=True),
        "scope": _scope_words(reader, asked),
        "total": found.total,
        "fresh": flow[-1].turned_red,
        "lede": _lede(reader, found),
        "flow": flow,
        "this": flow[-1],
        "last": flow[-2],
        "since": found.total.since,
        "opens": _opens(asked, asked.one) if asked.one else None,
        "filters": list(_filters(reader, asked, found)),
        "narrowed": any((asked.kind, asked.unit, params.get("procedure"))),
        "waiting": rows(reader, waiting.rows),
        "waiting_more": bool(waiting.after),
        "waiting_count": counted(reader.tallies["mine"]) if waiting.rows else "",
        "late": lines,
        "late_more": found.total.red - len(lines),
        "units": list(_units(reader, asked, found)),
        "kinds": list(_kinds(reader, asked, found)),
        "charts": list(_charts(flow)),
        "weeks": [_week(asked, each) for each in flow],
        "earlier": found.total.red - sum(each.turned_red for each in flow),
    }


def _matters(keys: Iterable[str]) -> list[Procedure]:
    """Procedures in the order of the side bar; what stands in a register is never late."""
    found = [definitions.current(key) for key in keys]
    book = definitions.library().book
    return sorted((one for one in found if not one.is_register), key=lambda one: book.place(one.domain, one.key))


def _stored(asked: str) -> str | None:
    return None if not asked else "" if asked == NONE else asked


def _mondays(at: datetime) -> list[datetime]:
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]


def _scope_words(reader: Reader, asked: Asked) -> str:
    named = [say(procedure.title) for procedure in asked.procedures[:3]]
    more = t("等 {n} 类 | and more, {n} kinds", n=len(asked.procedures)) if len(asked.procedures) > len(named) else ""
    return f"{reader.names.unit(asked.government)} · {t('、 | , ').join(named)}{more}" if named else ""


def _lede(reader: Reader, found: Board) -> str:
    """Whose it is: the two units with the most that is late."""
    worst = sorted(((load.red, code) for code, load in found.units.items() if load.red), reverse=True)[:2]
    named = [t("{unit}（{n} 项） | {unit} ({n})", unit=_unit(reader, code), n=number) for number, code in worst]
    if not named:
        return t("在办的都在期限内。 | Everything open is within its term.")
    return t("逾期最多的是{units}。 | Most of it is with {units}.", units=t("、 | and ").join(named))


def _unit(reader: Reader, code: str) -> str:
    return reader.names.unit(code) if code else t(NO_UNIT)


def _opens(asked: Asked, procedure: Procedure, **more: str) -> dict[str, str]:
    """Where each number of a line leads."""
    lights = {"red": "red", "amber": "yellow", "grey": "grey"}
    return {"open": asked.ledger(procedure, **more)} | {
        name: asked.ledger(procedure, light=light, **more) for name, light in lights.items()
    }


# -- tables that add up ------------------------------------------------------------------------------------------------


def _units(reader: Reader, asked: Asked, found: Board) -> Iterator[Part]:
    """The units with the most that is late; the others together, so that the parts are the whole."""
    order = sorted(found.units.items(), key=lambda item: (-item[1].red, -item[1].amber, -item[1].open, item[0]))
    most = len(order) if asked.params.get("units") == "all" else UNITS
    highest = max((load.open for _, load in order), default=0)
    for code, load in order[:most]:
        opens = _opens(asked, asked.one, unit=code or NONE) if asked.one else None
        url = reverse("unit-page", args=[code]) if code else ""
        yield _drawn(Part(_unit(reader, code), load, url, opens), highest)
    if order[most:]:
        rest = Load()
        for _, load in order[most:]:
            rest.add(load)
        title = t("其余 {n} 个单位 | the other {n} units", n=len(order) - most)
        yield Part(title, rest, changed(asked.params, units="all") + "#units")


def _kinds(reader: Reader, asked: Asked, found: Board) -> Iterator[Part]:
    """Each procedure, and within it each kind it has cases of."""
    order = sorted(asked.procedures, key=lambda one: -found.procedures.get(one.key, Load()).open)
    highest = max((load.open for load in found.kinds.values()), default=0)
    for procedure in order:
        load = found.procedures.get(procedure.key)
        if load is None:
            continue
        kinds = {kind: of for (key, kind), of in found.kinds.items() if key == procedure.key}
        several = len(kinds) > 1
        if not (asked.one and several):
            url = "" if asked.one else changed(asked.params, procedure=procedure.key, kind="")
            part = Part(say(procedure.title), load, url, _opens(asked, procedure))
            yield part if several else _drawn(part, highest)
        for kind, of in sorted(kinds.items(), key=lambda item: (-item[1].open, item[0])) if several else ():
            words = kind_words(procedure, kind, reader.names) or t(NO_KIND)
            opens = _opens(asked, procedure, kind=kind or NONE)
            yield _drawn(Part(words, of, "", opens, is_within=asked.one is None), highest)


def _drawn(part: Part, highest: int) -> Part:
    return replace(part, length=share(part.load.open, highest), hot=share(part.load.red, highest))


# -- what is late ------------------------------------------------------------------------------------------------------


def _late(reader: Reader, cases: list[Case]) -> list[LateLine]:
    """With how often it was urged, and what was opened because of it: a review, a campaign."""
    tied = _tied(reader, cases)
    return [
        LateLine(row, case.red_at, _times(case, URGE), tied.get(case.pk, []))
        for case, row in zip(cases, rows(reader, cases), strict=True)
    ]


def _times(case: Case, action: str) -> int:
    done = State.from_json(case.state).done.get(action)
    return done.times if done else 0


def _tied(reader: Reader, cases: list[Case]) -> dict[int, list[dict[str, Any]]]:
    """The cases that name these in a field, of those the reader may see."""
    links = Link.objects.filter(other__in=[case.pk for case in cases], case__in=reader.cases).exclude(kind__in=LINKED)
    found: dict[int, list[dict[str, Any]]] = {}
    for link in links.select_related("case").order_by("case_id"):
        far = link.case
        title = say(definitions.procedure_of(far.definition_id).title)
        state = t("在办 | open") if far.is_open else t("已办结 | closed")
        url = reverse("case", args=[far.procedure, far.pk])
        found.setdefault(link.other_id, []).append({"title": title, "number": far.number, "state": state, "url": url})
    return found


# -- weeks -------------------------------------------------------------------------------------------------------------


def _charts(flow: list[Week]) -> Iterator[Chart]:
    series = (
        (t("立项 | Opened"), [each.opened for each in flow]),
        (t("办结 | Closed"), [each.closed for each in flow]),
        (t("转为逾期、至今未办结 | Turned late, still open"), [each.turned_red for each in flow]),
    )
    highest = max(max(values) for _, values in series[:2])
    axis = (day(flow[0].start.date()), t("本周 | this week"))
    for place, (title, values) in enumerate(series):
        told = t("、 | , ").join(str(value) for value in values)
        words = t(
            "{title}，近 {n} 周：{told} | {title}, the last {n} weeks: {told}", title=title, n=len(values), told=told
        )
        scale = highest if place < 2 else max(values)
        yield Chart(title, f"{values[-1]:,}", words, bars(values, scale), axis)


def _week(asked: Asked, each: Week) -> dict[str, Any]:
    """A line of the table beside the charts; its numbers open their cases where one ledger holds them."""
    first, last = each.start.date(), (each.start + timedelta(days=6)).date()
    found: dict[str, Any] = {"start": first, "week": each}
    if asked.one:
        span = {"since": first.isoformat(), "until": last.isoformat()}
        closed = {f"closed_{name}": value for name, value in span.items()}
        found["opened_url"] = asked.ledger(asked.one, state="all", **span)
        found["closed_url"] = asked.ledger(asked.one, state="closed", **closed)
    return found


# -- conditions --------------------------------------------------------------------------------------------------------


def _filters(reader: Reader, asked: Asked, found: Board) -> Iterator[dict[str, Any]]:
    if len(asked.governments) > 1:
        codes = [(code, reader.names.unit(code)) for code in asked.governments]
        yield _choice("gov", "所属政府 | Government", codes, asked.government)
    procedures = [("", t("全部事项 | everything")), *((key, say(one.title)) for key, one in asked.offered.items())]
    yield _choice("procedure", "事项 | Matter", procedures, asked.params.get("procedure", ""))
    field = asked.one.fields.get(asked.one.shows.kind) if asked.one else None
    if field is not None and field.choices:
        kinds = [("", t("全部 | all")), *((key, say(title)) for key, title in field.choices.items())]
        yield _choice("kind", f"{field.title.zh} | {field.title.en}", kinds, asked.kind)
    units = sorted(code for code in found.units if code)
    named = [("", t("全部单位 | all units")), *((code, reader.names.unit(code)) for code in units)]
    if asked.unit and asked.unit not in units:
        named.append((asked.unit, _unit(reader, "" if asked.unit == NONE else asked.unit)))
    yield _choice("unit", "单位 | Unit", named, asked.unit)


def _choice(name: str, title: str, choices: list[tuple[str, str]], value: str) -> dict[str, Any]:
    return {"name": name, "title": t(title), "choices": choices, "value": value}
