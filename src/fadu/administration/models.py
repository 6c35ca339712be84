"""What is stored of administration: one append-only, chained line for every administrative act."""

import json
from typing import Any

from django.db import models
from django.db.models import Index

from fadu.units.models import Person


class AdministrationEntry(models.Model):
    """One administrative act 管理记录: who did what to what, before and after. The database refuses its change.

    `by` is empty for what was done at the command line, where nobody signs in. `body` is the text that is chained.
    """

    seq = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)

    class Meta:
        """The newest first; found by person, by act and by what it was done to."""

        ordering = ["-seq"]
        indexes = [
            Index(fields=["by", "-seq"], name="administration_by"),
            Index(fields=["act", "-seq"], name="administration_act"),
            Index(fields=["subject", "-seq"], name="administration_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.subject}"

    @property
    def content(self) -> dict[str, Any]:
        """The body as a mapping: seq, at, by, act, subject, before, after, note."""
        found: dict[str, Any] = json.loads(self.body)
        return found
