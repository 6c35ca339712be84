"""The two codes that name a place and an organisation: GB/T 2260 divisions and GB 32100 credit codes."""

# GB/T 2260, first two digits: the provinces, with Taiwan, Hong Kong and Macao.
PROVINCES = frozenset(
    str(number)
    for region in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for number in region
)
# GB 32100-2015 leaves out I, O, S, V and Z, which are read as 1, 0, 5, U and 2.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGISTRARS = frozenset("123456789ANY")


class BadCodeError(ValueError):
    """A code that breaks its standard; `zh` and `en` say the same thing."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def check_division(code: str) -> None:
    """A division code 行政区划代码, six digits: province, prefecture, county (GB/T 2260). Raises BadCodeError.

    Only the structure and the province are checked: counties are founded and dissolved every year.
    """
    if len(code) != 6 or not _digits(code):
        raise BadCodeError(
            f"行政区划代码应为6位数字（GB/T 2260）：{code}", f"a division code has six digits (GB/T 2260): {code}"
        )
    if code[:2] not in PROVINCES:
        raise BadCodeError(f"行政区划代码的省级代码 {code[:2]} 不存在", f"no province has the division code {code[:2]}")
    if code[2:4] == "00" and code[4:] != "00":
        raise BadCodeError(
            f"行政区划代码 {code} 有县级而无地级（GB/T 2260）",
            f"the division code {code} names a county without a prefecture (GB/T 2260)",
        )


def check_uscc(code: str) -> None:
    """A unified social credit code 统一社会信用代码, 18 characters (GB 32100-2015, table 2 and annex). Raises BadCodeError.

    The check digit of the older organisation code inside it (GB 11714) is left alone: codes issued over the change
    of standards do not all carry it.
    """
    if len(code) != 18:
        raise BadCodeError(
            f"统一社会信用代码应为18位（GB 32100-2015），现为{len(code)}位",
            f"a unified social credit code has 18 characters (GB 32100-2015), this one has {len(code)}",
        )
    for place, character in enumerate(code, start=1):
        if character not in ALPHABET:
            raise BadCodeError(
                f"统一社会信用代码第{place}位“{character}”不在字符集内（不用 I O S V Z 和小写字母）",
                f"character {place} of the credit code, {character!r}, is not allowed (no I O S V Z, no small letters)",
            )
    if code[0] not in REGISTRARS:
        raise BadCodeError(
            f"统一社会信用代码首位 {code[0]} 不是登记管理部门代码", f"{code[0]} names no registering department"
        )
    if not _digits(code[2:8]):
        raise BadCodeError(
            f"统一社会信用代码第3至8位应为行政区划数字：{code[2:8]}",
            f"characters 3 to 8 of the credit code are a division, in digits: {code[2:8]}",
        )
    if code[17] != uscc_check_digit(code[:17]):
        raise BadCodeError(
            f"统一社会信用代码校验码不符：{code}", f"the check digit of the credit code is wrong: {code}"
        )


def uscc_check_digit(body: str) -> str:
    """The 18th character for the first 17: weights 3^i modulo 31 (GB 32100-2015, annex on the check digit)."""
    total = sum(ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(body))
    return ALPHABET[-total % 31]


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
