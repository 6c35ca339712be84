"""What requests may say besides the data of an action, and how it is read."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt, StrictStr

from fadu.api.problems import Unfit
from fadu.cases import listing
from fadu.cases.act import Occasion
from fadu.cases.moments import stored
from fadu.figures.span import Span, SpanError
from fadu.kernel.definition import Procedure
from fadu.units.models import Person

EARLIEST = 2000  # no electronic record is older
SEARCHED = 200  # characters of a search


class _Body(Schema):
    model_config = ConfigDict(extra="forbid")


class _Done(_Body):
    """When something was done, for whom it is recorded, which warnings are passed."""

    overrides: dict[str, StrictStr] = {}
    at: StrictStr = ""
    on_behalf_of: StrictStr = ""

    def occasion(self) -> Occasion:
        return Occasion(moment("at", self.at), None, self.overrides, leader(self.on_behalf_of))


class Deed(_Done):
    """One action."""

    data: dict[str, Any] = {}
    seen: StrictInt | None = None

    def occasion(self) -> Occasion:
        return replace(super().occasion(), seen=self.seen)


class Source(_Body):
    """The case and its action that led to a new one."""

    case: Annotated[StrictStr, Field(pattern="^[0-9]{1,16}$")]
    action: StrictStr

    @property
    def pair(self) -> tuple[int, str]:
        return int(self.case), self.action


class Opening(_Done):
    """A case to open; `unit` is one of the asker's, needed only by who may open at several."""

    data: dict[str, Any] = {}
    unit: StrictStr = ""
    source: Source | None = None


class OneOf(_Body):
    """One of several actions."""

    action: StrictStr
    data: dict[str, Any] = {}


class Deeds(_Done):
    """Several actions in one transaction: all or none."""

    actions: Annotated[list[OneOf], Field(min_length=1, max_length=20)]
    seen: StrictInt | None = None

    def occasion(self) -> Occasion:
        return replace(super().occasion(), seen=self.seen)


class Paging(Schema):
    """A page by its key: `after` and `before` come from the links of an earlier answer."""

    size: Annotated[int, Field(ge=1, le=200)] = 50
    after: str = ""
    before: str = ""


class Narrowing(Paging):
    """The filters of a ledger."""

    state: Literal["open", "closed", "all"] = "open"
    kind: str = ""
    stage: str = ""
    unit: str = ""
    light: Literal["", "red", "yellow", "green", "grey"] = ""
    outcome: str = ""
    q: Annotated[str, Field(max_length=SEARCHED)] = ""
    since: str = ""
    until: str = ""
    children: bool = False
    sort: Literal["due", "-due", "new", "old"] = "due"

    def filters(self, procedure: Procedure) -> listing.Filters:
        """Raises Unfit for a stage or an outcome the procedure does not have."""
        one_of("stage", self.stage, procedure.stages)
        one_of("outcome", self.outcome, procedure.outcomes)
        return listing.Filters(
            kind=self.kind,
            stage=self.stage,
            unit=self.unit,
            light=self.light,
            outcome=self.outcome,
            state=self.state,
            text=self.q,
            opened_from=stored(moment("since", self.since)),
            opened_until=stored(moment("until", self.until)),
            roots_only=not self.children,
        )


TabName = Literal["mine", "unit", "overdue", "week", "waiting"]
TABS: tuple[str, ...] = get_args(TabName)


class Tab(Paging):
    """A tab of the inbox."""

    tab: TabName = "mine"


class Words(Paging):
    """A search."""

    q: Annotated[str, Field(min_length=1, max_length=SEARCHED)]


class Period(Schema):
    """`2026`, `2026H1`, `2026Q3`, `2026-09` or `2026-01-01..2026-03-31`; this year when left out."""

    period: Annotated[str, Field(max_length=32)] = ""
    domain: str = ""

    def span(self) -> Span:
        """Raises Unfit."""
        if not self.period:
            return Span.holding(timezone.localdate())
        try:
            return Span.parse(self.period)
        except SpanError as fault:
            raise Unfit("period", fault.text.zh, fault.text.en) from fault


class Evidence(Period, Paging):
    """The cases behind a figure, narrowed to one value of one of its splits."""

    split: str = ""
    value: str = ""

    def narrowed(self) -> tuple[str, str] | None:
        return (self.split, self.value) if self.split else None


class Linking(_Body):
    """The number of the case to link with."""

    number: Annotated[StrictStr, Field(min_length=1, max_length=100)]


class Remark(_Body):
    """What a note says."""

    text: StrictStr


class Typed(_Body):
    """Some of the data of an action, before it is done."""

    data: dict[str, Any] = {}


class Voiding(_Body):
    """Why the last entry is voided, and which entry was seen as the last."""

    reason: Annotated[StrictStr, Field(min_length=1, max_length=500)]
    seen: StrictInt


class Publishing(_Body):
    """A period, and what is said with the number."""

    period: Annotated[StrictStr, Field(min_length=1, max_length=32)]
    note: Annotated[StrictStr, Field(max_length=500)] = ""

    def span(self) -> Span:
        """Raises Unfit."""
        return Period(period=self.period).span()


class Exporting(_Body):
    """`query` is what stands behind the question mark of the ledger's address; columns as its export page names them."""

    format: Literal["xlsx", "csv"] = "xlsx"
    query: Annotated[StrictStr, Field(max_length=4000)] = ""
    columns: Annotated[list[StrictStr], Field(max_length=200)] = []

    def params(self) -> dict[str, str]:
        asked = QueryDict(self.query, mutable=True)
        asked["format"] = self.format
        if self.columns:
            asked["cols"] = ",".join(self.columns)
        return {"query": asked.urlencode()}


class Making(_Body):
    """A token to make."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=100)]
    days: Annotated[StrictInt, Field(ge=1, le=366)] = 90
    scope: Literal["read", "act"] = "act"
    procedures: Annotated[list[StrictStr], Field(max_length=100)] = []


def known_only(request: HttpRequest, asked: Schema) -> None:
    """Raises Unfit for a parameter that means nothing here: a filter spelt wrongly must not show everything."""
    for name, value in request.GET.items():
        if name not in type(asked).model_fields:
            raise Unfit(name, f"没有“{name}”这个参数", f"there is no parameter '{name}'")
        if "\x00" in value:
            raise Unfit(name, "含有不可用的字符", "holds a character that cannot be used")


def moment(place: str, text: str) -> datetime | None:
    """A local moment from `2026-10-22`, `2026-10-22T18:00`, or one with an offset. Raises Unfit."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            found = timezone.localtime(found).replace(tzinfo=None)
    except (ValueError, OverflowError):
        found = datetime.min  # noqa: DTZ901  # refused below with the rest
    if not EARLIEST <= found.year < 9999:
        raise Unfit(
            place, "应当是日期或时刻，如 2026-10-22T18:00", "must be a date or a moment such as 2026-10-22T18:00"
        )
    return found


def leader(text: str) -> Person | None:
    """The person for whom a recorder writes down what was decided; the deed itself asks whether they may. Raises Unfit."""
    if not text:
        return None
    pk = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    found = Person.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise Unfit("on_behalf_of", "没有这个人，请填人员的 id", "there is no such person; give the id of one")
    return found


def one_of(place: str, value: str, known: Collection[str]) -> None:
    """Raises Unfit for a value that is given and not known."""
    if value and value not in known:
        raise Unfit(place, f"没有“{value}”，可用：{'、'.join(known)}", f"one of {', '.join(known)}")
