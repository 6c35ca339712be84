"""Jobs into the queue: asked for, cancelled, taken up again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django_tasks import task

from fadu.jobs.doing import carry_out, claim
from fadu.jobs.kinds import kinds
from fadu.jobs.models import Job
from fadu.jobs.run import Lost
from fadu.kernel.law import Text
from fadu.units.models import Person

UNFINISHED = (Job.State.WAITING, Job.State.RUNNING)


@transaction.atomic
def ask(kind: str, person: Person, params: Mapping[str, Any], title: Text | None = None) -> Job:
    """A new job; it begins once the transaction that asks for it is committed. Raises KeyError for an unknown kind."""
    words = title or kinds()[kind].title
    job = Job.objects.create(
        kind=kinds()[kind].key,
        person=person,
        params=dict(params),
        title_zh=words.zh[:200],
        title_en=words.en[:200],
        language=get_language() or "zh-hans",
    )
    hand_over(job)
    return job


def hand_over(job: Job) -> None:
    """To whichever worker is free."""
    job.task, job.queued = do.enqueue(job.pk).id, timezone.now()
    Job.objects.filter(pk=job.pk).update(task=job.task, queued=job.queued)


@task()
def do(job_id: int) -> None:
    """What the queue holds: the number of a job. Twice in the queue, it is done once."""
    job = claim(job_id)
    try:
        if job is not None and not carry_out(job):
            hand_over(job)
    except Lost:  # cancelled while its end was being written
        return


def cancel(job: Job) -> bool:
    """Stop it where it stands; its process notices at its next report. False when it had ended already."""
    ends = {"state": Job.State.CANCELLED, "finished": timezone.now(), "lease_until": None, "holder": ""}
    return bool(Job.objects.filter(pk=job.pk, state__in=UNFINISHED).update(**ends))


@transaction.atomic
def take_up_again(job: Job) -> bool:
    """A failed or cancelled job from its beginning; False when it is neither."""
    ended = Job.objects.filter(pk=job.pk, state__in=(Job.State.FAILED, Job.State.CANCELLED))
    anew = {"message_zh": "", "message_en": "", "finished": None, "started": None, "attempts": 0, "done": 0, "total": 0}
    if not ended.update(state=Job.State.WAITING, **anew):
        return False
    hand_over(job)
    return True
