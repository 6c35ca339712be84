"""The columns of a ledger: which there are, which the address asks for, and what stands in each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import QueryDict

from fadu.cases import definitions
from fadu.cases.access import fields_seen
from fadu.cases.listing import CAP
from fadu.cases.models import Case
from fadu.desk.lights import Lamp
from fadu.desk.narrowing import ORDERS, Narrowing, changed
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, rows
from fadu.desk.values import in_words
from fadu.exchange.columns import DATA, known
from fadu.kernel.definition import Field
from fadu.words import say, t

# The usual columns by state; how wide each is, and when a narrow page leaves it out, says its class.
USUAL = {
    "open": ("number", "title", "kind", "unit", "stage", "light", "due", "turn"),
    "closed": ("number", "title", "kind", "unit", "outcome", "opened", "closed"),
    "all": ("number", "title", "kind", "unit", "stage", "light", "due", "opened"),
}
LOOKS = {
    "number": "c-no no", "title": "title", "kind": "c-kind w3", "unit": "c-unit", "stage": "c-stage w2", "outcome": "c-stage w2",
    "light": "c-term", "due": "c-day", "turn": "c-turn w3", "opened": "c-day", "closed": "c-day",
}  # fmt: skip
TITLES = {"light": "期限 | Term"}  # where the cell says more than the export's
SORTED = ("due", "opened", "closed")
NUMBERS = frozenset({"number", "money"})
MOST = 20
LONGEST = 160  # characters of a cell; the case itself has the rest


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    css: str
    field: Field | None = None  # None: what every case has
    order: str = ""  # ascending or descending, when the rows are in its order
    url: str = ""  # turns the order round

    @property
    def is_number(self) -> bool:
        return self.field is not None and self.field.kind in NUMBERS


@dataclass(frozen=True, slots=True)
class Cell:
    css: str
    label: str
    text: str = ""
    url: str = ""
    lamp: Lamp | None = None
    due: datetime | None = None
    day: datetime | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    row: Row
    cells: tuple[Cell, ...]


class Columns:
    """The columns one reader is offered in one ledger. `asked` are keys, as exports name them; unknown ones are dropped."""

    def __init__(self, reader: Reader, asked: Narrowing) -> None:
        self.reader, self.asked, self.procedure = reader, asked, asked.procedure
        self._here = self._by_government()
        self.offered = self._offered()
        self.usual = [key for key in USUAL[asked.state] if key in self.offered]
        wanted = [one for text in asked.params.getlist("cols") for one in text.split(",")]
        keys = dict.fromkeys(key if key in self.offered else f"{DATA}{key}" for key in wanted)
        self.keys = [key for key in keys if key in self.offered][:MOST] or self.usual
        self.shown = [self._sorted(self.offered[key]) for key in self.keys]
        self._seen: dict[tuple[int, str], Mapping[str, Field]] = {}

    def _offered(self) -> dict[str, Column]:
        seen = {key for fields in self._here.values() for key in fields}
        fields = [field for key, field in self.procedure.fields.items() if key in seen]
        found = known(self.procedure, fields).values()
        own = {f"{DATA}{field.key}": field for field in fields}
        return {
            one.key: Column(
                one.key,
                t(TITLES[one.key]) if one.key in TITLES else one.title,
                LOOKS.get(one.key, _look(own.get(one.key))),
                own.get(one.key),
            )
            for one in found
            if one.key in LOOKS or (one.key in own and not one.is_said)
        }

    def _by_government(self) -> dict[str, Mapping[str, Field]]:
        """What the posts of the reader let them see, where."""
        codes = {post.unit.government.code for post in self.reader.posts if post.unit.government is not None}
        return {code: fields_seen(self.reader.posts, self.procedure, code) for code in sorted(codes)}

    def _sorted(self, column: Column) -> Column:
        orders = ORDERS[self.asked.state]
        if column.key not in SORTED or column.key not in orders:
            return column
        order = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.asked.sort, "")
        turned = f"-{column.key}" if self.asked.sort == column.key else column.key
        url = changed(self.asked.params, sort="" if turned == orders[0] else turned)
        return replace(column, order=order, url=url)

    def lines(self, cases: Sequence[Case]) -> list[Line]:
        """The rows of a page; names are looked up for all of them at once."""
        self.reader.names.load(
            (field, case.state["data"].get(field.key))
            for case in cases
            for field in self._fields(case)
            if case.state["data"].get(field.key)
        )
        found = rows(self.reader, cases)
        return [Line(row, tuple(self._cells(case, row))) for case, row in zip(cases, found, strict=True)]

    def _fields(self, case: Case) -> Iterator[Field]:
        """Of the case's own version, those that are shown and the reader may see there."""
        at = (case.definition_id, case.government_id)
        if at not in self._seen:
            self._seen[at] = fields_seen(self.reader.posts, definitions.procedure_of(at[0]), at[1])
        return (
            self._seen[at][column.field.key]
            for column in self.shown
            if column.field is not None and column.field.key in self._seen[at]
        )

    def _cells(self, case: Case, row: Row) -> Iterator[Cell]:
        seen = {field.key: field for field in self._fields(case)}
        for column in self.shown:
            plain = Cell(column.css, column.title if column.field else "")
            if column.field is None:
                yield _of_case(plain, column.key, case, row)
            else:
                field = seen.get(column.field.key)
                text = in_words(field, case.state["data"].get(field.key), self.reader.names) if field else ""
                yield replace(plain, text=text[:LONGEST])

    def sums(self, found: "QuerySet[Case]", number: int) -> list[str]:
        """Under each column of numbers its sum, when all rows were counted; under the others nothing."""
        wanted = [column.field for column in self.shown if column.is_number and column.field is not None]
        if not wanted or number > CAP:
            return []
        totals = {field.key: self._sum(found, field) for field in wanted}
        return [totals.get(column.field.key, "") if column.field else "" for column in self.shown]

    def _sum(self, found: "QuerySet[Case]", field: Field) -> str:
        """Of what the reader may see; a value that is no number is left out, as in its cell."""
        governments = [code for code, fields in self._here.items() if field.key in fields]
        there = found.filter(government__code__in=governments).order_by()
        path = KeyTransform(field.key, KeyTransform("data", "state"))
        total = sum((_number(value) for value in there.values_list(path, flat=True)), Decimal())
        return f"{total.normalize():,f}"

    def choices(self, params: QueryDict) -> dict[str, Any]:
        """What the column menu offers: links alone, so that it works without script."""

        def link(keys: Iterable[str]) -> str:
            return changed(params, cols=",".join(keys)) + "&menu=cols"

        keys = self.keys
        chosen = [
            {
                "title": self.offered[key].title,
                "up": link(_moved(keys, at, -1)) if at else "",
                "down": link(_moved(keys, at, 1)) if at < len(keys) - 1 else "",
                "gone": link(other for other in keys if other != key) if len(keys) > 1 else "",
            }
            for at, key in enumerate(keys)
        ]
        others = [
            {"title": column.title, "url": link([*keys, key])}
            for key, column in self.offered.items()
            if key not in keys
        ]
        usual = changed(params, cols="") if keys != self.usual else ""
        return {"chosen": chosen, "others": others if len(keys) < MOST else [], "usual": usual}


def _moved(keys: Sequence[str], at: int, by: int) -> list[str]:
    moved = list(keys)
    moved.insert(at + by, moved.pop(at))
    return moved


def _look(field: Field | None) -> str:
    if field is None or field.kind in NUMBERS:
        return "c-num n x"
    return "c-day x" if field.kind in ("date", "moment") else "c-text x"


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value)) if not isinstance(value, bool) and value is not None else Decimal()
    except InvalidOperation:
        return Decimal()


def _of_case(cell: Cell, key: str, case: Case, row: Row) -> Cell:
    if key == "title":
        return replace(cell, text=row.title, url=row.url)
    if key == "light":
        return replace(cell, lamp=row.lamp)
    if key == "due":
        return replace(cell, due=row.due, provisional=row.provisional)
    if key in ("opened", "closed"):
        return replace(cell, day=getattr(case, key))
    if key == "outcome":
        return replace(cell, text=_outcome(case))
    return replace(cell, text=str(getattr(row, key)))


def _outcome(case: Case) -> str:
    outcome = definitions.procedure_of(case.definition_id).outcomes.get(case.outcome or "")
    return say(outcome.title) if outcome else case.outcome or ""
