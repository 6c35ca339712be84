"""Cases as they stood at a moment: folded from the entries recorded up to then, so that a document never changes later."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fadu.cases import definitions
from fadu.cases.access import shown_fields
from fadu.cases.models import Case, Definition, Entry
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.state import State, fold
from fadu.units.posts import HeldPost

Held = Collection[HeldPost] | None  # whose eyes; None sees everything


@dataclass(frozen=True, slots=True)
class CaseThen:
    """What a document says of another case: no more than its reader may see."""

    number: str
    title: str
    unit: str  # a code
    due: str
    standing: Text  # its stage, or its outcome


def shown_to(held: Held, procedure: Procedure, government: str) -> frozenset[str]:
    """The fields and columns a reader may see."""
    if held is not None:
        return shown_fields(held, procedure, government)
    columns = {f"{field.key}.{name}" for field in procedure.fields.values() for name in field.rows}
    return frozenset(columns | set(procedure.fields))


def under(bodies: Iterable[Mapping[str, Any]], case: Case) -> Procedure:
    """The version of the procedure that the last of these entries was written under."""
    named = [(body["procedure"], body["digest"]) for body in bodies if "digest" in body and "procedure" in body]
    present = definitions.procedure_of(case.definition_id)
    if not named or named[-1] == (present.name, present.digest):
        return present
    name, digest = named[-1]
    return definitions.procedure_of(Definition.objects.values_list("pk", flat=True).get(name=name, digest=digest))


def cases_then(ids: Collection[int], at: datetime, held: Held) -> dict[int, CaseThen]:
    """In two statements, however many. A case without an entry by then is left out."""
    cases = Case.objects.defer("state", "tokens").in_bulk(list(ids)) if ids else {}
    bodies = defaultdict[int, list[dict[str, Any]]](list)
    entries = Entry.objects.filter(case__in=cases, recorded_at__lte=at) if cases else Entry.objects.none()
    for case, body in entries.order_by("case_id", "seq").values_list("case_id", "body"):
        bodies[case].append(json.loads(body))
    return {case: _then(cases[case], fold(found), held) for case, found in bodies.items()}


def _then(case: Case, state: State, held: Held) -> CaseThen:
    procedure = definitions.procedure_of(case.definition_id)
    shows, seen = procedure.shows, shown_to(held, procedure, case.government_id)
    outcome = procedure.outcomes.get(state.outcome or "") if procedure.is_closed(state.stage) else None
    due = next((state.clocks[key].due for key in shows.due if key in state.clocks), "")
    return CaseThen(
        number=state.number,
        title=str(state.data.get(shows.title, "")) if shows.title in seen else "（略） | (left out)",
        unit=str(state.data.get(shows.unit, "") or state.unit) if shows.unit in seen or not shows.unit else "",
        due=due,
        standing=outcome.title if outcome else procedure.stages[state.stage].title,
    )
