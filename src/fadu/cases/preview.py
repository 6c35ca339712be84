"""What a form can show while it is being filled in: what would be found in other cases, and what stands against it already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fadu.cases import definitions
from fadu.cases.actors import actor_for
from fadu.cases.found import Outlook
from fadu.cases.mentions import Mentions
from fadu.cases.models import Case
from fadu.cases.moments import legal
from fadu.kernel import clock as reading
from fadu.kernel.asking import Ask
from fadu.kernel.decide import Foresight, foresee
from fadu.kernel.definition import Action, Procedure
from fadu.kernel.state import State
from fadu.units.models import Person, Unit


def preview(case: Case, action: str, by: Person, data: Mapping[str, Any], at: datetime | None = None) -> Foresight:
    """Of an action in a case, with some of its data typed; what does not fit yet counts as not typed."""
    procedure, day = definitions.procedure_of(case.definition_id), legal(at)
    actor = actor_for(by, case.government_id, reading.moment(day).date())
    ask = Ask(
        procedure,
        definitions.calendar(),
        State.from_json(case.state),
        procedure.actions[action],
        actor,
        day,
        _given(procedure, procedure.actions[action], data, by),
        case_id=case.pk,
        around=Outlook(case.government_id),
    )
    return foresee(ask)


def preview_opening(
    procedure: str, by: Person, data: Mapping[str, Any], unit: Unit, at: datetime | None = None
) -> Foresight:
    """The same of a case that is to be opened at an office."""
    day = legal(at)
    defined = definitions.in_force(procedure, day[:10])
    government = unit.government.code if unit.government else unit.code
    ask = Ask(
        defined,
        definitions.calendar(),
        State(),
        defined.opening,
        actor_for(by, government, reading.moment(day).date()),
        day,
        _given(defined, defined.opening, data, by),
        unit=unit.code,
        around=Outlook(government),
    )
    return foresee(ask)


def _given(procedure: Procedure, action: Action, data: Mapping[str, Any], by: Person) -> dict[str, Any]:
    """What was typed, over the defaults that the form shows from the start; numbers of cases as those cases."""
    taken = [procedure.fields[item.field] for item in action.takes]
    defaults = {one.key: one.default for one in taken if one.default is not None and one.is_typed}
    mentions = Mentions.of([(one, data[one.key]) for one in taken if one.key in data], by)
    return {**defaults, **data, **mentions.told()}
