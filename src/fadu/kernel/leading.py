"""Cases that lead to cases: what a root case is given by the case it comes from (docs/adr/0005)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fadu.kernel import values
from fadu.kernel.definition import CASE, HISTORY, Field, Lead
from fadu.kernel.draft import Draft
from fadu.kernel.state import State

NO_ROW: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Leading:
    """A root case to open in the same transaction, for a row of a list; rows count from 1."""

    id: int
    procedure: str
    data: Mapping[str, Any]
    setters: Mapping[str, str]
    rows: str
    row: int

    def to_json(self) -> dict[str, Any]:
        """What the entry of the source says of it."""
        return {"id": self.id, "procedure": self.procedure, "row": self.row}


def given(lead: Lead, case_id: int, state: State, row: Mapping[str, Any] = NO_ROW, history: str = "") -> dict[str, Any]:
    """The data a case leads to another with: constants, own values, and (winning over these) the columns of a row."""
    source = {CASE: case_id, HISTORY: history, "case_unit": state.unit, **state.data, **row}
    found = {target: source.get(name) for target, name in lead.gives.items()}
    return {**lead.constants, **{target: value for target, value in found.items() if not values.is_empty(value)}}


def rows_of(draft: Draft, lead: Lead) -> list[Mapping[str, Any]]:
    """The rows that an action opens cases for: those it takes, or else those that stand in the case."""
    taken = any(item.field == lead.each for item in draft.ask.action.takes)
    found = (draft.data if taken else draft.state.data).get(lead.each) or []
    return [whole_row(draft.ask.procedure.fields[lead.each], row) for row in found]


def whole_row(field: Field, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with its empty columns too: an empty column stands for nothing, not for a field of the same name."""
    return {**dict.fromkeys(field.rows), **row}


def setters_of(lead: Lead, row: Mapping[str, Any], setters: Mapping[str, str]) -> dict[str, str]:
    """Who set each value passed on; a column was set by whoever set its list."""
    names = {target: lead.each if name in row else name for target, name in lead.gives.items()}
    return {target: setters[name] for target, name in names.items() if name in setters}
