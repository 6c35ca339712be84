"""The pages of accounts, posts, delegations and tokens, for the security administrator alone; the auditor reads."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from fadu.administration import people as keeping
from fadu.definitions import book
from fadu.desk.administration.asked import Question, ask, refuse
from fadu.desk.administration.doors import door
from fadu.desk.administration.fields import Day, PersonField, UnitField, person_names, unit_names
from fadu.desk.administration.history import told_of
from fadu.desk.administration.paging import listing
from fadu.desk.reader import reader
from fadu.units.models import ApiToken, Delegation, Person, Post
from fadu.units.models.validity import in_force
from fadu.units.roles import AUDIT_ADMIN, SECURITY_ADMIN
from fadu.units.wording import both
from fadu.words import say, t, today

CRUMB = "人员 | People"


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """An account; the username never changes."""

    class Meta:
        model = Person
        fields = ("username", "name", "phone", "email", "language")
        labels = {
            "username": both("用户名", "User name"),
            "name": both("姓名", "Name"),
            "phone": both("电话", "Telephone"),
            "email": both("邮箱", "E-mail"),
            "language": both("界面语言", "Language of the pages"),
        }
        help_texts = {"username": both("登录用，定了不能改。", "For signing in; it never changes.")}
        widgets = {name: forms.TextInput(attrs={"class": "mid"}) for name in ("username", "name", "phone")} | {
            "email": forms.EmailInput(attrs={"class": "mid"}),
            "language": forms.Select(attrs={"class": "short"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if self.instance.pk:
            del self.fields["username"]


class PostForm(forms.Form):
    """A role in a unit, from a day to a day."""

    unit = UnitField(label=both("单位", "Unit"))
    role = forms.ChoiceField(
        label=both("角色", "Role"), help_text=both("能办什么由它决定。", "It says what may be done.")
    )
    title = forms.CharField(label=both("职务", "Title"), required=False, max_length=100)
    since = Day(label=both("自", "From"))
    until = Day(label=both("至（含当日）", "Until, that day included"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = book().roles
        choices = [(key, say(roles[key])) for key in keeping.roles_to_give(list(roles))]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class EndForm(forms.Form):
    until = Day(label=both("最后一日", "Last day"))


class DelegationForm(forms.Form):
    """Who acts for somebody absent; in all their posts, or in the roles named."""

    deputy = PersonField(label=both("代理人", "Deputy"))
    since = Day(label=both("自", "From"))
    until = Day(label=both("至（含当日）", "Until, that day included"))
    reason = forms.CharField(label=both("事由", "Reason"), max_length=200)
    roles = forms.MultipleChoiceField(
        label=both("只代理这些角色", "Only in these roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=both("不选为全部岗位。", "All posts when none is chosen."),
    )

    def __init__(self, absent: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles, held = book().roles, absent.posts.values_list("role", flat=True)
        named = keeping.roles_to_give(list(dict.fromkeys(held)))
        choices = [(key, say(roles[key]) if key in roles else key) for key in named]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField


# -- reading -----------------------------------------------------------------------------------------------------------


@door("read", SECURITY_ADMIN, AUDIT_ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "open")
    found = listing(_narrowed(text, state), "name", request.GET)
    posts = Post.objects.filter(in_force(today()), person__in=[one.pk for one in found.rows]).select_related("unit")
    held: dict[int, list[Post]] = {}
    for post in posts:
        held.setdefault(post.person_id, []).append(post)
    rows = [(one, held.get(one.pk, [])) for one in found.rows]
    context = {"rows": rows, "pager": found.pager, "q": text, "state": state, "may": _may(request)}
    return render(request, "administration/people.html", context)


def _narrowed(text: str, state: str) -> "QuerySet[Person]":
    rows = Person.objects.all()
    if state != "all":
        rows = rows.filter(is_active=state != "closed")
    for word in text.split():
        held = Post.objects.filter(in_force(today()), person=OuterRef("pk"))
        of_unit = Exists(held.filter(Q(unit__name_zh__icontains=word) | Q(unit__code__icontains=word)))
        rows = rows.filter(Q(name__icontains=word) | Q(username__icontains=word) | of_unit)
    return rows


@door("read", SECURITY_ADMIN, AUDIT_ADMIN)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Person, pk=pk))


def _page(request: HttpRequest, found: Person, password: str = "") -> HttpResponse:
    delegations = Delegation.objects.filter(Q(absent=found) | Q(deputy=found)).select_related("absent", "deputy")
    context = {
        "person": found,
        "posts": list(found.posts.select_related("unit").order_by("-since")),
        "delegations": list(delegations),
        "tokens": list(ApiToken.objects.filter(person=found, revoked=None).select_related("person")),
        "has_factor": Authenticator.objects.filter(user=found).exists(),
        "is_administrator": keeping.is_administrator(found),
        "is_self": found.pk == reader(request).person.pk,
        "password": password,
        "history": told_of(keeping.subject(found)),
        "today": today(),
        "may": _may(request),
    }
    return render(request, "administration/person.html", context, status=201 if password else 200)


@door("read", SECURITY_ADMIN, AUDIT_ADMIN)
def delegations(request: HttpRequest) -> HttpResponse:
    found = listing(Delegation.objects.select_related("absent", "deputy"), "-pk", request.GET)
    context = {"rows": found.rows, "pager": found.pager, "today": today(), "may": _may(request)}
    return render(request, "administration/delegations.html", context)


@door("read", SECURITY_ADMIN, AUDIT_ADMIN)
def access_tokens(request: HttpRequest) -> HttpResponse:
    found = listing(ApiToken.objects.select_related("person"), "-pk", request.GET)
    context = {"rows": found.rows, "pager": found.pager, "today": today(), "may": _may(request)}
    return render(request, "administration/tokens.html", context)


# -- accounts ----------------------------------------------------------------------------------------------------------


@door("form", SECURITY_ADMIN)
@never_cache
def add_person(request: HttpRequest) -> HttpResponse:
    """The one-time password stands on the page that answers, and nowhere else."""
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            password = keeping.add(reader(request).person, form.instance)
        except ValidationError as error:
            refuse(form, error)
        else:
            return _page(request, form.instance, password)
    return ask(request, _question(t("新增人员 | Add a person"), reverse("people")), form)


@door("form", SECURITY_ADMIN)
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person, pk=pk)
    form = PersonForm(request.POST or None, instance=found)
    question = _question(t("修改人员 | Change the person"), reverse("person", args=[pk]), found)
    return _asked(request, question, form, lambda: keeping.change(reader(request).person, form.instance), pk)


Deed = Callable[[Person, Person], str | None]
DEEDS: dict[str, tuple[Deed, str]] = {
    "close": (keeping.close, "账号已停用 | The account is closed"),
    "reopen": (keeping.reopen, "账号已启用 | The account is open again"),
    "password": (keeping.reset_password, "密码已重设 | The password was reset"),
    "factor": (keeping.reset_factor, "两步验证已清除 | The second factor was removed"),
}


@door("write", SECURITY_ADMIN)
@never_cache
def keep_account(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Close, reopen, a new one-time password, no second factor."""
    found, (work, words) = get_object_or_404(Person, pk=pk), DEEDS[deed]
    try:
        password = work(reader(request).person, found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("person", pk)
    messages.success(request, t(words))
    return _page(request, found, password) if password else redirect("person", pk)


# -- posts, delegations, tokens ----------------------------------------------------------------------------------------


@door("form", SECURITY_ADMIN)
def give_post(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person, pk=pk)
    form = PostForm(request.POST or None, initial={"since": today()})
    question = _question(t("授予岗位 | Give a post"), reverse("person", args=[pk]), found)
    by = reader(request).person
    return _asked(request, question, form, lambda: keeping.give_post(by, Post(person=found, **form.cleaned_data)), pk)


@door("form", SECURITY_ADMIN)
def end_post(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    held = get_object_or_404(Post.objects.select_related("person", "unit"), pk=post, person=pk)
    form = EndForm(request.POST or None, initial={"until": today()})
    question = _question(t("终止岗位 | End the post"), reverse("person", args=[pk]), held.person)
    by = reader(request).person
    return _asked(request, question, form, lambda: keeping.end_post(by, held, form.cleaned_data["until"]), pk)


@door("form", SECURITY_ADMIN)
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person, pk=pk)
    form = DelegationForm(found, request.POST or None, initial={"since": today()})
    question = _question(t("设定代理 | Make a delegation"), reverse("person", args=[pk]), found)
    by = reader(request).person
    work = partial(_delegated, by, found, form)
    return _asked(request, question, form, work, pk)


def _delegated(by: Person, absent: Person, form: DelegationForm) -> None:
    keeping.delegate(by, Delegation(absent=absent, **form.cleaned_data))


@door("write", SECURITY_ADMIN)
def revoke_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Delegation.objects.select_related("absent", "deputy"), pk=pk)
    try:
        keeping.revoke_delegation(reader(request).person, found, today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, t("代理已撤销 | The delegation is revoked"))
    return redirect("person", found.absent_id)


