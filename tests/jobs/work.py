"""Kinds of work for the tests, and a process that does them until it is killed."""

import os
import time

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    django.setup()

from django.db import connection

from fadu.jobs.kinds import kind
from fadu.jobs.models import Job
from fadu.jobs.run import Failed, Run
from fadu.jobs.worker import work
from fadu.kernel.law import Text

SECONDS = 60  # far longer than any test waits


@kind("test-count", "数数 | Count")
def count(run: Run) -> None:
    """Counts to params["to"] and writes a file."""
    to = int(run.params["to"])
    run.progress(0, to)
    for number in range(to):
        run.progress(number)
    run.place("count.txt").write_text(str(to), encoding="utf-8")
    run.finish(Text(f"数到 {to}", f"Counted to {to}"), "count.txt", counted=to)


@kind("test-refuse", "办不成 | Refuse")
def refuse(run: Run) -> None:
    raise Failed("没有可数的", "There is nothing to count")


@kind("test-break", "出错 | Break")
def break_(run: Run) -> None:
    raise ZeroDivisionError


@kind("test-forget", "忘了交差 | Forget")
def forget(run: Run) -> None:
    run.progress(1, 1)


@kind("test-cancelled", "中途取消 | Cancelled midway")
def cancelled(run: Run) -> None:
    """Its person cancels it while it works."""
    Job.objects.filter(pk=run.job.pk).update(state=Job.State.CANCELLED, holder="")
    run.place("half.txt").write_text("half", encoding="utf-8")
    run.progress(1, 2)
    raise AssertionError("it went on after it was cancelled")


@kind("test-hang", "卡住 | Hang")
def hang(run: Run) -> None:
    """Stands still, as often as params["times"] says; then it is quick."""
    run.progress(1, 2)
    if run.job.attempts <= run.params["times"]:
        for _ in range(SECONDS * 10):
            time.sleep(0.1)
            run.progress(1)
    run.finish(Text("好了", "Done"))


def serve(database: str) -> None:
    """What `fadu work` does, on the database of the tests."""
    connection.settings_dict["NAME"] = database
    work()
