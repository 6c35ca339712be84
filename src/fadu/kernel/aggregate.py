"""What is derived from the rows of a list: sums, counts and shares (of nothing: 0), the earliest and the latest (of nothing: none)."""

from typing import Any

from fadu.kernel.definition import Aggregate
from fadu.kernel.facts import CaseFacts
from fadu.kernel.predicate import RowFacts
from fadu.kernel.seeking import added


def aggregated(aggregate: Aggregate, facts: CaseFacts) -> Any:
    """The value now, of the rows that meet its condition."""
    where = aggregate.where
    listed = facts.rows(aggregate.rows)
    rows = [row for row in listed if where is None or where.holds(RowFacts(row))]
    if aggregate.how == "count":
        return len(rows)
    if aggregate.how == "share":
        return round(100 * len(rows) / len(listed)) if listed else 0
    values = [row[aggregate.column] for row in rows if aggregate.column in row]
    if aggregate.how == "sum":
        return added(values)
    return (min if aggregate.how == "earliest" else max)(values, default=None)
