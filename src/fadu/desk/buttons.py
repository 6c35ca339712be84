"""What the reader may do with a case: the next step, the other steps, and what cannot be done now with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.act import choices
from fadu.cases.models import Case
from fadu.desk.next_step import next_step
from fadu.desk.reader import Reader
from fadu.desk.turns import is_mine, who_words
from fadu.kernel.decide import Choice
from fadu.kernel.definition import Action, Procedure
from fadu.kernel.refusal import Refusal
from fadu.kernel.state import State
from fadu.units.models import Person
from fadu.words import language, say, t

NOT_MINE = "by"  # somebody else's business
NOT_YET = "stage"


@dataclass(frozen=True, slots=True)
class Reason:
    text: str
    cites: str


@dataclass(frozen=True, slots=True)
class Button:
    key: str
    title: str
    url: str
    reasons: tuple[Reason, ...]  # why not; of an allowed action: what it warns of

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return self.reasons


@dataclass(frozen=True, slots=True)
class Buttons:
    primary: Button | None
    others: tuple[Button, ...]
    refused: tuple[Button, ...]
    later: tuple[Button, ...] = ()  # the reader's own, in another stage
    others_do: tuple[Button, ...] = ()  # what this stage waits for from others; the reason says whom


def buttons(reader: Reader, case: Case, principal: Person | None = None) -> Buttons:
    """Asks the same checks as the deed itself. `principal` is the leader for whom the reader records."""
    every = able_in(reader, case, principal)
    found = [choice for choice in every if not _is_foreign(choice)]
    allowed = [choice.action for choice in found if choice.allowed]
    procedure, state = definitions.procedure_of(case.definition_id), State.from_json(case.state)
    mine = is_mine(reader, case.turn) or (principal is not None and case.turn == f"person:{principal.pk}")
    first = next_step(procedure, state, allowed, my_turn=mine)
    made = {choice.action.key: _button(case, choice, principal) for choice in found}
    return Buttons(
        primary=made[first.key] if first else None,
        others=tuple(made[action.key] for action in allowed if action is not first),
        refused=tuple(made[choice.action.key] for choice in found if not (choice.allowed or _is_later(choice))),
        later=tuple(made[choice.action.key] for choice in found if _is_later(choice)),
        others_do=tuple(_foreign(procedure, choice.action) for choice in every if _is_foreign(choice)),
    )


def able_in(reader: Reader, case: Case, principal: Person | None = None) -> list[Choice]:
    """Every action of the stage, for the reader or the leader for whom they record."""
    held = None if principal else reader.posts
    return choices(case, reader.person, held=held, on_behalf_of=principal)


def _is_foreign(choice: Choice) -> bool:
    return any(refusal.gate == NOT_MINE for refusal in choice.refusals)


def _is_later(choice: Choice) -> bool:
    return any(refusal.gate == NOT_YET for refusal in choice.refusals)


def _foreign(procedure: Procedure, action: Action) -> Button:
    people = [who_words(procedure, who) for who in action.by if who.kind not in ("clock", "parent")]
    words = t("由{who}办理 | for: {who}", who=" / ".join(people))
    return Button(action.key, say(action.title), "", (Reason(words, ""),))


def _button(case: Case, choice: Choice, principal: Person | None) -> Button:
    url = reverse("do", args=[case.procedure, case.pk, choice.action.key])
    url += f"?for={principal.pk}" if principal else ""
    return Button(choice.action.key, say(choice.action.title), url, tuple(reasons(choice.refusals)))


def reasons(refusals: Iterable[Refusal]) -> Iterable[Reason]:
    book, tongue = definitions.library().book, language()
    for refusal in refusals:
        text = say(refusal.text) + (f" {say(refusal.hint)}" if refusal.hint else "")
        yield Reason(text, "；".join(book.words(cite, tongue) for cite in refusal.cites))
