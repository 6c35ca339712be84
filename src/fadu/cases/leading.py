"""Cases that lead to cases: what the form of the second is prefilled with, and the way back to the first."""

from typing import Any

from fadu.cases import definitions
from fadu.cases.access import fields_seen, visible
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.cases.story import story
from fadu.kernel import leading
from fadu.kernel.definition import HISTORY, Action, Lead
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.state import State
from fadu.units.models import Person
from fadu.units.posts import posts_of


def leads(case: Case, action: str, target: str) -> Lead | None:
    """How an action of a case leads to a procedure that a person completes; None when it does not."""
    found = definitions.procedure_of(case.definition_id).actions.get(action)
    lead = _open_ended(found).get(target)
    return lead if lead is not None and action in case.state["done"] else None


def _open_ended(action: Action | None) -> dict[str, Lead]:
    return {key: lead for key, lead in action.leads_to.items() if not lead.each} if action is not None else {}


def prefill(case: Case, action: str, target: str, by: Person) -> dict[str, Any]:
    """The data for the opening form of `target`, of what the person may see; nothing where the action does not lead there.

    It may be asked before the action is done, by whoever shows what comes next.
    """
    procedure = definitions.procedure_of(case.definition_id)
    lead = _open_ended(procedure.actions.get(action)).get(target)
    if lead is None or not visible(by).filter(pk=case.pk).exists():
        return {}
    state = State.from_json(case.state)
    seen = fields_seen(posts_of(by, now().date()), procedure, case.government_id)
    told = story(case, by) if HISTORY in lead.gives.values() else ""
    hidden = {key for key, source in lead.gives.items() if source in procedure.fields and source not in seen}
    given = leading.given(lead, case.pk, state, history=told)
    return {key: value for key, value in given.items() if key not in hidden}


def source_of(source: tuple[int, str], target: str, by: Person) -> Case:
    """The case that another is said to come from; raises Refused unless its action leads there and was done."""
    case_id, action = source
    case = visible(by).filter(pk=case_id).first()
    if case is None or leads(case, action, target) is None:
        zh, en = "没有这件来源事项，或者它不由此转来", "There is no such case that leads here"
        raise Refused((Refusal("kind", Text(zh, en), field="source"),))
    return case
