"""A piece of background work: what it is, for whom, how far it has come, and what came of it."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from fadu.kernel.law import Text
from fadu.units.models import Person


class Job(models.Model):
    """Kept in the database, so that it outlives the process that does it.

    `holder` names the claim under which it runs: what a process writes without holding it any more, changes nothing.
    A running job whose `lease_until` has passed lost its process. `attempts` counts how often it was begun.
    """

    class State(models.TextChoices):
        """Where a job stands; the last three are its ends."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="jobs")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message_zh = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    file = models.CharField(max_length=200, blank=True)
    queued = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    task = models.CharField(max_length=64, blank=True)

    class Meta:
        """Read by its person, newest first, and by the keeper among those that are not finished."""

        indexes = [
            models.Index(fields=["person", "-id"], name="job_of_person"),
            models.Index(
                fields=["state", "lease_until"],
                condition=models.Q(state__in=("waiting", "running")),
                name="job_unfinished",
            ),
            models.Index(fields=["finished"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def message(self) -> Text:
        return Text(self.message_zh, self.message_en)

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def folder(self) -> Path:
        """FADU_HOME/jobs/<id>: what the job writes; away when the job is."""
        return Path(settings.FADU_HOME) / "jobs" / str(self.pk)

    @property
    def path(self) -> Path | None:
        """The file it made."""
        return self.folder / self.file if self.file else None

    def seconds_left(self, at: datetime) -> int | None:
        """How long it will take at the pace so far; None while that cannot be said."""
        if self.state != self.State.RUNNING or not self.started or not self.done or self.total <= self.done:
            return None
        passed = (at - self.started).total_seconds()
        return max(1, round(passed / self.done * (self.total - self.done)))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """With everything it wrote."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return super().delete(*args, **kwargs)
