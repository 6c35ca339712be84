"""One form on one page: what it is called, what it asks, what was wrong with the answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class Question:
    """A page that asks; `back` is where it leads without answers, `crumbs` the way here (title, address)."""

    title: str
    button: str
    back: str
    crumbs: tuple[tuple[str, str], ...]
    lede: str = ""
    hints: tuple[str, ...] = ()
    lists: dict[str, list[str]] = field(default_factory=dict)


def ask(request: HttpRequest, question: Question, form: forms.BaseForm) -> HttpResponse:
    """The form, empty or with what stands against it."""
    context = {"ask": question, "form": form, "faults": list(faults(form))}
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


def faults(form: forms.BaseForm) -> Iterator[tuple[str, str, str]]:
    """Anchor, label and words of everything wrong."""
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        for error in errors:
            yield (bound.id_for_label, str(bound.label), str(error)) if bound else ("", "", str(error))


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """What the models say goes to the field it is about, or above the form."""
    named: dict[str, Any] = getattr(error, "error_dict", {})
    if not named:
        form.add_error(None, error)
    for name, errors in named.items():
        form.add_error(name if name in form.fields else None, errors)
