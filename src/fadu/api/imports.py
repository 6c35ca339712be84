"""Tables into cases: uploaded, checked without writing anything, and then written, all rows or those that are right."""

from typing import Any, Literal

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import ConfigDict

from fadu.api.jobs import line as job_line
from fadu.api.offices import office_of
from fadu.api.parsing import Malformed, from_text
from fadu.api.problems import Unfit
from fadu.api.procedures import in_force
from fadu.api.reader import Reader
from fadu.api.words import Json
from fadu.cases.files import TooLarge
from fadu.exchange.models import Import
from fadu.exchange.receiving import ask_for_check, ask_for_writing, receive, seen_before
from fadu.jobs.models import Job

router = Router()


class Writing(Schema):
    """All rows or none, or those that are right; `again` says that the same file is meant to come twice."""

    model_config = ConfigDict(extra="forbid")
    mode: Literal["all", "valid"] = "all"
    again: bool = False


@router.post("/procedures/{key}/imports", summary="上传表格 | Upload a table", response={202: Any})
def post_import(
    request: HttpRequest, key: str, file: File[UploadedFile], unit: Form[str] = "", documents: Form[str] = "{}"
) -> Status[Json]:
    """`documents` are stored files for all rows, as JSON by field. The check is a background job; nothing is written yet."""
    reader, procedure = Reader.of(request), in_force(key)
    reader.insist(procedure.key)
    if (file.size or 0) > TooLarge.most():
        raise TooLarge(file.size or 0)
    office = office_of(reader, procedure, unit)
    found = receive(reader.person, procedure, office, file.name or "", file.chunks(), _shared(documents))
    ask_for_check(found, procedure, _address(found))
    return Status(202, line(found))


@router.get("/imports/{int:import_id}", summary="一次导入 | One import")
def get_import(request: HttpRequest, import_id: int) -> Json:
    """How far it is, and the first rows at fault."""
    return line(_own(request, import_id))


@router.get("/imports/{int:import_id}/errors", summary="错误行 | The rows at fault")
def get_errors(request: HttpRequest, import_id: int) -> FileResponse:
    """An Excel file: those rows with their reasons, to put right and upload again."""
    found = _own(request, import_id)
    if not found.errors.exists():
        raise Http404
    return FileResponse(found.errors.open("rb"), as_attachment=True, filename="errors.xlsx")


@router.post("/imports/{int:import_id}/write", summary="写入 | Write a checked import", response={202: Any})
def post_write(request: HttpRequest, import_id: int, writing: Writing) -> Status[Json]:
    """Once: while it is under way, or when nothing can be written, the answer says how things stand and nothing else happens."""
    with transaction.atomic():
        found = _own(request, import_id, lock=True)
        if found.state != Import.State.CHECKED or not found.good or not found.upload.exists():
            raise Unfit("import", "没有检查通过、可以写入的行", "there are no checked rows to write")
        if seen_before(found) is not None and not writing.again:
            raise Unfit("again", "同一文件已经导入过；确要再导，请注明 again", "this file came before; say 'again'")
        job = Job.objects.filter(pk=found.job or 0).first()
        if job is None or job.is_finished:
            found.mode = writing.mode
            found.save(update_fields=["mode"])
            ask_for_writing(found, in_force(found.procedure), _address(found))
    return Status(202, line(_own(request, import_id)))


def _shared(text: str) -> Json:
    try:
        found = from_text(text.encode())
    except Malformed as fault:
        raise Unfit("documents", fault.text.zh, fault.text.en) from fault
    if not isinstance(found, dict):
        raise Unfit("documents", "应当是 JSON 对象", "must be a JSON object")
    return found


def line(found: Import) -> Json:
    job = Job.objects.filter(pk=found.job or 0).first()
    return {
        "id": found.pk,
        "procedure": found.procedure,
        "name": found.name,
        "state": found.state,
        "rows": found.rows,
        "faulty": found.faulty,
        "written": found.written,
        "faults": [_fault(one) for one in found.sample],
        "errors": reverse("api:get_errors", args=[found.pk]) if found.errors.exists() else None,
        "job": job_line(job) if job else None,
    }


def _fault(one: Json) -> Json:
    """Texts in both languages, as the check left them."""
    return {name: {"zh": value[0], "en": value[1]} if isinstance(value, list) else value for name, value in one.items()}


def _address(found: Import) -> str:
    """Where the job's page leads back to."""
    return f"/{found.procedure}/import/{found.pk}/"


def _own(request: HttpRequest, import_id: int, *, lock: bool = False) -> Import:
    """One of the asker's; somebody else's does not exist."""
    reader = Reader.of(request)
    rows = Import.objects.select_for_update() if lock else Import.objects.all()
    found = rows.filter(pk=import_id, person=reader.person).first()
    if found is None:
        raise Http404
    reader.insist(found.procedure)
    return found
