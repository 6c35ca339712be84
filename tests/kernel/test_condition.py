"""The one language of conditions: what each line holds of, and what is no condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from fadu.kernel.condition import All, AnyOf, ClockTest, Done, FieldTest, Names, Not, RowFacts, leaves, parse, reads
from fadu.kernel.definition import Field
from fadu.kernel.law import Text

T = Text("字", "T")
ROWS = {"who": Field("who", T, "person"), "ok": Field("ok", T, "yes_no")}
FIELDS: dict[str, Any] = {
    "name": Field("name", T, "text"),
    "kind": Field("kind", T, "choice", choices={"a": T, "b": T}),
    "sum": Field("sum", T, "money"),
    "limit": Field("limit", T, "number"),
    "on": Field("on", T, "date"),
    "ok": Field("ok", T, "yes_no"),
    "text": Field("text", T, "document"),
    "view": Field("view", T, "text", about="text"),
    "rows": Field("rows", T, "list", rows=ROWS),
}


@dataclass
class Case:
    """Facts laid out by hand."""

    data: Mapping[str, Any] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    since: frozenset[tuple[str, str]] = frozenset()
    clocks: Mapping[str, str] = field(default_factory=dict)
    left: float | None = None
    current: bool = False
    children: list[Mapping[str, Any]] = field(default_factory=list)

    def value(self, name: str) -> Any:
        return self.data.get(name)

    def times_done(self, action: str) -> int:
        return self.times.get(action, 0)

    def done_since(self, action: str, other: str) -> bool:
        return (action, other) in self.since

    def clock(self, name: str) -> str:
        return self.clocks.get(name, "none")

    def share_left(self, name: str) -> float | None:
        return self.left

    def is_current(self, name: str) -> bool:
        return self.current

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        return self.children if name == "part" else list(self.data.get(name, []))


def names(complaints: list[str] | None = None) -> Names:
    found = complaints if complaints is not None else []
    return Names(
        FIELDS,
        ["new", "old"],
        ["done"],
        ["act", "redo"],
        ["term"],
        ["part"],
        lambda rule, advice: found.append(f"{rule}: {advice}"),
    )


def holds(condition: Any, case: Case) -> bool:
    complaints: list[str] = []
    found = parse(condition, names(complaints))
    assert complaints == []
    return found.holds(case)


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ({"kind": "a"}, {"kind": "a"}, {"kind": "b"}),
        ({"kind": ["a", "b"]}, {"kind": "b"}, {}),
        ({"ok": True}, {"ok": True}, {"ok": False}),
        ({"ok": False}, {"ok": False}, {}),
        ({"sum": 0}, {"sum": 0}, {"sum": 1}),
        ({"name": "filled"}, {"name": "x"}, {"name": ""}),
        ({"rows": "empty"}, {"rows": []}, {"rows": [{"ok": True}]}),
        ({"sum": {"more_than": 5}}, {"sum": 5.01}, {"sum": 5}),
        ({"sum": {"at_least": 5}}, {"sum": 5}, {"sum": 4.99}),
        ({"sum": {"at_most": 5}}, {"sum": 5}, {}),
        ({"sum": {"at_least": 1, "at_most": 5}}, {"sum": 3}, {"sum": 6}),
        ({"sum": {"not_above": "limit"}}, {"sum": 5, "limit": 5}, {"sum": 6, "limit": 5}),
        ({"sum": {"not_above": "limit"}}, {"sum": 5}, {"sum": 5, "limit": 4}),
        ({"name": {"same_as": "kind"}}, {"name": "a", "kind": "a"}, {"name": "a", "kind": "b"}),
        ({"name": {"differs_from": "kind"}}, {"name": "a"}, {"name": "a", "kind": "a"}),
        ({"name": {"is": ["x", "y"]}}, {"name": "y"}, {"name": "z"}),
        ({"stage": "new"}, {"stage": "new"}, {"stage": "old"}),
        ({"outcome": "done"}, {"outcome": "done"}, {}),
        ({"kind": "a", "ok": True}, {"kind": "a", "ok": True}, {"kind": "a"}),
        ({"any": [{"kind": "a"}, {"ok": True}]}, {"ok": True}, {"kind": "b"}),
        ({"not": {"kind": "a"}}, {}, {"kind": "a"}),
        ({"rows": {"some": {"ok": True}}}, {"rows": [{"ok": False}, {"ok": True}]}, {"rows": [{"ok": False}]}),
        ({"rows": {"every": {"ok": True}}}, {"rows": [{"ok": True}, {"ok": True}]}, {"rows": [{"ok": True}, {}]}),
        ({"rows": {"last": {"ok": True}}}, {"rows": [{}, {"ok": True}]}, {"rows": [{"ok": True}, {}]}),
        ({"rows": {"count": {"at_least": 2}}}, {"rows": [{}, {}]}, {"rows": [{}]}),
        ({"rows": {"count": {"at_most": 1}}}, {"rows": [{}]}, {"rows": [{}, {}]}),
    ],
)
def test_a_test_on_fields_and_rows(condition: Any, yes: dict[str, Any], no: dict[str, Any]) -> None:
    assert holds(condition, Case(yes))
    assert not holds(condition, Case(no))


@pytest.mark.parametrize("quantifier", ["some", "every", "last"])
def test_of_no_rows_nothing_holds(quantifier: str) -> None:
    assert not holds({"rows": {quantifier: {"ok": True}}}, Case())
    assert not holds({"part": {quantifier: {"not": {"outcome": "x"}}}}, Case())


def test_done_is_for_ever_and_since_is_not() -> None:
    assert holds({"act": "done"}, Case(times={"act": 1}))
    assert holds({"act": "not_done"}, Case())
    assert not holds({"act": "not_done"}, Case(times={"act": 1}))
    assert holds({"act": {"at_least": 3}}, Case(times={"act": 3}))
    assert not holds({"act": {"at_least": 3}}, Case(times={"act": 2}))
    assert holds({"act": {"since": "redo"}}, Case(since=frozenset({("act", "redo")})))
    assert not holds({"act": {"since": "redo"}}, Case(times={"act": 5}))


def test_a_clock_is_in_a_condition_or_short_of_time() -> None:
    assert holds({"term": ["running", "paused"]}, Case(clocks={"term": "paused"}))
    assert not holds({"term": "running"}, Case(clocks={"term": "overdue"}))
    assert holds({"term": {"left_under": "30%"}}, Case(left=0.29))
    assert not holds({"term": {"left_under": "30%"}}, Case(left=0.3))
    assert not holds({"term": {"left_under": "30%"}}, Case(left=None))


def test_children_are_open_or_not_current_or_not() -> None:
    child = {"outcome": "done", "open": False, "current": True}
    assert holds({"part": {"open": "none"}}, Case(children=[child]))
    assert not holds({"part": {"open": "some"}}, Case(children=[child]))
    assert holds({"part": {"last": {"outcome": "done", "current": True}}}, Case(children=[child]))
    assert holds({"part": {"some": {"current": False}}}, Case(children=[{**child, "current": False}]))
    assert not holds({"part": {"some": {"current": False}}}, Case(children=[child]))


def test_a_result_is_current_or_expressly_not() -> None:
    assert holds({"view": {"current": True}}, Case(current=True))
    assert not holds({"view": {"current": True}}, Case())
    assert holds({"view": {"current": False}}, Case())
    assert not holds({"view": {"is": "x", "current": True}}, Case({"view": "y"}, current=True))


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("new", "is not a condition"),
        ({}, "is not a condition"),
        (None, "is not a condition"),
        ({"nobody": "x"}, "'nobody' is no field"),
        ({"stage": "lost"}, "'lost' is not among the values of 'stage'"),
        ({"outcome": "lost"}, "'lost' is not among"),
        ({"kind": "c"}, "'c' is not among the values of 'kind': a, b"),
        ({"kind": {"is": ["a", "c"]}}, "'c' is not among"),
        ({"kind": [{"a": 1}]}, "is no value of 'kind'"),
        ({"kind": [["a"]]}, "is no value"),
        ({"sum": {"between": 3}}, "'between' is no test on a field"),
        ({"sum": {"more_than": "much"}}, "compares what is no number"),
        ({"sum": {"more_than": [1]}}, "compares what is no number"),
        ({"name": {"more_than": 3}}, "'name' has no order"),
        ({"name": {"not_above": "sum"}}, "'name' has no order"),
        ({"sum": {"same_as": "nobody"}}, "'nobody' is no field"),
        ({"sum": {"same_as": ["x"]}}, "is no field"),
        ({"name": {"current": True}}, "only such a field can be current"),
        ({"current": True}, "'current' is no field"),
        ({"act": "maybe"}, "'act' is no field"),
        ({"act": {"since": "nobody"}}, "'nobody' is no action"),
        ({"act": {"at_least": "three"}}, "no whole number"),
        ({"term": "fast"}, "'term' is no field"),
        ({"term": [["running"]]}, "'term' is no field"),
        ({"term": {"left_under": "soon"}}, "no share of time"),
        ({"term": {"left_under": "0%"}}, "no share of time"),
        ({"rows": {"some": {"nobody": 1}}}, "'nobody' is no field"),
        ({"rows": {"open": "none"}}, "is no test on 'rows'"),
        ({"rows": {"count": 3}}, "is no test on 'rows'"),
        ({"rows": {"count": {"at_least": "x"}}}, "no whole number"),
        ({"part": {"open": "all"}}, "is no test on 'part'"),
        ({"part": {"some": {"stage": "new"}}}, "'new' is not among the values of 'stage'"),
        ({"name": {"some": {"x": 1}}}, "neither a child nor a list of rows"),
        ({"any": "new"}, "is not a condition"),
        ({"not": []}, "is not a condition"),
    ],
)
def test_what_is_no_condition_is_complained_of_and_never_crashes(condition: Any, complaint: str) -> None:
    complaints: list[str] = []
    parse(condition, names(complaints))
    assert complaints
    assert complaint in "\n".join(complaints)


def test_a_condition_can_be_looked_into() -> None:
    found = parse(
        {
            "any": [{"kind": "a"}, {"not": {"sum": {"not_above": "limit"}}}],
            "rows": {"some": {"ok": True}},
            "act": "done",
            "term": "met",
        },
        names(),
    )
    assert reads(found) == {"kind", "sum", "limit", "rows"}
    assert [type(leaf).__name__ for leaf in leaves(found)] == ["FieldTest", "FieldTest", "RowTest", "Done", "ClockTest"]
    assert reads(None) == set()


def test_connectives_are_plain_values() -> None:
    one, other = FieldTest("kind", "in", ("a",)), Done("act")
    assert parse({"kind": "a", "act": "done"}, names()) == All((one, other))
    assert parse({"any": [{"kind": "a"}, {"act": "done"}]}, names()) == AnyOf((one, other))
    assert parse({"not": {"kind": "a"}}, names()) == Not(one)
    assert parse({"term": "met"}, names()) == ClockTest("term", frozenset({"met"}))


def test_a_row_answers_for_its_columns_only() -> None:
    row = RowFacts({"ok": True})
    assert row.value("ok") is True
    for ask in (
        lambda: row.clock("x"),
        lambda: row.times_done("x"),
        lambda: row.rows("x"),
        lambda: row.share_left("x"),
    ):
        with pytest.raises(LookupError):
            ask()
