"""`fadu check [PATH…] [--city NAME]`: every fault in the definitions, each with its file, its line and what to do."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from fadu.definitions import CITIES, SHIPPED, book, documents, functions, load_all, read
from fadu.kernel.checker import check
from fadu.kernel.source import DefinitionError, Fault, Map

_KINDS = ("procedure", "register", "figures_for", "table", "deadlines", "overlay")


def main(argv: Sequence[str] | None = None) -> int:
    """0 when nothing is wrong, 1 when something is, 2 when a path cannot be read."""
    arguments = _arguments(argv)
    try:
        added = [document for path in arguments.paths for document in _under(path)]
        overlays = [document for city in _cities(arguments.city) for document in _under(CITIES / city)]
        found = _beside_shipped(added)
        faults = _faults(found, [*overlays, *(item for item in added if "overlay" in item)])
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except DefinitionError as error:
        found, faults = [], error.faults
    for fault in faults:
        print(fault)
    print(f"checked {len(found)} definitions, {len(faults)} faults")
    return 1 if faults else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fadu check", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders besides what ships")
    parser.add_argument(
        "--city", default="", help="check with the local rules of this city only (default: of each city)"
    )
    return parser.parse_args(argv)


def _cities(named: str) -> list[str]:
    if named and not (CITIES / named).is_dir():
        raise FileNotFoundError(2, "no such city", str(CITIES / named))
    return [named] if named else []


def _under(path: Path) -> list[Map]:
    """The documents in a file or a folder."""
    if path.is_dir():
        return list(documents(path)) if path != CITIES else []
    return [read(path, path.parent)]


def _beside_shipped(added: Iterable[Map]) -> list[Map]:
    """What ships and what was named; a definition of the same name takes the place of the shipped one."""
    named = {_name(document): document for document in added if "overlay" not in document}
    shipped = {_name(document): document for document in documents() if "laws" not in document}
    return [*{**shipped, **named}.values()]


def _name(document: Map) -> tuple[str, str]:
    kind = next((word for word in _KINDS if word in document), "")
    return kind, document.file if kind in ("", "deadlines", "figures_for") else str(document[kind])


def _faults(found: Sequence[Map], overlays: Sequence[Map]) -> list[Fault]:
    unknown = [
        Fault(item.file, 1, "unknown-document", f"starts with none of {', '.join(_KINDS)}")
        for item in found
        if not _name(item)[0]
    ]
    library = load_all(found, overlays)
    return sorted([*unknown, *check(library, found, functions())])
