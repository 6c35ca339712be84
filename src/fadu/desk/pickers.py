"""Choosing among many: a case by its number or words of its title, a person among thousands. Typing alone is enough;
the lists below an input are a convenience.
"""

import re
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fadu.cases.directory import Unknown
from fadu.cases.models import Case
from fadu.desk.reader import reader
from fadu.desk.values import called
from fadu.search.match import matching
from fadu.units.models import Post
from fadu.words import both

OFFERED = 8
BRACKETS = str.maketrans("[]【】()（）", "〔〕〔〕〔〕〔〕")
IDENTITY = re.compile(r"#(\d{1,18})\Z")  # how a case without a number is told from others of its title


class CaseFinder:
    """Cases by what people call them, among those the reader may see."""

    def __init__(self, seen: Callable[[], "QuerySet[Case]"] = Case.objects.none) -> None:
        self.seen = seen

    def find(self, typed: str, procedure: str = "") -> str:
        """The id of the one case that is meant. Raises Unknown."""
        found = self._called(typed.strip(), procedure)[: OFFERED + 1]
        if len(found) == 1:
            return str(found[0].pk)
        if not found:
            raise Unknown(both("没有“{typed}”这件事项，或者您看不到 | No case '{typed}' that you may see", typed=typed))
        names = "、".join(called(case) for case in found[:OFFERED])
        raise Unknown(
            both(
                "“{typed}”不止一件，请填文号：{names} | '{typed}' stands for several; give the number: {names}",
                typed=typed,
                names=names,
            )
        )

    def offered(self, typed: str, procedure: str = "") -> list[Case]:
        """What may be meant so far; the latest when nothing was typed."""
        rows = self._of(procedure)
        if typed:
            rows = rows.filter(Q(number=_number(typed)) | Q(pk__in=matching(rows, typed).values("pk")))
        return list(rows.order_by("-pk").only("procedure", "number", "title")[:OFFERED])

    def _called(self, typed: str, procedure: str) -> list[Case]:
        rows = self._of(procedure).only("procedure", "number", "title")
        identity = IDENTITY.search(typed)
        if identity:
            return list(rows.filter(pk=int(identity[1])))
        exact = list(rows.filter(Q(number=_number(typed)) | Q(number=_number(typed.split(maxsplit=1)[0]))))
        return exact or list(matching(rows, typed).order_by("-pk")[: OFFERED + 1])

    def _of(self, procedure: str) -> "QuerySet[Case]":
        return self.seen().filter(procedure=procedure) if procedure else self.seen()


def _number(typed: str) -> str:
    return typed.translate(BRACKETS).replace(" ", "") or "-"


@login_required
@require_GET
def cases(request: HttpRequest) -> JsonResponse:
    """Cases for the list below an input."""
    found = reader(request)
    finder = CaseFinder(lambda: found.cases)
    offered = finder.offered(request.GET.get("q", "").strip()[:100], request.GET.get("of", ""))
    return JsonResponse({"items": [{"value": called(case)} for case in offered]})


@login_required
@require_GET
def people(request: HttpRequest) -> JsonResponse:
    """People by a part of their name or the beginning of their user name, each with the post that tells them apart."""
    asked, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    today = timezone.localdate()
    posts = Post.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, person__is_active=True)
    posts = posts.filter(Q(person__name__contains=asked) | Q(person__username__startswith=asked))
    if role:
        posts = posts.filter(role=role)
    elif not asked:
        posts = posts.none()
    found = posts.select_related("person", "unit").order_by("person__name", "person_id", "pk")[: 2 * OFFERED]
    named = {post.person_id: post for post in found}
    return JsonResponse({"items": [_person(post) for post in list(named.values())[:OFFERED]]})


def _person(post: Post) -> dict[str, str]:
    return {"value": f"{post.person.name}（{post.person.username}）", "label": f"{post.unit} {post.title}".strip()}
