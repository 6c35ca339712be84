"""Units and people out to a file and in from one: upload, check, done. Each page works without script.

Between the check and the writing the rows travel in the page, signed for whoever uploaded them; nothing is stored.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache

from fadu.administration import people_table, unit_table
from fadu.administration.people_table import PEOPLE
from fadu.administration.tables import MOST, Result, Row, Sheet, check, read, write
from fadu.administration.unit_table import KINDS, UNITS
from fadu.cases.formats import Unwelcome
from fadu.definitions import book
from fadu.desk.administration.asked import faults
from fadu.desk.administration.doors import door
from fadu.desk.downloads import download
from fadu.desk.reader import reader
from fadu.exchange.cells import Cell
from fadu.exchange.faults import SHOWN, Fault
from fadu.exchange.models import ExportRecord
from fadu.exchange.sheets import FORMS
from fadu.exchange.sheets import write as write_file
from fadu.kernel.law import Text
from fadu.units.roles import ADMINISTRATORS, AUDIT_ADMIN, SECURITY_ADMIN
from fadu.units.wording import both
from fadu.words import minute, say, t

SHEETS = {one.key: one for one in (UNITS, PEOPLE)}
STEPS = ("上传 | Upload", "检查 | Check", "完成 | Done")
HOUR = 3_600
LONGEST_PAYLOAD = 2_000_000  # Django takes a form of 2.5 MB
TOO_LARGE = Unwelcome("内容太多，请分成几份", "The table holds too much; divide it into several")
WIDTH = 18


class FileForm(forms.Form):
    file = forms.FileField(label=both("表格文件", "The table"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a file that goes out."""

    title: str
    width: int = WIDTH


def addresses() -> Iterator[URLPattern]:
    """The pages of both tables; import is for whose work it is, export for the auditor too."""
    views: Sequence[tuple[str, str, tuple[str, ...], Callable[..., HttpResponseBase]]] = (
        ("import", "form", (), begin),
        ("import/write", "write", (), finish),
        ("export", "read", (AUDIT_ADMIN,), export),
        ("template", "read", (), template),
    )
    for sheet in SHEETS.values():
        for place, kind, more, view in views:
            guarded = door(kind, sheet.role, *more)(never_cache(_of(view, sheet)))
            yield path(f"tables/{sheet.key}/{place}/", guarded, name=f"{place.replace('/', '-')}-{sheet.key}")


def _of(view: Callable[..., Any], sheet: Sheet) -> Callable[..., Any]:
    return partial(view, sheet=sheet)


# -- in ----------------------------------------------------------------------------------------------------------------


