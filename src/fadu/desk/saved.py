"""Views of a ledger that were kept under a name: one's own, and those shared with a unit one works in."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict

from fadu.cases.access import working_posts
from fadu.desk.models import SavedView
from fadu.desk.narrowing import CONDITIONS
from fadu.desk.reader import Reader
from fadu.words import language, t

KEPT = (*(name for name in CONDITIONS if name != "pick"), "sort", "cols")
MOST = 50  # views of one person in one ledger
LONGEST = 2000  # characters of an address


@dataclass(frozen=True, slots=True)
class ViewLink:
    pk: int
    name: str
    url: str
    current: bool
    mine: bool
    shared: str = ""  # the unit it is shared with
    unit: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Views:
    """What the menu of a ledger offers; `query` is what would be kept now."""

    links: list[ViewLink]
    query: str
    units: list[tuple[str, str]]

    @property
    def current(self) -> str:
        return next((link.name for link in self.links if link.current), "")


def kept(params: Mapping[str, str]) -> str:
    """What a view keeps of an address: conditions, order and columns, always in the same order."""
    query = QueryDict(mutable=True)
    query.update({name: params[name] for name in KEPT if params.get(name)})
    return query.urlencode(safe=",")


def views_of(reader: Reader, procedure: str, params: Mapping[str, str]) -> Views:
    query = kept(params)
    found = sorted(_visible(reader, procedure), key=lambda view: view.owner_id != reader.person.pk)
    return Views([_link(reader, view, query) for view in found], query, units_of(reader))


def units_of(reader: Reader) -> list[tuple[str, str]]:
    """The units one may share a view with: those one works in."""
    units = {post.unit.code: post.unit for post in working_posts(reader.posts)}
    return [(code, (language() == "en" and unit.name_en) or unit.name_zh) for code, unit in units.items()]


def own(reader: Reader, procedure: str) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(owner=reader.person, procedure=procedure)


def keep(reader: Reader, procedure: str, name: str, query: str, unit: str) -> str:
    """Keeps a view, over the one of that name if there is one; why not, if it cannot be kept."""
    if len(query) > LONGEST:
        return t("条件太长，存不下 | The conditions are too long to be kept")
    with transaction.atomic():
        mine = own(reader, procedure)
        if not mine.filter(name=name).exists() and mine.count() >= MOST:
            return t("最多存 {n} 个视图，请先删去不用的 | At most {n} views; delete one first", n=MOST)
        last: int = mine.aggregate(last=Max("order"))["last"] or 0
        SavedView.objects.update_or_create(
            owner=reader.person,
            procedure=procedure,
            name=name,
            defaults={"query": query, "unit_id": unit or None},
            create_defaults={"query": query, "unit_id": unit or None, "order": last + 1},
        )
    return ""


@transaction.atomic
def move_up(reader: Reader, view: SavedView) -> None:
    """One place ahead among one's own."""
    mine = list(own(reader, view.procedure))
    at = mine.index(view)
    mine.insert(max(at - 1, 0), mine.pop(at))
    for order, each in enumerate(mine):
        each.order = order
    SavedView.objects.bulk_update(mine, ["order"])


def _visible(reader: Reader, procedure: str) -> "QuerySet[SavedView]":
    units = [code for code, _ in units_of(reader)]
    mine = Q(owner=reader.person) | Q(unit__in=units)
    return SavedView.objects.filter(mine, procedure=procedure).select_related("owner", "unit")


def _link(reader: Reader, view: SavedView, query: str) -> ViewLink:
    return ViewLink(
        pk=view.pk,
        name=view.name,
        url=f"?{view.query}",
        current=view.query == query,
        mine=view.owner_id == reader.person.pk,
        shared=reader.names.unit(view.unit_id) if view.unit_id else "",
        unit=view.unit_id or "",
        owner=view.owner.name,
    )
