"""The one function that says yes, or says why not: from (definition, state, action, data) to an entry.

Which state each check reads: who may act, and whether a clock may still be extended, is read from the state *before*
the action; fields, gates, the next stage and the outcome are read *with its data*, but without its entry.
The button (`choices`) and the deed (`decide`) ask the same checks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from fadu.kernel import clock as reading
from fadu.kernel import values
from fadu.kernel.advance import Step, advance
from fadu.kernel.calendar import Calendar
from fadu.kernel.condition import Condition, leaves, reads
from fadu.kernel.definition import PREVIOUS, STAY, Action, Asked, Child, Field, Procedure, Table, Who
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Text
from fadu.kernel.ledger import digest
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.state import Run, State, evolve, run_to_json


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the posts held on the day, as (role, unit). `principal` is the leader a recorder acts for.

    Posts `elsewhere`, under another government than the case's, count only where an action names the unit.
    """

    id: str
    posts: frozenset[tuple[str, str]] = frozenset()
    principal: "Actor | None" = None
    elsewhere: frozenset[tuple[str, str]] = frozenset()

    @property
    def deciding(self) -> "Actor":
        return self.principal or self


PARENT = Actor("parent")
CLOCK = Actor("clock")


class Registrar(Protocol):
    """Hands out identities and numbers; the shell keeps them without gaps or duplicates."""

    def new_id(self) -> int: ...
    def next_number(self, form: str, day: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A deed asked for: everything a decision reads."""

    procedure: Procedure
    calendar: Calendar
    state: State
    action: Action
    actor: Actor
    day: str  # the legal day or moment, ISO
    data: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    setters: Mapping[str, str] = field(default_factory=dict)  # of values passed on by a parent
    unit: str = ""  # of an opening: the office that opens

    @property
    def now(self) -> datetime:
        return reading.moment(self.day)


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
    """What was decided: the entry's body, the state after it, and what follows in children."""

    body: dict[str, Any]
    after: State
    openings: tuple[Opening, ...] = ()
    tellings: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An action a person sees on a case: allowed, or refused with reasons."""

    action: Action
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        return all(refusal.severity == "warn" for refusal in self.refusals)


def choices(procedure: Procedure, calendar: Calendar, state: State, actor: Actor, day: str) -> list[Choice]:
    """Every action that leaves the present stage, with what stands against it before any data is known."""
    found = []
    for action in procedure.standing[state.stage]:
        if not (action.by_clock or action.by_parent or action.is_opening):
            ask = Ask(procedure, calendar, state, action, actor, day)
            found.append(Choice(action, _standing(ask) or _known_gates(ask)))
    return found


def decide(ask: Ask, registrar: Registrar) -> Decision:
    """The entry that does what is asked; raises Refused with every reason why not."""
    _insist(_standing(ask))
    given, outcome_asked = _read(ask)
    draft = _Draft(ask, given, outcome_asked)
    _insist(draft.faults())
    _insist(draft.gate_faults())
    return draft.decision(registrar)


def _insist(refusals: tuple[Refusal, ...]) -> None:
    if refusals:
        raise Refused(refusals)


# -- before any data: stage, person, times, extension ----------------------------------------------------------------


def _standing(ask: Ask) -> tuple[Refusal, ...]:
    for check in (_stage, _by, _not_by, _times, _extends):
        refusal = check(ask)
        if refusal is not None:
            return (refusal,)
    return ()


def _refuse(ask: Ask, gate: str, zh: str, en: str, **more: Any) -> Refusal:
    return Refusal(gate, Text(zh, en), more.pop("cites", ask.action.cites), **more)


def _stage(ask: Ask) -> Refusal | None:
    action, state, procedure = ask.action, ask.state, ask.procedure
    if action.is_opening and not state.stage:
        return None
    if state.stage and action in procedure.standing[state.stage]:
        return None
    where = procedure.stages[state.stage].title if state.stage else Text("尚未登记", "not yet opened")
    return _refuse(ask, "stage", f"当前为“{where.zh}”，不能{action.title.zh}", f"Not possible while: {where.en}")


def _by(ask: Ask) -> Refusal | None:
    if post_used(ask) is not None:
        return None
    return _refuse(ask, "by", "不由您办理", "Not yours to do")


def post_used(ask: Ask) -> str | None:
    """`role@unit`, `setter`, `party`, `parent` or `clock`: what entitles the actor; None when nothing does."""
    actor = ask.actor.deciding
    for who in ask.action.by:
        post = _entitled(ask, actor, who)
        if post is not None:
            return post
    return None


def _entitled(ask: Ask, actor: Actor, who: Who) -> str | None:
    known = ask.data if ask.action.is_opening else ask.state.data
    if who.kind in ("parent", "clock"):
        return who.kind if actor.id == who.kind else None
    if who.kind == "setter":
        return "setter" if ask.state.set_by.get(who.of) == actor.id else None
    if who.kind == "party":
        return "party" if _party_id(known.get(who.name)) == actor.id else None
    for role, unit in sorted(actor.posts):
        here = unit == known.get(who.of) if who.of else (role, unit) not in actor.elsewhere
        if role == who.name and here:
            return f"{role}@{unit}"
    return None


def _party_id(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, Mapping) else str(value)


def _not_by(ask: Ask) -> Refusal | None:
    persons = {ask.actor.id, ask.actor.deciding.id}
    for who in ask.action.not_by:
        if persons & _barred(ask, who):
            reason = _why_barred(ask.procedure, who)
            return _refuse(
                ask,
                "not_by",
                f"{reason.zh}，应当由他人{ask.action.title.zh}",
                f"{reason.en}; somebody else must do this",
            )
    return None


def _barred(ask: Ask, who: Who) -> set[str]:
    state = ask.state
    if who.kind == "doer":
        return set(state.done[who.name].by) if who.name in state.done else set()
    if who.kind == "setter":
        return {state.set_by.get(who.of, "")}
    if who.kind == "member":
        unit = state.data.get(who.of)
        return {actor.id for actor in (ask.actor, ask.actor.deciding) if any(held == unit for _, held in actor.posts)}
    return _persons_in(ask.procedure.fields[who.name], state.data.get(who.name))


def _persons_in(listed: Field, value: Any) -> set[str]:
    columns = [key for key, column in listed.rows.items() if column.kind == "person"]
    return {str(row.get(key)) for row in value or [] for key in columns}


def _why_barred(procedure: Procedure, who: Who) -> Text:
    if who.kind == "doer":
        title = procedure.actions[who.name].title
        return Text(f"您办理过“{title.zh}”", f"You did: {title.en}")
    if who.kind == "member":
        return Text("您属于承办单位", "You belong to the handling unit")
    title = procedure.fields[who.of or who.name].title
    return Text(f"您与“{title.zh}”有关", f"You are concerned with: {title.en}")


def _times(ask: Ask) -> Refusal | None:
    tally = ask.state.done.get(ask.action.key)
    if not ask.action.times or tally is None or tally.times < ask.action.times:
        return None
    return _refuse(
        ask, "times", f"{ask.action.title.zh}以{ask.action.times}次为限", f"At most {ask.action.times} time(s)"
    )


def _extends(ask: Ask) -> Refusal | None:
    if not ask.action.extends:
        return None
    clock = ask.procedure.clocks[ask.action.extends]
    run = ask.state.clocks.get(clock.key)
    if run is None or not run.is_open or (reading.is_past(run, ask.now) and not run.is_held):
        return _refuse(
            ask,
            "extend_before_expiry",
            "期限届满后不得延期，逾期照实记录",
            "No extension after expiry; the breach stands",
        )
    if clock.extension is None or run.extended >= clock.extension.times:
        return _refuse(ask, "extend_times", "已经延期，不得再延", "Extended already; not again")
    return None


def _known_gates(ask: Ask) -> tuple[Refusal, ...]:
    """The gates that depend on nothing still to be typed."""
    asked = {item.field for item in ask.action.takes} | ({"outcome"} if len(ask.action.outcomes) > 1 else set())
    derived = {item.key for item in ask.procedure.derived}
    facts = CaseFacts(ask.procedure, ask.state, ask.now, ask.calendar)
    found = []
    for key in ask.action.needs:
        gate = ask.procedure.gates[key]
        if not (reads(gate.that) | reads(gate.when) | reads(gate.unless)) & (asked | derived):
            refusal = _gate_refusal(ask.procedure, key, facts)
            if refusal is not None and not _touches_clock_of(ask, gate.that, asked):
                found.append(refusal)
    return tuple(found)


def _touches_clock_of(ask: Ask, condition: Condition, asked: set[str]) -> bool:
    """A clock that a typed date will start cannot be judged before it is typed."""
    moved = {clock.key for clock in ask.procedure.clocks.values() if clock.until in asked}
    return any(getattr(leaf, "name", "") in moved for leaf in leaves(condition))


def _gate_refusal(procedure: Procedure, key: str, facts: CaseFacts) -> Refusal | None:
    gate = procedure.gates[key]
    if gate.when is not None and not gate.when.holds(facts):
        return None
    if gate.unless is not None and gate.unless.holds(facts):
        return None
    if gate.that.holds(facts):
        return None
    return Refusal(gate.key, gate.refusal, gate.cites, gate.severity)


# -- the data ----------------------------------------------------------------------------------------------------------


def _read(ask: Ask) -> tuple[dict[str, Any], str | None]:
    """The values as stored and the outcome asked for; refuses unknown fields and unfit values."""
    taken = {item.field for item in ask.action.takes}
    given: dict[str, Any] = {}
    refusals = []
    outcome = ask.data.get("outcome") if "outcome" not in taken else None
    for key, raw in ask.data.items():
        if key == "outcome" and "outcome" not in taken:
            continue
        if key not in taken:
            refusals.append(
                _refuse(
                    ask,
                    "unknown",
                    f"“{ask.action.title.zh}”没有“{key}”这一项",
                    f"This action takes no '{key}'",
                    field=key,
                )
            )
        elif not values.is_empty(raw):
            _read_one(ask, key, raw, given, refusals)
    _insist(tuple(refusals))
    return given, None if outcome is None else str(outcome)


def _read_one(ask: Ask, key: str, raw: Any, given: dict[str, Any], refusals: list[Refusal]) -> None:
    defined = ask.procedure.fields[key]
    try:
        given[key] = values.read(defined, raw)
    except values.Unfit as unfit:
        refusals.append(
            _refuse(
                ask, "kind", f"{defined.title.zh}：{unfit.text.zh}", f"{defined.title.en}: {unfit.text.en}", field=key
            )
        )


class _Draft:
    """An entry being drawn up: the case as it would stand with the data, before its entry."""

    def __init__(self, ask: Ask, given: dict[str, Any], outcome: str | None) -> None:
        self.ask, self.data, self.outcome_asked = ask, given, outcome
        self.outcome = self._picked_outcome()
        self._add_defaults()
        self._add_derived()
        self.changed = {key: ask.state.data.get(key) != value for key, value in self.data.items()}
        self.tentative = self._with_clocks(self._state())

    # what the case would look like

    def _picked_outcome(self) -> str | None:
        outcomes = self.ask.action.outcomes
        return outcomes[0] if len(outcomes) == 1 else self.outcome_asked

    def _state(self) -> State:
        state = self.ask.state
        about = self._about({**state.data, **self.data})
        return replace(
            state,
            unit=state.unit or self.ask.unit,
            data={**state.data, **self.data},
            about={**state.about, **about} if about else state.about,
            outcome=self.outcome or state.outcome,
        )

    def _facts(self, state: State) -> CaseFacts:
        return CaseFacts(self.ask.procedure, state, self.ask.now, self.ask.calendar)

    def _about(self, data: Mapping[str, Any]) -> dict[str, str]:
        fields = self.ask.procedure.fields
        return {key: digest(data.get(fields[key].about)) for key in self.data if fields[key].about}

    def _add_defaults(self) -> None:
        for item in self.ask.action.takes:
            defined = self.ask.procedure.fields[item.field]
            if defined.default is not None and item.field not in self.data and self._is_asked(defined):
                self.data[item.field] = defined.default

    def _is_asked(self, defined: Field) -> bool:
        return defined.when is None or defined.when.holds(self._facts(self._state()))

    def _add_derived(self) -> None:
        for defined in self.ask.procedure.derived:
            value = self._derive(defined)
            if value is not None and value != self.ask.state.data.get(defined.key):
                self.data[defined.key] = value

    def _derive(self, defined: Field) -> Any:
        facts = self._facts(self._state())
        value = first_match(defined.derived, facts)
        if value in self.ask.procedure.fields:
            return facts.value(value)
        return value == "true" if defined.kind == "yes_no" else value

    def _with_clocks(self, state: State) -> State:
        tried = replace(state, seq=state.seq + 1)
        runs = advance(
            Step(self.ask.procedure, self.ask.calendar, self.ask.state, tried, None, self.ask.day, self.changed)
        )
        return replace(state, clocks={**state.clocks, **runs}) if runs else state

    # what stands against it

    def faults(self) -> tuple[Refusal, ...]:
        found = [*self._missing(), *self._out_of_range()]
        return tuple(found) or self._outcome_faults()

    def _missing(self) -> list[Refusal]:
        facts, found = self._facts(self.tentative), []
        for item in self.ask.action.takes:
            defined = self.ask.procedure.fields[item.field]
            asked = defined.when is None or defined.when.holds(facts)
            if asked and not item.optional and not defined.derived and values.is_empty(self.data.get(item.field)):
                found.append(
                    self._field_refusal(
                        defined, "required", f"请填写“{defined.title.zh}”", f"Please fill in: {defined.title.en}"
                    )
                )
            elif not asked and item.field in self.data:
                found.append(
                    self._field_refusal(
                        defined, "not_asked", f"此时不填“{defined.title.zh}”", f"Not asked here: {defined.title.en}"
                    )
                )
        return found

    def _field_refusal(self, defined: Field, gate: str, zh: str, en: str) -> Refusal:
        return _refuse(self.ask, gate, zh, en, field=defined.key, cites=defined.cites or self.ask.action.cites)

    def _out_of_range(self) -> list[Refusal]:
        found = []
        for key in self.data:
            defined = self.ask.procedure.fields[key]
            for limit, bound in defined.limits.items():
                text = self._range_fault(defined, limit, bound)
                if text is not None:
                    found.append(self._field_refusal(defined, "range", text.zh, text.en))
        return found

    def _range_fault(self, defined: Field, limit: str, bound: Any) -> Text | None:
        value = self.data[defined.key]
        if bound == "today":
            edge: Any = self.ask.day[:10]
        else:
            edge = self.tentative.data.get(bound) if isinstance(bound, str) else bound
        if values.is_empty(edge):
            return None
        if isinstance(value, str):
            value, edge = value[:10], str(edge)[:10]
        fits, zh, en = _LIMITS[limit]
        shown = edge
        if fits(value, edge):
            return None
        return Text(f"{defined.title.zh}{zh}{shown}", f"{defined.title.en}: {en} {shown}")

    def _outcome_faults(self) -> tuple[Refusal, ...]:
        ask, action = self.ask, self.ask.action
        if len(action.outcomes) > 1 and self.outcome_asked not in action.outcomes:
            options = "、".join(ask.procedure.outcomes[key].title.zh for key in action.outcomes)
            return (
                _refuse(
                    ask,
                    "outcome",
                    f"请选择办理结果：{options}",
                    f"Choose an outcome: {', '.join(action.outcomes)}",
                    field="outcome",
                ),
            )
        if not action.outcomes and self.outcome_asked is not None:
            return (_refuse(ask, "outcome", "此时不定办理结果", "No outcome is given here", field="outcome"),)
        return self._reason_faults()

    def _reason_faults(self) -> tuple[Refusal, ...]:
        """An outcome that names a reason field wants that field in the same action; an old remark does not count."""
        if self.outcome is None:
            return ()
        outcome = self.ask.procedure.outcomes[self.outcome]
        if not outcome.reason or self.data.get(outcome.reason):
            return ()
        title = self.ask.procedure.fields[outcome.reason].title
        zh, en = f"以“{outcome.title.zh}”办结，须填写“{title.zh}”", f"'{outcome.title.en}' needs: {title.en}"
        return (_refuse(self.ask, "reason", zh, en, field=outcome.reason, cites=outcome.cites),)

    def gate_faults(self) -> tuple[Refusal, ...]:
        facts = self._facts(self.tentative)
        refusals = [_gate_refusal(self.ask.procedure, key, facts) for key in self.ask.action.needs]
        standing = [refusal for refusal in refusals if refusal is not None]
        self.passed = {
            refusal.gate: self.ask.overrides[refusal.gate]
            for refusal in standing
            if refusal.severity == "warn" and self.ask.overrides.get(refusal.gate, "").strip()
        }
        return tuple(refusal for refusal in standing if refusal.gate not in self.passed) or self._children_fault()

    def _children_fault(self) -> tuple[Refusal, ...]:
        if self.ask.action.ends_children or not self.ask.procedure.is_closed(self.target()):
            return ()
        if not any(child.open for child in self.ask.state.children) or self.ask.procedure.is_closed(
            self.ask.state.stage
        ):
            return ()
        return (_refuse(self.ask, "children_open", "仍有子事项未办结", "A child case is still open"),)

    # what is written

    def target(self) -> str:
        to, state = self.ask.action.to, self.ask.state
        chosen = to if isinstance(to, str) else first_match(to, self._facts(self.tentative))
        return {STAY: state.stage, PREVIOUS: state.previous}.get(chosen, chosen)

    def decision(self, registrar: Registrar) -> Decision:
        body = self._body(registrar)
        openings = tuple(
            opening
            for key in self.ask.action.opens
            for opening in self._openings(self.ask.procedure.children[key], registrar)
        )
        if openings:
            body["opened"] = [self._opened(opening) for opening in openings]
        tellings, told = self._tellings()
        if told:
            body["told"] = told
        letters = self._letters(registrar)
        if letters:
            body["letters"] = letters
        clocks = self._clocks(body)
        if clocks:
            body["clocks"] = {key: run_to_json(run) for key, run in clocks.items()}
        return Decision(body, evolve(self.ask.state, body), openings, tellings)

    def _body(self, registrar: Registrar) -> dict[str, Any]:
        ask, state = self.ask, self.ask.state
        target = self.target()
        body: dict[str, Any] = {"seq": state.seq + 1, "action": ask.action.key, "by": ask.actor.id, "day": ask.day}
        body["as"] = post_used(ask)
        if ask.actor.principal is not None:
            body["for"] = ask.actor.principal.id
        if target != state.stage:
            body["from"], body["to"] = state.stage, target
        if self.data:
            body["data"] = self.data
        if ask.setters:
            body["setters"] = {key: who for key, who in ask.setters.items() if key in self.data}
        about = self._about(self.tentative.data)
        if about:
            body["about"] = about
        if self.passed:
            body["overrides"] = self.passed
        if not state.stage:
            body["unit"], body["procedure"], body["digest"] = ask.unit, ask.procedure.name, ask.procedure.digest
        self._add_outcome(body, target)
        number = ask.procedure.number
        if number is not None and number.at == ask.action.key and not state.number:
            body["number"] = registrar.next_number(number.format, ask.day)
        return body

    def _add_outcome(self, body: dict[str, Any], target: str) -> None:
        procedure, state = self.ask.procedure, self.ask.state
        closes = procedure.is_closed(target) and not procedure.is_closed(state.stage)
        outcome = self.outcome
        if self.ask.action.outcome_table and closes:
            outcome = first_match(self.ask.action.outcome_table, self._facts(self.tentative))
        if outcome is not None:
            body["outcome"] = outcome
        if closes:
            body["closed"] = body["seq"]
        reopened = state.stage != "" and procedure.is_closed(state.stage) and not procedure.is_closed(target)
        if reopened:
            body["closed"] = 0
            if state.outcome_seq == state.closed_seq and outcome is None:
                body["outcome"] = None

    def _openings(self, child: Child, registrar: Registrar) -> list[Opening]:
        data, setters = self._handed(child)
        if not child.each:
            return [Opening(child.key, registrar.new_id(), child.procedure, data, setters)]
        (listed, target), *_ = child.each.items()
        items = self.tentative.data.get(listed) or []
        return [
            Opening(child.key, registrar.new_id(), child.procedure, {**data, target: item}, setters) for item in items
        ]

    def _handed(self, child: Child) -> tuple[dict[str, Any], dict[str, str]]:
        state = self.tentative
        source = {**state.data, "case_unit": state.unit}
        set_by = {**state.set_by, **dict.fromkeys(self.data, self.ask.actor.deciding.id)}
        pairs = {
            target: name
            for name, target in {**child.gives, **child.about}.items()
            if not values.is_empty(source.get(name))
        }
        data = {**child.constants, **{target: source[name] for target, name in pairs.items()}}
        return data, {target: set_by[name] for target, name in pairs.items() if name in set_by}

    def _opened(self, opening: Opening) -> dict[str, Any]:
        about = self.ask.procedure.children[opening.key].about
        text = {"about": digest(self.tentative.data.get(next(iter(about))))} if about else {}
        return {"key": opening.key, "id": opening.id, **text}

    def _tellings(self) -> tuple[tuple[Telling, ...], list[dict[str, Any]]]:
        """The last child of each kind is told the new text; the rest, when the action ends them, are stopped."""
        tellings, told = [], []
        for key, action in self.ask.action.tells.items():
            of_kind = [child for child in self.ask.state.children if child.key == key]
            if of_kind:
                child = self.ask.procedure.children[key]
                names = list(child.about)
                data = {target: self.tentative.data.get(name) for name, target in child.about.items()}
                set_by = dict.fromkeys(child.about.values(), self.ask.actor.deciding.id)
                tellings.append(Telling(of_kind[-1].id, action, data, set_by))
                told.append({"id": of_kind[-1].id, "about": digest(self.tentative.data.get(names[0]))})
        if self.ask.action.ends_children:
            tellings += [
                Telling(child.id, self.ask.action.ends_children, {}, {})
                for child in self.ask.state.children
                if child.open
            ]
        return tuple(tellings), told

    def _letters(self, registrar: Registrar) -> list[dict[str, Any]]:
        procedure, issued = self.ask.procedure, []
        for name in self.ask.action.issues:
            key = procedure.outcomes[self.outcome].letter if name == "by_outcome" and self.outcome else name
            letter = procedure.letters.get(key)
            if letter is not None and (letter.when is None or letter.when.holds(self._facts(self.tentative))):
                number = {"number": registrar.next_number(letter.number, self.ask.day)} if letter.number else {}
                issued.append({"letter": key, **number})
        return issued

    def _clocks(self, body: Mapping[str, Any]) -> dict[str, Run]:
        ask = self.ask
        after = evolve(ask.state, body)
        return advance(Step(ask.procedure, ask.calendar, ask.state, after, ask.action, ask.day, self.changed))


def first_match(table: Table, facts: CaseFacts) -> Any:
    """The value of the first line whose condition holds; every table ends in `otherwise`."""
    return next(value for value, test in table if test is None or test.holds(facts))


_LIMITS: Mapping[str, tuple[Callable[[Any, Any], bool], str, str]] = {
    "not_before": (lambda value, edge: value >= edge, "不得早于", "not before"),
    "not_after": (lambda value, edge: value <= edge, "不得晚于", "not after"),
    "at_least": (lambda value, edge: value >= edge, "不得小于", "at least"),
    "at_most": (lambda value, edge: value <= edge, "不得大于", "at most"),
}


def asked_fields(procedure: Procedure, action: Action) -> list[tuple[Asked, Field]]:
    """What the form of an action shows, in order."""
    return [(item, procedure.fields[item.field]) for item in action.takes if not procedure.fields[item.field].derived]
