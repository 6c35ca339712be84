"""What local law may not touch: a maximum, a minimum, a gate or a step that verified national law fixes."""

from collections.abc import Callable, Mapping
from typing import Any

from fadu.kernel.law import parse_citations, severity_of
from fadu.kernel.source import Map

_WORDING = {"title", "else", "hint"}
_ADDS_ONLY = {"needs", "not_by", "takes", "issues", "opens"}  # of an action: what is there must stay
_DAYS = {"hours": (0, 1 / 24), "days": (1, 1), "workdays": (1, 12), "months": (28, 31), "years": (365, 366)}


def weakens(document: Map, path: list[str], old: Any, new: Any) -> str:
    """Why a change at a place (section, key, word, …) would weaken what a verified law fixes; empty when it does not.

    `old` is None when the place is new. Instruments of local law, practice and unverified text may be changed freely.
    """
    if len(path) < 3 or path[0] not in _SECTIONS:
        return _removes(path, old)
    section, key, word = path[:3]
    owner = document[section][key]
    if not isinstance(owner, Map) or not _is_verified(owner) or word in _WORDING:
        return ""
    return _SECTIONS[section](path, old, new)


def _is_verified(owner: Map) -> bool:
    try:
        return severity_of(parse_citations(str(owner.get("cites", "")))) == "block"
    except ValueError:
        return False


def _removes(path: list[str], old: Any) -> str:
    """Whole gates, clocks, actions and outcomes are added by an overlay, never replaced."""
    if path[0] in ("gates", "clocks", "actions", "outcomes", "ends_in") and old is not None:
        return f"'{'.'.join(path)}' as a whole is not for an overlay to replace; change what is in it"
    return ""


def _gate(path: list[str], _old: Any, new: Any) -> str:
    if path[2:] == ["severity"]:
        return "a gate that rests on verified law may not be lowered to a warning" if new == "warn" else ""
    return "a gate that rests on verified law may not be changed; add one of your own"


def _clock(path: list[str], old: Any, new: Any) -> str:
    word = path[-1]
    if path[2] == "within" or path[2:] in (["extension", "up_to"], ["extension", "total"]):
        longer = old is None or not _surely_at_most(str(new), str(old))
        return f"a maximum fixed by verified law may not be lengthened from '{old}' to '{new}'" if longer else ""
    if path[2] == "at_least":
        shorter = old is None or not _surely_at_most(str(old), str(new))
        return f"a minimum fixed by verified law may not be shortened from '{old}' to '{new}'" if shorter else ""
    return f"'{word}' of a clock that rests on verified law may not be changed; add a clock of your own"


def _action(path: list[str], old: Any, new: Any) -> str:
    word = path[2]
    if word in _ADDS_ONLY:
        gone = [item for item in _listed(old) if item not in _listed(new)]
        return f"'{gone[0]}' is asked for by verified law and may not be dropped" if gone else ""
    if word == "times" and isinstance(new, int) and (old is None or new <= old):
        return ""
    return f"'{word}' of an action that rests on verified law may not be changed; add an action of your own"


def _outcome(path: list[str], _old: Any, _new: Any) -> str:
    return f"'{path[2]}' of an outcome that rests on verified law may not be changed"


def _field(path: list[str], old: Any, new: Any) -> str:
    """Amounts, choices and defaults are a local matter; the limits of a range are not."""
    if path[2] != "range" or old is None:
        return ""
    if isinstance(old, int) and isinstance(new, int):
        kept = {"at_least": new >= old, "at_most": new <= old}
        if kept.get(path[-1], False):
            return ""
    return f"a limit fixed by verified law may not be widened from '{old}' to '{new}'"


def _listed(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [str(item).removesuffix("?") for item in items if item is not None]


def _surely_at_most(one: str, other: str) -> bool:
    """Whether a length can never be longer than another, whatever the calendar says."""
    first, second = one.split(), other.split()
    if len(first) != 2 or len(second) != 2 or not (first[0].isdecimal() and second[0].isdecimal()):
        return one == other
    if first[1] == second[1]:
        return int(first[0]) <= int(second[0])
    if first[1] not in _DAYS or second[1] not in _DAYS:
        return False
    return int(first[0]) * _DAYS[first[1]][1] <= int(second[0]) * _DAYS[second[1]][0]


_SECTIONS: Mapping[str, Callable[[list[str], Any, Any], str]] = {
    "gates": _gate,
    "clocks": _clock,
    "actions": _action,
    "outcomes": _outcome,
    "fields": _field,
}
