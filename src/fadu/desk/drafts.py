"""Forms begun and not handed in: kept for one person and one form, found again after a lost session.

A form carries a signed ticket that says whose it is. What arrives without a session (it ran out, somebody signed in anew
elsewhere) is kept by that ticket, and read again only by the person it names.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from fadu.cases.models import Case
from fadu.desk.models import FormDraft
from fadu.units.models import Person

TICKET = "ticket"
OWN = frozenset({"csrfmiddlewaretoken", TICKET, "rows", "drop"})
LONGEST = 512 * 1024  # bytes of a draft; the longest text of a case has a third of it
DAYS = 7  # a ticket is good for
View = Callable[..., HttpResponse]


class TooLong(ValueError):
    """More was typed than a draft holds."""


@dataclass(frozen=True, slots=True)
class Form:
    """Which form of whom: `case` is 0 for one that opens a case."""

    person: int
    procedure: str
    case: int
    action: str

    @classmethod
    def of(cls, person: Person, procedure: str, case: Case | None, action: str) -> "Form":
        return cls(person.pk, procedure, case.pk if case else 0, action)

    @property
    def ticket(self) -> str:
        return signing.dumps([self.person, self.procedure, self.case, self.action], salt="fadu.draft")

    @property
    def _key(self) -> dict[str, Any]:
        key = {"person_id": self.person, "procedure": self.procedure, "action": self.action}
        return {**key, "case_id": self.case} if self.case else {**key, "case": None}

    def draft(self) -> FormDraft | None:
        return FormDraft.objects.filter(**self._key).first()

    def keep(self, posted: QueryDict) -> datetime | None:
        """When it was kept; None when nothing was typed. Raises TooLong."""
        answers = {name: [_storable(str(one)) for one in posted.getlist(name)] for name in posted if name not in OWN}
        if len(json.dumps(answers, ensure_ascii=False).encode()) > LONGEST:
            raise TooLong
        if not any(value.strip() for name in answers if not _is_aside(name) for value in answers[name]):
            self.drop()
            return None
        try:
            with transaction.atomic():
                row, _ = FormDraft.objects.update_or_create(**self._key, defaults={"answers": answers})
        except IntegrityError:  # the case or the person is gone, or another window was a moment earlier
            return None
        return row.updated_at

    def drop(self) -> None:
        FormDraft.objects.filter(**self._key).delete()


def _is_aside(name: str) -> bool:
    """What a form says of itself, not what anybody typed."""
    return name in ("seen", "for", "from", "by") or name.endswith("--row")


def _storable(text: str) -> str:
    """Without the signs no database takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def typed_in(draft: FormDraft) -> QueryDict:
    """What a draft holds, as a form that came in."""
    posted = QueryDict(mutable=True)
    for name, values in draft.answers.items():
        posted.setlist(name, [str(value) for value in values])
    return posted


def form_of(ticket: str) -> Form | None:
    """The form a ticket was made for; None for one that is forged or too old."""
    try:
        return Form(*signing.loads(ticket, salt="fadu.draft", max_age=DAYS * 24 * 3600))
    except (signing.BadSignature, TypeError):
        return None


def rescue(request: HttpRequest) -> bool:
    """Keep what was typed in a form that cannot be taken now; True when it was kept."""
    form = form_of(request.POST.get(TICKET, "")) if request.method == "POST" else None
    try:
        return form is not None and form.keep(request.POST) is not None
    except TooLong:
        return False


def too_late(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django hands it over
    """A form whose page was open for too long: not taken, but kept, with the way back to it."""
    kept = rescue(request)
    back = request.get_full_path().replace("/draft/", "/")
    return render(request, "403_csrf.html", {"kept": kept, "back": back}, status=403)


def signed_in(view: View) -> View:
    """Like login_required; but a form handed in too late is kept, and found again after signing in."""
    inner = login_required(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            rescue(request)
        return inner(request, *args, **kwargs)

    return kept
