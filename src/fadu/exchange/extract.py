"""The rows of an export: exactly those of a filtered list, in its order, read a few hundred at a time."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from fadu.cases import definitions, listing
from fadu.cases.access import fields_seen, predicate
from fadu.cases.models import Case
from fadu.exchange.cells import Cell
from fadu.exchange.columns import READ, Column, Row, Setting, chosen, known
from fadu.exchange.names import Names
from fadu.kernel.definition import Field, Procedure
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of

CHUNK = 500


@dataclass
class Extract:
    """Some cases of one procedure as a table for one person: what they may not see is not in it.

    Which rows and in which order is settled at once, as numbers; what they hold is read as the file is written.
    """

    person: Person
    procedure: Procedure
    cases: "QuerySet[Case]"
    sort: str = "due"
    asked: Sequence[str] = ()
    at: datetime = field(default_factory=timezone.now)
    settings: dict[tuple[int, str], Setting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.posts: tuple[HeldPost, ...] = posts_of(self.person, timezone.localdate(self.at))
        self.names = Names(seen=lambda: Case.objects.filter(predicate(self.person, self.posts)))
        self.offered: Mapping[str, Column] = known(self.procedure, self._offered_fields())
        self.columns = chosen(self.offered, self.asked)
        self.keys = array("q")

    def settle(self) -> int:
        """Which rows there are; how many."""
        order = listing.SORTS.get(self.sort, listing.SORTS["due"])
        found = self.cases.order_by(*order).values_list("pk", flat=True)
        self.keys = array("q", found.iterator(chunk_size=10_000))
        return len(self.keys)

    def rows(self) -> Iterator[list[Cell]]:
        """The cells of each row."""
        for start in range(0, len(self.keys), CHUNK):
            found = self._read(self.keys[start : start + CHUNK])
            self._load_names(found)
            for row in found:
                setting = self._setting(row.definition, row.government)
                yield [column.read(row, setting) for column in self.columns]

    def _read(self, keys: Sequence[int]) -> list[Row]:
        cases = Case.objects.filter(pk__in=keys)
        if any(column.is_own for column in self.columns):
            rows: Iterable[tuple[Any, ...]] = cases.values_list(*READ, KeyTransform("data", "state"))
        else:
            rows = ((*row, {}) for row in cases.values_list(*READ))
        found = {row[0]: Row(*row) for row in rows}
        return [found[key] for key in keys if key in found]

    def _load_names(self, rows: Iterable[Row]) -> None:
        """The people and cases that a chunk names, in two queries at most; units and roles are known whole."""
        people, cases = set[str](), set[str]()
        for row in rows:
            if row.turn.startswith("person:"):
                people.add(row.turn.removeprefix("person:"))
            for defined in self._setting(row.definition, row.government).fields.values():
                people.update(str(one).removeprefix("person:") for one in _held("person", defined, row.data))
                cases.update(str(one) for one in _held("case", defined, row.data))
        self.names.load_people(people)
        self.names.load_cases(cases)

    def _setting(self, definition: int, government: str) -> Setting:
        key = (definition, government)
        if key not in self.settings:
            procedure = definitions.procedure_of(definition)
            fields = fields_seen(self.posts, procedure, government)
            self.settings[key] = Setting(procedure, fields, self.names, self.at)
        return self.settings[key]

    def _offered_fields(self) -> list[Field]:
        """What the reader may see in any government they work in; each row still tells its own."""
        governments = {post.unit.government.code for post in self.posts if post.unit.government is not None}
        found = [fields_seen(self.posts, self.procedure, code) for code in sorted(governments)]
        keys = {key for fields in found for key in fields}
        return [defined for key, defined in self.procedure.fields.items() if key in keys]


def _held(kind: str, defined: Field, data: Mapping[str, Any]) -> list[Any]:
    """What a field holds of one kind."""
    value = data.get(defined.key)
    if not value or kind not in (defined.holds, *(column.holds for column in defined.rows.values())):
        return []
    if not isinstance(value, list):
        return [value]
    columns = [key for key, column in defined.rows.items() if column.holds == kind]
    rows = [item[key] for item in value if isinstance(item, Mapping) for key in columns if item.get(key)]
    return rows if columns else value
