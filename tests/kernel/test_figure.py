"""Declared figures and tables are read whole, and every fault in them names its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.definitions import SHIPPED, figures, library, read, tables
from fadu.kernel.condition import FieldTest
from fadu.kernel.figure import UNITS, Figures, load_figures
from fadu.kernel.source import DefinitionError, Fault, Source
from fadu.kernel.table import Table, load_table

HEAD = """figures_for: supervision-item
domain: supervision
title: 测试 | Test
version: 3
in_force: 2026-01-01
basis: practice (P)
figures:
"""
GOOD = "  good: {title: 好 | Good, count: supervision-item, over: approve, cites: practice (P)}\n"
TAIL = ", cites: practice (P)}\n"


def load(text: str) -> Figures:
    return load_figures(Source("test.yaml").read(text), library())


def faults(text: str) -> list[Fault]:
    with pytest.raises(DefinitionError) as found:
        load(text)
    return found.value.faults


def test_every_kind_of_figure_is_read():
    found = load(
        HEAD
        + "  a: {title: 甲 | A, count: supervision-item, over: approve, where: {urgent: true}, split: [source, lead_unit]" + TAIL
        + "  b: {title: 乙 | B, sum: supervision-item, of: every_months, over: closed, unit: 个月 | months" + TAIL
        + "  c: {title: 丙 | C, distinct: supervision-item, of: source, over: opened, unit: kinds" + TAIL
        + "  d: {title: 丁 | D, average: supervision-item, days: [approve, strike_off], over: carried_out" + TAIL
        + "  e: {title: 戊 | E, ratio: [a, f]" + TAIL
        + "  f: {title: 己 | F, sum: [a, g]" + TAIL
        + "  g: {title: 庚 | G, count: co-handling, over: carried_in" + TAIL
    )  # fmt: skip
    one = {figure.name: figure for figure in found.figures.values()}
    assert list(found.figures) == [f"supervision-item-{name}" for name in "abcdefg"]
    assert {name: figure.kind for name, figure in one.items()} == {
        "a": "count", "b": "sum", "c": "distinct", "d": "average", "e": "ratio", "f": "total", "g": "count",
    }  # fmt: skip
    assert one["a"].where == FieldTest("urgent", "in", (True,))
    assert one["a"].split == ("source", "lead_unit")
    assert (one["a"].domain, one["a"].version, one["a"].in_force) == ("supervision", 3, "2026-01-01")
    assert (one["b"].of, one["b"].unit.zh) == ("every_months", "个月")
    assert one["d"].days == ("approve", "strike_off")
    assert (one["d"].unit, one["e"].unit, one["a"].unit) == (UNITS["days"], UNITS["percent"], UNITS["cases"])
    assert one["e"].parts == ("supervision-item-a", "supervision-item-f")
    assert one["e"].is_of_figures
    assert one["e"].is_percent
    assert (one["g"].procedure, one["g"].over_action, one["a"].over_action) == ("co-handling", False, True)


@pytest.mark.parametrize(
    ("line", "rule", "advice"),
    [
        ("title: 甲 | A, count: supervision-item, over: approve, colour: red", "unknown-word", "'colour'"),
        ("title: 甲 | A, over: approve", "figure", "exactly one of count"),
        (
            "title: 甲 | A, count: supervision-item, distinct: supervision-item, of: source, over: approve",
            "figure",
            "exactly one",
        ),
        ("title: 甲, count: supervision-item, over: approve", "bilingual", "'甲'"),
        ("title: 甲 | A, count: no-such, over: approve", "unknown-procedure", "'no-such'"),
        ("title: 甲 | A, count: supervision-item, over: aprove", "unknown-action", "'aprove'"),
        ("title: 甲 | A, count: supervision-item", "missing", "'over'"),
        (
            "title: 甲 | A, count: supervision-item, over: approve, where: {stage: nowhere}",
            "unknown-value",
            "'nowhere'",
        ),
        (
            "title: 甲 | A, count: supervision-item, over: approve, where: {no_such: filled}",
            "unknown-name",
            "'no_such'",
        ),
        ("title: 甲 | A, count: supervision-item, over: approve, split: [matter]", "split", "'matter'"),
        ("title: 甲 | A, count: supervision-item, over: approve, of: source", "figure", "'of' belongs to a sum"),
        ("title: 甲 | A, sum: supervision-item, over: approve", "missing", "'of'"),
        ("title: 甲 | A, sum: supervision-item, of: source, over: approve", "figure", "'source' is a choice"),
        ("title: 甲 | A, distinct: supervision-item, of: no_such, over: approve", "unknown-field", "'no_such'"),
        ("title: 甲 | A, average: supervision-item, days: [approve], over: approve", "figure", "between two actions"),
        (
            "title: 甲 | A, average: supervision-item, days: [approve, aprove], over: approve",
            "unknown-action",
            "'aprove'",
        ),
        (
            "title: 甲 | A, count: supervision-item, days: [approve, sign], over: approve",
            "figure",
            "between two actions",
        ),
        ("title: 甲 | A, count: supervision-item, over: approve, unit: heaps", "unit", "'heaps'"),
        ("title: 甲 | A, ratio: [good, bad]", "unknown-figure", "bad"),
        ("title: 甲 | A, ratio: [good]", "figure", "two parts"),
        ("title: 甲 | A, ratio: [good, good, good]", "figure", "two parts"),
        ("title: 甲 | A, sum: [good]", "figure", "two parts or more"),
        ("title: 甲 | A, ratio: [good, rate]", "figure", "which is a ratio"),
        ("title: 甲 | A, ratio: [good, good], split: [source]", "figure", "'split' belongs to"),
    ],
)
def test_a_faulty_figure_is_named_by_rule_and_line(line: str, rule: str, advice: str):
    rate = "  rate: {title: 率 | Rate, ratio: [good, good]" + TAIL
    found = faults(HEAD + GOOD + rate + f"  it: {{{line}{TAIL}")
    assert [(fault.rule, fault.line) for fault in found] == [(rule, 10)]
    assert advice in found[0].advice


@pytest.mark.parametrize(
    ("was", "becomes", "rule", "line"),
    [
        ("domain: supervision\n", "", "missing", 1),
        ("version: 3", "version: three", "number", 4),
        ("in_force: 2026-01-01", "in_force: soon", "date", 5),
        ("basis: practice (P)", "basis: practice", "citation", 6),
        ("basis: practice (P)", "basis: NOLAW 3 (V)", "unknown-law", 6),
        ("figures_for: supervision-item", "figures_for: nothing", "unknown-procedure", 1),
        ("title: 测试 | Test", "title: 测试 | Test\nbegins: received", "unknown-field", 4),
        ("title: 测试 | Test", "title: 测试 | Test\nbegin: due", "unknown-word", 4),
    ],
)
def test_a_faulty_head_is_named_by_rule_and_line(was: str, becomes: str, rule: str, line: int):
    found = faults((HEAD + GOOD).replace(was, becomes))
    assert (rule, line) in [(fault.rule, fault.line) for fault in found]


def test_figures_must_be_a_mapping():
    assert [fault.rule for fault in faults(HEAD.replace("figures:\n", "figures: [a, b]\n"))] == ["figures"]
    assert [fault.rule for fault in faults(HEAD + "  it: five\n")] == ["figures"]


def test_all_faults_come_at_once():
    bad = ": {title: 甲 | A, count: supervision-item, over: nothing" + TAIL
    found = faults(HEAD + "  a" + bad + "  b" + bad)
    assert [fault.line for fault in found] == [8, 9]


def test_the_digest_of_a_declaration_moves_with_what_it_says_and_with_its_parts():
    rate = "  rate: {title: 率 | Rate, ratio: [good, other]" + TAIL
    other = "  other: {title: 另 | Other, count: supervision-item, over: sign" + TAIL

    def digests(text: str) -> dict[str, str]:
        return {figure.name: figure.digest for figure in load(text).figures.values()}

    before = digests(HEAD + GOOD + other + rate)
    assert before == digests(HEAD + other + GOOD + rate)
    after = digests(HEAD + GOOD + other.replace("over: sign", "over: closed") + rate)
    assert (before["good"], before["other"] == after["other"], before["rate"] == after["rate"]) == (
        after["good"],
        False,
        False,
    )
    assert digests((HEAD + GOOD).replace("version: 3", "version: 4"))["good"] != before["good"]


def test_what_ships_is_read():
    assert "supervision-item-opened" in figures()["supervision-item"].figures
    assert all(figure.domain == file.domain for file in figures().values() for figure in file.figures.values())
    assert tables()["disclosure-form"].procedure == "disclosure-request"


# -- tables ------------------------------------------------------------------------------------------------------------

FORM = SHIPPED / "disclosure" / "disclosure-form.yaml"


def form(was: str = "", becomes: str = "") -> Table:
    text = FORM.read_text(encoding="utf-8")
    assert was in text
    return load_table(Source("form.yaml").read(text.replace(was, becomes, 1)), library())


def test_the_statutory_table_has_seven_columns_and_25_rows():
    table = load_table(read(FORM), library())
    assert (len(table.columns), len(table.rows), len(table.equations)) == (7, 25, 2)
    assert table.begins == "received_on"
    first, second = table.equations
    assert (first.left, first.right) == (((1, "r1"), (1, "r2")), ((1, "t"), (1, "r4")))
    assert (first.last_year, second.last_year, second.right) == (False, True, ((1, "r4"),))


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("r1 + r2 = t + r4", "r1 + r2 = t + r9", "unknown-row"),
        ("r1 + r2 = t + r4", "r1 + r2", "equation"),
        ("r1 + r2 = t + r4", "r1 * r2 = t + r4", "equation"),
        ("sum: [natural_person, company", "sum: [natural_person, firm", "unknown-row"),
        ("outcome_row: d8", "outcome_row: d9", "unused-row"),
        ("over: begun", "over: started", "unknown-action"),
        ("{applicant_kind: welfare}", "{applicant_kind: charity}", "unknown-value"),
        ("begins: received_on", "begins: came_on", "unknown-field"),
        ("period: year", "period: decade", "period"),
        ("counts: disclosure-request", "counts: nothing", "unknown-procedure"),
        ("outcome_row: g}", "outcome_row: g, over: begun}", "table"),
        ("head: 法人或其他组织}", "heading: 法人或其他组织}", "unknown-word"),
    ],
)
def test_a_faulty_table_is_named(was: str, becomes: str, rule: str):
    with pytest.raises(DefinitionError) as found:
        form(was, becomes)
    assert rule in [fault.rule for fault in found.value.faults]
    assert all(fault.line > 1 or fault.rule == "unknown-procedure" for fault in found.value.faults)


COUNTED = [key for key, row in form().rows.items() if not row.sum]
KINDS = [key for key, column in form().columns.items() if not column.sum]
CELLS = st.dictionaries(st.tuples(st.sampled_from(COUNTED), st.sampled_from(KINDS)), st.integers(0, 500))


@given(CELLS)
def test_sums_run_over_rows_and_columns(counted):
    table = form()
    cells = table.filled(counted)
    assert len(cells) == 25 * 7
    for column in KINDS:
        outcomes = [row for row in COUNTED if row not in ("r1", "r2", "r4")]
        assert cells["t", column] == sum(counted.get((row, column), 0) for row in outcomes)
    for row in table.rows:
        assert cells[row, "total"] == sum(cells[row, column] for column in KINDS)


@given(CELLS, st.sampled_from(KINDS))
def test_a_table_that_does_not_balance_says_in_which_columns(counted, column: str):
    table = form()
    cells = dict(table.filled(counted))
    balanced = {**counted, **{("r4", kind): 0 for kind in KINDS}}
    for kind in KINDS:
        balanced["r1", kind] = cells["t", kind]
        balanced["r2", kind] = 0
    assert table.broken(table.filled(balanced)) == []
    balanced["r1", column] += 1
    assert [(item.text, where) for item, where in table.broken(table.filled(balanced))] == [
        ("r1 + r2 = t + r4", column),
        ("r1 + r2 = t + r4", "total"),
    ]


def test_what_was_carried_out_last_year_is_carried_in_this_year():
    table = form()
    last = table.filled({("r4", "company"): 3, ("r1", "company"): 3})
    this = table.filled({("r2", "company"): 2, ("g", "company"): 2})
    assert [(item.text, where) for item, where in table.broken(this, last)] == [
        ("r2 = r4 of last year", "company"),
        ("r2 = r4 of last year", "total"),
    ]
    assert table.broken(this) == []
