"""Local rules laid over national definitions: each change names its place, the old value, the new one and its basis.

An overlay is composed at load into one frozen document. A base that has moved on is refused, so that a new national
version cannot silently alter local law. No overlay may weaken what a verified law fixes.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fadu.kernel.law import parse_citations, severity_of
from fadu.kernel.source import DefinitionError, Fault, Map

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Composed:
    """A document ready to load, with the overlays it carries (`yunzhou@1`)."""

    source: Map
    overlays: tuple[str, ...] = ()


def compose(documents: Iterable[Map], overlays: list[Map]) -> Iterator[Composed]:
    """Every document as it is, and, where an overlay changes it, as it is locally; raises DefinitionError."""
    faults: list[Fault] = []
    bases = list(documents)
    names = {_name(document): document for document in bases}
    for overlay in overlays:
        for key, version in overlay.get("over", {}).items():
            if key not in names:
                faults.append(Fault(overlay.file, overlay.line_of("over"), "overlay", f"'{key}' is no definition"))
            elif names[key]["version"] != version:
                advice = f"made for {key} version {version}, but version {names[key]['version']} is here; review it"
                faults.append(Fault(overlay.file, overlay.line_of("over"), "overlay", advice))
    for document in bases:
        yield Composed(document)
        local = _lay(document, [item for item in overlays if _name(document) in item.get("over", {})], faults)
        if local is not None:
            yield local
    if faults:
        raise DefinitionError(faults)


def _name(document: Map) -> str:
    return str(document.get("procedure", document.get("register")))


def _lay(document: Map, overlays: list[Map], faults: list[Fault]) -> Composed | None:
    if not overlays:
        return None
    result = copy.deepcopy(document)
    for overlay in overlays:
        for number, change in enumerate(overlay.get("changes", [])):
            if change["at"].split(".")[0] == _name(document):
                faults += _change(result, overlay, change, number)
        result["in_force"] = max(str(result["in_force"]), str(overlay["in_force"]))
    return Composed(result, tuple(f"{item['overlay']}@{item['version']}" for item in overlays))


def _change(document: Map, overlay: Map, change: Map, number: int) -> list[Fault]:
    def fault(advice: str) -> list[Fault]:
        return [Fault(overlay.file, change.line, "overlay", f"change {number + 1} at {change['at']}: {advice}")]

    missing = {"at", "is", "cites"} - set(change)
    if missing:
        return fault(f"needs {', '.join(sorted(missing))}")
    *path, last = change["at"].split(".")[1:]
    place: Any = document
    for step in path:
        place = place.get(step, _MISSING) if isinstance(place, dict) else _MISSING
        if place is _MISSING:
            return fault("there is no such place")
    old = place.get(last, _MISSING)
    if "was" in change and old != change["was"]:
        return fault(
            f"the base says '{'nothing' if old is _MISSING else old}', not '{change['was']}'; the base has moved on"
        )
    if "was" not in change and old is not _MISSING:
        return fault(f"the base already says '{old}'; state it as 'was'")
    weak = _weakens(place, last, old, change)
    if weak:
        return fault(weak)
    place[last] = change["is"]
    place.lines[last] = change.line
    _prefix_basis(place, path, document, change)
    return []


def _prefix_basis(place: Map, path: list[str], document: Map, change: Map) -> None:
    """A refusal under local law cites the local article first and the national one after it."""
    for depth in range(len(path), 0, -1):
        owner: Any = document
        for step in path[:depth]:
            owner = owner[step]
        if isinstance(owner, Map) and "cites" in owner:
            owner["cites"] = f"{change['cites']}; {owner['cites']}"
            return


def _weakens(place: Map, key: str, old: Any, change: Map) -> str:
    """Why a change would weaken what a verified law fixes; empty when it does not."""
    national = severity_of(parse_citations(str(place["cites"]))) if "cites" in place else "warn"
    if national != "block" or (old is _MISSING and key != "severity"):
        return ""
    if key == "severity" and change["is"] == "warn":
        return "a gate that rests on verified law may not be lowered to a warning"
    longer = _days(change["is"]) - _days(old)
    if key in ("within", "up_to", "total") and longer > 0:
        return f"a maximum fixed by verified law may not be lengthened from '{old}' to '{change['is']}'"
    if key == "at_least" and longer < 0:
        return f"a minimum fixed by verified law may not be shortened from '{old}' to '{change['is']}'"
    return ""


_IN_DAYS = {"hours": 1 / 24, "days": 1, "workdays": 1.4, "months": 30, "years": 365}


def _days(length: Any) -> float:
    number, _, unit = str(length).partition(" ")
    return float(number) * _IN_DAYS[unit] if number.isdecimal() and unit in _IN_DAYS else 0.0
