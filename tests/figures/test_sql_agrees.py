"""Conditions in SQL and in Python pick the same cases, whatever the condition, on whatever database."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.cases.models import Case
from fadu.definitions import library
from fadu.figures.sql import compiled
from fadu.kernel import condition
from fadu.kernel.condition import Condition, Names
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import State
from tests.figures.conftest import PRESENT
from tests.figures.walks import CALENDAR, UNITS, states

ITEM = library().in_force("supervision-item")
NUMBERS = [name for name, item in ITEM.fields.items() if item.kind == "number"]
PLAIN = [
    name
    for name, item in ITEM.fields.items()
    if item.kind in ("text", "choice", "unit", "yes_no", "number", "document")
]
CHOICES = {name: list(item.choices) for name, item in ITEM.fields.items() if item.choices}


def parsed(raw: dict[str, Any]) -> Condition:
    faults: list[str] = []
    names = Names(
        {**ITEM.fields, "case_unit": None}, ITEM.stages, ITEM.outcomes, ITEM.actions, ITEM.clocks, ITEM.children,
        lambda rule, advice: faults.append(f"{rule}: {advice}"),
    )  # fmt: skip
    found = condition.parse(raw, names)
    assert not faults, faults
    return found


def some_of(values: Any) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=3, unique=True)


def one(key: Any, test: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(key, test).map(lambda pair: {pair[0]: pair[1]})


ACTION, CLOCK, FIELD = (st.sampled_from(sorted(part)) for part in (ITEM.actions, ITEM.clocks, ITEM.fields))
WORDS = some_of(condition.CLOCK_WORDS)
CHILD = st.one_of(
    one(st.just("outcome"), some_of(["done", "partly", "stopped"])),
    one(st.just("open"), st.booleans()),
    st.booleans().map(lambda is_open: {"not": {"open": is_open}}),
)
LEAF = st.one_of(
    one(st.just("stage"), some_of(ITEM.stages)),
    one(st.just("outcome"), some_of(ITEM.outcomes)),
    one(st.just("case_unit"), st.sampled_from(["yz-sup", "yz-gov"])),
    one(st.just("lead_unit"), some_of(UNITS)),
    st.sampled_from(sorted(CHOICES)).flatmap(lambda name: one(st.just(name), some_of(CHOICES[name]))),
    one(st.just("urgent"), st.booleans()),
    one(FIELD, st.sampled_from(["filled", "empty"])),
    one(st.sampled_from(NUMBERS), one(st.sampled_from(["more_than", "at_least", "at_most"]), st.integers(0, 24))),
    one(st.sampled_from(PLAIN), one(st.sampled_from(["same_as", "differs_from"]), st.sampled_from(PLAIN))),
    one(st.sampled_from(NUMBERS), one(st.just("not_above"), st.sampled_from(NUMBERS))),
    one(ACTION, st.sampled_from(["done", "not_done"])),
    one(ACTION, one(st.just("at_least"), st.integers(1, 3))).filter(lambda raw: not set(raw) & set(ITEM.fields)),
    one(ACTION, one(st.just("since"), ACTION)),
    one(CLOCK, WORDS),
    one(CLOCK, one(st.just("left_under"), st.sampled_from(["30%", "80%"]))),
    one(st.just("co_part"), one(st.just("open"), st.sampled_from(["none", "some"]))),
    one(st.just("co_part"), one(st.just("count"), one(st.sampled_from(["at_least", "at_most"]), st.integers(0, 3)))),
    one(st.just("co_part"), one(st.sampled_from(["some", "every", "last"]), CHILD)),
)
ANY = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
        st.tuples(inner, inner).map(lambda pair: {**pair[0], **pair[1]}),
    ),
    max_leaves=4,
)
MOMENTS = st.integers(0, 900 * 24 * 60).map(lambda minutes: datetime(2024, 12, 1) + timedelta(minutes=minutes))
EXAMPLES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=300)


def agree(raw: dict[str, Any], at: datetime, known: dict[int, State]) -> None:
    """Fails where SQL picks other cases than Python; of a wider filter, where it lacks one."""
    wanted = parsed(raw)
    expected = {key for key, state in known.items() if wanted.holds(CaseFacts(ITEM, state, at, CALENDAR))}
    found = compiled(wanted, ITEM, at)
    picked = set(Case.objects.filter(found.q, procedure=ITEM.key).values_list("pk", flat=True))
    assert picked == expected if found.exact else picked >= expected, (raw, at)


@pytest.mark.usefixtures("walked")
def test_sql_picks_the_cases_that_python_picks():
    known = states()

    @EXAMPLES
    @given(ANY, MOMENTS)
    def try_one(raw: dict[str, Any], at: datetime) -> None:
        agree(raw, at, known)

    try_one()


def turns(clock: str, known: dict[int, State]) -> set[datetime]:
    """The moments around the ends of a clock's first runs, days and moments among them, where its condition turns."""
    dues = {run.due for state in known.values() if (run := state.clocks.get(clock)) and run.is_open}
    days, moments = (sorted(due for due in dues if (len(due) == 10) is is_day)[:3] for is_day in (True, False))
    ends = [datetime.fromisoformat(due) + timedelta(days=len(due) == 10) for due in (*days, *moments)]
    return {end + timedelta(minutes=gap) for end in ends for gap in (-1, 0, 1)} | {PRESENT}


