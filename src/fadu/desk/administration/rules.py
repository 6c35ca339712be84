"""The pages of a city's local rules: what they change, and one change more by form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fadu.administration import rules as keeping
from fadu.administration import texts
from fadu.administration.faults import Checked
from fadu.cases import definitions
from fadu.cases.models import Edition
from fadu.definitions import book
from fadu.desk.administration.asked import Question, ask, refuse
from fadu.desk.administration.comparing import changes, source
from fadu.desk.administration.definitions import crumb
from fadu.desk.administration.doors import door
from fadu.desk.reader import reader
from fadu.kernel.definition import Procedure
from fadu.kernel.law import parse_citations
from fadu.kernel.source import Source
from fadu.units.roles import AUDIT_ADMIN, SYSTEM_ADMIN
from fadu.units.wording import both
from fadu.words import say, t

CODE = RegexValidator(
    r"\A[a-z][a-z0-9_]*\Z", both("用小写字母、数字和下划线，例如 research", "small letters, digits and _")
)


def _cites(value: str) -> None:
    """A citation of an instrument that the book knows."""
    try:
        unknown = [cite.law for cite in parse_citations(value) if cite.law not in book().laws]
    except ValueError:
        words = both(
            "依据写成“法规代码 条 (标记)”，例如 practice (P)", "write it as 'KEY articles (TAG)', as practice (P)"
        )
        raise ValidationError(words) from None
    if unknown:
        words = both(f"法规表里没有 {unknown[0]}", f"the book of laws has no {unknown[0]}")
        raise ValidationError(words)


class _Rule(forms.Form):
    """What every change says: in which rules, and on what it rests."""

    rules = forms.CharField(widget=forms.HiddenInput)
    cites = forms.CharField(
        label=both("依据", "Basis"),
        max_length=200,
        validators=[_cites],
        help_text=both(
            "写法与定义文件相同，例如 practice (P)；施行时先引这一条，再引原来的。",
            "As in the definitions, for example practice (P); it is cited first, the national article after it.",
        ),
        widget=forms.TextInput(attrs={"class": "mid", "list": "laws", "autocomplete": "off"}),
    )

    def change(self) -> tuple[str, str]:
        """The place and the new value."""
        raise NotImplementedError


class ChoiceForm(_Rule):
    """One more choice of a field, such as a kind of source."""

    field = forms.ChoiceField(label=both("填报项", "Field"))
    code = forms.CharField(
        label=both("选项代码", "Key"),
        max_length=40,
        validators=[CODE],
        help_text=both("记录里写的就是它，定了不能改。", "Ledgers hold it, so it never changes."),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    zh = forms.CharField(label=both("中文名称", "In Chinese"), max_length=60)
    en = forms.CharField(label=both("英文名称", "In English"), max_length=60)
    field_order = ("rules", "field", "code", "zh", "en", "cites")

    def __init__(self, procedure: Procedure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(f"{procedure.key}.fields.{key}", f) for key, f in procedure.fields.items() if f.choices]
        self.known = {place: set(field.choices) for place, field in listed}
        self.fields["field"].choices = [(place, say(f.title)) for place, f in listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("code") in self.known.get(found.get("field", ""), ()):
            self.add_error("code", both("已有这个选项", "there is such a choice already"))
        return found

    def change(self) -> tuple[str, str]:
        data = self.cleaned_data
        return f"{data['field']}.choice.{data['code']}", f"{data['zh'].strip()} | {data['en'].strip()}"


class PlaceForm(_Rule):
    """Another value at any single place."""

    place = forms.CharField(
        label=both("位置", "Place"),
        max_length=200,
        help_text=both(
            "例如 supervision-item.clocks.signing.within", "For example supervision-item.clocks.signing.within"
        ),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    value = forms.CharField(
        label=both("新值", "New value"),
        max_length=500,
        help_text=both(
            "与定义文件写法相同；原值自动写上。", "As in the definitions; the old value is written by itself."
        ),
    )
    field_order = ("rules", "place", "value", "cites")

    def __init__(self, procedure: Procedure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.procedure = procedure

    def clean_place(self) -> str:
        place: str = self.cleaned_data["place"].strip()
        if not place.startswith(f"{self.procedure.key}.") or place.count(".") < 2:
            example = f"{self.procedure.key}.clocks…"
            raise ValidationError(both(f"位置写成 {example}", f"write the place as {example}"))
        return place

    def change(self) -> tuple[str, str]:
        return self.cleaned_data["place"], self.cleaned_data["value"]


FORMS: dict[str, type[ChoiceForm] | type[PlaceForm]] = {"choice": ChoiceForm, "place": PlaceForm}


@door("read")
def rules(request: HttpRequest, key: str) -> HttpResponse:
    """What the local rules change, as they hold now."""
    versions = [one for one in texts.written(Edition.Kind.OVERLAY, key) if not one.is_offered]
    if not versions:
        raise Http404(key)
    shown = next((one for one in versions if str(one.version) == request.GET.get("version")), versions[-1])
    context = {
        "one": shown,
        "title": say(shown.title),
        "changes": list(changes(Checked((), Source(shown.file).read(shown.text)))),
        "source": source(shown.text, ()),
        "versions": versions[::-1],
        "draft": Edition.objects.filter(kind="overlay", key=key, state=Edition.State.DRAFT).first(),
        "sees_drafts": bool(reader(request).roles & {SYSTEM_ADMIN, AUDIT_ADMIN}),
        "may": SYSTEM_ADMIN in reader(request).roles,
    }
    return render(request, "administration/rules.html", context)


@door("form", SYSTEM_ADMIN)
def add_rule(request: HttpRequest) -> HttpResponse:
    """First the procedure, then a choice more or another value at a place."""
    known, what = definitions.library(), request.GET.get("what", "choice")
    key = request.GET.get("procedure", "")
    if key not in known.keys or what not in FORMS:
        procedures = sorted((say(known.in_force(one).title), one) for one in known.keys)
        context = {"procedures": procedures, "rules": _asked_rules(request), "crumb": crumb()}
        return render(request, "administration/add_rule.html", context)
    procedure = known.in_force(key)
    form = FORMS[what](procedure, request.POST or None, initial={"rules": _asked_rules(request)})
    if form.is_valid():
        place, value = form.change()
        data = form.cleaned_data
        try:
            made = keeping.add_change(reader(request).person, data["rules"], place, value, data["cites"])
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect("edition", made.pk)
    return ask(request, _question(procedure, what), form)


def _asked_rules(request: HttpRequest) -> str:
    own = keeping.own_rules()
    asked = request.GET.get("rules", "")
    return asked if asked in own else own[0]


def _question(procedure: Procedure, what: str) -> Question:
    titles = {
        "choice": "{title}：加一个选项 | {title}: one more choice",
        "place": "{title}：改一处 | {title}: another value at a place",
    }
    hints = (
        t(
            "写进地方规则的草案，检查和对照以后由另一位系统管理员发布。 | It goes into the draft of the local rules, which another administrator publishes after the check and the redline."
        ),
        t(
            "已核对的法条定下的期限、关口不能放宽，检查会指出来。 | Terms and gates fixed by verified law cannot be loosened; the check says so."
        ),
    )
    lists = {"laws": [f"{key} (L)" for key in book().laws if "-" in key] + ["practice (P)"]}
    if what == "place":
        lists["places"] = list(keeping.places(procedure.key))
    title = t(titles[what], title=say(procedure.title))
    crumbs = (crumb(), (t("加一处地方规则 | Add a local rule"), reverse("add-rule")))
    return Question(title, t("写进草案 | Into the draft"), reverse("definitions"), crumbs, "", hints, lists)