@door("write", SECURITY_ADMIN)
def revoke_access(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ApiToken.objects.select_related("person"), pk=pk, revoked=None)
    keeping.revoke_token(reader(request).person, found)
    messages.success(request, t("令牌“{name}”已废止 | The token '{name}' is revoked", name=found.name))
    return redirect("access-tokens")


def _asked(
    request: HttpRequest, question: Question, form: forms.BaseForm, work: Callable[[], object], pk: int
) -> HttpResponse:
    """The form until its deed is done; then the person's page."""
    if form.is_valid():
        try:
            work()
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, t("已保存：{title} | Saved: {title}", title=question.title))
            return redirect("person", pk)
    return ask(request, question, form)


def _question(title: str, back: str, found: Person | None = None) -> Question:
    crumbs = [(t(CRUMB), reverse("people"))]
    if found is not None:
        crumbs.append((found.name, reverse("person", args=[found.pk])))
    hints = (
        t(
            "一次性密码只在办完后的页面上显示一次，本人首次登录必须改掉。 | The one-time password is shown once, on the page that follows; it must be changed at the first sign-in."
        ),
        t(
            "岗位到期自动失效，不用删除；人员调离先终止岗位，再停用账号。 | A post ends by its date; nothing is deleted. When somebody leaves, end the posts, then close the account."
        ),
    )
    lists = {"units": unit_names(), "people": person_names()}
    lede = f"{found.name}（{found.username}）" if found else ""
    return Question(title, t("保存 | Save"), back, tuple(crumbs), lede, hints, lists)


def _may(request: HttpRequest) -> bool:
    return SECURITY_ADMIN in reader(request).roles
