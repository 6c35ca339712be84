"""What was taken out of the system: who, when, which rows, how many. Written once, for the auditor."""

from django.db import models

from fadu.units.models import Person


class ExportRecord(models.Model):
    """One export. `query` is the filter as the address of the ledger had it; the database refuses change and removal."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="exports")
    at = models.DateTimeField(auto_now_add=True)
    procedure = models.CharField(max_length=64)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    form = models.CharField(max_length=8)
    rows = models.PositiveBigIntegerField()
    job = models.PositiveBigIntegerField(null=True)  # jobs are cleared away, this stays

    class Meta:
        """Read by time, and by person."""

        indexes = [
            models.Index(fields=["-at", "-id"], name="export_newest"),
            models.Index(fields=["person", "-at"], name="export_by"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person_id} {self.procedure} {self.rows}"
