"""What the page of a version shows beside its text: its faults, its articles against those that hold, its cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from fadu.administration.faults import RULES, Checked, calendar_with, library_with
from fadu.cases import definitions, editions
from fadu.cases.models import Case, Edition
from fadu.desk.administration.calendars import Year, drawn
from fadu.desk.administration.reading.redline import Redline, redline
from fadu.desk.reader import Reader
from fadu.desk.rows import rows
from fadu.kernel.definition import Procedure
from fadu.kernel.library import Library
from fadu.kernel.source import DefinitionError, Fault
from fadu.words import say, t, today

Kind = Edition.Kind


@dataclass(frozen=True, slots=True)
class Told:
    """A fault as the page shows it."""

    line: int
    rule: str
    advice: str
    source: str


def title_of(found: Edition, result: Checked) -> str:
    try:
        document = result.document or editions.document_of(found)
    except DefinitionError:
        return found.key
    title = str(document.get("title") or document.get("notice") or found.key)
    zh, _, en = title.partition(" | ")
    return t(f"{zh.strip()} | {en.strip() or zh.strip()}".replace("{", "").replace("}", ""))


def first_day(result: Checked) -> str:
    said = str(result.document.get("in_force", "")) if result.document else ""
    return max(said, today().isoformat()) if said else today().isoformat()


def source(text: str, faults: tuple[Fault, ...]) -> Iterator[tuple[int, str, bool]]:
    wrong = {fault.line for fault in faults}
    return ((number, line, number in wrong) for number, line in enumerate(text.splitlines(), 1))


def told(found: Edition, fault: Fault) -> Told:
    lines = found.text.splitlines() if fault.file == found.file else []
    source = lines[fault.line - 1].strip() if 0 < fault.line <= len(lines) else fault.file
    return Told(fault.line, say(RULES[fault.rule]) if fault.rule in RULES else fault.rule, fault.advice, source)


# -- against what holds ------------------------------------------------------------------------------------------------


def redlines(
    found: Edition, result: Checked, together: list[Edition]
) -> Iterator[tuple[str, Procedure | None, Redline]]:
    """For each procedure it concerns: its title, what it is compared with, and the articles of both."""
    if found.kind == Kind.CALENDAR or (result.document is None and found.is_draft):
        return
    library = definitions.library()
    after = library
    if found.is_draft:
        try:
            after = library_with([editions.document_of(one) for one in (found, *together)], editions.number())
        except DefinitionError:
            return
    for key in _concerned(found):
        old, new = _pair(found, key, library, after)
        if new is not None:
            yield say(new.title), old, redline((old, library) if old else None, (new, after))


def _concerned(found: Edition) -> list[str]:
    if found.kind != Kind.OVERLAY:
        return [found.key]
    over = editions.document_of(found).get("over")
    return list(over) if isinstance(over, dict) else []


def _pair(found: Edition, key: str, before: Library, after: Library) -> tuple[Procedure | None, Procedure | None]:
    """What holds beside what would; of what was published, the version before beside it."""
    if found.is_draft or found.state == Edition.State.WITHDRAWN:
        new = after.in_force(key) if key in after.keys and found.is_draft else None
        return (before.in_force(key) if key in before.keys else None), new
    mark = f"{found.key}@{found.version}"
    versions = sorted(
        (item for item in after.versions.values() if item.key == key),
        key=lambda item: (item.in_force, item.version, len(item.overlays)),
    )
    its = [n for n, item in enumerate(versions) if mark in item.name.split("+")]
    if not its:
        return None, None
    return (versions[its[0] - 1] if its[0] else None), versions[its[0]]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of local rules: place, old value, new value, basis."""

    place: str
    was: str
    new: str
    cites: str


def year_of(found: Edition, result: Checked) -> Year | None:
    """The year a calendar's text describes, drawn; None while it has faults."""
    if found.kind != Kind.CALENDAR or result.faults:
        return None
    document = result.document or editions.document_of(found)
    return drawn(calendar_with(found, document), int(found.key.partition("-")[0]))


def changes(result: Checked) -> Iterator[Change]:
    listed = result.document.get("changes", []) if result.document else []
    for change in listed if isinstance(listed, list) else []:
        if isinstance(change, dict):
            yield Change(*(str(change.get(word, "")) for word in ("at", "was", "is", "cites")))


def running(reader: Reader, found: Edition) -> dict[str, Any]:
    """How many open cases stand under which version, stage by stage, and those of them that the reader may see."""
    if found.kind == Kind.CALENDAR:
        return {}
    keys = _concerned(found) if found.kind != Kind.OVERLAY or found.is_draft else []
    running = Case.objects.filter(procedure__in=keys, is_open=True)
    counted = running.order_by().values_list("procedure", "definition__name", "stage").annotate(number=Count("pk"))
    lines = sorted(_stage_line(*line) for line in counted)
    mine = reader.cases.filter(procedure__in=keys, is_open=True).order_by("due")[:10]
    total = sum(number for _, (*_, number) in lines)
    return {
        "lines": [line for _, line in lines],
        "total": total,
        "rows": rows(reader, list(mine)) if total else [],
    }


Place = tuple[str, str, int]  # procedure, version, and which of its stages


def _stage_line(key: str, name: str, stage: str, number: int) -> tuple[Place, tuple[str, str, str, int]]:
    library = definitions.library()
    procedure = library.versions.get(name) or library.in_force(key)
    stages = list(procedure.stages)
    title = say(procedure.stages[stage].title) if stage in stages else stage
    place = (key, name, stages.index(stage) if stage in stages else len(stages))
    return place, (say(procedure.title), name.partition("@")[2], title, number)
