"""What a field holds: raw input in, the stored value out, or why not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel import ledger, values
from fadu.kernel.definition import Field
from fadu.kernel.law import Text

TITLE = Text("字段", "field")
CHOICES = {"a": Text("甲", "A"), "b": Text("乙", "B")}
ROWS = {"who": Field("who", Text("人", "Who"), "person"), "sum": Field("sum", Text("额", "Sum"), "money")}
KINDS = (
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "moment",
    "yes_no",
    "unit",
    "person",
    "party",
    "document",
    "item",
    "case",
)


def of(kind: str, **more: Any) -> Field:
    return Field("f", TITLE, kind, **more)  # type: ignore[arg-type]


EVERY = [*(of(kind) for kind in KINDS), of("choice", choices=CHOICES), of("list", of="unit"), of("list", rows=ROWS)]


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("text", "  河道 ", "河道"),
        ("number", "12", 12),
        ("number", 12.0, 12),
        ("number", "1.5", 1.5),
        ("money", "4999.99", 4999.99),
        ("date", "2026-03-02", "2026-03-02"),
        ("date", "20260302", "2026-03-02"),
        ("moment", "2026-03-02", "2026-03-02"),
        ("moment", "2026-03-02T08:30:59", "2026-03-02T08:30"),
        ("moment", "2026-03-02T16:30Z", "2026-03-03T00:30"),
        ("yes_no", "是", True),
        ("yes_no", "off", False),
        ("unit", " water ", "water"),
        ("case", 900719925474099, 900719925474099),
        ("document", {"sha256": "ab", "size": 3}, {"sha256": "ab", "size": 3}),
    ],
)
def test_what_is_typed_is_stored_in_one_form(kind: str, raw: Any, stored: Any) -> None:
    found = values.read(of(kind), raw)
    assert found == stored
    assert type(found) is type(stored)


@pytest.mark.parametrize(
    ("kind", "raw", "zh"),
    [
        ("text", 5, "应当填写文字"),
        ("text", "x" * 501, "不得超过500字"),
        ("text", "a\x00b", "不可用的字符"),
        ("text", "\ud800", "不可用的字符"),
        ("number", True, "应当填写数字"),
        ("number", "nan", "数字过大"),
        ("number", 10**15, "数字过大"),
        ("number", 10**400, "数字过大"),
        ("money", -1, "不得为负"),
        ("money", 0.001, "最多两位小数"),
        ("date", "2026-02-29", "应当是日期"),
        ("date", "0099-01-01", "应当是日期"),
        ("moment", "9999-12-31T23:59+14:00", "应当是日期或时刻"),
        ("yes_no", "maybe", "应当选择是或者否"),
        ("unit", {}, "没有指明对象"),
        ("unit", False, "没有指明对象"),
        ("party", {"id": {"deep": 1}}, "应当填写数字"),
        ("document", {"size": float("inf")}, "数字过大"),
    ],
)
def test_what_does_not_fit_is_refused_in_two_languages(kind: str, raw: Any, zh: str) -> None:
    with pytest.raises(values.Unfit) as unfit:
        values.read(of(kind), raw)
    assert zh in unfit.value.text.zh
    assert unfit.value.text.en


def test_a_choice_is_one_of_its_keys() -> None:
    assert values.read(of("choice", choices=CHOICES), "a") == "a"
    with pytest.raises(values.Unfit, match="可选：甲、乙"):
        values.read(of("choice", choices=CHOICES), "c")


def test_a_list_reads_each_entry_and_refuses_one_that_stands_twice() -> None:
    units = of("list", of="unit")
    assert values.read(units, ["water", " parks", "", None]) == ["water", "parks"]
    with pytest.raises(values.Unfit, match="重复"):
        values.read(units, ["water", " water"])
    with pytest.raises(values.Unfit, match="没有指明对象"):
        values.read(units, [["water"]])
    with pytest.raises(values.Unfit, match="不得超过1000项"):
        values.read(units, [str(n) for n in range(1001)])


def test_a_row_reads_its_columns_and_drops_what_is_empty() -> None:
    rows = of("list", rows=ROWS)
    assert values.read(rows, [{"who": "li", "sum": "3.50"}, {"who": "", "sum": None}, {}]) == [
        {"who": "li", "sum": 3.5}
    ]
    with pytest.raises(values.Unfit, match="没有这一列：x"):
        values.read(rows, [{"x": 1}])
    with pytest.raises(values.Unfit, match="额应当填写数字"):
        values.read(rows, [{"sum": "viel"}])
    with pytest.raises(values.Unfit, match="每一行"):
        values.read(rows, ["li"])


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-03-02", "a", "1e9", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(raw=ANYTHING, field=st.sampled_from(EVERY))
def test_whatever_comes_in_what_is_stored_can_be_written_hashed_and_read_again(raw: Any, field: Field) -> None:
    try:
        stored = values.read(field, raw)
    except values.Unfit:
        return
    text = ledger.canonical({"seq": 1, "value": stored})
    assert ledger.seal("", text)
    assert json.loads(text)["value"] == stored
    if not values.is_empty(stored):
        assert values.read(field, stored) == stored, "reading again changes nothing"
