"""What was published: a figure's value with the records it counted, frozen; and which published year was replayed here."""

from django.db import models
from django.db.models import Index, UniqueConstraint

from fadu.cases.models import Case, PlainJson
from fadu.units.models import Person


class Snapshot(models.Model):
    """A published figure. The database refuses its change or removal, and that of its records.

    `value` holds {value, numerator, denominator}; `digest` is over canonical JSON of figure, declaration, period, value
    and the records with the head digest each had: see `publish.sealed`.
    """

    figure = models.CharField(max_length=160)
    version = models.PositiveIntegerField()
    declaration = models.CharField(max_length=64)
    period = models.CharField(max_length=32)
    value = models.JSONField(encoder=PlainJson)
    records = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        """The latest of a figure and period first."""

        indexes = [Index(fields=["figure", "period", "-id"], name="snapshot_latest")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.figure} {self.period}: {self.value['value']}"


class SnapshotRecord(models.Model):
    """A case a published figure counted, and the head of its ledger at that time."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    head = models.CharField(max_length=64)

    class Meta:
        """Each case once."""

        constraints = [UniqueConstraint(fields=["snapshot", "case"], name="snapshot_record_once")]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.case_id}"


class ReplayMark(models.Model):
    """A published year that was replayed into this database, and at which scale (1 is full size)."""

    name = models.CharField(max_length=64)
    year = models.PositiveIntegerField()
    scale = models.FloatField(default=1.0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The latest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} × {self.scale:g}"
