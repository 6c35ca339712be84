"""An export from its rows to its file and its record: small ones at once, large ones as a job."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils import timezone

from fadu.exchange.cells import Cell
from fadu.exchange.extract import Extract
from fadu.exchange.models import ExportRecord
from fadu.exchange.sheets import write
from fadu.jobs.run import Run
from fadu.words import both, minute, say, t

AT_ONCE = 2_000  # rows; more of them are a job
REPORTED = 500  # rows between two reports of progress


def file_name(extract: Extract, form: str) -> str:
    """What the file is called: the ledger and the day."""
    return f"{say(extract.procedure.title)}-{timezone.localdate(extract.at):%Y%m%d}.{form}".replace("/", "-")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for beside the rows: which kind of file, the filter as an address and in words."""

    form: str
    query: str
    filter: str


def export_now(extract: Extract, wanted: Wanted) -> IO[bytes]:
    """The file of a settled extract, recorded before it is handed out."""
    file = io.BytesIO()
    _write(extract, wanted, file, extract.rows())
    record(extract, wanted)
    file.seek(0)
    return file


def export_in(run: Run, extract: Extract, wanted: Wanted) -> None:
    """The same as a job; the record and the end of the job are one transaction."""
    total = extract.settle()
    run.progress(0, total)
    name = file_name(extract, wanted.form)
    with run.place(name).open("wb") as file:
        _write(extract, wanted, file, _reported(run, extract.rows()))
    with transaction.atomic():
        record(extract, wanted, run.job.pk)
        run.finish(both("已导出 {n} 行 | {n:row} exported", n=total), name, rows=total)


def _write(extract: Extract, wanted: Wanted, file: IO[bytes], rows: Iterable[Sequence[Cell]]) -> None:
    write(wanted.form, file, extract.columns, rows, about(extract, wanted), say(extract.procedure.title))


def _reported(run: Run, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(rows):
        if number % REPORTED == 0:
            run.progress(number)
        yield row


def record(extract: Extract, wanted: Wanted, job: int | None = None) -> None:
    """For the auditor: who took which rows."""
    ExportRecord.objects.create(
        person=extract.person,
        procedure=extract.procedure.key,
        query=wanted.query,
        columns=[column.key for column in extract.columns],
        form=wanted.form,
        rows=len(extract.keys),
        job=job,
    )


def about(extract: Extract, wanted: Wanted) -> list[tuple[str, str]]:
    """What stands on the second sheet: where the rows come from."""
    return [
        (t("台账 | Ledger"), say(extract.procedure.title)),
        (t("条件 | Filter"), wanted.filter or t("全部在办 | all open")),
        (t("行数 | Rows"), f"{len(extract.keys):,}"),
        (t("导出人 | Exported by"), str(extract.person)),
        (t("导出时间 | Exported at"), minute(extract.at, full=True)),
    ]
