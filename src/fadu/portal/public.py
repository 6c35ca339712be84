"""What everybody may see: the cases a definition publishes, and of them the fields it names, once its condition holds.

A case is judged by the version it began under. What needs somebody's choice (`choice_of`), or goes to one party (`to`), is
no public list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.figures.sql import compiled
from fadu.kernel.definition import Field, Procedure, Publication
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import State

OF_A_CASE = ("number", "stage", "outcome")  # what a publication may show beside fields


@dataclass(frozen=True, slots=True)
class PublicList:
    """The public list of one procedure, as its version in force declares it."""

    procedure: Procedure
    view: Publication

    def cases(self) -> "QuerySet[Case]":
        """Those that the condition in force lets through, the newest first; `shown` has the last word on each."""
        rows = Case.objects.filter(procedure=self.procedure.key)
        found = compiled(self.view.when, self.procedure, _now())
        return rows.filter(found.q).order_by("-pk")


def public_lists() -> list[PublicList]:
    library = definitions.library()
    found = ((one, public_view(one)) for one in (library.in_force(key) for key in library.keys))
    return [PublicList(procedure, view) for procedure, view in found if view is not None]


def public_view(procedure: Procedure) -> Publication | None:
    """The view for everybody."""
    return next((view for view in procedure.publication.values() if not view.to and not view.choice_of), None)


def shown(case: Case) -> dict[str, Field]:
    """The fields of a case that everybody may see now; nothing of a case that is not published."""
    procedure = definitions.procedure_of(case.definition_id)
    view = public_view(procedure)
    if view is None:
        return {}
    facts = CaseFacts(procedure, State.from_json(case.state), _now(), definitions.calendar())
    if view.when is not None and not view.when.holds(facts):
        return {}
    return dict(_public(procedure, view))


def says(case: Case, name: str) -> bool:
    """Whether its publication names the stage, the outcome or the number."""
    view = public_view(definitions.procedure_of(case.definition_id))
    return view is not None and name in OF_A_CASE and name in view.shows


def _public(procedure: Procedure, view: Publication) -> Iterator[tuple[str, Field]]:
    """A field must be named by the view and marked public itself; what is private or for some roles never is."""
    for name in view.shows:
        field = procedure.fields.get(name)
        if field is not None and field.public and not _is_closed(field):
            yield name, field


def open_columns(field: Field) -> list[Field]:
    return [column for column in field.rows.values() if not _is_closed(column)]


def _is_closed(field: Field) -> bool:
    return field.private or bool(field.seen_by)


def _now() -> datetime:
    return timezone.make_naive(timezone.now())
