"""The pages on which definitions are read: what holds, since when, how many cases run under which version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fadu.administration import texts
from fadu.cases import definitions
from fadu.cases.models import Case, Edition
from fadu.desk.administration.doors import door
from fadu.desk.administration.reading.articles import sections
from fadu.desk.reader import reader
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.units.roles import AUDIT_ADMIN, SYSTEM_ADMIN
from fadu.words import say, t, today

OTHERS = Text.parse("其他 | Others")


@dataclass(frozen=True, slots=True)
class Row:
    """A procedure or register as the list shows it."""

    key: str
    title: str
    is_register: bool
    now: Procedure | None  # None: not in force yet
    coming: Procedure | None
    open_cases: int
    draft: Edition | None
    is_own: bool  # written here, at least in part


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a procedure, with what runs under it."""

    procedure: Procedure
    state: str
    open_cases: int
    edition: Edition | None
    is_shown: bool


@door("read")
def definition_list(request: HttpRequest) -> HttpResponse:
    """Whoever works under the rules may read them."""
    rows, may = list(_rows()), _may(request)
    titles = definitions.library().book.domains
    groups: dict[str, list[Row]] = {key: [] for key in (*titles, "")}
    for row in rows:
        domain = (row.now or row.coming).domain if row.now or row.coming else ""  # type: ignore[union-attr]  # one is there
        groups[domain if domain in titles else ""].append(row)
    context = {
        "groups": [
            (say(titles[key].title if key in titles else OTHERS), found) for key, found in groups.items() if found
        ],
        "new": list(_fresh()) if may else [],
        "overlays": _overlays(),
        "may": may,
        "sees_drafts": _sees_drafts(request),
    }
    return render(request, "administration/definitions.html", context)


def _rows() -> Iterator[Row]:
    library, day = definitions.library(), today().isoformat()
    open_cases = dict(
        Case.objects.filter(is_open=True).order_by().values_list("procedure").annotate(number=Count("pk"))
    )
    drafts = _drafts()
    own = {edition.key for edition in Edition.objects.filter(state=Edition.State.PUBLISHED).defer("text")}
    for key in library.keys:
        now = definitions.everything().get(key)
        coming = library.in_force(key)
        is_coming = coming.in_force > day and coming is not now
        yield Row(
            key=key,
            title=say(coming.title),
            is_register=coming.is_register,
            now=now,
            coming=coming if is_coming else None,
            open_cases=open_cases.get(key, 0),
            draft=drafts.get(key),
            is_own=key in own or bool(now and now.overlays),
        )


def _drafts() -> Mapping[str, Edition]:
    rows = Edition.objects.filter(state=Edition.State.DRAFT).defer("text").select_related("drafted_by")
    return {edition.key: edition for edition in rows}


def _fresh() -> Iterator[Edition]:
    """Drafts of what there is nothing of yet."""
    known = definitions.library().keys
    kinds = (Edition.Kind.PROCEDURE, Edition.Kind.REGISTER)
    return (edition for key, edition in _drafts().items() if key not in known and edition.kind in kinds)


def _overlays() -> list[dict[str, Any]]:
    """The local rules, the newest version of each, and the draft of another."""
    drafts = {key: draft for key, draft in _drafts().items() if draft.kind == Edition.Kind.OVERLAY}
    newest = {one.key: one for one in texts.written(Edition.Kind.OVERLAY)}
    found: list[dict[str, Any]] = [
        {"key": key, "title": say(one.title), "one": one, "draft": drafts.get(key)} for key, one in newest.items()
    ]
    return found + [
        {"key": key, "title": key, "one": None, "draft": draft} for key, draft in drafts.items() if key not in newest
    ]


@door("read")
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """One version as a lawyer reads it, or (`?as=text`) as it is written."""
    versions = _versions(key)
    if not versions:
        raise Http404(key)
    library = definitions.library()
    asked = request.GET.get("version", "")
    shown = library.versions.get(asked) if asked else definitions.everything().get(key) or library.in_force(key)
    if shown is None or shown.key != key:
        raise Http404(asked)
    as_text = request.GET.get("as") == "text"
    drafts = _drafts() if _sees_drafts(request) else {}
    context = {
        "procedure": shown,
        "title": say(shown.title),
        "kind": _kind(shown),
        "sees_drafts": _sees_drafts(request),
        "versions": list(_counted(key, versions, shown)),
        "stages": _by_stage(key, shown) if not as_text else [],
        "sections": [] if as_text else sections(shown, library),
        "source": list(_lines(shown)) if as_text else [],
        "as_text": as_text,
        "draft": drafts.get(key),
        "offered": next((one for one in texts.written(_kind(shown), key) if one.is_offered), None),
        "may": _may(request),
    }
    return render(request, "administration/definition.html", context)


def _versions(key: str) -> list[Procedure]:
    found = [item for item in definitions.library().versions.values() if item.key == key]
    return sorted(found, key=lambda item: (item.in_force, item.version, len(item.overlays)), reverse=True)


def _counted(key: str, versions: list[Procedure], shown: Procedure) -> Iterator[Version]:
    running = dict(
        Case.objects.filter(procedure=key, is_open=True)
        .order_by()
        .values_list("definition__name")
        .annotate(number=Count("pk"))
    )
    editions = {
        f"{edition.key}@{edition.version}": edition
        for edition in Edition.objects.filter(key=key, state=Edition.State.PUBLISHED).defer("text")
    }
    now, day = definitions.everything().get(key), today().isoformat()
    for item in versions:
        state = "now" if item is now else "coming" if item.in_force > day else "past"
        edition = editions.get(f"{item.key}@{item.version}")
        yield Version(item, state, running.get(item.name, 0), edition, item is shown)


def _by_stage(key: str, procedure: Procedure) -> list[tuple[str, int]]:
    found = dict(
        Case.objects.filter(procedure=key, is_open=True, definition__name=procedure.name)
        .order_by()
        .values_list("stage")
        .annotate(number=Count("pk"))
    )
    return [(say(stage.title), found[name]) for name, stage in procedure.stages.items() if name in found]


def _kind(procedure: Procedure) -> str:
    return Edition.Kind.REGISTER if procedure.is_register else Edition.Kind.PROCEDURE


def _lines(procedure: Procedure) -> Iterator[tuple[int, str, bool]]:
    """The text a version was loaded from, with its lines; its overlays have texts of their own."""
    found = texts.written(_kind(procedure), procedure.key)
    one = next((one for one in found if one.version == procedure.version and not one.is_offered), None)
    for number, line in enumerate(one.text.splitlines() if one else (), 1):
        yield number, line, False


def _may(request: HttpRequest) -> bool:
    return SYSTEM_ADMIN in reader(request).roles


def _sees_drafts(request: HttpRequest) -> bool:
    return bool(reader(request).roles & {SYSTEM_ADMIN, AUDIT_ADMIN})


def crumb() -> tuple[str, str]:
    return t("程序定义 | Definitions"), reverse("definitions")
