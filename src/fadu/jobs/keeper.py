"""Looks after the jobs of dead processes: taken up again, given up after some attempts, cleared away when old."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from fadu.jobs.doing import held
from fadu.jobs.models import Job
from fadu.jobs.queue import hand_over
from fadu.jobs.run import LEASE
from fadu.kernel.law import Text

ATTEMPTS = 3
KEPT = timedelta(days=14)  # finished jobs, and the files they made
GIVEN_UP = Text(
    f"办理进程中断了 {ATTEMPTS} 次，已停止重试", f"Its process was interrupted {ATTEMPTS} times; it is not tried again"
)


def beat() -> None:
    """A sign of life for every job this process is doing."""
    claims = list(held.values())
    if claims:
        running = Job.objects.filter(state=Job.State.RUNNING, holder__in=claims)
        running.update(lease_until=timezone.now() + LEASE)


def reap(at: datetime | None = None) -> int:
    """Take up the jobs whose process died; how many."""
    moment = at or timezone.now()
    dead = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=moment)
    forgotten = Job.objects.filter(state=Job.State.WAITING, queued__lt=moment - LEASE)
    return sum(_revived(job, moment) for job in dead) + sum(_requeued(job) for job in forgotten)


@transaction.atomic
def _revived(job: Job, at: datetime) -> bool:
    """Several keepers may look at once: the one whose write counts hands it over."""
    still = Job.objects.filter(pk=job.pk, holder=job.holder, state=Job.State.RUNNING, lease_until__lt=at)
    if job.attempts >= ATTEMPTS:
        words = {"message_zh": GIVEN_UP.zh, "message_en": GIVEN_UP.en}
        still.update(state=Job.State.FAILED, finished=at, lease_until=None, holder="", **words)
        return False
    if not still.update(state=Job.State.WAITING, lease_until=None, holder=""):
        return False
    hand_over(job)
    return True


@transaction.atomic
def _requeued(job: Job) -> bool:
    """A process may die between taking a task and beginning its job."""
    if DBTaskResult.objects.filter(pk=job.task, status=TaskResultStatus.READY).exists():
        return False
    if not Job.objects.filter(pk=job.pk, state=Job.State.WAITING, task=job.task).update(queued=timezone.now()):
        return False
    hand_over(job)
    return True


def tidy(at: datetime | None = None) -> int:
    """Remove what ended long ago, with its files; how many jobs."""
    before = (at or timezone.now()) - KEPT
    old = list(Job.objects.filter(finished__lt=before))
    for job in old:
        job.delete()
    stuck = Q(status=TaskResultStatus.RUNNING, started_at__lt=before)
    DBTaskResult.objects.filter(stuck | Q(finished_at__lt=before)).delete()
    return len(old)
