"""Cases that belong together: one row a direction, one entry in either ledger."""

from django.db import transaction

from fadu.cases import definitions
from fadu.cases.access import visible
from fadu.cases.actors import actor_for
from fadu.cases.models import Case, Link
from fadu.cases.moments import legal, now
from fadu.cases.store import StoreDocket
from fadu.kernel import perform
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Person

RELATED = "related"


@transaction.atomic
def link(case: Case, number: str, by: Person, kind: str = RELATED) -> Case:
    """Link a case to the one of a number; the other case. Raises Refused: who links must be able to see both."""
    named = number.replace("\x00", "").strip()
    other = visible(by).filter(number=named).exclude(pk=case.pk).first() if named else None
    if other is None or not visible(by).filter(pk=case.pk).exists():
        raise _refused("没有这个编号的事项", "There is no such case")
    for root in sorted({case.root_id, other.root_id}):  # one order for all, so that two links never wait for each other
        Case.objects.select_for_update().get(pk=root)
    if Link.objects.filter(case=case, other=other, kind=kind).exists():
        raise _refused("两件事项已经关联", "The two are linked already")
    docket = StoreDocket(definitions.calendar(), case.government_id, by.pk)
    actor = actor_for(by, case.government_id, now().date())
    perform.link(docket, docket.calendar, case.pk, other.pk, kind, actor, legal())
    docket.flush()
    Link.objects.bulk_create([Link(case=case, other=other, kind=kind), Link(case=other, other=case, kind=kind)])
    return other


def _refused(zh: str, en: str) -> Refused:
    return Refused((Refusal("kind", Text(zh, en), field="number"),))
