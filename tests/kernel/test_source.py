"""YAML read strictly, each key with its line."""

import pytest

from fadu.kernel.source import DefinitionError, Source


def fault(text: str) -> str:
    with pytest.raises(DefinitionError) as error:
        Source("x.yaml").read(text)
    return str(error.value)


def test_keys_and_dates_stay_text_and_only_true_and_false_are_booleans() -> None:
    read = Source("x.yaml").read(
        "{2026-03-02: 2026-03-02, on: yes, n: 12, m: 012, t: true, f: false, q: 'true', s: 1e3}"
    )
    assert read == {
        "2026-03-02": "2026-03-02",
        "on": "yes",
        "n": 12,
        "m": "012",
        "t": True,
        "f": False,
        "q": "true",
        "s": "1e3",
    }


def test_every_key_knows_its_line() -> None:
    read = Source("x.yaml").read("a: 1\n\nb:\n  c: 2\n")
    assert (read.line_of("b"), read["b"].line_of("c"), read["b"].line_of("absent")) == (3, 4, 4)


def test_a_key_that_stands_twice_is_a_fault_with_its_line() -> None:
    assert fault("a: 1\nb: 2\na: 3\n") == "x.yaml:3: double-key: 'a' stands twice in one mapping; keep one"


@pytest.mark.parametrize("text", ["a:\n", "a: {b: , c: 1}", "{a: 甲, 乙}"])
def test_an_empty_value_is_a_fault(text: str) -> None:
    assert "empty-value: a key has no value" in fault(text)


def test_a_comma_that_cuts_a_text_in_two_leaves_a_key_without_a_value() -> None:
    assert fault("a: {title: 退回, 改派 | Return, kind: text}") == (
        "x.yaml:1: empty-value: a key has no value; write one or drop the key"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\nb: 2", 2),
        ("a: 'open", 1),
        ("", 1),
        ("- a", 1),
        ("just text", 1),
        ("a: 1\n---\nb: 2", 2),
        ("a: \x07", 1),
    ],
)
def test_what_is_no_mapping_is_a_fault_not_a_crash(text: str, line: int) -> None:
    assert fault(text).startswith(f"x.yaml:{line}: yaml: ")


def test_an_alias_to_what_holds_it_is_a_fault() -> None:
    assert "x.yaml:1: yaml: an alias points to what it stands in" in fault("a: &a {b: *a}")
    assert "alias" in fault("a: &a [*a]")


def test_an_alias_beside_its_anchor_is_read() -> None:
    assert Source("x.yaml").read("a: &x {n: 1}\nb: *x") == {"a": {"n": 1}, "b": {"n": 1}}
