"""A decision written down: the entry's body, and what follows from it in children and in other cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fadu.kernel import values
from fadu.kernel.advance import Step, advance
from fadu.kernel.asking import Ask
from fadu.kernel.definition import Child
from fadu.kernel.draft import Draft
from fadu.kernel.leading import NO_ROW, Leading, given, rows_of, setters_of, whole_row
from fadu.kernel.ledger import digest
from fadu.kernel.predicate import RowFacts
from fadu.kernel.seeking import Surroundings
from fadu.kernel.standing import post_used
from fadu.kernel.state import State, evolve, run_to_json, with_clocks


class Registrar(Surroundings, Protocol):
    """Hands out identities and numbers, which the shell keeps without gaps or duplicates, and knows what is around."""

    def new_id(self) -> int: ...
    def next_number(self, form: str, day: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Opening:
    """A child to open, in the same transaction."""

    key: str
    id: int
    procedure: str
    data: Mapping[str, Any]
    setters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """An action the parent does in a child, in the same transaction."""

    id: int
    action: str
    data: Mapping[str, Any]
    setters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the entry's body, the state after it, and what follows in children and in other cases."""

    body: dict[str, Any]
    after: State
    openings: tuple[Opening, ...] = ()
    tellings: tuple[Telling, ...] = ()
    leadings: tuple[Leading, ...] = ()


def write(draft: Draft, registrar: Registrar) -> Decision:
    """The entry of a draft that nothing stands against; numbers and identities are drawn here."""
    ask = draft.ask
    body = {**_head(ask), **_content(draft), **_end(draft)}
    number = ask.procedure.number
    if number is not None and number.at == ask.action.key and not ask.state.number:
        body["number"] = registrar.next_number(number.format, ask.day)
    openings = _openings(draft, registrar)
    tellings, told = _tellings(draft)
    leadings = _leadings(draft, registrar)
    extra = {
        "opened": [_opened(draft, opening) for opening in openings],
        "told": told,
        "led_to": [leading.to_json() for leading in leadings],
        "letters": _letters(draft, registrar),
    }
    body.update({key: value for key, value in extra.items() if value})
    return Decision(body, _moved(draft, body), openings, tellings, leadings)


def _moved(draft: Draft, body: dict[str, Any]) -> State:
    """The state after the entry, its clocks moved; the moved clocks go into the body."""
    ask = draft.ask
    after = evolve(ask.state, body)
    runs = advance(Step(ask.procedure, ask.calendar, ask.state, after, ask.action, ask.day, draft.changed))
    if not runs:
        return after
    body["clocks"] = {key: run_to_json(run) for key, run in runs.items()}
    return with_clocks(after, runs)


# -- the body ----------------------------------------------------------------------------------------------------------


def _head(ask: Ask) -> dict[str, Any]:
    """Which entry it is, who does what when, and as what; an opening also says under which definition."""
    body = {
        "seq": ask.state.seq + 1,
        "action": ask.action.key,
        "by": ask.actor.id,
        "day": ask.day,
        "as": post_used(ask),
    }
    if ask.actor.principal is not None:
        body["for"] = ask.actor.principal.id
    if not ask.state.stage:
        body.update(unit=ask.unit, procedure=ask.procedure.name, digest=ask.procedure.digest)
    return body


def _content(draft: Draft) -> dict[str, Any]:
    """What is written: the data, who set values passed on, which texts they are about, warnings passed."""
    setters = {key: who for key, who in draft.ask.setters.items() if key in draft.data}
    about = draft.about(draft.state.data)
    parts = {"data": draft.data, "setters": setters, "about": about, "overrides": draft.passed}
    return {key: value for key, value in parts.items() if value}


def _end(draft: Draft) -> dict[str, Any]:
    """Where it leads: the next stage, the outcome, and whether the case closes or reopens by it."""
    state, body = draft.ask.state, dict[str, Any]()
    if draft.target != state.stage:
        body["from"], body["to"] = state.stage, draft.target
    if draft.outcome is not None:
        body["outcome"] = draft.outcome
    if draft.closes:
        body["closed"] = state.seq + 1
    if draft.reopens:
        body["closed"] = 0
        if state.outcome_seq == state.closed_seq and draft.outcome is None:  # the outcome came with the closing
            body["outcome"] = None
    return body


# -- children and letters ----------------------------------------------------------------------------------------------


