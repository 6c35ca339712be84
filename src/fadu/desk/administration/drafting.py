"""The pages on which a version is written, checked, set against what holds, and published by somebody else."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fadu.administration import editions as keeping
from fadu.administration import texts
from fadu.administration.faults import Checked, checked
from fadu.administration.recount import ask_recount
from fadu.cases.models import Edition
from fadu.definitions import book
from fadu.desk.administration import comparing
from fadu.desk.administration.asked import Question, ask, refuse
from fadu.desk.administration.definitions import crumb
from fadu.desk.administration.doors import door
from fadu.desk.administration.fields import Day
from fadu.desk.administration.history import told_of
from fadu.desk.reader import reader
from fadu.kernel.source import DefinitionError, Source
from fadu.units.models import Person
from fadu.units.roles import AUDIT_ADMIN, SYSTEM_ADMIN
from fadu.units.wording import both
from fadu.words import say, t, today

LARGEST = 1_000_000  # bytes of an uploaded text
Kind = Edition.Kind


class TextForm(forms.Form):
    """The text of a draft, typed or handed in as a file."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    file = forms.FileField(required=False)
    reason = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        upload = found.get("file")
        if upload is not None:
            found["text"] = _decoded(upload)
        if not found.get("text", "").strip():
            raise ValidationError(both("请写入文本，或者选一个文件", "write a text or choose a file"))
        return found


