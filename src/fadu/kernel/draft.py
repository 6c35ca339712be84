"""A deed's data read, completed and checked: the case as it would stand with them, before its entry.

Fields, gates, the next stage and the outcome are judged on this draft, so that the form and the deed see the same case.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fadu.kernel import clock as reading
from fadu.kernel import values
from fadu.kernel.advance import Step, advance
from fadu.kernel.aggregate import aggregated
from fadu.kernel.asking import Ask, insist
from fadu.kernel.definition import PREVIOUS, STAY, Field, Found, Table
from fadu.kernel.facts import CaseFacts
from fadu.kernel.gates import gate_refusals
from fadu.kernel.ledger import digest
from fadu.kernel.paragraphs import out_of_text
from fadu.kernel.refusal import Refusal
from fadu.kernel.seeking import query
from fadu.kernel.state import State, laid_over, with_clocks


def first_match(table: Table, facts: CaseFacts) -> Any:
    """The value of the first line whose condition holds; every table ends in `otherwise`."""
    return next(value for value, test in table if test is None or test.holds(facts))


# -- reading -----------------------------------------------------------------------------------------------------------


def read(ask: Ask) -> tuple[dict[str, Any], str | None]:
    """The values as stored and the outcome asked for; refuses unknown fields and unfit values."""
    taken = {item.field for item in ask.action.takes if ask.procedure.fields[item.field].is_typed}
    given: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for key, raw in ask.data.items():
        if key in taken:
            _read_one(ask, key, raw, given, refusals)
        elif key != "outcome":
            refusals.append(_not_taken(ask, key))
    insist(tuple(refusals))
    outcome = None if "outcome" in taken else ask.data.get("outcome")
    return given, None if values.is_empty(outcome) else str(outcome)


def _not_taken(ask: Ask, key: str) -> Refusal:
    defined = ask.procedure.fields.get(key)
    if defined is not None and defined.found is not None:
        zh, en = f"“{defined.title.zh}”由系统查得，不用填写", f"Found by the system, not typed: {defined.title.en}"
        return ask.refuse("not_asked", zh, en, field=key)
    zh, en = f"“{ask.action.title.zh}”没有“{key}”这一项", f"This action takes no '{key}'"
    return ask.refuse("unknown", zh, en, field=key)


def _read_one(ask: Ask, key: str, raw: Any, given: dict[str, Any], refusals: list[Refusal]) -> None:
    defined = ask.procedure.fields[key]
    try:
        value = None if values.is_empty(raw) else values.read(defined, raw)
    except values.Unfit as unfit:
        zh, en = f"{defined.title.zh}：{unfit.text.zh}", f"{defined.title.en}: {unfit.text.en}"
        refusals.append(ask.refuse("kind", zh, en, field=key))
    else:
        if not values.is_empty(value):
            given[key] = value


class Draft:
    """An entry being drawn up. `data` is what it will write, `state` the case with it, `changed` what differs by it.

    `unknown` are the fields on which nothing can be said yet, because something is still to be typed.
    """

    def __init__(
        self, ask: Ask, given: dict[str, Any], outcome_asked: str | None, unknown: Collection[str] = ()
    ) -> None:
        self.ask, self.data, self.outcome_asked, self.unknown = ask, given, outcome_asked, unknown
        chosen = ask.action.outcomes
        self.chosen = chosen[0] if len(chosen) == 1 else outcome_asked
        self._add_defaults()
        self._add_derived()
        self._add_found()
        self.changed = {key: ask.state.data.get(key) != value for key, value in self.data.items()}
        plain = self._state()
        self.range_faults = tuple(self._out_of_range(plain.data))
        self.state = plain if self.range_faults else self._with_clocks(plain)
        self.facts = ask.facts(self.state)
        self.target = self._target()
        procedure, before = ask.procedure, ask.state.stage
        self.closes = procedure.is_closed(self.target) and not procedure.is_closed(before)
        self.reopens = bool(before) and procedure.is_closed(before) and not procedure.is_closed(self.target)
        self.outcome = self._outcome()
        self.passed: dict[str, str] = {}  # warnings passed with a reason

    # -- the case with the data

    def _state(self) -> State:
        state, data = self.ask.state, laid_over(self.ask.state.data, self.data)
        about = self.about(data)
        return replace(
            state,
            seq=state.seq + 1,
            unit=state.unit or self.ask.unit,
            data=data,
            about={**state.about, **about} if about else state.about,
            outcome=self.chosen or state.outcome,
        )

    def about(self, data: Mapping[str, Any]) -> dict[str, str]:
        """The digest of the text that each value written is about."""
        fields = self.ask.procedure.fields
        return {key: digest(data.get(fields[key].about)) for key in self.data if fields[key].about}

    def _add_defaults(self) -> None:
        for item in self.ask.action.takes:
            defined = self.ask.procedure.fields[item.field]
            if defined.default is not None and item.field not in self.data and self._is_asked(defined):
                self.data[item.field] = defined.default

    def _is_asked(self, defined: Field) -> bool:
        return defined.when is None or defined.when.holds(self.ask.facts(self._state()))

    def _add_derived(self) -> None:
        """What changes of the derived values, so that an entry says no more than it must."""
        facts = None
        for defined in self.ask.procedure.derived:
            facts, before = facts or self.ask.facts(self._state()), self.ask.state.data.get(defined.key)
            if defined.when is not None and not defined.when.holds(facts):
                continue
            if defined.aggregate is not None:
                value, clears = aggregated(defined.aggregate, facts), before is not None
            else:
                value, clears = self._from_table(defined, facts), False
            if (value is not None or clears) and value != before:
                self.data[defined.key], facts = value, None  # the next one sees it

    def _from_table(self, defined: Field, facts: CaseFacts) -> Any:
        value = first_match(defined.derived, facts)
        if value in self.ask.procedure.fields and value not in defined.choices:
            return facts.value(value)
        return value == "true" if defined.kind == "yes_no" else value

    def _add_found(self) -> None:
        """What the action takes from other cases; written anew each time, so that the entry says what it was done upon."""
        around, state = self.ask.around, self._state()
        sought = [(key, found) for key, found in self._sought() if key not in self.unknown]
        if around is None or not sought:
            return
        queries = [query(found, self.ask.case_id, state.data) for _, found in sought]
        for (key, _), value in zip(sought, around.found(queries), strict=True):
            if value is not None or key in self.ask.state.data:
                self.data[key] = value
        self._add_derived()

    def _sought(self) -> Iterator[tuple[str, Found]]:
        for item in self.ask.action.takes:
            defined = self.ask.procedure.fields[item.field]
            if defined.found is not None and self._is_asked(defined):
                yield item.field, defined.found

    def _with_clocks(self, state: State) -> State:
        """The state with the clocks that the data alone would move, so that gates can ask them."""
        if not self.data and self.chosen is None:
            return state
        ask = self.ask
        runs = advance(Step(ask.procedure, ask.calendar, ask.state, state, None, ask.day, self.changed))
        return with_clocks(state, runs) if runs else state

    def _target(self) -> str:
        to, state = self.ask.action.to, self.ask.state
        chosen: str = to if isinstance(to, str) else first_match(to, self.facts)
        return {STAY: state.stage, PREVIOUS: state.previous or state.stage}.get(chosen, chosen)

    def _outcome(self) -> str | None:
        if self.ask.action.outcome_table and self.closes:
            found: str = first_match(self.ask.action.outcome_table, self.facts)
            return found
        return self.chosen

    # -- what stands against it

    def faults(self) -> tuple[Refusal, ...]:
        """What is missing, not asked, out of range or without a reason; then, and only then, the gates are worth asking."""
        return (*self._missing(), *self.range_faults, *self._unlawful()) or self._outcome_faults()

    def _missing(self) -> list[Refusal]:
        found = []
        for item in self.ask.action.takes:
            defined = self.ask.procedure.fields[item.field]
            asked, given = defined.when is None or defined.when.holds(self.facts), item.field in self.data
            if asked and not given and not item.optional and defined.is_typed:
                zh, en = f"请填写“{defined.title.zh}”", f"Please fill in: {defined.title.en}"
                found.append(self._field_refusal(defined, "required", zh, en))
            elif given and not asked:
                zh, en = f"此时不填“{defined.title.zh}”", f"Not asked here: {defined.title.en}"
                found.append(self._field_refusal(defined, "not_asked", zh, en))
        return found

    def _unlawful(self) -> Iterator[Refusal]:
        """What was fixed once and for all, and paragraphs that a text does not have."""
        for key, value in self.data.items():
            defined, before = self.ask.procedure.fields[key], self.ask.state.data.get(key)
            if not fixed_alike(defined, before, value):
                zh, en = f"“{defined.title.zh}”已经确定，不得更改", f"Fixed once and for all: {defined.title.en}"
                yield self._field_refusal(defined, "unchangeable", zh, en)
            for number in out_of_text(defined, self.state.data) if defined.draws_from else ():
                zh, en = (
                    f"{defined.title.zh}：原文没有第{number}段",
                    f"{defined.title.en}: no paragraph {number} in the text",
                )
                yield self._field_refusal(defined, "range", zh, en)

    def _field_refusal(self, defined: Field, gate: str, zh: str, en: str) -> Refusal:
        return self.ask.refuse(gate, zh, en, field=defined.key, cites=defined.cites or self.ask.action.cites)

    def _out_of_range(self, data: Mapping[str, Any]) -> Iterator[Refusal]:
        for key, value in self.data.items():
            if value is None:
                continue
            defined = self.ask.procedure.fields[key]
            for limit, edge in self._limits(defined, data):
                fits, zh, en = _LIMITS[limit]
                if not values.is_empty(edge) and not fits(*_comparable(value, edge)):
                    text = f"{defined.title.zh}{zh}{edge}", f"{defined.title.en}: {en} {edge}"
                    yield self._field_refusal(defined, "range", *text)

    def _limits(self, defined: Field, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The limits of a field; the length of a clock has some of its own, and an extension never moves a date back."""
        known = {**data, "today": self.ask.day[:10]}
        for limit, bound in defined.limits.items():
            yield limit, known.get(bound) if isinstance(bound, str) else bound
        extended = self.ask.procedure.clocks.get(self.ask.action.extends)
        if extended is not None and extended.until == defined.key:
            yield "not_before", self.ask.state.data.get(defined.key)
        for clock in self.ask.procedure.lengths.get(defined.key, ()):
            least, most = reading.lengths_allowed(clock)
            yield from (("multiple_of", 1), ("at_least", least), ("at_most", most))

    def _outcome_faults(self) -> tuple[Refusal, ...]:
        ask, allowed = self.ask, self.ask.action.outcomes
        if self.outcome_asked in allowed or (self.outcome_asked is None and len(allowed) <= 1):
            return self._reason_faults()
        if not allowed:
            return (ask.refuse("outcome", "此时不定办理结果", "No outcome is given here", field="outcome"),)
        options = "、".join(ask.procedure.outcomes[key].title.zh for key in allowed)
        en = f"Choose an outcome: {', '.join(ask.procedure.outcomes[key].title.en for key in allowed)}"
        return (ask.refuse("outcome", f"请选择办理结果：{options}", en, field="outcome"),)

    def _reason_faults(self) -> tuple[Refusal, ...]:
        """An outcome that names a reason field wants that field in the same action; an old remark does not count."""
        if self.outcome is None:
            return ()
        outcome = self.ask.procedure.outcomes[self.outcome]
        if not outcome.reason or outcome.reason in self.data:
            return ()
        title = self.ask.procedure.fields[outcome.reason].title
        zh, en = f"以“{outcome.title.zh}”办结，须填写“{title.zh}”", f"'{outcome.title.en}' needs: {title.en}"
        return (self.ask.refuse("reason", zh, en, field=outcome.reason, cites=outcome.cites),)

    def gate_faults(self) -> tuple[Refusal, ...]:
        """Gates that are shut and not passed with a reason; a block cannot be passed."""
        shut = gate_refusals(self.ask, self.facts)
        reasons = {gate: str(reason).strip() for gate, reason in self.ask.overrides.items()}
        self.passed = {
            refusal.gate: reasons[refusal.gate]
            for refusal in shut
            if refusal.severity == "warn" and reasons.get(refusal.gate)
        }
        return tuple(refusal for refusal in shut if refusal.gate not in self.passed) or self._children_fault()

    def _children_fault(self) -> tuple[Refusal, ...]:
        open_ones = any(child.open for child in self.ask.state.children)
        if not open_ones or not self.closes or self.ask.action.ends_children:
            return ()
        return (self.ask.refuse("children_open", "仍有子事项未办结", "A child case is still open"),)


