"""How far the bulk path is from a bare insert of the same rows, and what it keeps in memory; on both databases.

    python bench/bulk.py            the table; PostgreSQL where scripts/postgres finds a server
    python bench/bulk.py one N      one measurement of N families on the database of DATABASE_URL (used by the above)

The bare insert writes the very rows the bulk path wrote, read back beforehand, into emptied tables with the same indexes
and triggers: `executemany` on SQLite, COPY on PostgreSQL. Memory is what the process itself holds (RssAnon), looked at
before each batch is let go; the pages of the database file, which SQLite maps, are the system's.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")

ROOT = Path(__file__).parent.parent
FAMILIES = 3000
SMALL, LARGE = 560, 11_200  # families: about 10,000 and 200,000 rows
TABLES = ("cases_case", "cases_entry", "cases_attachment", "cases_concern")


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(int(sys.argv[2]))))
        return
    print(f"{'rows a second':12}{'rows':>10}{'bare':>10}{'bulk':>10}{'ratio':>8}{'deciding':>10}{'writing':>9}")
    for name, runner in {"sqlite": [], "postgresql": [str(ROOT / "scripts" / "postgres")]}.items():
        if runner and subprocess.run([*runner, "--find"], capture_output=True, check=False).returncode:
            continue
        row = started(runner, FAMILIES)
        bare, bulk = row["rows"] / row["bare"], row["rows"] / row["bulk"]
        print(
            f"{name:13}{row['rows']:10,}{bare:10,.0f}{bulk:10,.0f}{bulk / bare:8.1%}"
            f"{row['rows'] / row['deciding']:10,.0f}{row['rows'] / row['writing']:9,.0f}"
        )
        for size in (SMALL, LARGE):
            found = started(runner, size)
            print(
                f"{'':13}{found['rows']:10,} rows: {found['peak']:.0f} MB at the peak, {found['before']:.0f} MB before"
            )


def started(runner: list[str], families: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "FADU_HOME": home}
        words = [*runner, sys.executable, __file__, "one", str(families)]
        said = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
        if said.returncode:
            raise SystemExit(said.stderr)
        found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
        return found


def one(families: int) -> dict[str, float]:
    import django  # noqa: PLC0415  # settings come first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return {**played(families), **bare()}


def played(families: int) -> dict[str, float]:
    from fadu.cases.bulk import BulkDocket  # noqa: PLC0415
    from fadu.cases.moments import now  # noqa: PLC0415
    from fadu.replay import stage, troupe  # noqa: PLC0415
    from fadu.replay.city import City, found_city, read  # noqa: PLC0415
    from fadu.replay.demo import CITY  # noqa: PLC0415
    from fadu.replay.year import year_of_work  # noqa: PLC0415

    city = City.of(read(CITY))
    found_city(city)
    company = troupe.Troupe(city, date(2025, 1, 2), "bench")
    scripts: Any = year_of_work(company.courses("supervision-item"), families, company.first, date(2025, 12, 26))
    if families <= FAMILIES:
        scripts = list(scripts)  # planning is not part of the path; for memory it stays a stream
    spent, peaks = [0.0], [memory()]

    class Timed(BulkDocket):
        """Looks at clock and memory around each batch's writing."""

        def write(self) -> None:
            started_at = perf_counter()
            super().write()
            spent[0] += perf_counter() - started_at
            peaks.append(memory())

    docket = Timed(company.calendar, city.code, troupe.earliest)
    started_at = perf_counter()
    stage.play(docket, company.cast, scripts, now(), lambda _: None)
    bulk = perf_counter() - started_at
    return {"bulk": bulk, "writing": spent[0], "deciding": bulk - spent[0], "before": peaks[0], "peak": max(peaks)}


def memory() -> float:
    """MB of the process's own memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def bare() -> dict[str, float]:
    from django.db import connection, transaction  # noqa: PLC0415

    read = {table: _all(connection, table) for table in TABLES}
    _empty(connection)
    started_at = perf_counter()
    with transaction.atomic():
        for table, (names, values) in read.items():
            _insert(connection, table, names, values)
    return {"rows": sum(len(values) for _, values in read.values()), "bare": perf_counter() - started_at}


def _all(connection: Any, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        raw = cursor.cursor if connection.vendor == "postgresql" else connection.connection.cursor()
        raw.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in raw.description]
        return names, [tuple(map(_plain, row)) for row in raw]


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _empty(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
            return
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DROP TRIGGER cases_entry_no_delete")
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(connection: Any, table: str, names: list[str], values: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


if __name__ == "__main__":
    main()
