import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.units.codes import ALPHABET, PROVINCES, BadCodeError, check_division, check_uscc, uscc_check_digit

bodies = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("159"),
        st.sampled_from("123"),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
)
codes = bodies.map(lambda body: body + uscc_check_digit(body))


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "914403001922038216", "91330100799655058B", "9144030071526726XG"]
)
def test_codes_in_public_use_are_accepted(code):
    check_uscc(code)


@given(codes)
def test_a_code_with_its_check_digit_is_accepted(code):
    check_uscc(code)


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_changing_any_one_character_is_noticed(code, place, character):
    changed = code[:place] + character + code[place + 1 :]
    if changed == code:
        return
    assert changed[17] != uscc_check_digit(changed[:17])
    with pytest.raises(BadCodeError):
        check_uscc(changed)


@given(codes, st.integers(0, 15))
def test_swapping_two_neighbours_is_noticed(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        assert swapped[17] != uscc_check_digit(swapped[:17])


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("91350100M000100Y4", "18 characters"),
        ("91350100M000100Y4I", "character 18"),
        ("91350100m000100Y43", "character 9"),
        ("01350100M000100Y43", "registering department"),
        ("91A50100M000100Y43", "characters 3 to 8"),
        ("91350100M000100Y44", "check digit"),
        ("９1350100M000100Y43", "character 1 of"),
    ],
)
def test_a_wrong_code_is_told_what_is_wrong(code, names):
    with pytest.raises(BadCodeError, match=names) as caught:
        check_uscc(code)
    assert "代码" in caught.value.zh


def test_there_are_34_provinces():
    assert len(PROVINCES) == 34


@pytest.mark.parametrize("code", ["110000", "440300", "440305", "429004", "810000", "659001"])
def test_divisions_in_use_are_accepted(code):
    check_division(code)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("4403", "six digits"),
        ("44030a", "six digits"),
        ("４40300", "six digits"),
        ("160000", "no province"),
        ("440003", "without a prefecture"),
    ],
)
def test_a_wrong_division_is_told_what_is_wrong(code, names):
    with pytest.raises(BadCodeError, match=names):
        check_division(code)
