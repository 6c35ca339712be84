"""The reader's background jobs: how far each has come, what it made, and stopping or repeating it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fadu.desk.downloads import download
from fadu.desk.lights import Lamp
from fadu.desk.reader import reader
from fadu.jobs import queue
from fadu.jobs.models import Job
from fadu.words import say, t

SIZE = 30
PATIENCE = timedelta(minutes=2)  # a job that waits longer has perhaps nobody to do it
STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("grey", "排队中 | Waiting"),
    "running": ("green", "办理中 | Running"),
    "done": ("done", "已完成 | Done"),
    "failed": ("red", "没有办成 | Failed"),
    "cancelled": ("grey", "已取消 | Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A job as its page shows it."""

    job: Job
    title: str
    lamp: Lamp
    message: str
    so_far: str
    percent: int | None
    is_slow: bool

    @classmethod
    def of(cls, job: Job, at: datetime | None = None) -> "Progress":
        moment = at or timezone.now()
        colour, words = STATES[job.state]
        return cls(
            job=job,
            title=say(job.title),
            lamp=Lamp(colour, t(words)),
            message=say(job.message),
            so_far=_so_far(job, moment),
            percent=min(99, job.done * 100 // job.total) if job.total else None,
            is_slow=job.state == Job.State.WAITING and moment - job.queued > PATIENCE,
        )


def _so_far(job: Job, at: datetime) -> str:
    if not job.total:
        return ""
    words = t("{done} / {total} 行 | {done} of {total} rows", done=job.done, total=job.total)
    left = job.seconds_left(at)
    return words if left is None else words + t("，约还要 {time} | , about {time} left", time=duration(left))


def duration(seconds: int) -> str:
    if seconds < 60:
        return t("{n} 秒 | {n:second}", n=seconds)
    return t("{n} 分钟 | {n:minute}", n=round(seconds / 60))


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Newest first; the page goes by key."""
    found = Job.objects.filter(person=reader(request).person).order_by("-pk")
    before = request.GET.get("after", "")
    if before.isdecimal() and len(before) < 16:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: SIZE + 1])
    after = f"?after={rows[SIZE - 1].pk}" if len(rows) > SIZE else ""
    words = t("本页 {n} 项 | {n:job} on this page", n=len(rows[:SIZE]))
    pager = {"words": words, "before": "", "after": after}
    return render(request, "desk/jobs.html", {"jobs": [Progress.of(job) for job in rows[:SIZE]], "pager": pager})


@login_required
@require_GET
@never_cache
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page, or for htmx the part that changes; at the end the page that asks is told to come anew."""
    found, asks_again = own(request, pk), "HX-Request" in request.headers
    template = "desk/job_state.html" if asks_again else "desk/job.html"
    response = render(request, template, {"progress": Progress.of(found)})
    if asks_again and found.is_finished:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_GET
def result(request: HttpRequest, pk: int) -> FileResponse:
    """What the job made, for whom it was made."""
    found = own(request, pk)
    if found.state != Job.State.DONE or found.path is None or not found.path.is_file():
        raise Http404
    return download(found.path.open("rb"), found.file)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    queue.cancel(own(request, pk))
    return redirect("job", pk)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    queue.take_up_again(own(request, pk))
    return redirect("job", pk)


def own(request: HttpRequest, pk: int) -> Job:
    """One of the reader's; somebody else's does not exist."""
    return get_object_or_404(Job, pk=pk, person=reader(request).person)
