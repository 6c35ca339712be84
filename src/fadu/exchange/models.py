"""What was taken out of the system, for the auditor; and the tables on their way in."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from fadu.units.models import Person, Unit


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


class Import(models.Model):
    """One uploaded table on its way in: checked, then written or not. `sha256` tells when the same file comes again.

    `sample` holds the first faults; all of them stand in a file beside the upload. Both files are removed after a while,
    the row stays: it says who brought which file in, and how many cases came of it.
    """

    class State(models.TextChoices):
        """Where it stands; a check that could not be made leaves it `new`."""

        NEW = "new"
        CHECKED = "checked"
        DONE = "done"

    class Mode(models.TextChoices):
        """What happens when rows are at fault."""

        ALL = "all"
        VALID = "valid"

    person = models.ForeignKey(Person, models.PROTECT, related_name="imports")
    procedure = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", to_field="code", db_column="unit")
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    documents = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=16, choices=State, default=State.NEW)
    mode = models.CharField(max_length=8, choices=Mode, blank=True)
    job = models.PositiveBigIntegerField(null=True)  # the last one; jobs are cleared away
    rows = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    examples = models.PositiveIntegerField(default=0)
    strange = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    written = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Found by person, and by what was in the file."""

        indexes = [
            models.Index(fields=["person", "-id"], name="import_of_person"),
            models.Index(fields=["sha256", "procedure"], name="import_of_file"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.procedure} {self.name}"

    @property
    def good(self) -> int:
        return self.rows - self.faulty

    @property
    def folder(self) -> Path:
        """FADU_HOME/imports/<id>"""
        return Path(settings.FADU_HOME) / "imports" / str(self.pk)

    @property
    def upload(self) -> Path:
        return self.folder / "upload"

    @property
    def errors(self) -> Path:
        """The faulty rows with the reasons."""
        return self.folder / "errors.xlsx"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """With its files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return super().delete(*args, **kwargs)
