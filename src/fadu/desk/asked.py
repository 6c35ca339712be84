"""One short answer asked for on a page that shows other things: what was typed, and why it was not taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from fadu.words import t


@dataclass(frozen=True, slots=True)
class Asked:
    value: str = ""
    error: str = ""


NOTHING = Asked()


def line(posted: Mapping[str, str], name: str, most: int, *, optional: bool = False) -> Asked:
    """One line of text, without the characters no database keeps; `error` says what is wrong with it."""
    text = posted.get(name, "").replace("\x00", "").strip()
    if len(text) > most:
        return Asked(text, t("最多 {most} 个字 | At most {most} characters", most=most))
    if not text and not optional:
        return Asked(text, t("请填写 | Please fill this in"))
    return Asked(text)


def whole(posted: Mapping[str, str], name: str, least: int, most: int) -> Asked:
    """A whole number between two others."""
    text = posted.get(name, "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return Asked(text)
    return Asked(text[:20], t("应当是 {least} 到 {most} | From {least} to {most}", least=least, most=most))
