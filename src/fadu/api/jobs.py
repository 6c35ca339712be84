"""The asker's background jobs: how far each has come, and what it made."""

from typing import Annotated

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from fadu.api import asked
from fadu.api.auth import asker, insist_unlimited
from fadu.api.words import Json, both
from fadu.cases.moments import local
from fadu.jobs import queue
from fadu.jobs.models import Job

router = Router()


class Page(Schema):
    """`after` comes from the link of an earlier answer."""

    size: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[int, Field(ge=0, lt=2**63)] = 0


@router.get("/jobs", summary="后台任务 | Background jobs")
def list_jobs(request: HttpRequest, page: Query[Page]) -> Json:
    """The newest first."""
    asked.known_only(request, page)
    rows = Job.objects.filter(person=asker(request)).order_by("-pk")
    found = list((rows.filter(pk__lt=page.after) if page.after else rows)[: page.size + 1])
    last = found[: page.size]
    following = f"{request.path}?size={page.size}&after={last[-1].pk}" if len(found) > page.size else ""
    return {
        "items": [line(job) for job in last],
        "next": request.build_absolute_uri(following) if following else None,
    }


@router.get("/jobs/{int:job_id}", summary="一个后台任务 | One background job")
def get_job(request: HttpRequest, job_id: int) -> Json:
    return line(_own(request, job_id))


@router.get("/jobs/{int:job_id}/file", summary="任务的结果文件 | The file a job made")
def get_job_file(request: HttpRequest, job_id: int) -> FileResponse:
    """For whom it was made; a token narrowed to some procedures cannot tell what is in it."""
    insist_unlimited(request)
    job = _own(request, job_id)
    if job.state != Job.State.DONE or job.path is None or not job.path.is_file():
        raise Http404
    return FileResponse(job.path.open("rb"), as_attachment=True, filename=job.file)


@router.post("/jobs/{int:job_id}/cancel", summary="取消任务 | Cancel a job")
def post_cancel(request: HttpRequest, job_id: int) -> Json:
    queue.cancel(_own(request, job_id))
    return line(_own(request, job_id))


@router.post("/jobs/{int:job_id}/again", summary="重办任务 | Take a job up again")
def post_again(request: HttpRequest, job_id: int) -> Json:
    queue.take_up_again(_own(request, job_id))
    return line(_own(request, job_id))


def line(job: Job) -> Json:
    made = job.state == Job.State.DONE and bool(job.file)
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": both(job.title),
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "seconds_left": job.seconds_left(timezone.now()),
        "message": both(job.message),
        "result": job.result,
        "queued": local(job.queued).isoformat(timespec="seconds"),
        "file": reverse("api:get_job_file", args=[job.pk]) if made else None,
    }


def _own(request: HttpRequest, job_id: int) -> Job:
    """One of the asker's; somebody else's does not exist."""
    found = Job.objects.filter(pk=job_id, person=asker(request)).first()
    if found is None:
        raise Http404
    return found
