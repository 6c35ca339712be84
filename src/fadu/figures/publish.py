"""Publishing a figure freezes its value and its records under a digest; later corrections show beside it, never in it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from fadu.cases.moments import now
from fadu.cases.pour import pour
from fadu.figures.declared import find, owner_of
from fadu.figures.measure import Measured, value
from fadu.figures.models import Snapshot, SnapshotRecord
from fadu.figures.span import Span
from fadu.kernel.figure import Figure
from fadu.kernel.law import Text
from fadu.kernel.ledger import canonical
from fadu.units.models import Person, Unit
from fadu.units.posts import posts_of

Heads = Mapping[int, str]  # case -> head digest of its ledger


class NotPublishable(ValueError):
    """A figure without a value has nothing to publish; `text` says so in two languages."""

    def __init__(self, figure: Figure, period: Span) -> None:
        zh, en = (
            f"“{figure.title.zh}”在{period.text.zh}没有数值，不能公布",
            f"'{figure.title.en}' has no value in {period.text.en}",
        )
        self.text = Text(zh, en)
        super().__init__(f"{zh} | {en}")


@dataclass(frozen=True, slots=True)
class Difference:
    """A published figure against the same counted now: its value then and now, and which records differ.

    `changed` are records counted both times whose ledger has moved on since.
    """

    then: Any
    now: Any
    came: tuple[int, ...] = ()
    went: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether the same records give the same value; a ledger that merely moved on does not count."""
        return self.then == self.now and not self.came and not self.went


def may_publish(person: Person, figure: Figure) -> bool:
    """Whoever owns the procedure in the government above all others: what is published is counted over the whole office."""
    owner = owner_of(figure).name
    held = {
        post.unit.government.code
        for post in posts_of(person, now().date())
        if post.role == owner and post.unit.government
    }
    return bool(held) and Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, parent=None, code__in=held).exists()


def publish(figure: Figure, period: Span, by: Person, note: str = "") -> Snapshot:
    """Freeze a figure of the whole office as it stands now. Raises NotPublishable."""
    with one_moment():
        measured = value(figure, period)
        if measured.value is None:
            raise NotPublishable(figure, period)
        return _frozen(measured, by, note)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which value, records and heads are read as of one moment, whatever others write meanwhile.

    SQLite's write transactions are so by themselves; inside a transaction already begun, that one decides.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _frozen(measured: Measured, by: Person, note: str) -> Snapshot:
    figure, period = measured.figure, str(measured.period)
    heads, numbers = heads_of(measured), numbers_of(measured)
    snapshot = Snapshot.objects.create(
        figure=figure.key,
        version=figure.version,
        declaration=figure.digest,
        period=period,
        value=numbers,
        records=len(heads),
        digest=sealed(figure.key, figure.digest, period, numbers, heads),
        published_by=by,
        published_at=timezone.now(),
        note=note,
    )
    pour(SnapshotRecord, [SnapshotRecord(snapshot=snapshot, case_id=case, head=head) for case, head in heads.items()])
    return snapshot


def numbers_of(measured: Measured) -> dict[str, Any]:
    return {"value": measured.value, "numerator": measured.numerator, "denominator": measured.denominator}


def heads_of(measured: Measured) -> dict[int, str]:
    return dict(measured.cases.order_by("pk").values_list("pk", "head"))


def sealed(figure: str, declaration: str, period: str, numbers: Mapping[str, Any], heads: Heads) -> str:
    """SHA-256 over the canonical JSON of everything published."""
    records = [[case, heads[case]] for case in sorted(heads)]
    body = {"figure": figure, "declaration": declaration, "period": period, "value": dict(numbers), "records": records}
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def records_of(snapshot: Snapshot) -> dict[int, str]:
    return dict(snapshot.lines.order_by("case_id").values_list("case_id", "head"))


def is_intact(snapshot: Snapshot) -> bool:
    """Whether the stored value and records still give the digest."""
    numbers, records = snapshot.value, records_of(snapshot)
    return sealed(snapshot.figure, snapshot.declaration, snapshot.period, numbers, records) == snapshot.digest


def difference(snapshot: Snapshot) -> Difference:
    """What came, went or changed since; the snapshot stays as it is. Raises UnknownFigure for one no longer declared."""
    return differences([snapshot])[0]


def differences(snapshots: Sequence[Snapshot]) -> list[Difference]:
    """The same of several snapshots of one figure and period, which is counted once for all of them."""
    if not snapshots:
        return []
    measured = value(find(snapshots[0].figure), Span.parse(snapshots[0].period))
    numbers, heads = numbers_of(measured), heads_of(measured)
    return [_difference(snapshot, numbers, heads) for snapshot in snapshots]


def _difference(snapshot: Snapshot, numbers: Mapping[str, Any], heads: Heads) -> Difference:
    then = records_of(snapshot)
    return Difference(
        then=snapshot.value,
        now=numbers,
        came=tuple(sorted(heads.keys() - then.keys())),
        went=tuple(sorted(then.keys() - heads.keys())),
        changed=tuple(sorted(case for case in heads.keys() & then.keys() if heads[case] != then[case])),
    )


def latest(period: Span) -> dict[str, Snapshot]:
    """The last published value of each figure in a period, by figure."""
    found: dict[str, Snapshot] = {}
    for snapshot in Snapshot.objects.filter(period=str(period)).select_related("published_by").order_by("id"):
        found[snapshot.figure] = snapshot
    return found
