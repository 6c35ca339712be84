"""A table into cases, in three pages: upload, check, done. Each works without script."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fadu.cases import definitions
from fadu.cases.files import TooLarge, store_bytes
from fadu.cases.formats import Unwelcome
from fadu.desk.downloads import download
from fadu.desk.jobs import Progress
from fadu.desk.reader import reader
from fadu.desk.views import in_force
from fadu.exchange.incoming import MOST_ROWS
from fadu.exchange.intake import documents, intakes
from fadu.exchange.models import Import
from fadu.exchange.receiving import ask_for_check, ask_for_writing, receive, seen_before
from fadu.exchange.template import Template, write_template
from fadu.jobs.models import Job
from fadu.kernel.definition import Field, Procedure
from fadu.units.models import Unit
from fadu.words import language, minute, say, t

STEPS = ("上传 | Upload", "检查 | Check", "完成 | Done")
FORMS = ("xlsx", "csv")
RECENT = 5


@dataclass
class Asked:
    """What the first page was given, and what is wrong with it, by the name of its field."""

    unit: str = ""
    documents: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


# -- upload ------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, procedure: str) -> HttpResponse:
    defined, units = in_force(procedure), _offices(request, procedure)
    if not units:
        return render(request, "desk/refused.html", _not_yours(defined), status=403)
    if request.method == "GET":
        return render(request, "desk/import.html", _upload_page(request, defined, units, Asked()))
    asked = _read(request, defined, units)
    found = None if asked.errors else _received(request, defined, units, asked)
    if found is None:
        return render(request, "desk/import.html", _upload_page(request, defined, units, asked), status=422)
    return redirect("import-check", procedure, found.pk)


def _read(request: HttpRequest, defined: Procedure, units: list[Unit]) -> Asked:
    asked = Asked(unit=request.POST.get("unit", units[0].code))
    if asked.unit not in {unit.code for unit in units}:
        asked.errors["unit"] = t("请选择单位 | Please choose the unit")
    if "file" not in request.FILES:
        asked.errors["file"] = _no_file(request)
    for one, is_needed in documents(defined):
        _read_document(request, one, asked, is_needed=is_needed)
    return asked


def _no_file(request: HttpRequest) -> str:
    too_large: Unwelcome | None = getattr(request, "too_large", None)
    return say(too_large.text) if too_large else t("请选择文件 | Please choose a file")


def _read_document(request: HttpRequest, one: Field, asked: Asked, *, is_needed: bool) -> None:
    """One document for all rows; stored at once, as in any form."""
    upload = request.FILES.get(one.key)
    if upload is None:
        if is_needed:
            asked.errors[one.key] = t("请选择文件 | Please choose a file")
        return
    try:
        asked.documents[one.key] = dict(store_bytes(upload.read(), upload.name or "", reader(request).person))
    except Unwelcome as unwelcome:
        asked.errors[one.key] = say(unwelcome.text)


def _received(request: HttpRequest, defined: Procedure, units: list[Unit], asked: Asked) -> Import | None:
    upload: UploadedFile[bytes] = request.FILES["file"]  # type: ignore[assignment]  # one file, by its name
    unit = next(one for one in units if one.code == asked.unit)
    try:
        found = receive(reader(request).person, defined, unit, upload.name or "", upload.chunks(), asked.documents)
    except Unwelcome as unwelcome:
        asked.errors["file"] = say(unwelcome.text)
        return None
    ask_for_check(found, defined, _url(found))
    return found


def _upload_page(request: HttpRequest, defined: Procedure, units: list[Unit], asked: Asked) -> dict[str, Any]:
    mine = Import.objects.filter(person=reader(request).person, procedure=defined.key).order_by("-pk")
    return {
        **_place(defined, 0),
        "asked": asked,
        "errors": [(name, _name_of(defined, name), error) for name, error in asked.errors.items()],
        "units": [(unit.code, str(unit)) for unit in units],
        "documents": [
            (one.key, say(one.title), is_needed, asked.errors.get(one.key, "")) for one, is_needed in documents(defined)
        ],
        "needed": [say(one.title) for one in intakes(defined) if one.is_needed],
        "templates": [(form, reverse("import-template", args=[defined.key]) + f"?format={form}") for form in FORMS],
        "most_bytes": f"{TooLarge.most() // 2**20} MB",
        "most_rows": MOST_ROWS,
        "recent": [(one, _url(one)) for one in mine[:RECENT]],
    }


def _name_of(defined: Procedure, name: str) -> str:
    own = {"file": "表格文件 | The table", "unit": "立项单位 | Unit"}
    return t(own[name]) if name in own else say(defined.fields[name].title)


@login_required
@require_GET
def template(request: HttpRequest, procedure: str) -> HttpResponseBase:
    """The empty table, in the language of the reader."""
    defined, form = in_force(procedure), request.GET.get("format", "xlsx")
    if form not in FORMS or not _offices(request, procedure):
        raise Http404
    someone = Unit.objects.filter(until=None, kind=Unit.Kind.BUREAU).first()
    made = Template(defined, definitions.library().book, someone, reader(request).person)
    file = BytesIO()
    write_template(made, form, file)
    file.seek(0)
    named = t("{title}导入模板 | {title} template", title=say(defined.title))
    return download(file, f"{named}.{form}".replace("/", "-"))


# -- check and done ----------------------------------------------------------------------------------------------------


@login_required
@require_GET
@never_cache
def check(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """What the check found, how far the writing is, or what came of it."""
    defined, found = in_force(procedure), _own(request, procedure, pk)
    job = Job.objects.filter(pk=found.job or 0, person=found.person).first()
    progress = Progress.of(job) if job else None
    step = 2 if found.state == Import.State.DONE else 1
    again = seen_before(found) if found.state == Import.State.CHECKED else None
    context = {
        **_place(defined, step),
        "found": found,
        "progress": progress,
        "is_busy": job is not None and not job.is_finished,
        "failed": progress if job is not None and job.state in (Job.State.FAILED, Job.State.CANCELLED) else None,
        "faults": [_shown(one) for one in found.sample],
        "errors_url": reverse("import-errors", args=[defined.key, found.pk]) if found.errors.exists() else "",
        "again": again,
        "again_at": minute(again.done_at) if again and again.done_at else "",
        "has_file": found.upload.exists(),
        "newest_url": reverse("ledger", args=[defined.key]) + "?state=all&sort=new",
    }
    return render(request, "desk/import_check.html", context)


@login_required
@require_POST
def write(request: HttpRequest, procedure: str, pk: int) -> HttpResponse:
    """Once: a second press finds the job under way, or done."""
    defined = in_force(procedure)
    mode = Import.Mode.VALID if request.POST.get("mode") == "valid" else Import.Mode.ALL
    with transaction.atomic():
        rows = Import.objects.select_for_update(of=("self",)).filter(state=Import.State.CHECKED)
        found = _own(request, procedure, pk, rows)
        job = Job.objects.filter(pk=found.job or 0).first()
        is_busy = job is not None and not job.is_finished
        confirmed = seen_before(found) is None or "again" in request.POST
        if not is_busy and confirmed and found.good and found.upload.exists():
            found.mode = mode
            found.save(update_fields=["mode"])
            ask_for_writing(found, defined, _url(found))
    return redirect("import-check", procedure, pk)


@login_required
@require_GET
def errors(request: HttpRequest, procedure: str, pk: int) -> HttpResponseBase:
    """The rows at fault, each with its reasons, to put right and upload again."""
    found = _own(request, procedure, pk)
    if not found.errors.exists():
        raise Http404
    return download(
        found.errors.open("rb"), t("{name}错误行.xlsx | {name} errors.xlsx", name=found.name.rpartition(".")[0])
    )


def _shown(fault: dict[str, Any]) -> dict[str, Any]:
    place = 1 if language() == "en" else 0
    return {**fault, **{part: fault[part][place] for part in ("column", "text", "cites")}}


def _own(request: HttpRequest, procedure: str, pk: int, rows: Any = None) -> Import:
    """One of the reader's; somebody else's does not exist."""
    among = (Import.objects.all() if rows is None else rows).select_related("unit")
    found: Import = get_object_or_404(among, pk=pk, procedure=procedure, person=reader(request).person)
    return found


def _url(found: Import) -> str:
    return reverse("import-check", args=[found.procedure, found.pk])


def _offices(request: HttpRequest, procedure: str) -> list[Unit]:
    """The units at which the reader may open such a case."""
    roles = {who.name for who in in_force(procedure).opening.by if who.kind == "role"}
    units = {post.unit.code: post.unit for post in reader(request).posts if post.role in roles}
    return list(units.values())


def _place(defined: Procedure, step: int) -> dict[str, Any]:
    return {
        "title": t("导入：{title} | Import: {title}", title=say(defined.title)),
        "procedure": say(defined.title),
        "ledger_url": reverse("ledger", args=[defined.key]),
        "import_url": reverse("import", args=[defined.key]),
        "steps": [(t(words), "done" if n < step else "now" if n == step else "") for n, words in enumerate(STEPS)],
        "step": step + 1,
    }


def _not_yours(defined: Procedure) -> dict[str, Any]:
    text = t("您没有登记本类事项的岗位，不能导入 | None of your posts opens such a case, so you cannot import")
    return {**_place(defined, 0), "title": t("导入 | Import"), "reasons": [{"text": text, "cites": ""}]}
