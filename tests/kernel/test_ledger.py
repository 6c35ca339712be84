"""The chained ledger: any changed, missing, moved or doubled entry is found; SM3 is the SM3 of the standard."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel import ledger
from fadu.kernel.ledger import SHA256, SM3, Sealed, canonical, chain_fault, digest, seal

VECTORS = json.loads((Path(__file__).parent / "vectors" / "ledger.json").read_text(encoding="utf-8"))

BODIES = st.lists(
    st.fixed_dictionaries(
        {
            "action": st.text(max_size=6),
            "data": st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=4)),
        }
    ),
    min_size=1,
    max_size=6,
)
ALGORITHMS = st.sampled_from([SHA256, SM3])


def chain(bodies: list[dict[str, Any]], algorithms: list[str]) -> list[Sealed]:
    sealed, previous = [], ""
    for seq, body in enumerate(bodies, 1):
        text, algorithm = canonical({**body, "seq": seq}), algorithms[seq % len(algorithms)]
        previous = seal(previous, text, algorithm)
        sealed.append(Sealed(seq, text, previous, algorithm))
    return sealed


CHAINS = st.builds(chain, BODIES, st.lists(ALGORITHMS, min_size=1, max_size=3))


@pytest.mark.parametrize("vector", VECTORS["sm3"], ids=lambda vector: vector["source"])
def test_sm3_is_the_sm3_of_the_standard(vector: dict[str, str]) -> None:
    assert ledger._sm3(vector["message"].encode()) == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["name"])
def test_an_entry_is_written_and_sealed_as_it_always_was(vector: dict[str, Any]) -> None:
    text = canonical(vector["body"])
    assert text == vector["text"]
    assert seal(vector["previous"], text, SHA256) == vector["sha256"]
    assert seal(vector["previous"], text, SM3) == vector["sm3"]


@given(sealed=CHAINS)
def test_an_honest_chain_has_no_fault(sealed: list[Sealed]) -> None:
    assert chain_fault(sealed) is None
    assert chain_fault(sealed, sealed[-1].digest) is None


@given(sealed=CHAINS, data=st.data())
def test_a_changed_entry_is_found(sealed: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    text = data.draw(
        st.text(max_size=20) | st.just(sealed[place].text + " ") | st.just(sealed[place].text.replace(":", ": "))
    )
    broken = [*sealed]
    broken[place] = replace(sealed[place], text=text)
    assert text == sealed[place].text or chain_fault(broken) is not None


@given(sealed=CHAINS, data=st.data())
def test_a_changed_digest_number_or_algorithm_is_found(sealed: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = {SHA256: SM3, SM3: SHA256}[sealed[place].algorithm]
    change: dict[str, Any] = data.draw(
        st.sampled_from([{"digest": "0" * 64}, {"digest": ""}, {"seq": 99}, {"algorithm": "md5"}, {"algorithm": other}])
    )
    broken = [*sealed]
    broken[place] = replace(sealed[place], **change)
    assert chain_fault(broken) is not None


@given(sealed=CHAINS, data=st.data())
def test_a_forged_entry_with_a_digest_of_its_own_is_found(sealed: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    previous = sealed[place - 1].digest if place else ""
    text = canonical({"seq": place + 1, "action": "forged"})
    broken = [*sealed]
    broken[place] = Sealed(place + 1, text, seal(previous, text), SHA256)
    assert chain_fault(broken, sealed[-1].digest) is not None


@given(sealed=CHAINS, data=st.data())
def test_a_removed_entry_is_found_also_at_the_end(sealed: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    broken = sealed[:place] + sealed[place + 1 :]
    assert chain_fault(broken, sealed[-1].digest) is not None
    if place < len(sealed) - 1:
        assert chain_fault(broken) is not None, "without the head, too, unless it is the last"


@given(sealed=CHAINS, data=st.data())
def test_a_doubled_or_moved_entry_is_found(sealed: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    doubled = [*sealed[: place + 1], *sealed[place:]]
    assert chain_fault(doubled) is not None
    order = data.draw(st.permutations(range(len(sealed))))
    moved = [sealed[place] for place in order]
    assert moved == sealed or chain_fault(moved) is not None


def test_a_renumbered_entry_of_another_place_is_found_by_its_own_text() -> None:
    text = canonical({"seq": 2})
    assert "says it is entry 2" in (chain_fault([Sealed(1, text, seal("", text), SHA256)]) or "")


@pytest.mark.parametrize("text", ["", "no json", "[]", '"x"', "{}", "\ud800"])
def test_an_entry_that_is_no_entry_is_a_fault_not_a_crash(text: str) -> None:
    assert chain_fault([Sealed(1, text, seal("", text), SHA256)]) is not None


def test_one_body_has_one_text_whatever_the_order_of_its_keys() -> None:
    assert (
        canonical({"b": 1, "a": {"d": [1.5, True, None], "c": "督办"}})
        == '{"a":{"c":"督办","d":[1.5,true,null]},"b":1}'
    )
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})


def test_what_is_no_json_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"x": float("nan")})


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    )
)
def test_written_read_and_written_again_is_the_same_text(value: Any) -> None:
    text = canonical({"seq": 1, "value": value})
    assert canonical(json.loads(text)) == text


def test_a_document_is_known_by_the_digest_of_its_content_whatever_it_is_called() -> None:
    assert digest({"sha256": "ab", "name": "一稿"}) == digest({"sha256": "ab", "name": "终稿"}) == "ab"
    assert digest("稿一") != digest("稿二")
