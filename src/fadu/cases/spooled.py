"""Very many cases in one transaction that is short: decided first, without any lock, and kept in a file until written.

Deciding takes most of the time. Numbers are taken as if nobody else took any meanwhile; when somebody did, `Moved` is
raised, nothing was written, and the whole is decided once more.
"""

import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

from django.db.models import Model

from fadu.cases.bulk import BulkDocket, locked_series
from fadu.cases.models import NumberSeries
from fadu.cases.pour import pour_values, values


class Moved(Exception):
    """Somebody took a number of a series while these cases were decided."""


@dataclass(slots=True, kw_only=True)
class SpooledDocket(BulkDocket):
    """Rows go to files in `folder`, one for each table, whenever `spool` is called; `write` pours them."""

    folder: Path
    files: dict[type[Model], IO[bytes]] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def spool(self) -> None:
        """Everything in hand into the files."""
        self.cases, self.lines = self.cases + len(self.held), self.lines + len(self.entries)
        for model, rows in self.rows():
            if model not in self.files:
                self.files[model] = self.stack.enter_context(TemporaryFile(dir=self.folder))  # noqa: SIM115
            if rows:
                pickle.dump(list(values(model, rows)), self.files[model], pickle.HIGHEST_PROTOCOL)
        self.let_go()

    def write(self) -> None:
        """All that was spooled, inside the transaction of whoever calls. Raises Moved."""
        for key, series in self.series.items():
            stored = locked_series(self.government, *key)
            if stored.last != self.first[key]:
                raise Moved
            stored.last = series.last
            stored.save(update_fields=["last"])
        for model, file in self.files.items():
            pour_values(model, _spooled(file))

    def _series(self, form: str, year: str) -> NumberSeries:
        """As it stands, unlocked."""
        named = {"government": self.government, "form": form, "year": year}
        return NumberSeries.objects.filter(**named).first() or NumberSeries(**named)


def _spooled(file: IO[bytes]) -> Iterator[list[Any]]:
    """What was written to a file of our own."""
    end = file.tell()
    file.seek(0)
    while file.tell() < end:
        yield from pickle.load(file)  # noqa: S301  # written above by this very process
