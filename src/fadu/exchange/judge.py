"""The rows of a table, each decided as if its person had opened a case with it; what is refused is said cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fadu.cases import definitions
from fadu.cases.act import Occasion, begin
from fadu.cases.bulk import BulkDocket
from fadu.cases.found import reserve
from fadu.cases.known import Known
from fadu.cases.spooled import Moved
from fadu.cases.unique import KIND, key_of, learn_keys
from fadu.exchange.faults import Fault, text_shown
from fadu.exchange.intake import EXAMPLE, HAPPENED, REASON, Intake, Layout, Part, assembled
from fadu.exchange.understand import Unclear, Understanding
from fadu.exchange.workbook import Value
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.perform import Folder
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Person, Unit

NOTHING = Text("", "")
GO_ON = Text("（写明“仍要办理的理由”可以继续）", " (give a 'Reason to go on all the same' to pass)")


def _take_back() -> None:
    """The row is at fault already; it was decided only to hear what else is wrong."""
    raise Refused(())


@dataclass
class Judge:
    """`docket` takes what is begun; `documents` are the files that serve every row."""

    person: Person
    procedure: Procedure
    unit: Unit
    documents: Mapping[str, Any]
    layout: Layout
    docket: BulkDocket
    known: Known = field(default_factory=Known)
    understanding: Understanding = field(default_factory=Understanding)
    keys: set[str] = field(default_factory=set)

    def decide(self, number: int, cells: Sequence[Value]) -> list[Fault]:
        """What is wrong with a row; when nothing is, its case is in the docket."""
        parts, faults = self._read(number, cells)
        try:
            with self.docket.trying():
                folder = self._begin(parts)
                if faults:
                    _take_back()
        except Refused as refused:
            unread = {fault.column for fault in faults}
            said = (self._fault(number, cells, refusal) for refusal in refused.refusals)
            return [*faults, *(fault for fault in said if fault.column is None or fault.column not in unread)]
        self._remember(number, folder)
        return []

    def is_example(self, cells: Sequence[Value]) -> bool:
        """The row of the template that shows how it is filled in."""
        first = next((cell for cell in cells if cell is not None), "")
        return str(first).startswith((EXAMPLE.zh, EXAMPLE.en))

    def _read(self, number: int, cells: Sequence[Value]) -> tuple[list[Part], list[Fault]]:
        parts: list[Part] = []
        faults = []
        for one, value in self._cells(cells):
            try:
                parts.append((one, self.understanding.cell(one.field, value)))
            except Unclear as unclear:
                faults.append(Fault(number, one.title, text_shown(value), unclear.text, self._cites(one)))
        return parts, faults

    def _cells(self, cells: Sequence[Value]) -> Iterator[tuple[Intake, Value]]:
        for place, one in enumerate(self.layout.columns):
            if one is not None:
                yield one, cells[place] if place < len(cells) else None

    def _begin(self, parts: Sequence[Part]) -> Folder:
        data = {**self.documents, **assembled(parts)}
        happened, reason = data.pop(HAPPENED, None), data.pop(REASON, None)
        occasion = Occasion(
            at=datetime.fromisoformat(happened) if happened else None,  # the wall clock of the city
            overrides=dict.fromkeys(self._warnings, reason) if reason else None,
        )
        return begin(self.docket, self.procedure.key, self.person, data, self.unit, occasion, self.known)

    @property
    def _warnings(self) -> list[str]:
        gates = self.procedure.gates
        return [gate for gate in self.procedure.opening.needs if gates[gate].severity == "warn"]

    def _remember(self, number: int, folder: Folder) -> None:
        """The next row may not bear the same key."""
        key = key_of(folder.procedure, folder.state.data)
        if key is not None:
            self.keys.add(repr(key))
            self.known.put(KIND, repr(key), (folder.id, Text(f"第 {number} 行", f"row {number}")))

    def insist_unused(self) -> None:
        """In the transaction that writes: nobody gave one of these keys meanwhile. Raises Moved."""
        if self.keys:
            reserve(self.docket.government, [self.procedure.key])
            anew = Known()
            learn_keys(self.procedure, self.docket.government, anew)
            held = anew.get(KIND, self.keys, lambda _: {})
            if any(held[key] is not None for key in self.keys):
                raise Moved

    def _fault(self, number: int, cells: Sequence[Value], refusal: Refusal) -> Fault:
        field_key = HAPPENED if refusal.field == "at" else refusal.field
        blamed = [(one, value) for one, value in self._cells(cells) if one.field.key == field_key]
        known = blamed[0] if blamed else None
        column = known[0].title if known else self._title(field_key)
        text = _without(column, refusal.text)
        if refusal.severity == "warn":
            text = Text(text.zh + GO_ON.zh, text.en + GO_ON.en)
        return Fault(number, column, text_shown(known[1]) if known else "", text, self._words(refusal.cites))

    def _title(self, key: str) -> Text | None:
        """The name of a field that has no column in this file."""
        found = self.procedure.fields.get(key)
        return found.title if found else None

    def _cites(self, one: Intake) -> Text:
        return self._words(one.field.cites or self.procedure.opening.cites)

    def _words(self, cites: Any) -> Text:
        book = definitions.library().book
        if not cites:
            return NOTHING
        return Text(
            "；".join(book.words(cite, "zh") for cite in cites), "; ".join(book.words(cite, "en") for cite in cites)
        )


def _without(column: Text | None, text: Text) -> Text:
    """What is said of a field begins with its name; here it stands beside the name."""
    if column is None:
        return text
    return Text(text.zh.removeprefix(f"{column.zh}："), text.en.removeprefix(f"{column.en}: "))
