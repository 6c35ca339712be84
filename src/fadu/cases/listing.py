"""The questions every list asks: the ledger of one procedure and the inbox of one person.

Pages go by key, never by offset; counts stop at a cap and say so; the number of queries does not depend on the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet

from fadu.cases.access import predicate, turn_keys, visible, working_posts
from fadu.cases.models import NEVER, Case, Link
from fadu.cases.moments import now, stored
from fadu.search.match import matching
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of

CAP = 1000  # counts beyond are shown as 1000+
NONE = "-"
LIGHTS = ("red", "yellow", "green", "grey")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a ledger is narrowed to; empty means everything. `state` is open, closed or all.

    `kind` and `unit` may be NONE: the cases that have none.
    """

    kind: str = ""
    stage: str = ""
    unit: str = ""
    light: str = ""
    outcome: str = ""
    state: str = "open"
    text: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    government: str = ""
    roots_only: bool = True
    link: str = ""  # `campaign:17`, whose field holds case 17; `17:items`, which case 17 holds in its field


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order, and the keys of the pages beside them."""

    rows: list[Case]
    after: str = ""
    before: str = ""


def light_q(light: str, at: datetime) -> Q:
    """The open cases that show a light at a moment."""
    moment = stored(at)
    lit = Q(is_open=True)
    if light == "grey":
        return lit & Q(grey=True)
    lit &= Q(grey=False)
    if light == "red":
        return lit & Q(red_at__lte=moment)
    not_red = Q(red_at__isnull=True) | Q(red_at__gt=moment)
    if light == "yellow":
        return lit & Q(amber_at__lte=moment) & not_red
    return lit & not_red & (Q(amber_at__isnull=True) | Q(amber_at__gt=moment))


def ledger(person: Person, procedure: str, filters: Filters) -> QuerySet[Case]:
    """The cases of a procedure a person may see, narrowed."""
    rows = visible(person).filter(procedure=procedure, **_conditions(filters))
    if filters.link:
        rows = rows.filter(linked(filters.link))
    elif filters.roots_only:
        rows = rows.filter(root_id=F("id"))  # not parent=None: SQLite would take that index and sort everything
    if filters.light:
        rows = rows.filter(light_q(filters.light, now()))
    return matching(rows, filters.text) if filters.text else rows


def linked(link: str) -> Q:
    """The cases tied to one by a field, in the direction written; none for what is no such link."""
    one, _, other = link.partition(":")
    if _is_id(other):
        return Q(pk__in=Link.objects.filter(other=int(other), kind=one).values("case"))
    if _is_id(one):
        return Q(pk__in=Link.objects.filter(case=int(one), kind=other).values("other"))
    return Q(pk__in=())


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _conditions(filters: Filters) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "kind": filters.kind,
        "stage": filters.stage,
        "handling": filters.unit,
        "outcome": filters.outcome,
        "government": filters.government,
        "opened__gte": filters.opened_from,
        "opened__lt": filters.opened_until,
        "closed__gte": filters.closed_from,
        "closed__lt": filters.closed_until,
    }
    found = {name: value for name, value in asked.items() if value}
    found |= {"kind": ""} if filters.kind == NONE else {}
    found |= {"handling": None} if filters.unit == NONE else {}
    return found if filters.state == "all" else {**found, "is_open": filters.state == "open"}


SORTS: Mapping[str, tuple[str, ...]] = {
    "due": ("due", "id"),
    "-due": ("-due", "-id"),
    "opened": ("opened", "id"),
    "-opened": ("-opened", "-id"),
    "closed": ("closed", "id"),  # of closed cases only: an open one has no such moment
    "-closed": ("-closed", "-id"),
    "new": ("-id",),
    "old": ("id",),
}


def page(rows: QuerySet[Case], sort: str = "due", size: int = 50, after: str = "", before: str = "") -> Page:
    """One page of rows, starting behind `after` or ending ahead of `before` (keys of an earlier page)."""
    order = SORTS.get(sort, SORTS["due"])
    backwards = bool(before)
    if backwards:
        order = tuple(_turned(name) for name in order)
    key = _key(after or before, order)
    if key is not None:
        rows = rows.filter(_beyond(order, key))
    found = _found(rows, order, size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    first = _text_key(found[0], order) if found else ""
    last = _text_key(found[-1], order) if found else ""
    has_after, has_before = (True, more) if backwards else (more, bool(after))
    return Page(found, last if has_after else "", first if has_before else "")


def _found(rows: QuerySet[Case], order: Sequence[str], number: int) -> list[Case]:
    """The keys first, then the rows: a sort that carries whole rows along costs many times more."""
    keys = list(rows.order_by(*order).values_list("pk", flat=True)[:number])
    asked = Case.objects.filter(pk__in=keys).select_related("handling", "unit").defer("tokens")
    place = {key: at for at, key in enumerate(keys)}
    return sorted(asked, key=lambda row: place[row.pk])


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _text_key(row: Case, order: Sequence[str]) -> str:
    if len(order) == 1:
        return str(row.pk)
    moment: datetime = getattr(row, order[0].removeprefix("-"))
    return f"{moment.isoformat()}~{row.pk}"


def _key(text: str, order: Sequence[str]) -> tuple[Any, ...] | None:
    """What a key says; None when it is none of ours, and the page is the first."""
    moment, _, number = text.rpartition("~")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    if len(order) == 1:
        return (int(number),)
    try:
        at = datetime.fromisoformat(moment)
        return (at.astimezone(UTC), int(number)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _beyond(order: Sequence[str], key: tuple[Any, ...]) -> Q:
    """Rows behind a key, written so that the index on (…, due, id) is walked from there."""
    way = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"id__{way}": key[0]})
    name, (moment, number) = order[0].removeprefix("-"), key
    return Q(**{f"{name}__{way}e": moment}) & (Q(**{f"{name}__{way}": moment}) | Q(**{f"id__{way}": number}))


def capped_counts(questions: Mapping[str, QuerySet[Any]], cap: int = CAP) -> dict[str, int]:
    """How many rows each question has, counted up to `cap` + 1, in one statement."""
    asked: dict[tuple[str, tuple[Any, ...]], list[str]] = {}  # the same question is asked once
    for name, rows in questions.items():
        try:
            sql, values = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:  # who holds no post asks for nothing at all
            continue
        asked.setdefault((sql, tuple(values)), []).append(name)
    found = dict.fromkeys(questions, 0)
    if asked:
        parts = (f"SELECT {place}, count(*) FROM ({sql}) AS rows" for place, (sql, _) in enumerate(asked))  # noqa: S608  # Django's own SQL
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), [value for _, values in asked for value in values])
            numbers = dict(cursor.fetchall())
        found |= {name: numbers[place] for place, names in enumerate(asked.values()) for name in names}
    return found


# -- the inbox ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inbox:
    """One person's open work. The questions are lazy; `counts` asks all of them at once."""

    person: Person
    held: tuple[HeldPost, ...]
    at: datetime = field(default_factory=now)

    @classmethod
    def of(cls, person: Person) -> "Inbox":
        return cls(person, posts_of(person, now().date()))

    def rows(self, tab: str) -> QuerySet[Case]:
        """mine, unit, overdue, week, waiting or deputy; every one within what the person may see."""
        asked: QuerySet[Case] = getattr(self, f"_{tab}")()
        return asked

    @property
    def keys(self) -> list[str]:
        return turn_keys(self.person, self.held)

    def _open(self) -> QuerySet[Case]:
        return Case.objects.filter(predicate(self.person, self.held), is_open=True)

    def _mine(self) -> QuerySet[Case]:
        """A turn is only ever given to who may see the case, so the index on turns alone answers."""
        return Case.objects.filter(is_open=True, turn__in=self.keys)

    def _unit(self) -> QuerySet[Case]:
        return self._open().filter(handling__code__in=self._units())

    def _units(self) -> list[str]:
        return sorted({post.unit.code for post in working_posts(self.held)})

    def _overdue(self) -> QuerySet[Case]:
        return self._mine().filter(light_q("red", self.at))

    def _week(self) -> QuerySet[Case]:
        return self._mine().filter(due__lte=stored(_end_of_week(self.at)))

    def _waiting(self) -> QuerySet[Case]:
        """What I set going, or my units handle, while the turn is somebody else's."""
        ours = Q(begun_by=self.person) | Q(handling__in=self._units())
        return self._open().filter(ours).exclude(turn__in=self.keys)

    def _deputy(self) -> QuerySet[Case]:
        """What reaches me only because I stand in for somebody."""
        return Case.objects.filter(is_open=True, turn__in=sorted(self.lent))

    @property
    def lent(self) -> dict[str, Person]:
        """The turns that are mine as a deputy and not by a post of my own, with the person I stand in for."""
        own = set(turn_keys(self.person, [post for post in self.held if post.delegated_from is None]))
        lent = [(post, post.delegated_from) for post in self.held if post.delegated_from is not None]
        mine = f"person:{self.person.pk}"
        return {
            key: absent for post, absent in lent for key in turn_keys(self.person, [post]) if key not in own | {mine}
        }

    def counts(self, tabs: Iterable[str] = ("mine", "unit", "overdue", "week", "waiting")) -> dict[str, int]:
        return capped_counts({tab: self.rows(tab) for tab in tabs})


def _end_of_week(at: datetime) -> datetime:
    start = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return start.fromordinal(start.toordinal() + 7 - start.weekday())


def has_due(row: Case) -> bool:
    return row.due < NEVER