class UploadForm(forms.Form):
    """A definition of which there is nothing here yet."""

    file = forms.FileField(label=both("定义文件", "File"), help_text=both("YAML，UTF-8。", "YAML in UTF-8."))
    folder = forms.ChoiceField(label=both("归入", "Listed under"), required=False)
    reason = forms.CharField(label=both("说明", "Note"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", t("其他 | Others")), *((key, say(domain.title)) for key, domain in book().domains.items())]
        self.fields["folder"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_file(self) -> str:
        return _decoded(self.cleaned_data["file"])


class PublishForm(forms.Form):
    """The day, and the paper by which the office approved it."""

    in_force = Day(label=both("施行日期", "In force from"))
    basis = forms.CharField(
        label=both("批准文件", "Approving paper"),
        max_length=200,
        help_text=both("哪份文件批准的，例如文号。", "Which paper approved it, such as its number."),
    )


def _decoded(upload: Any) -> str:
    if upload.size > LARGEST:
        raise ValidationError(
            both("文件超过 1 MB，不像是定义文件", "the file has more than 1 MB; that is no definition")
        )
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError(both("文件不是 UTF-8 文本", "the file is not UTF-8 text")) from None


# -- beginning a draft -------------------------------------------------------------------------------------------------


@door("write", SYSTEM_ADMIN)
def begin(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """A draft beside what holds, from its text; an open one is opened."""
    try:
        made = keeping.draft(reader(request).person, kind, key)
    except ValidationError as error:
        raise Http404(key) from error
    return redirect(f"{reverse('edition', args=[made.pk])}?as=text")


@door("form", SYSTEM_ADMIN)
def upload(request: HttpRequest) -> HttpResponse:
    """What it is, its key and its version stand in the text itself."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = _handed_in(reader(request).person, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect("edition", made.pk)
    title = t("上传定义文件 | Hand in a definition")
    hints = (
        t(
            "文件开头写明是程序（procedure）、清单（register）还是地方规则（overlay），和它的代码、版本、施行日。 | The file says at its head whether it is a procedure, a register or an overlay, with its key, version and day in force."
        ),
        t(
            "上传后是草案，检查、对照、由另一位系统管理员发布后才施行。 | It becomes a draft: it holds once it was checked, compared and published by another administrator."
        ),
    )
    return ask(request, Question(title, t("上传 | Hand in"), reverse("definitions"), (crumb(),), "", hints), form)


def _handed_in(person: Person, file: str, folder: str, reason: str) -> Edition:
    try:
        document = Source("upload").read(file)
    except DefinitionError as error:
        first = error.faults[0]
        raise ValidationError(
            {"file": both(f"第 {first.line} 行不是合格的 YAML：{first.advice}", f"line {first.line}: {first.advice}")}
        ) from None
    kind = next((kind for kind in (Kind.PROCEDURE, Kind.REGISTER, Kind.OVERLAY) if kind in document), None)
    if kind is None:
        words = both("文件开头没有 procedure、register 或 overlay", "its head has no procedure, register or overlay")
        raise ValidationError({"file": words})
    return keeping.draft(person, kind, str(document[kind])[:64], file, folder, reason)


# -- the page of a draft -----------------------------------------------------------------------------------------------


@door("form", SYSTEM_ADMIN, AUDIT_ADMIN)
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Against what holds, or (`?as=text`) as it is written, with its faults; a new text is handed in here too."""
    found = get_object_or_404(Edition.objects.select_related("drafted_by", "published_by"), pk=pk)
    form = TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _only_system(request)
        if form.is_valid():
            try:
                keeping.change(reader(request).person, found, form.cleaned_data["text"], form.cleaned_data["reason"])
            except ValidationError as error:
                refuse(form, error)
            else:
                return redirect(f"{reverse('edition', args=[pk])}?as=text")
    return _page(request, found, text_form=form if request.method == "POST" else None)


@door("write", SYSTEM_ADMIN)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Edition, pk=pk)
    try:
        keeping.withdraw(reader(request).person, found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, t("草案 {name} 已撤回 | The draft {name} is withdrawn", name=str(found)))
    return redirect("edition", pk)


@door("write", SYSTEM_ADMIN)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """By another administrator than those whose hand it bears."""
    found = get_object_or_404(Edition, pk=pk)
    form = PublishForm(request.POST)
    if found.kind == Kind.CALENDAR:
        form.fields["in_force"].required = False
    if form.is_valid():
        day = form.cleaned_data["in_force"] or today()
        try:
            rows = keeping.publish(reader(request).person, found, day, form.cleaned_data["basis"])
        except ValidationError as error:
            refuse(form, error)
        else:
            return _published(request, rows)
    return _page(request, found, publish_form=form)


def _published(request: HttpRequest, rows: list[Edition]) -> HttpResponse:
    names = "、".join(map(str, rows))
    if rows[0].kind == Kind.CALENDAR:
        job = ask_recount(reader(request).person, rows[0])
        words = "已发布 {key} 年放假安排，正在重算期限 | The year {key} is published; terms are being counted anew"
        messages.success(request, t(words, key=rows[0].key))
        return redirect("job", job.pk)
    words = "已发布 {names}，自 {day} 起施行 | Published {names}, in force from {day}"
    messages.success(request, t(words, names=names, day=rows[0].in_force))
    return redirect("edition", rows[0].pk)


def _only_system(request: HttpRequest) -> None:
    if SYSTEM_ADMIN not in reader(request).roles:
        raise Http404


def _page(
    request: HttpRequest,
    found: Edition,
    text_form: TextForm | None = None,
    publish_form: PublishForm | None = None,
) -> HttpResponse:
    person, together = reader(request).person, keeping.beside(found) if found.is_draft else []
    result = checked(found, together) if found.is_draft else Checked(())
    as_text = request.GET.get("as") == "text" or text_form is not None
    refused = text_form or publish_form
    context = {
        "edition": found,
        "title": comparing.title_of(found, result),
        "as_text": as_text,
        "text": text_form["text"].value() if text_form else found.text,
        "form": text_form,
        "source": list(comparing.source(found.text, result.faults)) if as_text else [],
        "faults": [comparing.told(found, fault) for fault in result.faults],
        "redlines": [] if as_text else list(comparing.redlines(found, result, together)),
        "changes": list(comparing.changes(result)) if found.kind == Kind.OVERLAY and result.document else [],
        "year": comparing.year_of(found, result),
        "home": _home(found),
        "together": together,
        "cases": comparing.running(reader(request), found),
        "last": texts.newest(found.kind, found.key),
        "publish": publish_form or PublishForm(initial={"in_force": comparing.first_day(result)}),
        "reasons": [say(reason) for reason in keeping.standing(found, person)] if found.is_draft else [],
        "errors": [str(error) for errors in refused.errors.values() for error in errors] if refused else [],
        "history": told_of(keeping.subject(found), "kind", "key", "version"),
        "may": SYSTEM_ADMIN in reader(request).roles,
        "crumb": crumb(),
    }
    return render(request, "administration/edition.html", context, status=422 if refused else 200)


def _home(found: Edition) -> str:
    """The page of what holds, where there is one."""
    if found.kind == Kind.CALENDAR:
        return reverse("calendars")
    if texts.newest(found.kind, found.key) is None:
        return ""
    return reverse("rules" if found.kind == Kind.OVERLAY else "definition", args=[found.key])
