"""What the work of a job is given: its questions and its way to report. Who no longer holds the job can write nothing."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils import timezone

from fadu.jobs.models import Job
from fadu.kernel.law import Text
from fadu.units.models import Person

LEASE = timedelta(seconds=60)  # how long a running job is left alone without a sign of life
REPORT_SECONDS = 0.7  # progress is written no more often

stopping = threading.Event()  # set when this process is asked to stop


class Lost(Exception):
    """The job is somebody else's now: cancelled by its person, or taken up again by another process."""


class Stopping(Exception):
    """This process is asked to stop; the job goes back into the queue."""


class Failed(Exception):
    """Work that cannot be done, and why, for the person who asked for it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


class Run:
    """What the work of a job is given."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reported = time.monotonic()

    @property
    def person(self) -> Person:
        return self.job.person

    @property
    def params(self) -> dict[str, Any]:
        found: dict[str, Any] = self.job.params
        return found

    def place(self, name: str) -> Path:
        """Where a file of this job is written; its folder is made."""
        self.job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.job.folder / name

    def progress(self, done: int, total: int | None = None) -> None:
        """How far it has come; cheap, because most calls write nothing. Raises Lost and Stopping."""
        if stopping.is_set():
            raise Stopping
        if total is None and time.monotonic() - self.reported < REPORT_SECONDS:
            return
        self.reported = time.monotonic()
        counted = {"done": done} if total is None else {"done": done, "total": total}
        self._write(**counted, lease_until=timezone.now() + LEASE)

    def finish(self, message: Text, file: str = "", **result: Any) -> None:
        """Done. Called inside the transaction that writes the work itself, both hold or neither. Raises Lost."""
        words = {"message_zh": message.zh, "message_en": message.en}
        self._end(Job.State.DONE, **words, file=file, result=result, done=F("total"))

    def fail(self, message: Text) -> None:
        self._end(Job.State.FAILED, message_zh=message.zh, message_en=message.en)

    def put_back(self) -> None:
        """Into the queue, as if it had not been begun."""
        self._write(state=Job.State.WAITING, lease_until=None, holder="", attempts=F("attempts") - 1)

    def _end(self, state: Job.State, **more: Any) -> None:
        self._write(state=state, finished=timezone.now(), lease_until=None, holder="", **more)

    def _write(self, **changes: Any) -> None:
        own = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, holder=self.job.holder)
        if not own.update(**changes):
            raise Lost
