"""How a text becomes tokens: simplified, folded, overlapping pairs of Han characters, whole words of the rest.

A query of n characters is the phrase of its pairs, so that any piece of a text is found, two characters included;
word lists lose hits on cut phrases, and trigrams cannot find a word of two.
"""

import re
import unicodedata
from functools import cache

import opencc

_RUNS = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+|[a-z0-9]+")


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def folded(text: str) -> str:
    """Full-width and capital letters folded, traditional characters simplified."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text).lower()))


def tokens(text: str) -> str:
    """The tokens to index, separated by spaces; the last character of a run stands alone too, for prefix search."""
    found: list[str] = []
    for run in _RUNS.findall(folded(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
            found.append(run[-1])
    return " ".join(found)


def phrases(query: str) -> list[list[str]]:
    """The phrases a query asks for, each a list of tokens that stand next to each other; a lone last Han character
    (or a Latin word) is a prefix, marked by a trailing `*`.
    """
    found = []
    for run in _RUNS.findall(folded(query)):
        if run[0].isascii() or len(run) == 1:
            found.append([f"{run}*"])
        else:
            found.append([run[at : at + 2] for at in range(len(run) - 1)])
    return found
