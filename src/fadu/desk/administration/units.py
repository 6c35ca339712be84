"""The pages of the tree of units."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fadu.administration import units as keeping
from fadu.cases.models import Case
from fadu.desk.administration.asked import Question, ask, refuse
from fadu.desk.administration.doors import door
from fadu.desk.administration.fields import Day, UnitField, unit_names
from fadu.desk.administration.history import told_of
from fadu.desk.administration.paging import part
from fadu.desk.reader import reader
from fadu.units.models import Post, Unit
from fadu.units.models.validity import in_force
from fadu.units.roles import AUDIT_ADMIN, SECURITY_ADMIN, SYSTEM_ADMIN
from fadu.units.wording import both
from fadu.words import t, today

CRUMB = "单位 | Units"


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A unit; the model says what is possible."""

    parent = UnitField(label=both("上级单位", "Unit above"), required=False)
    since = Day(label=both("设立日期", "Stands since"), required=False)

    class Meta:
        model = Unit
        fields = ("code", "name_zh", "name_en", "short_zh", "kind", "parent", "division", "uscc", "order", "since")
        labels = {
            "code": both("单位代码", "Code"),
            "name_zh": both("单位名称", "Name in Chinese"),
            "name_en": both("英文名称", "Name in English"),
            "short_zh": both("简称", "Short name in Chinese"),
            "kind": both("类型", "Kind"),
            "division": both("行政区划代码", "Division code"),
            "uscc": both("统一社会信用代码", "Unified social credit code"),
            "order": both("排序", "Order"),
        }
        help_texts = {
            "code": both(
                "小写字母、数字和短横线，例如 yz-water。记录里写的就是它，定了不能改。",
                "Small letters, digits and hyphens, as yz-water. Ledgers hold it, so it never changes.",
            ),
            "division": both("六位数字（GB/T 2260）。", "Six digits (GB/T 2260)."),
            "uscc": both("18 位（GB 32100）。", "18 characters (GB 32100)."),
            "order": both("同级中小的在前。", "Smaller comes first among its siblings."),
        }
        widgets = {name: forms.TextInput(attrs={"class": "short"}) for name in ("code", "division", "short_zh")} | {
            "order": forms.NumberInput(attrs={"class": "short"}),
            "kind": forms.Select(attrs={"class": "short"}),
            "uscc": forms.TextInput(attrs={"class": "mid"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class ClosingForm(forms.Form):
    until = Day(label=both("最后一日", "Last day"))


@door("read", SYSTEM_ADMIN, AUDIT_ADMIN)
def units(request: HttpRequest) -> HttpResponse:
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "open")
    wanted = set(_narrowed(text, state).values_list("pk", flat=True))
    depths = {key: depth for key, depth in _drawn() if key in wanted}
    shown, pager = part(list(depths), request.GET)
    in_post = Count("posts", filter=Q(posts__since__lte=today()) & _not_over("posts__until"))
    found = Unit.objects.annotate(people=in_post).in_bulk(shown)
    context = {
        "rows": [(found[key], 0 if text else min(depths[key], 5)) for key in shown],
        "pager": pager,
        "q": text,
        "state": state,
        "may": _may(request),
    }
    return render(request, "administration/units.html", context)


def _drawn() -> Iterator[tuple[int, int]]:
    """Every unit as the tree is drawn up, with its depth; a city has some hundreds."""
    below: dict[int | None, list[int]] = {}
    for key, parent in Unit.objects.values_list("pk", "parent"):
        below.setdefault(parent, []).append(key)
    waiting = [(key, 0) for key in reversed(below.get(None, []))]
    while waiting:
        key, depth = waiting.pop()
        yield key, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(key, []))]


def _narrowed(text: str, state: str) -> "QuerySet[Unit]":
    rows = Unit.objects.order_by()
    if state != "all":
        rows = rows.filter(_not_over("until")) if state == "open" else rows.exclude(_not_over("until"))
    for word in text.split():
        named = (Q(**{f"{name}__icontains": word}) for name in ("code", "name_zh", "short_zh", "name_en"))
        rows = rows.filter(reduce(or_, named))
    return rows


def _not_over(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": today()})


@door("read", SYSTEM_ADMIN, AUDIT_ADMIN)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent", "government"), code=code)
    posts = Post.objects.filter(in_force(today()), unit=found).select_related("person")
    context = {
        "unit": found,
        "above": list(found.ancestors),
        "below": list(found.children.all()),
        "posts": list(posts.order_by("role", "person__name")[:200]),
        "open_cases": Case.objects.filter(handling=found, is_open=True).count(),
        "history": told_of(keeping.subject(found)),
        "may": _may(request),
        "sees_people": bool(reader(request).roles & {SECURITY_ADMIN, AUDIT_ADMIN}),
    }
    return render(request, "administration/unit.html", context)


@door("form", SYSTEM_ADMIN)
def add_unit(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("under", "")})
    if form.is_valid():
        try:
            made = keeping.add(reader(request).person, form.instance)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, t("已新增单位“{name}” | The unit '{name}' was added", name=made.name_zh))
            return redirect("unit", made.code)
    return ask(request, _question(t("新增单位 | Add a unit"), reverse("units")), form)


@door("form", SYSTEM_ADMIN)
def change_unit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent"), code=code)
    name, back = found.name_zh, reverse("unit", args=[code])
    form = UnitForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            keeping.change(reader(request).person, form.instance)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, t("已修改“{name}” | '{name}' was changed", name=found.name_zh))
            return redirect(back)
    return ask(request, _question(t("修改单位 | Change the unit"), back, (name, back)), form)


@door("form", SYSTEM_ADMIN)
def close_unit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent"), code=code)
    back = reverse("unit", args=[code])
    form = ClosingForm(request.POST or None, initial={"until": today()})
    if form.is_valid():
        try:
            keeping.close(reader(request).person, found, form.cleaned_data["until"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, t("“{name}”已撤销 | '{name}' is closed", name=found.name_zh))
            return redirect(back)
    title = t("撤销单位 | Close the unit")
    lede = t(
        "{name}：代码和记录都保留，只是不再能选到它。 | {name}: its code and its records stay; it can no longer be chosen.",
        name=found.name_zh,
    )
    question = Question(title, title, back, ((t(CRUMB), reverse("units")), (found.name_zh, back)), lede)
    return ask(request, question, form)


@door("write", SYSTEM_ADMIN)
def reopen_unit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent"), code=code)
    try:
        keeping.reopen(reader(request).person, found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, t("“{name}”已恢复 | '{name}' stands again", name=found.name_zh))
    return redirect("unit", code)


def _question(title: str, back: str, *crumbs: tuple[str, str]) -> Question:
    hints = (
        t(
            "单位划转：改上级单位，下级和人员一起走，代码不变。 | To move a unit, change the unit above it: what is below and its people go along; codes stay."
        ),
        t(
            "单位更名：直接改名称，以前的名称留在管理记录里。 | To rename it, change the name; the earlier one stays in the administrative record."
        ),
    )
    lists = {"units": unit_names()}
    return Question(title, t("保存 | Save"), back, ((t(CRUMB), reverse("units")), *crumbs), "", hints, lists)


def _may(request: HttpRequest) -> bool:
    return SYSTEM_ADMIN in reader(request).roles
