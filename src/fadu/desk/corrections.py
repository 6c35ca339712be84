"""The cases that make the difference between a published figure and the same counted now."""

from dataclasses import dataclass

from fadu.desk.reader import Reader
from fadu.desk.rows import Row, rows
from fadu.figures.present import SnapshotLine
from fadu.words import t

LISTED = 50  # of each kind; the others are counted


@dataclass(frozen=True, slots=True)
class Moved:
    """The cases that came, went or changed; `others` are beyond the list, or not for this reader."""

    title: str
    rows: list[Row]
    others: int


def moved(reader: Reader, line: SnapshotLine) -> list[Moved]:
    """What differs, as far as the reader may see it; one statement for all of it."""
    groups = (
        (t("后来算入 | Came in since"), line.came),
        (t("不再算入 | No longer counted"), line.went),
        (t("仍然算入，但有了新记录 | Still counted, with new entries"), line.changed),
    )
    listed = [pk for _, ids in groups for pk in ids[:LISTED]]
    seen = {row.id: row for row in rows(reader, reader.cases.filter(pk__in=listed))} if listed else {}
    return [_moved(title, ids, seen) for title, ids in groups if ids]


def _moved(title: str, ids: tuple[int, ...], seen: dict[int, Row]) -> Moved:
    found = [seen[pk] for pk in ids[:LISTED] if pk in seen]
    return Moved(title, found, len(ids) - len(found))
