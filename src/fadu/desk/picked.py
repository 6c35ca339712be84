"""Rows picked in a list: which actions can be done to them at once, and the doing, each case by itself."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

from fadu.cases import definitions
from fadu.cases.act import Occasion, Stale, act, choices
from fadu.cases.models import Case
from fadu.desk.reader import Reader
from fadu.kernel.decide import asked_fields
from fadu.kernel.definition import Action, Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.words import say

LOG = logging.getLogger(__name__)
MOST = 200  # rows done at once
FEW = 4  # fields a form for many cases may have
SHOWN = 3  # actions named on the bar; the others are one click away
SHORTCUTS: Mapping[str, str] = {"chase": "u", "reassign": "r"}  # what actions of these keys are on the keyboard

NOT_HERE = Text("这件事没有这个办理动作，或者表单不同", "This matter has no such action, or another form for it")
MOVED_ON = Text("刚被别人办过，请看过新记录再定", "Somebody has acted meanwhile; read the new entries first")
FAILED = Text("系统没有写入，可以再试一次", "Nothing was written; try once more")

Form = tuple[str, ...]  # what makes the forms of two actions the same


@dataclass
class Offer:
    """One action: of the picked cases those that allow it now, and what stands against it in the others."""

    procedure: Procedure
    action: Action
    able: list[Case] = field(default_factory=list)
    against: dict[int, tuple[Refusal, ...]] = field(default_factory=dict)

    def fits(self, case: Case) -> bool:
        """Whether the case has this action with this form, allowed now or not."""
        return case.pk in self.against or case in self.able

    def refusals(self, case: Case) -> tuple[Refusal, ...]:
        """Why not, before anything is typed; empty when it is allowed."""
        return () if case in self.able else self.against.get(case.pk, (Refusal("action", NOT_HERE),))


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case; `refusals` is empty when it was done."""

    case: Case
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class OnBar:
    key: str
    title: str
    shortcut: str


def offers(reader: Reader, cases: Iterable[Case]) -> list[Offer]:
    """Every action with a short form, those first that most cases allow; the posts are asked for once."""
    found: dict[Form, Offer] = {}
    for case in cases:
        procedure = definitions.procedure_of(case.definition_id)
        for choice in choices(case, reader.person, held=reader.posts):
            if not is_brief(procedure, choice.action):
                continue
            offer = found.setdefault(_form(procedure, choice.action), Offer(procedure, choice.action))
            if choice.allowed:
                offer.able.append(case)
            else:
                offer.against[case.pk] = choice.refusals
    return sorted(found.values(), key=lambda offer: -len(offer.able))


def is_brief(procedure: Procedure, action: Action) -> bool:
    """Whether one form can serve many cases: few fields, none of them a list of rows."""
    asked = asked_fields(procedure, action)
    return len(asked) <= FEW and not action.leads_to and not any(defined.rows for _, defined in asked)


def _form(procedure: Procedure, action: Action) -> Form:
    asked = (
        f"{item.field}:{defined.title.zh}:{defined.kind}:{','.join(defined.choices)}"
        for item, defined in asked_fields(procedure, action)
    )
    outcomes = (f"{key}:{procedure.outcomes[key].title.zh}" for key in action.outcomes if len(action.outcomes) > 1)
    return (action.key, action.title.zh, *asked, *outcomes)


def on_bar(reader: Reader, cases: Iterable[Case], steps: Iterable[str]) -> list[OnBar]:
    """The actions most rows of a page are in the stage for, as far as roles tell; nothing is asked of the database.

    `steps` are the actions that come next in each: of two actions as common, the next step goes first.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for case, step in zip(cases, steps, strict=True):
        procedure = definitions.procedure_of(case.definition_id)
        for action in procedure.standing[case.stage] if case.is_open else ():
            if is_brief(procedure, action) and _is_for(reader, case, action):
                counted[action.key, say(action.title)] += 2 if action.key == step else 1
    common = [pair for pair, _ in counted.most_common(SHOWN)]
    keyed = [pair for pair in counted if pair[0] in SHORTCUTS and pair not in common]
    return [OnBar(key, title, SHORTCUTS.get(key, "")) for key, title in (*common, *keyed)]


def shortcuts(reader: Reader, procedure: Procedure, case: Case) -> dict[str, str]:
    """Key of the keyboard -> action, of what the reader's roles may do in the stage of a case."""
    standing = procedure.standing[case.stage] if case.is_open else ()
    return {
        SHORTCUTS[action.key]: action.key
        for action in standing
        if action.key in SHORTCUTS and _is_for(reader, case, action)
    }


def _is_for(reader: Reader, case: Case, action: Action) -> bool:
    mine = f"person:{reader.person.pk}"
    return any(
        (who.kind == "role" and who.name in reader.roles) or (who.kind == "setter" and case.turn == mine)
        for who in action.by
    )


def do_each(
    reader: Reader, offer: Offer, cases: Sequence[Case], seen: Mapping[int, int], data: Mapping[str, Any]
) -> list[Done]:
    """Every case in a transaction of its own: one that is refused does not hold the others back."""
    return [
        _do(reader, offer.action.key, case, seen.get(case.pk) or None, data)
        if offer.fits(case)
        else Done(case, offer.refusals(case))
        for case in cases
    ]


def _do(reader: Reader, action: str, case: Case, seen: int | None, data: Mapping[str, Any]) -> Done:
    try:
        return Done(act(case, action, reader.person, data, Occasion(seen=seen)))
    except Refused as refused:
        return Done(case, refused.refusals)
    except Stale:
        return Done(case, (Refusal("stale", MOVED_ON),))
    except DatabaseError:
        LOG.exception("case %s: %s among many", case.pk, action)
        return Done(case, (Refusal("failed", FAILED),))
