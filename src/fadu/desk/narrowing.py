"""The cases the address of a ledger asks for, the counts beside them, and the same conditions in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils import timezone

from fadu.cases import listing
from fadu.cases.listing import NONE
from fadu.cases.models import Case
from fadu.desk.lights import COLOURS
from fadu.desk.reader import Reader
from fadu.desk.rows import kind_words
from fadu.kernel.definition import Procedure
from fadu.words import day, say, t

LIGHTS = {"red": "red", "yellow": "amber", "green": "green", "grey": "grey"}  # of the definition -> of the page
STATES = {"open": "在办 | Open", "closed": "已办结 | Closed", "all": "全部 | All"}
SORTS = {
    "due": "先到期的在前 | Soonest due first",
    "-due": "后到期的在前 | Latest due first",
    "-opened": "新立的在前 | Newest first",
    "opened": "早立的在前 | Oldest first",
    "-closed": "新办结的在前 | Latest closed first",
    "closed": "早办结的在前 | Earliest closed first",
}
# What an index carries: the dues of closed cases are in none, and an open case was not closed.
ORDERS = {
    "open": ("due", "-due", "-opened", "opened"),
    "closed": ("-closed", "closed", "-opened", "opened"),
    "all": ("-opened", "opened"),
}
CONDITIONS = (
    "state", "kind", "unit", "stage", "light", "q", "since", "until", "closed_since", "closed_until", "gov", "link", "pick",
)  # fmt: skip
PASSING = ("after", "before", "menu", "print")  # of one view of the page, not of what it shows
MOST_KINDS = 12  # tabs, where the definition lists no kinds
NO_KIND, NO_UNIT = "未定 | none", "未定单位 | no unit yet"


@dataclass(frozen=True, slots=True)
class OfKind:
    """A tab: how many are open, overdue and closed; None where it is not counted."""

    open: int
    overdue: int | None = None
    closed: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Each counted up to the cap. `lights` are of the open ones, whichever light and state is chosen."""

    rows: int
    lights: Mapping[str, int]
    kinds: Mapping[str, OfKind]


class Narrowing:
    """Who may see what is asked once; the questions are lazy."""

    def __init__(self, reader: Reader, procedure: Procedure, params: QueryDict) -> None:
        self.procedure, self.params, self.now = procedure, params, reader.local
        self.kind = params.get("kind", "")
        self.light = params.get("light", "") if params.get("light") in LIGHTS else ""
        self.state = params.get("state", "open") if params.get("state") in STATES else "open"
        self.text = params.get("q", "").strip()
        asked = listing.Filters(
            stage=params.get("stage", ""),
            unit=params.get("unit", ""),
            state="all",
            text=self.text,
            opened_from=midnight(params.get("since", "")),
            opened_until=midnight(params.get("until", ""), days=1),
            closed_from=midnight(params.get("closed_since", "")),
            closed_until=midnight(params.get("closed_until", ""), days=1),
            government=params.get("gov", ""),
            link=params.get("link", ""),
            roots_only=False,
        )
        self.base = listing.ledger(reader.person, procedure.key, asked)
        picked = [int(text) for text in params.getlist("pick") if text.isdecimal() and len(text) < 19]
        if picked:
            self.base = self.base.filter(pk__in=picked)

    @property
    def rows(self) -> "QuerySet[Case]":
        return self._lit(self._of_kind(self._in_state(self.base)))

    @property
    def sort(self) -> str:
        """The order asked for, where an index carries it; else the usual one."""
        orders = ORDERS[self.state]
        asked = self.params.get("sort", "")
        return asked if asked in orders else orders[0]

    def counts(self) -> Counts:
        """All of them in one statement. A search is not split by state: each part would search the text again."""
        known = self._known_kinds()
        asked = {"rows": self.rows} | {f"light {light}": self._shining(light) for light in LIGHTS}
        for kind in ("", *known) if self.procedure.shows.kind else ():
            asked |= {f"{name} {kind}": rows for name, rows in self._parts(kind).items()}
        found = listing.capped_counts(asked)
        return Counts(
            rows=found["rows"],
            lights={light: found[f"light {light}"] for light in LIGHTS},
            kinds={kind: _of_kind(found, kind) for kind in ("", *known) if f"open {kind}" in found},
        )

    def _parts(self, kind: str) -> dict[str, "QuerySet[Case]"]:
        rows = self._of_kind(self.base, kind)
        if self.text:
            return {"open": self._lit(self._in_state(rows))}
        overdue = rows.filter(listing.light_q("red", self.now))
        return {"open": rows.filter(is_open=True), "overdue": overdue, "closed": rows.filter(is_open=False)}

    def _known_kinds(self) -> list[str]:
        """Those the definition lists; else the commonest of the open cases."""
        if not self.procedure.shows.kind:
            return []
        listed = list(self.procedure.fields[self.procedure.shows.kind].choices)
        if listed:
            return [*listed, NONE]
        open_ones = self.base.filter(is_open=True).order_by().values_list("kind").annotate(n=Count("pk"))
        return [kind or NONE for kind, _ in open_ones.order_by("-n", "kind")[:MOST_KINDS]]

    def _shining(self, light: str) -> "QuerySet[Case]":
        return self._of_kind(self.base).filter(listing.light_q(light, self.now))

    def _in_state(self, found: "QuerySet[Case]") -> "QuerySet[Case]":
        return found if self.state == "all" else found.filter(is_open=self.state == "open")

    def _of_kind(self, found: "QuerySet[Case]", kind: str | None = None) -> "QuerySet[Case]":
        asked = self.kind if kind is None else kind
        return found.filter(kind="" if asked == NONE else asked) if asked else found

    def _lit(self, found: "QuerySet[Case]") -> "QuerySet[Case]":
        return found.filter(listing.light_q(self.light, self.now)) if self.light else found