def fixed_alike(defined: Field, before: Any, value: Any) -> bool:
    """Whether what may not change stays as it is: a field once set, a column of the rows that are there already."""
    if values.is_empty(before):
        return True
    if defined.unchangeable:
        return bool(before == value)
    fixed = [key for key, column in defined.rows.items() if column.unchangeable]
    later = [*value, *([{}] * len(before))] if isinstance(value, list) else []
    return not fixed or all(
        row[key] == now.get(key) for row, now in zip(before, later, strict=False) for key in fixed if key in row
    )


def _comparable(value: Any, edge: Any) -> tuple[Any, Any]:
    """Days compare by day, whatever the hour."""
    return (value[:10], str(edge)[:10]) if isinstance(value, str) else (value, edge)


_LIMITS: Mapping[str, tuple[Callable[[Any, Any], bool], str, str]] = {
    "not_before": (lambda value, edge: value >= edge, "不得早于", "not before"),
    "not_after": (lambda value, edge: value <= edge, "不得晚于", "not after"),
    "at_least": (lambda value, edge: value >= edge, "不得小于", "at least"),
    "at_most": (lambda value, edge: value <= edge, "不得大于", "at most"),
    "multiple_of": (lambda value, edge: value % edge == 0, "应当是整数，单位为", "a whole number of"),
}
