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
    """Every document as it is, and, where overlays change it, as it is locally from each day on that one of them
    comes into force; raises DefinitionError.
    """
    bases, faults = list(documents), list[Fault]()
    known: dict[str, dict[Any, Map]] = {}
    for document in bases:
        known.setdefault(_name(document), {})[document.get("version")] = document
    usable = [overlay for overlay in overlays if _is_usable(overlay, known, overlays, faults)]
    for document in bases:
        yield Composed(document)
        for laid in _successions(document, usable):
            yield _lay(document, laid, faults)
    if faults:
        raise DefinitionError(faults)


def _name(document: Map) -> str:
    return str(document.get("procedure", document.get("register")))


def _successions(document: Map, overlays: list[Map]) -> Iterator[list[Map]]:
    """The overlays that hold together from a day on: of each the newest version that covers the document."""
    over = [item for item in overlays if item["over"].get(_name(document)) == document.get("version")]
    begins = str(document.get("in_force", ""))
    for day in sorted({max(begins, str(item["in_force"])) for item in over}):
        newest: dict[str, Map] = {}
        for item in over:
            if str(item["in_force"]) <= day and _version(newest.get(item["overlay"])) <= _version(item):
                newest[item["overlay"]] = item
        yield [item for item in over if newest.get(item["overlay"]) is item]


def _version(document: Map | None) -> int:
    version = document.get("version") if document else None
    return version if isinstance(version, int) else 0


# -- is it an overlay, and made for what is here -----------------------------------------------------------------------


def _is_usable(overlay: Map, known: dict[str, dict[Any, Map]], overlays: list[Map], faults: list[Fault]) -> bool:
    """An earlier version of an overlay was judged when it was new; where its base is gone, it covers nothing."""
    found = [*_shape_faults(overlay)]
    others = [item for item in overlays if item.get("overlay") == overlay.get("overlay")]
    if not found and not any(_version(item) > _version(overlay) for item in others):
        found = [*_version_faults(overlay, known), *_dropped(overlay, others)]
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


def _version_faults(overlay: Map, known: dict[str, dict[Any, Map]]) -> Iterator[Fault]:
    for key, version in overlay["over"].items():
        newest = max(known.get(key, {}).values(), key=_version, default=None)
        if newest is None:
            yield Fault(overlay.file, overlay.line_of("over"), "overlay", f"'{key}' is no definition")
        elif newest.get("version") != version:
            advice = f"made for {key} version {version}, but version {newest.get('version')} is here; review it"
            yield Fault(overlay.file, overlay.line_of("over"), "overlay", advice)


def _dropped(overlay: Map, others: Iterable[Map]) -> Iterator[Fault]:
    """What an earlier version changed does not fall away unsaid."""
    earlier = {key for item in others if isinstance(item.get("over"), Map) for key in item["over"]}
    for key in sorted(earlier - set(overlay["over"])):
        advice = f"an earlier version changes '{key}'; name it, without a change to it, to give its rules up"
        yield Fault(overlay.file, overlay.line_of("over"), "overlay", advice)


# -- the changes -------------------------------------------------------------------------------------------------------


def _lay(document: Map, overlays: list[Map], faults: list[Fault]) -> Composed:
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
