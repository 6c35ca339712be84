"""Cases kept in memory: for walks, tests and bulk replay, under the same rules as the database."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fadu.kernel.decide import Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.library import Library
from fadu.kernel.perform import Folder
from fadu.kernel.seeking import Query, answers, gathered
from fadu.kernel.state import State


def numbered(form: str, year: str, n: int) -> str:
    """`督〔year〕n号` filled in; document numbers carry no leading zeros (DOC 9)."""
    return re.sub(r"(?<![A-Za-z])n(?![A-Za-z])", str(n), form.replace("year", year))


@dataclass(slots=True)
class MemoryDocket:
    """A docket of folders and their entries. `find` gives the procedure a new case runs under."""

    find: Callable[[str, str], Procedure]
    folders: dict[int, Folder] = field(default_factory=dict)
    entries: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    last_id: int = 0

    @classmethod
    def of(cls, library: Library) -> "MemoryDocket":
        return cls(library.in_force)

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def next_number(self, form: str, day: str) -> str:
        series = (form, day[:4])
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return numbered(form, day[:4], self.numbers[series])

    def found(self, queries: Sequence[Query]) -> list[Any]:
        return [gathered(query, self._answering(query)) for query in queries]

    def _answering(self, query: Query) -> list[tuple[int, Any]]:
        return [
            (folder.id, folder.state.data.get(query.found.field))
            for folder in self.folders.values()
            if answers(query, folder)
        ]

    def named(self, kind: str, value: Any) -> Text:
        return Text(str(value), str(value))

    def get(self, case_id: int) -> Folder:
        return self.folders[case_id]

    def begin(self, case_id: int, procedure: str, parent: Folder | None, child_key: str, day: str) -> Folder:
        found = self.find(procedure, day[:10])
        folder = Folder(case_id, found, State(), parent.id if parent else None, child_key)
        self.folders[case_id] = folder
        return folder

    def forget(self, case_id: int) -> None:
        """A case that was begun and then refused."""
        del self.folders[case_id]

    def put(self, folder: Folder, body: dict[str, Any], actor: Actor) -> None:
        self.entries[folder.id].append(body)
