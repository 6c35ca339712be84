"""An uploaded table, checked row by row without writing anything, then written: all of it, or the rows that are right."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from fadu.cases import definitions
from fadu.cases.act import government_of
from fadu.cases.bulk import BulkDocket
from fadu.cases.formats import Unwelcome
from fadu.cases.moments import legal
from fadu.cases.spooled import Moved, SpooledDocket
from fadu.cases.unique import learn_keys
from fadu.exchange.faults import Report
from fadu.exchange.incoming import Table, table
from fadu.exchange.intake import Layout, intakes, layout
from fadu.exchange.judge import Judge
from fadu.exchange.models import Import
from fadu.jobs.kinds import kind
from fadu.jobs.run import Failed, Run
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.words import both

AT_A_TIME = 500  # rows between two reports, and in memory
COMPARED = 5_000  # rows of a procedure whose opening looks for other cases: they see one another, so they stay together
ATTEMPTS = 3


@dataclass
class Pass:
    """One reading of a table from its first row to its last."""

    found: Import
    procedure: Procedure
    layout: Layout
    table: Table
    total: int
    examples: int = 0
    rows: int = 0
    report: Report = field(init=False)

    @property
    def looks_around(self) -> bool:
        """Whether a row depends on other cases, those of the rows before it among them."""
        fields = self.procedure.fields
        return any(fields[asked.field].found for asked in self.procedure.opening.takes)

    def decide(self, run: Run, judge: Judge) -> Iterator[int]:
        """Decides every row; gives the number so far whenever memory should be freed."""
        for number, cells in self.table.rows:
            if judge.is_example(cells):
                self.examples += 1
                continue
            self.rows += 1
            faults = judge.decide(number, cells)
            if faults:
                self.report.add(number, cells, faults)
            if self.rows % AT_A_TIME == 0:
                run.progress(self.rows)
                yield self.rows
        yield self.rows


@kind("import-check", "检查导入的表格 | Check a table")
def check(run: Run) -> None:
    """What is wrong, row by row; nothing is written but that."""
    found = Import.objects.select_related("unit__government").get(pk=run.params["import"])
    with _reading(run, found) as reading, _spooled(run, found) as docket:
        judge = _judge(run, reading, docket)
        for _ in reading.decide(run, judge):
            if not reading.looks_around:
                docket.let_go()
    with transaction.atomic():
        _told(reading, Import.State.CHECKED)
        run.finish(_checked(reading))


def _checked(reading: Pass) -> Text:
    if not reading.report.rows:
        return both("{n} 行都可以导入 | All {n:row} can be imported", n=reading.rows)
    return both("{n} 行中 {m} 行有错 | {m} of {n:row} at fault", n=reading.rows, m=reading.report.rows)


@kind("import-write", "导入 | Import")
def write(run: Run) -> None:
    """All is decided anew, then written in one transaction with the end of the job: once, or not at all."""
    found = Import.objects.select_related("unit__government").get(pk=run.params["import"])
    for _ in range(ATTEMPTS):
        try:
            with _reading(run, found) as reading:
                _write(run, reading)
        except (Moved, IntegrityError):  # somebody took a number, a key or an identity meanwhile
            continue
        return
    raise Failed(
        "导入期间不断有人取号，没有写入任何一行，请稍后再试",
        "Others kept taking numbers meanwhile; nothing was written, try again later",
    )


class AtFault(Exception):
    """Some rows are at fault, and all or nothing was wanted."""


def _write(run: Run, reading: Pass) -> None:
    try:
        (_write_together if reading.looks_around else _write_spooled)(run, reading)
    except AtFault:
        _told(reading, Import.State.CHECKED)
        words = both(
            "没有写入任何一行：{n} 行中 {m} 行有错 | Nothing was written: {m} of {n:row} at fault",
            n=reading.rows,
            m=reading.report.rows,
        )
        raise Failed(words.zh, words.en) from None


def _write_spooled(run: Run, reading: Pass) -> None:
    with _spooled(run, reading.found) as docket:
        judge = _judge(run, reading, docket)
        for _ in reading.decide(run, judge):
            docket.spool()
        _insist_on_all(reading)
        with transaction.atomic():
            judge.insist_unused()
            docket.write()
            _finish(run, reading)


def _write_together(run: Run, reading: Pass) -> None:
    """Rows that look for other cases hold the lock that keeps those as they are."""
    docket = BulkDocket(definitions.calendar(), government_of(reading.found.unit), person_id=run.person.pk)
    with docket.batch():
        for _ in reading.decide(run, _judge(run, reading, docket)):
            continue
        _insist_on_all(reading)
        _finish(run, reading)


def _insist_on_all(reading: Pass) -> None:
    if reading.report.rows and reading.found.mode == Import.Mode.ALL:
        raise AtFault


def _finish(run: Run, reading: Pass) -> None:
    written = reading.rows - reading.report.rows
    _told(reading, Import.State.DONE, written=written, done_at=timezone.now())
    run.finish(both("已导入 {n} 行 | {n:row} imported", n=written))


def _told(reading: Pass, state: Import.State, **more: object) -> None:
    Import.objects.filter(pk=reading.found.pk).update(
        state=state,
        rows=reading.rows,
        faulty=reading.report.rows,
        examples=reading.examples,
        strange=list(reading.layout.strange),
        sample=reading.report.sample,
        **more,
    )


# -- reading -----------------------------------------------------------------------------------------------------------


@contextmanager
def _reading(run: Run, found: Import) -> Iterator[Pass]:
    """The table from its beginning, and its rows counted."""
    procedure = definitions.in_force(found.procedure, legal()[:10])
    try:
        with table(found.upload) as counted:
            total = sum(1 for _ in counted.rows)
        run.progress(0, total)
        with ExitStack() as stack:
            opened = stack.enter_context(table(found.upload))
            reading = Pass(found, procedure, layout(intakes(procedure), opened.header), opened, total)
            _insist_few(reading)
            reading.report = stack.enter_context(Report(found.errors, opened.header))
            yield reading
    except Unwelcome as unwelcome:
        raise Failed(unwelcome.text.zh, unwelcome.text.en) from unwelcome


def _insist_few(reading: Pass) -> None:
    if reading.looks_around and reading.total > COMPARED:
        words = both(
            "“{title}”要逐件与其他事项比对，一次最多 {n} 行 | At most {n:row} at once: each is compared with other cases",
            title=reading.procedure.title.zh,
            n=COMPARED,
        )
        raise Failed(words.zh, words.en)


def _judge(run: Run, reading: Pass, docket: BulkDocket) -> Judge:
    found = reading.found
    judge = Judge(run.person, reading.procedure, found.unit, found.documents, reading.layout, docket)
    learn_keys(reading.procedure, docket.government, judge.known)
    return judge


def _spooled(run: Run, found: Import) -> SpooledDocket:
    run.place("spool")
    return SpooledDocket(
        definitions.calendar(), government_of(found.unit), person_id=run.person.pk, folder=run.job.folder
    )