@pytest.mark.usefixtures("walked")
def test_every_word_of_every_clock_agrees_where_it_turns():
    known = states()
    for clock in ITEM.clocks:
        for at in turns(clock, known):
            for word in sorted(condition.CLOCK_WORDS):
                agree({clock: word}, at, known)
                agree({"not": {clock: word}}, at, known)


@pytest.mark.usefixtures("walked")
def test_every_action_agrees_however_often_it_was_done():
    known = states()
    for action in ITEM.actions:
        for test in ("done", "not_done", {"at_least": 2}, {"at_least": 3}):
            if isinstance(test, str) or action not in ITEM.fields:
                agree({action: test}, PRESENT, known)
        for other in ITEM.actions:
            agree({action: {"since": other}}, PRESENT, known)


@pytest.mark.usefixtures("walked")
def test_every_field_agrees_with_every_other_of_its_kind():
    known = states()
    for name in PLAIN:
        agree({name: "filled"}, PRESENT, known)
        agree({"not": {name: "empty"}}, PRESENT, known)
        for other in PLAIN:
            agree({name: {"same_as": other}}, PRESENT, known)
            agree({name: {"differs_from": other}}, PRESENT, known)
    for name, other in itertools.product(NUMBERS, NUMBERS):
        agree({name: {"not_above": other}}, PRESENT, known)


@pytest.mark.usefixtures("walked")
def test_every_test_on_children_agrees():
    known = states()
    inner: list[Any] = [
        *(
            {"open": True},
            {"open": False},
            {"not": {"open": True}},
            {"outcome": ["done"]},
            {"outcome": ["partly", "done"]},
        ),
        *({"any": [{"open": True}, {"outcome": ["done"]}]}, {"open": False, "outcome": ["done"]}),
        *({"current": True}, {"not": {"current": True}}, {"outcome": "empty"}, {"not": {"outcome": "filled"}}),
    ]
    for quantifier, test in itertools.product(("some", "every", "last"), inner):
        agree({"co_part": {quantifier: test}}, PRESENT, known)
        agree({"not": {"co_part": {quantifier: test}}}, PRESENT, known)
    for least, most in itertools.product((0, 1, 2), (0, 1, 2)):
        agree({"co_part": {"count": {"at_least": least, "at_most": most}}}, PRESENT, known)
        agree({"co_part": {"count": {"at_least": least}}}, PRESENT, known)
    for word in ("none", "some"):
        agree({"co_part": {"open": word}}, PRESENT, known)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "raw",
    [
        {"stage": "underway", "urgent": True},
        {"item": "overdue"},
        {"any": [{"chase": {"at_least": 2}}, {"not": {"report": "done"}}]},
        {"co_part": {"every": {"open": False}}},
        {"lead_unit": {"differs_from": "suggested_unit"}},
    ],
)
def test_ordinary_conditions_are_said_in_sql_exactly(raw: dict[str, Any]):
    assert compiled(parsed(raw), ITEM, PRESENT).exact


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("raw", [{"item": {"left_under": "30%"}}, {"source_document": {"same_as": "evidence"}}])
def test_what_sql_cannot_say_is_marked_as_wider(raw: dict[str, Any]):
    assert not compiled(parsed(raw), ITEM, PRESENT).exact
