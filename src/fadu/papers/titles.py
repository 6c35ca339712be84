"""A title broken into lines as 7.3.1 of GB/T 9704 asks: by its sense, evenly, no line of the middle longer than all others."""

import re

LONGEST = 19  # characters of 2号 in the type area
_NEVER_FIRST = "，、。：；？！）》〉”’〕】的"
_NEVER_LAST = "（《〈“‘〔【"
_WHOLE = re.compile(r"[A-Za-z0-9.%〔〕]+|《[^》]{1,12}》|.", re.DOTALL)


def title_lines(text: str, organ: str = "") -> tuple[str, ...]:
    """`organ` stands on a line of its own before what the title is about."""
    head, rest = (
        ([organ], text.removeprefix(organ)) if organ and text.startswith(organ) and text != organ else ([], text)
    )
    return (*head, *_even(rest))


def _even(text: str) -> list[str]:
    """As few lines as take it, of about the same length."""
    pieces = _WHOLE.findall(text)
    count = -(-len(text) // LONGEST)
    lines: list[str] = []
    while pieces:
        wanted = -(-sum(map(len, pieces)) // max(count - len(lines), 1))
        line = ""
        while pieces and (not line or len(line) + len(pieces[0]) <= wanted or pieces[0][0] in _NEVER_FIRST):
            line += pieces.pop(0)
        while pieces and line[-1] in _NEVER_LAST and len(line) > 1:
            pieces.insert(0, line[-1])
            line = line[:-1]
        lines.append(line)
    return lines
