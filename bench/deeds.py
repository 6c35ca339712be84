"""act() against the raw driver writing the same rows in the same transactions, durable commits, one process.

python bench/deeds.py [deeds]                      on SQLite
scripts/postgres python bench/deeds.py [deeds]     on PostgreSQL
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.db import connection

from bench.place import Office, database, prepare  # first: it chooses the scratch folder
from fadu.cases.act import act, open_case
from fadu.cases.models import Case, Entry
from fadu.cases.store import WRITTEN

REPORT = {"progress": "管线物探完成八成，正在办理占道审批，预计月底进场施工。"}


def main() -> None:
    deeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    office = prepare()
    rounds = [_round(office, deeds) for _ in range(3)]
    ours, raw = median(r[0] for r in rounds), median(r[1] for r in rounds)
    cpu = median(r[2] for r in rounds)
    print(f"{database()}: {deeds} reports on {deeds} cases, three rounds, medians")
    print(f"  raw driver, same rows, same transactions   {raw * 1000:8.3f} ms a deed")
    print(f"  act()                                      {ours * 1000:8.3f} ms a deed ({cpu * 1000:.3f} ms CPU)")
    print(f"  ratio of throughput                        {raw / ours:8.0%}")


def _round(office: Office, deeds: int) -> tuple[float, float, float]:
    cases = [_underway(office) for _ in range(deeds)]
    twins = [_underway(office) for _ in range(deeds)]
    ours, cpu = _timed(lambda: [act(case, "report", office.handler, REPORT) for case in cases])
    rows = [_rows(case) for case in cases]
    raw, _ = _timed(lambda: _write_raw(rows, twins))
    return ours / deeds, raw / deeds, cpu / deeds


def _underway(office: Office) -> Case:
    case = open_case("supervision-item", office.officer, office.proposal, office.unit)
    case = act(case, "approve", office.leader, {"due": "2099-12-31"})
    return act(case, "sign", office.handler, {})


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


ENTRY = tuple("case procedure seq action actor day recorded_at body digest algorithm".split())


def _values(row: Case | Entry, names: tuple[str, ...]) -> tuple[list[str], list[Any]]:
    """Columns and what stands in them, as the driver takes it."""
    fields = [field for field in row._meta.concrete_fields if field.name in names]  # noqa: SLF001  # the way to a column
    return [str(field.column) for field in fields], [
        field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields
    ]


def _rows(case: Case) -> tuple[tuple[list[str], list[Any]], tuple[list[str], list[Any]]]:
    return _values(case, WRITTEN), _values(Entry.objects.filter(case=case).order_by("-seq")[0], ENTRY)


def _write_raw(rows: list[Any], twins: list[Case]) -> None:
    """The same two statements, on twin cases, straight through the driver."""
    connection.ensure_connection()
    driver, mark = connection.connection, "%s" if connection.vendor == "postgresql" else "?"
    (columns, _), (of_entry, _) = rows[0]
    update = f"UPDATE cases_case SET {', '.join(f'{name} = {mark}' for name in columns)} WHERE id = {mark}"
    insert = f"INSERT INTO cases_entry ({', '.join(of_entry)}) VALUES ({', '.join([mark] * len(of_entry))})"
    cursor, place = driver.cursor(), of_entry.index("case_id")
    for ((_, case), (_, entry)), twin in zip(rows, twins, strict=True):
        entry[place], case[columns.index("number")] = twin.pk, twin.number
        cursor.execute("BEGIN" if connection.vendor == "postgresql" else "BEGIN IMMEDIATE")
        cursor.execute(update, [*case, twin.pk])
        cursor.execute(insert, entry)
        cursor.execute("COMMIT")


if __name__ == "__main__":
    main()
