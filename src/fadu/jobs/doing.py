"""One run of a job: claimed, carried out, ended whatever happens."""

import logging
import secrets

from django.db.models import F
from django.utils import timezone, translation

from fadu.jobs.kinds import kinds
from fadu.jobs.models import Job
from fadu.jobs.run import LEASE, Failed, Lost, Run, Stopping
from fadu.kernel.law import Text

LOG = logging.getLogger(__name__)
BROKEN = Text(
    "系统内部出错，已记入日志，请告诉管理员", "A fault of the system; it was logged, please tell an administrator"
)

held: dict[int, str] = {}  # the jobs this process is doing, each with its claim


def claim(job_id: int) -> Job | None:
    """A waiting job, now this process's; None when there is nothing to do any more."""
    at = timezone.now()
    begun = {"started": at, "lease_until": at + LEASE, "done": 0, "total": 0, "attempts": F("attempts") + 1}
    waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    taken = waiting.update(state=Job.State.RUNNING, holder=secrets.token_hex(16), **begun)
    return Job.objects.select_related("person").get(pk=job_id) if taken else None


def carry_out(job: Job) -> bool:
    """Do the work of a claimed job, in the language of its person; False when it must be queued again."""
    run = Run(job)
    held[job.pk] = job.holder
    try:
        with translation.override(job.language):
            kinds()[job.kind].work(run)
        _insist_ended(job)
    except Lost:
        LOG.info("job %s is no longer held here", job.pk)
    except Stopping:
        run.put_back()
        return False
    except Failed as failed:
        run.fail(failed.text)
    except Exception:
        LOG.exception("job %s (%s) failed", job.pk, job.kind)
        run.fail(BROKEN)
    finally:
        del held[job.pk]
    return True


def _insist_ended(job: Job) -> None:
    if Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder).exists():
        raise AssertionError(f"the work of '{job.kind}' ended without finish()")
