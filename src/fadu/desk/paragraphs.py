"""A long text as numbered paragraphs, each with what was made of it: the cases that point back to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fadu.cases.models import Case, Link
from fadu.desk.reader import Reader
from fadu.desk.values import Anchor, anchor_of
from fadu.kernel.definition import Procedure
from fadu.kernel.paragraphs import paragraphs as split

POINTS = "paragraph"  # the field in which a case says which paragraph of the other one it stems from
MOST = 1000  # cases drawn from one text that are looked at


@dataclass(frozen=True, slots=True)
class Paragraph:
    number: int
    text: str
    made: tuple[Anchor, ...] = ()


def paragraphs(text: str, made: Mapping[int, Iterable[Anchor]]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(n, line, tuple(made.get(n, ()))) for n, line in enumerate(split(text), 1))


def drawn_from(procedure: Procedure) -> frozenset[str]:
    """The long texts whose paragraphs some list draws from."""
    return frozenset(field.draws_from for field in procedure.fields.values() if field.draws_from)


def made_of(reader: Reader, case: Case) -> dict[int, list[Anchor]]:
    """The cases the reader may see that point to a paragraph of this one, by its number; one query."""
    rows = reader.cases.filter(pk__in=Link.objects.filter(other=case).values("case")).order_by("pk")
    found: dict[int, list[Anchor]] = {}
    for one in rows.only("procedure", "number", "title", "state")[:MOST]:
        number = one.state["data"].get(POINTS)
        if isinstance(number, int):
            found.setdefault(number, []).append(anchor_of(one))
    return found
