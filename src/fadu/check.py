"""`fadu check [PATH…] [--city NAME]`: every fault in the definitions, each with its file, its line and what to do."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from fadu.definitions import CITIES, documents, functions, load_all, read
from fadu.kernel.checker import check
from fadu.kernel.source import DefinitionError, Fault, Map

_KINDS = ("procedure", "register", "figures_for", "ranking", "chapter", "table", "deadlines", "overlay")


def main(argv: Sequence[str] | None = None) -> int:
    """0 when nothing is wrong, 1 when something is, 2 when a path cannot be read."""
    arguments = _arguments(argv)
    try:
        checked, faults = _checked(arguments.paths, arguments.city)
    except OSError as error:
        sys.stderr.write(f"fadu check: {error.filename}: {error.strerror}\n")
        return 2
    except DefinitionError as error:  # a file that is not even YAML
        checked, faults = 0, error.faults
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"checked {checked} definitions, {len(faults)} faults\n")
    return 1 if faults else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fadu check", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders besides what ships")
    parser.add_argument("--city", default="", help="only with the local rules of this city (default: of each, in turn)")
    return parser.parse_args(argv)


def _checked(paths: Sequence[Path], city: str) -> tuple[int, list[Fault]]:
    """How many documents were read, and every fault: first without local rules, then with those of each city."""
    added = [document for path in paths for document in _under(path)]
    own = [document for document in added if "overlay" in document]
    found = _with_shipped([document for document in added if "overlay" not in document])
    cities = {name: [*documents(CITIES / name)] for name in _cities(city)}
    faults = set(_faults(found, own))
    for overlays in cities.values():
        faults.update(_faults(found, [*overlays, *own]))
    return len(found) + len(own) + sum(map(len, cities.values())), sorted(faults)


def _cities(named: str) -> list[str]:
    if not named:
        return sorted(path.name for path in CITIES.iterdir() if path.is_dir())
    if not (CITIES / named).is_dir():
        raise FileNotFoundError(2, "no such city", named)
    return [named]


def _under(path: Path) -> list[Map]:
    """The documents in a file or a folder, under the name they were asked for by."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return [read(file, file) for file in files]


def _with_shipped(added: Iterable[Map]) -> list[Map]:
    """What ships and what was named; a definition of the same key takes the place of the shipped one."""
    shipped = {_name(document): document for document in documents() if "laws" not in document}
    return [*{**shipped, **{_name(document): document for document in added}}.values()]


def _name(document: Map) -> tuple[str, str]:
    kind = next((word for word in _KINDS if word in document), "")
    return kind, str(document[kind]) if kind in (
        "procedure",
        "register",
        "ranking",
        "chapter",
        "table",
    ) else document.file


def _faults(found: Sequence[Map], overlays: Sequence[Map]) -> list[Fault]:
    advice = f"is no definition: it starts with none of {', '.join(_KINDS)}"
    unknown = [Fault(document.file, 1, "unknown-document", advice) for document in found if not _name(document)[0]]
    try:
        library = load_all(found, list(overlays))
    except DefinitionError as error:
        return [*unknown, *error.faults]
    return [*unknown, *check(library, found, functions())]
