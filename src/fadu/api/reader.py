"""Who reads, looked up once a request: the posts held today, what of a case they show, and the cases in sight."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from fadu.api.auth import OutOfScope, asker, procedures_of
from fadu.cases import definitions
from fadu.cases.access import predicate, shown_fields
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.kernel.definition import Field, Procedure
from fadu.units.models import Person
from fadu.units.posts import HeldPost, posts_of


@dataclass
class Reader:
    """`at` is the local moment of the request."""

    person: Person
    procedures: frozenset[str] = frozenset()  # a token's narrower scope; empty: all
    at: datetime = field(default_factory=now)
    _shown: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> "Reader":
        return cls(asker(request), procedures_of(request))

    @cached_property
    def held(self) -> tuple[HeldPost, ...]:
        return posts_of(self.person, self.at.date())

    @property
    def predicate(self) -> Q:
        return predicate(self.person, self.held) & self.scope

    @property
    def scope(self) -> Q:
        return Q(procedure__in=self.procedures) if self.procedures else Q()

    def insist(self, procedure: str) -> None:
        """Raises OutOfScope when the token does not open a procedure."""
        if self.procedures and procedure not in self.procedures:
            raise OutOfScope

    @property
    def cases(self) -> QuerySet[Case]:
        return Case.objects.filter(self.predicate)

    def case(self, case_id: int) -> Case:
        """Http404 for what is not there and for what may not be seen alike."""
        found = self.cases.filter(pk=case_id).defer("tokens").first()
        if found is None:
            raise Http404
        return found

    def shown(self, case: Case) -> frozenset[str]:
        key = (case.definition_id, case.government_id)
        if key not in self._shown:
            procedure = definitions.procedure_of(case.definition_id)
            self._shown[key] = shown_fields(self.held, procedure, case.government_id)
        return self._shown[key]

    def masked(self, case: Case, data: Mapping[str, Any]) -> dict[str, Any]:
        """The values that may be seen; what may not be is left out, not blanked."""
        procedure, shown = definitions.procedure_of(case.definition_id), self.shown(case)
        return {key: _masked(procedure, key, value, shown) for key, value in data.items() if key in shown}


def _masked(procedure: Procedure, key: str, value: Any, shown: frozenset[str]) -> Any:
    defined: Field = procedure.fields[key]
    if not isinstance(value, list) or all(f"{key}.{column}" in shown for column in defined.rows):
        return value
    return [{column: item for column, item in row.items() if f"{key}.{column}" in shown} for row in value]
