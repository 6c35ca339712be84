"""Tables in and out: an import of 100,000 rows and an export of 500,000, rows a second and the memory each takes.

    python bench/exchange.py [rows in] [rows out]                    on SQLite
    scripts/postgres python bench/exchange.py [rows in] [rows out]   on PostgreSQL

Both run as the jobs they are, in this process. The rows to be exported are copies of imported ones. Memory is what the
process holds itself (RssAnon), looked at ten times a second; the first number is what it held before.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import xlsxwriter
from django.db import connection
from django.http import QueryDict

from bench.place import HOME, Office, database, prepare  # first: it chooses the scratch folder
from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.cases.verify import verify
from fadu.exchange.intake import intakes
from fadu.exchange.models import Import
from fadu.exchange.receiving import ask_for_check, ask_for_writing, receive
from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.jobs.worker import drain

LEDGER = "supervision-item"


def main() -> None:
    into, out = (int(number) for number in (sys.argv[1:] + ["100000", "500000"][len(sys.argv) - 1 :])[:2])
    office = prepare()
    print(f"{database()}: rows a second, seconds, MB before and at the peak")
    upload = HOME / "upload.xlsx"
    _workbook(upload, into)
    found = _received(office, upload)
    procedure = definitions.current(LEDGER)
    ask_for_check(found, procedure, "")
    _told("check of an Excel table", into, drain)
    found.refresh_from_db()
    if found.faulty:
        raise SystemExit(f"{found.faulty} rows at fault: {found.sample[0]}")
    ask_for_writing(found, procedure, "")
    _told("import of an Excel table", into, drain)
    found.refresh_from_db()
    if found.written != into or verify().fault:
        raise SystemExit(f"written {found.written}; {verify().fault}")
    _copy_up_to(out)
    for form in ("xlsx", "csv"):
        _export(office, form)
        _told(f"export as {form}", out, drain)
        job = Job.objects.latest("pk")
        if job.result.get("rows") != out or job.path is None:
            raise SystemExit(f"{job.state} {job.message_zh} {job.result}")
        print(f"  {'':28}{job.path.stat().st_size / 2**20:10.1f} MB of file")


def _workbook(path: Path, rows: int) -> None:
    """A real table: a title of its own in each row, two units, choices in words."""
    procedure = definitions.current(LEDGER)
    columns = [one for one in intakes(procedure) if one.is_needed or one.key == "urgent"]
    given = {"source": procedure.fields["source"].choices["meeting"].zh, "lead_unit": "市水务局", "urgent": "否"}
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [one.title.zh for one in columns])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [given.get(one.key, f"第{row}号河道整治工程进度和验收") for one in columns])


def _received(office: Office, upload: Path) -> Import:
    with upload.open("rb") as file:
        chunks = iter(lambda: file.read(1 << 20), b"")
        documents = {"source_document": dict(office.paper)}
        return receive(office.officer, definitions.current(LEDGER), office.unit, upload.name, chunks, documents)


def _export(office: Office, form: str) -> None:
    query = QueryDict(mutable=True)
    query.update({"format": form, "state": "all"})
    ask("export", office.officer, {"procedure": LEDGER, "query": query.urlencode()})


COPY = """
INSERT INTO cases_case ({names}) SELECT {values} FROM cases_case AS c
 WHERE c.id IN (SELECT id FROM cases_case ORDER BY id LIMIT {number})
"""


def _copy_up_to(total: int) -> None:
    """Copies of rows under other identities; the database is asked for nothing but to hold them."""
    names = [str(item.column) for item in Case._meta.concrete_fields]  # noqa: SLF001  # Django's way to the columns
    step = 10**12  # further than the identities of one import lie apart; doubled each time, so that no two meet
    while (have := Case.objects.count()) < total:
        shift, step = f"c.id + {step}", step * 2
        own = {"id": shift, "root_id": shift, "tokens": "''"}
        values = ", ".join(own.get(name, f"c.{name}") for name in names)
        with connection.cursor() as cursor:
            cursor.execute(COPY.format(names=", ".join(names), values=values, number=min(have, total - have)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _told(what: str, rows: int, deed: Callable[[], object]) -> None:
    over, peak, before = threading.Event(), [0.0], _held()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], _held())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = perf_counter()
    deed()
    seconds = perf_counter() - start
    over.set()
    watcher.join()
    print(f"  {what:28}{rows / seconds:10,.0f}{seconds:8.0f} s{before:8.0f}{peak[0]:6.0f} MB", flush=True)


def _held() -> float:
    """MB this process holds itself."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


if __name__ == "__main__":
    main()
