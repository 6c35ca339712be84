"""Cases that values name: by identity, or by the number printed on them, among those the person may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from fadu.cases.access import visible
from fadu.cases.known import Known
from fadu.kernel.definition import CASE, Field
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal
from fadu.kernel.values import LARGEST_CASE, inside
from fadu.units.models import Person

HELD = "@held"  # in the place of a procedure: what a case held already fitted once


@dataclass(slots=True)
class Mentions:
    """The cases named in some fields: as they were named -> (procedure, identity) of each that fits the name."""

    fields: list[tuple[Field, Any]]
    known: Mapping[str, list[tuple[str, int]] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[tuple[Field, Any]], by: Person, known: Known | None = None) -> "Mentions":
        """One query, or none where no field holds cases that are not known yet."""
        fields = [(one, value) for one, value in named if any(inside(one, value, CASE))]
        texts = {str(case) for one, value in fields for _, case in inside(one, value, CASE)}
        return cls(fields, (known or Known()).get(CASE, texts, lambda missing: _visible(missing, by)))

    @property
    def faults(self) -> Iterator[Refusal]:
        for one, value in self.fields:
            for where, case in inside(one, value, CASE):
                found = self._fitting(_holder(one, where), case)
                if len(found) != 1:
                    yield _fault(one, str(case), several=bool(found))

    def told(self) -> dict[str, Any]:
        """The values with identities in the place of numbers."""
        return {one.key: self._told(one, value) for one, value in self.fields}

    def _told(self, one: Field, value: Any) -> Any:
        if one.holds == CASE:
            return [self._id(one, case) for case in value] if isinstance(value, list) else self._id(one, value)
        return [self._told_row(one, row) for row in value] if isinstance(value, list) else value

    def _told_row(self, one: Field, row: Any) -> Any:
        """The kernel says what is wrong with a row that is none."""
        if not isinstance(row, Mapping):
            return row
        return {key: self._in_row(one, key, cell) for key, cell in row.items()}

    def _in_row(self, one: Field, key: str, cell: Any) -> Any:
        column = one.rows.get(key)
        return self._id(column, cell) if column is not None and column.kind == CASE and cell else cell

    def _id(self, holder: Field, case: Any) -> Any:
        return next((identity for _, identity in self._fitting(holder, case)), case)

    def _fitting(self, holder: Field, case: Any) -> list[tuple[str, int]]:
        found = self.known.get(str(case)) or ()
        return [one for one in found if not holder.target or one[0] in (holder.target, HELD)]


def held_already(held: Iterable[tuple[int, str]]) -> Known:
    """The cases that a case points to already: whoever changes one of a list need not see all the others."""
    known = Known()
    for identity, _ in held:
        known.put(CASE, str(identity), [(HELD, identity)])
    return known


def _visible(texts: set[str], by: Person) -> dict[str, list[tuple[str, int]]]:
    ids = {int(text) for text in texts if text.isascii() and text.isdecimal() and int(text) < LARGEST_CASE}
    found = defaultdict(list)
    rows = visible(by).filter(Q(pk__in=ids) | Q(number__in=texts))
    for identity, number, procedure in rows.values_list("pk", "number", "procedure"):
        found[str(identity)].append((procedure, identity))
        if number:
            found[number].append((procedure, identity))
    return found


def _holder(one: Field, where: str) -> Field:
    _, _, column = where.partition(".")
    return one.rows[column] if column else one


def _fault(one: Field, case: str, *, several: bool) -> Refusal:
    zh, en = (
        ("不止一件", "stands for several cases")
        if several
        else ("没有这件事项，或者您看不到", "no such case that you may see")
    )
    return Refusal(
        "kind", Text(f"{one.title.zh}：“{case}”{zh}", f"{one.title.en}: '{case}' – {en}"), one.cites, field=one.key
    )
