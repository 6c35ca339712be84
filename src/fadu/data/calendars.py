"""Reads the State Council's year files, and a city's own additions, into one calendar."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from fadu.kernel.calendar import Calendar, CalendarError, calendar_from
from fadu.kernel.source import DefinitionError, Map, Source


@cache
def state_council(local: Path | None = None) -> Calendar:
    """The calendar of all year files; local: a folder of additions such as ethnic-area holidays (HOL 4).

    A local file has the same keys with its own notice and number; several may name one year. Raises CalendarError.
    """
    return working_days(local, ())


def working_days(local: Path | None, entered: Iterable[Map]) -> Calendar:
    """The same, with years entered by hand: a national one takes the place of the file that ships, a local one adds."""
    entered = list(entered)
    replaced = {item["year"] for item in entered if not item.get("local")}
    national = [year for year in shipped() if year["year"] not in replaced]
    if local is not None and not local.is_dir():
        raise CalendarError(f"{local}: 没有这个文件夹 | the folder of local calendar additions does not exist")
    added = ({**_read(file), "local": True} for file in _yaml(local)) if local else ()
    return calendar_from([*national, *({**item, "file": item.file} for item in entered), *added])


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The State Council's years that ship."""
    return tuple(_read(file) for file in _yaml(files("fadu.data") / "calendar"))


def _yaml(folder: Traversable) -> Iterator[Traversable]:
    return iter(sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name))


def _read(file: Traversable) -> dict[str, Any]:
    try:
        return {**Source(file.name).read(file.read_text(encoding="utf-8")), "file": file.name}
    except DefinitionError as error:
        raise CalendarError(str(error)) from None
    except UnicodeDecodeError as error:
        raise CalendarError(f"{file.name}: 不是 UTF-8 文本 | not UTF-8 text ({error.reason})") from None
