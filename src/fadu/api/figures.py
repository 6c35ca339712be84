"""Figures as JSON: the number, what it counts, how it splits, and what of it was published."""

from fadu.api.words import Json, both
from fadu.figures.models import Snapshot
from fadu.figures.present import FigureLine, Sheet, SnapshotLine, Split


def line(found: FigureLine) -> Json:
    return {
        "key": found.key,
        "domain": found.domain,
        "title": both(found.title),
        "value": found.number,
        "unit": both(found.unit),
        "definition": both(found.definition),
        "cites": both(found.cites),
        "partial": found.partial,
        "splits": [_split(one) for one in found.splits],
        "published": _published(found.snapshot) if found.snapshot else None,
    }


def sheet(found: Sheet) -> Json:
    """With its parts and everything published of it, each compared with the present count."""
    return {
        **line(found.line),
        "parts": [line(part) for part in found.parts],
        "snapshots": [{**_published(one), "differs": one.differs, **_moved(one)} for one in found.snapshots],
    }


def frozen(found: Snapshot) -> Json:
    """A figure just published."""
    return {
        "id": str(found.pk),
        "figure": found.figure,
        "period": found.period,
        "value": found.value["value"],
        "records": found.records,
        "digest": found.digest,
    }


def _moved(found: SnapshotLine) -> Json:
    """How many cases; which they are is for those who may see them."""
    return {"came": len(found.came), "went": len(found.went), "changed": len(found.changed)}


def _split(found: Split) -> Json:
    values = [{"value": one.value, "title": both(one.title), "number": one.number} for one in found.values]
    return {"field": found.field, "title": both(found.title), "values": values}


def _published(found: SnapshotLine) -> Json:
    return {
        "id": str(found.id),
        "value": found.value,
        "by": found.published_by,
        "at": found.published_at.isoformat(timespec="seconds"),
        "digest": found.digest,
        "note": found.note,
    }
