"""The process that does the jobs: one after another, with what must happen now and then in threads beside them."""

import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType

from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from fadu.jobs.keeper import beat, reap, tidy
from fadu.jobs.run import stopping

LOG = logging.getLogger(__name__)
BEAT_SECONDS, TIDY_SECONDS, WATCH_SECONDS, PAUSE_SECONDS = 10, 3600, 2, 5


class Worker(db_worker.Worker):
    """Told to stop, it puts the job in hand back into the queue at its next report."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=secrets.token_hex(16),
            excluded_queue_names=[],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        self.stop()
        if not self.running_task:
            sys.exit(0)

    def stop(self) -> None:
        self.running = False
        stopping.set()


class Every(threading.Thread):
    """Something done again and again, with a database connection of its own; a fault waits for the next time."""

    def __init__(self, seconds: float, deed: Callable[[], object]) -> None:
        super().__init__(daemon=True, name=deed.__name__)
        self.seconds, self.deed = seconds, deed

    def run(self) -> None:
        while not stopping.wait(self.seconds):
            try:
                close_old_connections()
                self.deed()
            except Exception:
                LOG.exception("%s failed; it is tried again", self.name)
        connection.close()


def work(timers: Sequence[Every] = (), beside: int | None = None) -> None:
    """Until told to stop; with `beside`, until that parent process is gone."""
    worker = Worker()

    def watch() -> None:
        if beside not in (None, os.getppid()):
            worker.stop()

    for timer in (Every(BEAT_SECONDS, _keep), Every(TIDY_SECONDS, tidy), Every(WATCH_SECONDS, watch), *timers):
        timer.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, worker.shutdown)
    while worker.running:
        try:
            worker.run()
        except DatabaseError:
            LOG.exception("the queue cannot be read; it is tried again")
            stopping.wait(PAUSE_SECONDS)


def drain() -> None:
    """Do everything in the queue here and now, on this connection: for tests and for scripts."""
    worker = Worker()
    while found := DBTaskResult.objects.ready().first():
        found.claim(worker.worker_id)
        worker.run_task(found)


def _keep() -> None:
    beat()
    reap()