def begin(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The upload, and what the check says of it."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            rows, unread = _read(sheet, form.cleaned_data["file"])
            result = Result(len(rows), faults=unread) if unread else check(reader(request).person, sheet, rows)
            return _checked(request, sheet, rows, result)
        except Unwelcome as unwelcome:
            form.add_error("file", say(unwelcome.text))
    context = {**_place(sheet, 0), "form": form, "faults": list(faults(form)), "how": list(_how(sheet)), "most": MOST}
    return render(request, "administration/table_import.html", context, status=422 if form.errors else 200)


def _read(sheet: Sheet, upload: UploadedFile) -> tuple[list[Row], list[Fault]]:  # type: ignore[type-arg]
    with NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return read(sheet, Path(file.name))


def _checked(request: HttpRequest, sheet: Sheet, rows: list[Row], result: Result) -> HttpResponse:
    context = {
        **_place(sheet, 1),
        "result": result,
        "faulty": len({fault.row for fault in result.faults}),
        "faults": [
            (fault.row, say(fault.column) if fault.column else "", fault.typed, say(fault.text))
            for fault in result.faults[:SHOWN]
        ],
        "more": max(0, len(result.faults) - SHOWN),
        "payload": "" if result.faults else _packed(request, sheet, rows),
    }
    return render(request, "administration/table_check.html", context, status=422 if result.faults else 200)


def _packed(request: HttpRequest, sheet: Sheet, rows: list[Row]) -> str:
    told = [[row.number, dict(row.cells)] for row in rows]
    payload = signing.dumps(told, salt=_salt(request, sheet), compress=True)
    if len(payload) > LONGEST_PAYLOAD:
        raise TOO_LARGE
    return payload


def _salt(request: HttpRequest, sheet: Sheet) -> str:
    return f"fadu.table.{sheet.key}.{reader(request).person.pk}"


def finish(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Judged once more and written; the one-time passwords stand on the page that answers, and nowhere else."""
    try:
        told = signing.loads(request.POST.get("rows", ""), salt=_salt(request, sheet), max_age=HOUR)
    except signing.BadSignature:
        form = FileForm()
        words = t("检查已过期，请重新上传 | The check is too old; upload the file again")
        context = {**_place(sheet, 0), "form": form, "faults": [("id_file", t("表格文件 | The table"), words)]}
        context |= {"how": list(_how(sheet)), "most": MOST}
        return render(request, "administration/table_import.html", context, status=422)
    rows = [Row(number, cells) for number, cells in told]
    result = write(reader(request).person, sheet, rows)
    if result.faults:
        return _checked(request, sheet, rows, result)
    return render(request, "administration/table_done.html", {**_place(sheet, 2), "result": result}, status=201)


def _place(sheet: Sheet, step: int) -> dict[str, Any]:
    states = ("done", "now", "next")
    return {
        "title": t("导入{what} | Import {what}", what=say(sheet.title)),
        "list_title": say(sheet.title),
        "list_url": reverse(sheet.key),
        "import_url": reverse(f"import-{sheet.key}"),
        "write_url": reverse(f"import-write-{sheet.key}"),
        "templates": [(form, reverse(f"template-{sheet.key}") + f"?format={form}") for form in FORMS],
        "steps": [(t(words), states[(at > step) - (at < step) + 1]) for at, words in enumerate(STEPS)],
    }


# -- out ---------------------------------------------------------------------------------------------------------------


def export(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    """All standing rows; who took them is on record. Telephones only for those who keep the accounts."""
    with_phone = SECURITY_ADMIN in reader(request).roles
    rows = list(unit_table.rows() if sheet is UNITS else people_table.rows(with_phone=with_phone))
    keys = [one.key for one in sheet.columns if with_phone or one.key != "phone"]
    form = _form(request)
    ExportRecord.objects.create(
        person=reader(request).person, procedure=sheet.key, columns=keys, form=form, rows=len(rows)
    )
    about = [
        (t("行数 | Rows"), f"{len(rows):,}"),
        (t("导出人 | Exported by"), str(reader(request).person)),
        (t("导出时间 | Exported at"), minute(reader(request).now, full=True)),
    ]
    return _file(sheet, form, keys, rows, about, say(sheet.title))


def template(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    """The empty table; its second sheet says how each column is filled."""
    keys = [one.key for one in sheet.columns]
    name = t("{what}导入模板 | {what} template", what=say(sheet.title))
    return _file(sheet, _form(request), keys, [], list(_how(sheet)), name)


def _form(request: HttpRequest) -> str:
    form = request.GET.get("format", "xlsx")
    if form not in FORMS:
        raise Http404(form)
    return form


def _file(
    sheet: Sheet, form: str, keys: list[str], rows: Iterable[Sequence[Cell]], about: list[tuple[str, str]], name: str
) -> HttpResponseBase:
    heads = [Head(say(one.title) + "*" * (one.key in sheet.needed)) for one in sheet.columns if one.key in keys]
    file = BytesIO()
    write_file(form, file, heads, rows, about, say(sheet.title))
    file.seek(0)
    return download(file, f"{name}.{form}")


def _how(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for one in sheet.columns:
        yield say(one.title), say(HOW[sheet.key, one.key]()) if (sheet.key, one.key) in HOW else t("文字 | text")


def _listed(titles: Iterable[Text]) -> Text:
    known = list(titles)
    return Text("、".join(one.zh for one in known), ", ".join(one.en for one in known))


def _text(words: str) -> Callable[[], Text]:
    return lambda: Text.parse(words)


HOW: dict[tuple[str, str], Callable[[], Text]] = {
    ("units", "code"): _text(
        "小写字母、数字和短横线，定了不能改 | small letters, digits and hyphens; it never changes"
    ),
    ("units", "kind"): lambda: _listed(KINDS.values()),
    ("units", "parent"): _text(
        "已有单位或本表单位的代码；最上级不填 | the code of a unit that stands or is in this table; blank at the top"
    ),
    ("units", "order"): _text("整数，小的在前 | a whole number; smaller comes first"),
    ("people", "username"): _text(
        "登录用；已有的用户名只增加岗位，其余各列不改 | for signing in; an existing one only gets the post"
    ),
    ("people", "unit"): _text("单位的代码 | the code of the unit"),
    ("people", "role"): lambda: _listed(title for key, title in book().roles.items() if key not in ADMINISTRATORS),
    ("people", "since"): _text("日期，如 2026-10-22 | a date such as 2026-10-22"),
    ("people", "until"): _text("日期，含当日；不填为长期 | a date, that day included; blank when it has no end"),
}