def _openings(draft: Draft, registrar: Registrar) -> tuple[Opening, ...]:
    opened = (draft.ask.procedure.children[key] for key in draft.ask.action.opens)
    return tuple(opening for child in opened for opening in _openings_of(draft, child, registrar))


def _openings_of(draft: Draft, child: Child, registrar: Registrar) -> list[Opening]:
    if child.rows:
        handed = (_handed(draft, child, row) for row in _rows(draft, child))
        return [Opening(child.key, registrar.new_id(), child.procedure, *each) for each in handed]
    data, setters = _handed(draft, child)
    if not child.each:
        return [Opening(child.key, registrar.new_id(), child.procedure, data, setters)]
    (listed, target), *_ = child.each.items()
    setter = _setters(draft).get(listed)
    if setter is not None:
        setters = {**setters, target: setter}
    items = draft.state.data.get(listed) or []
    return [Opening(child.key, registrar.new_id(), child.procedure, {**data, target: item}, setters) for item in items]


def _rows(draft: Draft, child: Child) -> list[Mapping[str, Any]]:
    """The rows that get a child of their own."""
    field, rows = draft.ask.procedure.fields[child.rows], draft.state.data.get(child.rows) or []
    return [whole_row(field, row) for row in rows if child.where is None or child.where.holds(RowFacts(row))]


def _handed(draft: Draft, child: Child, row: Mapping[str, Any] = NO_ROW) -> tuple[dict[str, Any], dict[str, str]]:
    """What a child is given, and who set each value: a value keeps its setter when it is passed on."""
    source, setters = {**draft.state.data, "case_unit": draft.state.unit, **row}, _setters(draft)
    setters |= dict.fromkeys(row, setters.get(child.rows, ""))
    pairs = {
        target: name for name, target in {**child.gives, **child.about}.items() if not values.is_empty(source.get(name))
    }
    data = {**child.constants, **{target: source[name] for target, name in pairs.items()}}
    return data, {target: setters[name] for target, name in pairs.items() if name in setters}


def _setters(draft: Draft) -> dict[str, str]:
    """Who set each value of the draft."""
    mine = {key: draft.ask.setters.get(key, draft.ask.actor.deciding.id) for key in draft.data}
    return {**draft.ask.state.set_by, **mine}


def _opened(draft: Draft, opening: Opening) -> dict[str, Any]:
    about = draft.ask.procedure.children[opening.key].about
    text = {"about": digest(draft.state.data.get(next(iter(about))))} if about else {}
    return {"key": opening.key, "id": opening.id, **text}


def _tellings(draft: Draft) -> tuple[tuple[Telling, ...], list[dict[str, Any]]]:
    """The last child of each kind is told the new text; those still open, when the action ends them, are stopped."""
    ask, tellings, told = draft.ask, list[Telling](), list[dict[str, Any]]()
    for key, action in ask.action.tells.items():
        last = next((child for child in reversed(ask.state.children) if child.key == key), None)
        about = ask.procedure.children[key].about
        if last is not None:
            data = {target: draft.state.data.get(name) for name, target in about.items()}
            setters = _setters(draft)
            tellings.append(
                Telling(last.id, action, data, {about[name]: setters[name] for name in about if name in setters})
            )
            told += [{"id": last.id, "about": digest(draft.state.data.get(name))} for name in list(about)[:1]]
    if ask.action.ends_children:
        stopped = (child.id for child in ask.state.children if child.open)
        tellings += [Telling(child_id, ask.action.ends_children, {}, {}) for child_id in stopped]
    return tuple(tellings), told


def _leadings(draft: Draft, registrar: Registrar) -> tuple[Leading, ...]:
    ask, setters = draft.ask, _setters(draft)
    return tuple(
        Leading(
            registrar.new_id(),
            lead.procedure,
            given(lead, ask.case_id, draft.state, row),
            setters_of(lead, row, setters),
            lead.each,
            number,
        )
        for lead in ask.action.leads_to.values()
        if lead.each
        for number, row in enumerate(rows_of(draft, lead), 1)
    )


def _letters(draft: Draft, registrar: Registrar) -> list[dict[str, Any]]:
    procedure, issued = draft.ask.procedure, []
    result = procedure.outcomes.get(draft.outcome or "")
    for name in draft.ask.action.issues:
        letter = procedure.letters.get(result.letter if name == "by_outcome" and result else name)
        if letter is not None and (letter.when is None or letter.when.holds(draft.facts)):
            number = {"number": registrar.next_number(letter.number, draft.ask.day)} if letter.number else {}
            issued.append({"letter": letter.key, **number})
    return issued
