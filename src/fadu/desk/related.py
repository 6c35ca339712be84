"""The cases a case belongs with, in both directions, by procedure and field: how many, how they stand, and the first few."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.listing import LIGHTS, light_q
from fadu.cases.models import Case, Link
from fadu.desk.lights import COLOURS, Lamp
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, rows
from fadu.kernel.definition import CAME_FROM, CASE, LED_TO, LINKED, RELATED, Procedure
from fadu.words import say, t

FEW = 8  # of each group shown on the page; the rest stands in the ledger, narrowed to the link
TIED = {RELATED: "有关 | Related", LED_TO: "由本事项引出 | Led to", CAME_FROM: "来自 | Came from"}
SHADES = {"yellow": "amber"}


@dataclass(frozen=True, slots=True)
class Related:
    """Cases of one procedure tied to this one by one field; `url` opens all of them in their ledger."""

    title: str
    by: str
    total: int
    open: int
    lamps: tuple[Lamp, ...]
    rows: list[Row]
    url: str

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class _Way:
    """One direction: how the far case hangs on this one. `filter` is the ledger's word for it."""

    near: str  # the path from the far case to this one
    kind: str
    points_here: bool

    def filter(self, case: Case, kind: str) -> str:
        return f"{kind}:{case.pk}" if self.points_here else f"{case.pk}:{kind}"


COMING = _Way("links__other", "links__kind", points_here=True)
GOING = _Way("linked_from__case", "linked_from__kind", points_here=False)


def related(reader: Reader, case: Case) -> list[Related]:
    """What points here comes first: a campaign's items, a paper's tasks. A link that both ledgers hold is listed once."""
    return [*_groups(reader, case, COMING), *_groups(reader, case, GOING)]


def _groups(reader: Reader, case: Case, way: _Way) -> Iterator[Related]:
    far: QuerySet[Any] = reader.cases.filter(**{way.near: case}).annotate(by=F(way.kind))
    far = far.exclude(by__in=LINKED) if way.points_here else _said_once(far.filter(by__in=_lists(case)), case)
    counted = _counted(far, reader)
    shown = _first(reader, far) if counted else {}
    for line in counted:
        yield _group(case, way, line, shown.get((line["procedure"], line["by"]), []))


def _said_once(far: "QuerySet[Any]", case: Case) -> "QuerySet[Any]":
    """A case that a field of its own, or one of this case, ties to this one stands under that field alone."""
    fields = Link.objects.exclude(kind__in=LINKED)
    far = far.exclude(pk__in=fields.filter(other=case).values("case"))
    return far.exclude(Q(by__in=(LED_TO, CAME_FROM)) & Q(pk__in=fields.filter(case=case).values("other")))


def _lists(case: Case) -> list[str]:
    """What this case holds lists of. A single case that a field names stands among the facts, one of a row in its table."""
    fields = definitions.procedure_of(case.definition_id).pointing
    return [*LINKED, *(field.key for field in fields if field.of == CASE)]


def _counted(far: "QuerySet[Any]", reader: Reader) -> list[Mapping[str, Any]]:
    lights = {light: Count("pk", filter=light_q(light, reader.local)) for light in LIGHTS}
    lines = far.values("procedure", "by").order_by("procedure", "by")
    return list(lines.annotate(total=Count("pk"), open_ones=Count("pk", filter=Q(is_open=True)), **lights))


def _first(reader: Reader, far: "QuerySet[Any]") -> Mapping[tuple[str, str], list[Row]]:
    """The first rows of every group, the open and most urgent ones before the others, in one query."""
    place = Window(RowNumber(), partition_by=[F("procedure"), F("by")], order_by=["-is_open", "due", "pk"])
    found = list(far.annotate(place=place).filter(place__lte=FEW).defer("tokens").order_by("place"))
    groups: dict[tuple[str, str], list[Row]] = {}
    for one, line in zip(found, rows(reader, found), strict=True):
        groups.setdefault((one.procedure, one.by), []).append(line)
    return groups


def _group(case: Case, way: _Way, line: Mapping[str, Any], shown: list[Row]) -> Related:
    far = definitions.library().in_force(line["procedure"])
    owner = far if way.points_here else definitions.procedure_of(case.definition_id)
    lamps = ((SHADES.get(light, light), line[light]) for light in LIGHTS if line[light])
    query = f"?link={way.filter(case, line['by'])}&state=all"
    return Related(
        title=say(far.title),
        by=_by(owner, line["by"]),
        total=line["total"],
        open=line["open_ones"],
        lamps=tuple(Lamp(shade, f"{t(COLOURS[shade])} {count}") for shade, count in lamps),
        rows=shown,
        url=reverse("ledger", args=[far.key]) + query,
    )


def _by(owner: Procedure, kind: str) -> str:
    """The title of the field (or column) that holds the link, or how entries tied the two."""
    if kind in TIED:
        return t(TIED[kind])
    key, _, column = kind.partition(".")
    field = owner.fields.get(key)
    return say(field.rows[column].title if column else field.title) if field else ""
