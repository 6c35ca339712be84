"""Cases that belong together: linked by an entry in either ledger, or by a field of one that holds the other."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from fadu.cases import definitions
from fadu.cases.access import visible
from fadu.cases.actors import actor_for
from fadu.cases.models import Case, Link
from fadu.cases.moments import legal, now
from fadu.cases.store import StoreDocket
from fadu.kernel import perform
from fadu.kernel.definition import LINKED, RELATED
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Person


@transaction.atomic
def link(case: Case, number: str, by: Person, kind: str = RELATED) -> Case:
    """Link a case to the one of a number; the other case. Raises Refused: who links must be able to see both."""
    named = number.replace("\x00", "").strip()
    other = visible(by).filter(number=named).exclude(pk=case.pk).first() if named else None
    if other is None or not visible(by).filter(pk=case.pk).exists():
        raise _refused("没有这个编号的事项", "There is no such case")
    for root in sorted({case.root_id, other.root_id}):  # one order for all, so that two links never wait for each other
        Case.objects.select_for_update(no_key=True).get(pk=root)
    if Link.objects.filter(case=case, other=other, kind=kind).exists():
        raise _refused("两件事项已经关联", "The two are linked already")
    docket = StoreDocket(definitions.calendar(), case.government_id, by.pk)
    actor = actor_for(by, case.government_id, now().date())
    perform.link(docket, docket.calendar, (case.pk, other.pk), (kind, kind), actor, legal())
    docket.flush()
    return other


def _refused(zh: str, en: str) -> Refused:
    return Refused((Refusal("kind", Text(zh, en), field="number"),))


# -- what points to a case ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pointers:
    """How many cases of a procedure point to a case by one of their fields (`list.column` in rows)."""

    procedure: str
    where: str
    open: int
    closed: int


def pointers(case: Case, by: Person) -> list[Pointers]:
    """What points to a case, of all that a person may see; one query."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = Link.objects.filter(other=case, case__in=visible(by)).exclude(kind__in=LINKED)
    counted = rows.values_list("case__procedure", "kind", "case__is_open").annotate(number=Count("case"))
    for procedure, where, is_open, number in counted.order_by("case__procedure", "kind"):
        found[procedure, where][0 if is_open else 1] += number
    return [Pointers(*key, *numbers) for key, numbers in found.items()]
