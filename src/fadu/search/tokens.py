"""How a text becomes tokens: simplified, folded, overlapping pairs of Han characters, whole words of the rest.

A query of n characters is the phrase of its pairs, so that any piece of a text is found, two characters included;
word lists lose hits on cut phrases, and trigrams cannot find a word of two.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import opencc

_HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f"
_RUNS = re.compile(rf"[{_HAN}]+|[a-z0-9]+")
_IS_HAN = re.compile(f"[{_HAN}]")
# PostgreSQL keeps positions up to 16383 and a megabyte a document; a phrase behind that could not be found.
MOST = 16_000


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


class _Simplified(dict[int, str]):
    """Traditional to simplified, character by character: a phrase dictionary (乾隆, but 乾 → 干) would write a piece
    of a text otherwise than the whole, and the piece would not be found.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = str(_simplifier().convert(character)) if _IS_HAN.match(character) else character
        return self[code]


_SIMPLIFIED = _Simplified()


def folded(text: str) -> str:
    """Full-width and capital letters folded, traditional characters simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_SIMPLIFIED)


def tokens(text: str) -> str:
    """The tokens to index, separated by spaces; the last character of a run stands alone too, for prefix search."""
    found = [token for run in _RUNS.findall(folded(text)) for token in _whole(run)]
    return " ".join(found[:MOST])


def phrases(query: str) -> list[list[str]]:
    """The phrases a query asks for, one for each of its words between spaces, each a list of tokens that stand next to
    each other, whatever signs are between them: 督〔2026〕3号 is one phrase, not four words.

    The last token of a phrase is a prefix, marked by a trailing `*`, when it is a Latin word or a lone character.
    """
    words = (_RUNS.findall(word) for word in folded(query).split())
    return [list(_phrase(runs)) for runs in words if runs]


def _phrase(runs: list[str]) -> Iterator[str]:
    for run in runs[:-1]:
        yield from _whole(run)
    last = runs[-1]
    if last[0].isascii() or len(last) == 1:
        yield f"{last}*"
    else:
        yield from _pairs(last)


def _whole(run: str) -> Iterator[str]:
    if not run[0].isascii():
        yield from _pairs(run)
    yield run if run[0].isascii() else run[-1]


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))
