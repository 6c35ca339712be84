"""Cases that lead to cases: the way from what was done to the form that opens the next, and what still waits there."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.models import Case, Link
from fadu.desk.buttons import Button
from fadu.desk.frame import may_open
from fadu.desk.reader import Reader
from fadu.kernel.definition import LED_TO, Action
from fadu.kernel.state import State
from fadu.words import say, t


def onward(reader: Reader, case: Case, action: Action) -> str:
    """The prefilled form that an action leads to; empty where it leads nowhere the reader may open."""
    return next((_url(case, action, target) for target in _targets(reader, action)), "")


def waiting(reader: Reader, case: Case) -> list[Button]:
    """The cases that actions led to and nobody opened yet, for who may open them."""
    done = State.from_json(case.state).done
    actions = definitions.procedure_of(case.definition_id).actions.values()
    leading = [(action, target) for action in actions if action.key in done for target in _targets(reader, action)]
    if not leading:
        return []
    links = Link.objects.filter(case=case, kind=LED_TO).values_list("other__procedure", flat=True)
    opened = Counter(links)
    library = definitions.library()
    return [
        Button(
            f"{action.key}-{target}",
            t("登记{title} | Open: {title}", title=say(library.in_force(target).title)),
            _url(case, action, target),
            (),
        )
        for action, target in leading
        if opened[target] < done[action.key].times
    ]


def _targets(reader: Reader, action: Action) -> Iterator[str]:
    """Of an action whose case a person completes; those opened at once for each row need nobody."""
    library = definitions.library()
    return (key for key, lead in action.leads_to.items() if not lead.each and may_open(reader, library.in_force(key)))


def _url(case: Case, action: Action, target: str) -> str:
    return f"{reverse('new', args=[target])}?from={case.pk}&by={action.key}"
