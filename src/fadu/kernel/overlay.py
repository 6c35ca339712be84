"""Local rules laid over national definitions: each change names its place, the old value, the new one and its basis.

An overlay is composed at load into one frozen document. A base that has moved on is refused, so that a new national
version cannot silently alter local law. No overlay may weaken what a verified law fixes.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fadu.kernel.law import parse_citations
from fadu.kernel.source import DefinitionError, Fault, Map
from fadu.kernel.weakening import weakens

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Composed:
    """A document ready to load, with the overlays it carries (`yunzhou@1`)."""

    source: Map
    overlays: tuple[str, ...] = ()


def compose(documents: Iterable[Map], overlays: list[Map]) -> Iterator[Composed]:
    """Every document as it is, and, where an overlay changes it, as it is locally; raises DefinitionError."""
    bases, faults = list(documents), list[Fault]()
    names = {_name(document): document for document in bases}
    usable = [overlay for overlay in overlays if _is_usable(overlay, names, faults)]
    for document in bases:
        yield Composed(document)
        local = _lay(document, [item for item in usable if _name(document) in item["over"]], faults)
        if local is not None:
            yield local
    if faults:
        raise DefinitionError(faults)


def _name(document: Map) -> str:
    return str(document.get("procedure", document.get("register")))


# -- is it an overlay, and made for what is here -----------------------------------------------------------------------


def _is_usable(overlay: Map, names: dict[str, Map], faults: list[Fault]) -> bool:
    found = [*_shape_faults(overlay)] or [*_version_faults(overlay, names)]
    faults += found
    return not found


def _shape_faults(overlay: Map) -> Iterator[Fault]:
    for word in ("overlay", "version", "in_force", "over", "changes"):
        if word not in overlay:
            yield Fault(overlay.file, overlay.line, "overlay", f"'{word}' is missing; add it")
    if not isinstance(overlay.get("over", Map()), Map):
        yield Fault(overlay.file, overlay.line_of("over"), "overlay", "'over' names definitions and their versions")
    changes = overlay.get("changes", [])
    for number, change in enumerate(changes if isinstance(changes, list) else [changes]):
        yield from _change_faults(overlay, change, number)


def _change_faults(overlay: Map, change: Any, number: int) -> Iterator[Fault]:
    missing = {"at", "is", "cites"} - set(change) if isinstance(change, Map) else {"at", "is", "cites"}
    line = change.line if isinstance(change, Map) else overlay.line_of("changes")
    if missing:
        yield Fault(overlay.file, line, "overlay", f"change {number + 1} needs {', '.join(sorted(missing))}")
        return
    try:
        parse_citations(str(change["cites"]))
    except ValueError as error:
        yield Fault(overlay.file, line, "citation", f"change {number + 1}: {error}")
    key = str(change["at"]).split(".")[0]
    if isinstance(overlay.get("over"), Map) and key not in overlay["over"]:
        yield Fault(overlay.file, line, "overlay", f"change {number + 1} is to '{key}', which 'over' does not name")


def _version_faults(overlay: Map, names: dict[str, Map]) -> Iterator[Fault]:
    for key, version in overlay["over"].items():
        if key not in names:
            yield Fault(overlay.file, overlay.line_of("over"), "overlay", f"'{key}' is no definition")
        elif names[key].get("version") != version:
            advice = f"made for {key} version {version}, but version {names[key].get('version')} is here; review it"
            yield Fault(overlay.file, overlay.line_of("over"), "overlay", advice)


# -- the changes -------------------------------------------------------------------------------------------------------


def _lay(document: Map, overlays: list[Map], faults: list[Fault]) -> Composed | None:
    if not overlays:
        return None
    result = copy.deepcopy(document)
    for overlay in overlays:
        for number, change in enumerate(overlay["changes"]):
            if str(change["at"]).split(".")[0] == _name(document):
                why = _change(result, change)
                if why:
                    advice = f"change {number + 1} at {change['at']}: {why}"
                    faults.append(Fault(overlay.file, change.line, "overlay", advice))
        result["in_force"] = max(str(result.get("in_force", "")), str(overlay["in_force"]))
    return Composed(result, tuple(f"{item['overlay']}@{item['version']}" for item in overlays))


def _change(document: Map, change: Map) -> str:
    """Make one change; why it cannot be made, or nothing."""
    *path, last = str(change["at"]).split(".")
    place: Any = document if path else None
    for step in path[1:]:
        place = place.get(step) if isinstance(place, Map) else None
    if not isinstance(place, Map):
        return "there is no such place"
    old = place.get(last, _MISSING)
    if "was" in change and old != change["was"]:
        return f"the base says '{'nothing' if old is _MISSING else old}', not '{change['was']}'; the base has moved on"
    if "was" not in change and old is not _MISSING:
        return f"the base already says '{old}'; state it as 'was'"
    weak = weakens(document, [*path[1:], last], None if old is _MISSING else old, change["is"])
    if weak:
        return weak
    place[last] = change["is"]
    place.lines[last] = change.line
    _prefix_basis(document, path[1:], str(change["cites"]))
    return ""


def _prefix_basis(document: Map, path: list[str], cites: str) -> None:
    """A refusal under local law cites the local article first and the national one after it."""
    for depth in range(len(path), 0, -1):
        owner: Any = document
        for step in path[:depth]:
            owner = owner[step]
        if isinstance(owner, Map) and "cites" in owner:
            owner["cites"] = f"{cites}; {owner['cites']}"
            return