def _of_kind(found: Mapping[str, int], kind: str) -> OfKind:
    return OfKind(found[f"open {kind}"], found.get(f"overdue {kind}"), found.get(f"closed {kind}"))


def conditions(reader: Reader, procedure: Procedure, params: QueryDict) -> Iterator[tuple[str, str, str]]:
    """Name, title and value of each condition; the value is empty where nothing is asked."""
    state, light = params.get("state", "open"), LIGHTS.get(params.get("light", ""))
    stage = procedure.stages.get(params.get("stage", ""))
    picked = len(params.getlist("pick"))
    yield "state", "状态 | State", t(STATES[state]) if state in ("closed", "all") else ""
    yield "kind", "类别 | Kind", kind_title(reader, procedure, params.get("kind", ""))
    yield "unit", "单位 | Unit", unit_title(reader, params.get("unit", ""))
    yield "stage", "阶段 | Stage", say(stage.title) if stage else ""
    yield "light", "灯 | Light", t(COLOURS[light]) if light else ""
    yield "q", "含 | Contains", params.get("q", "").strip()
    yield "since", "立项不早于 | Opened from", _day(params.get("since", ""))
    yield "until", "立项不晚于 | Opened until", _day(params.get("until", ""))
    yield "closed_since", "办结不早于 | Closed from", _day(params.get("closed_since", ""))
    yield "closed_until", "办结不晚于 | Closed until", _day(params.get("closed_until", ""))
    yield "gov", "所属政府 | Government", unit_title(reader, params.get("gov", ""))
    yield "link", "关联 | Linked with", _linked(reader, params.get("link", ""))
    yield "pick", "所选 | Picked", t("{n} 项 | {n:case}", n=picked) if picked else ""


def kind_title(reader: Reader, procedure: Procedure, kind: str) -> str:
    return t(NO_KIND) if kind == NONE else kind_words(procedure, kind, reader.names)


def unit_title(reader: Reader, code: str) -> str:
    return t(NO_UNIT) if code == NONE else reader.names.unit(code) if code else ""


def _linked(reader: Reader, link: str) -> str:
    """The case at the other end, by its number and title."""
    one = next((part for part in link.split(":") if part.isascii() and part.isdecimal() and len(part) < 19), "")
    return reader.names.case(one).text if one else link


def changed(params: QueryDict, **changes: str) -> str:
    """The address with some conditions changed; paging begins anew."""
    copied = params.copy()
    for name in (*PASSING, *changes):
        copied.pop(name, None)
    for name, value in changes.items():
        if value:
            copied[name] = value
    return f"?{copied.urlencode(safe='~,')}"


def _day(text: str) -> str:
    found = _date(text)
    return day(found, full=True) if found else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def midnight(text: str, days: int = 0) -> datetime | None:
    """The first moment of a day, or of the one `days` later; None for what is no day of this age."""
    found = _date(text)
    if found is None or not 1900 <= found.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(found + timedelta(days=days), time()))
