"""The ledger page and the inbox at 10,000 and at 1,000,000 cases: the same questions, the same data shape.

    python bench/lists.py [small] [large]                    on SQLite
    scripts/postgres python bench/lists.py [small] [large]   on PostgreSQL

A few hundred cases are made through the real actions; the rest are copies of their rows, spread over units, stages and
dates, because a million decisions would take longer than they teach. Copies carry no text index.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

from django.db import connection
from django.utils.timezone import localdate

from bench.place import Office, database, prepare  # first: it chooses the scratch folder
from fadu.cases.act import act, open_case
from fadu.cases.listing import Filters, Inbox, capped_counts, ledger, page
from fadu.cases.models import Case
from fadu.units.models import Unit

UNITS = 200
SEEDS = 200
KINDS = ("meeting", "meeting", "instruction", "instruction", "work_report", "livelihood", "higher", "deputies", "other")


def main() -> None:
    small, large = (int(number) for number in (sys.argv[1:] + ["10000", "1000000"][len(sys.argv) - 1 :])[:2])
    office = prepare()
    _units()
    _seed(office)
    print(f"{database()}: milliseconds a page of 50, median of 15 (queries)")
    print(f"  {'question':44}{small:>14,}{large:>14,}   ratio")
    questions = _questions(office)
    _copy_up_to(small)
    before = {name: _measure(ask) for name, ask in questions.items()}
    _copy_up_to(large)
    for name, ask in questions.items():
        (then, queries), (now, _) = before[name], _measure(ask)
        print(f"  {name:44}{then:14.2f}{now:14.2f}{now / then:8.2f}   ({queries} queries)")


def _units() -> None:
    parent = Unit.objects.get(code="yz")
    for number in range(UNITS):
        Unit(code=f"u{number}", name_zh=f"单位{number}", kind="bureau", parent=parent).save()


def _seed(office: Office) -> None:
    """Real cases in three stages; the units and dates are spread by the copying."""
    for number in range(SEEDS):
        case = open_case("supervision-item", office.officer, office.proposal, office.unit)
        if number % 10:
            case = act(case, "approve", office.leader, {"due": str(localdate() + timedelta(days=90))})
        if number % 10 > 2:
            act(case, "sign", office.handler, {})


COPY = """
INSERT INTO cases_case (id, procedure, definition_id, root_id, parent_id, child_key, government, unit, handling, begun_by_id, number, title, kind,
    stage, is_open, outcome, turn, opened, closed, due, due_clock, provisional, grey, amber_at, red_at, timer_at, seq, head, state, tokens)
SELECT {id}, procedure, definition_id, {id}, NULL, child_key, government, unit, {unit}, begun_by_id, '' || {id}, title, {kind},
    stage, {open}, outcome, {turn}, {opened}, {closed}, {due}, due_clock, provisional, grey, {due}, {due}, NULL, seq, head, state, ''
  FROM (SELECT *, row_number() OVER (ORDER BY id) AS r FROM (SELECT * FROM cases_case ORDER BY id LIMIT {seeds}) AS first) AS c, {series}
"""


def _copy_up_to(total: int) -> None:
    """Copies get their unit, kind, days (due within a year around today, opened within three) and openness (one in twenty
    is open) from their number.
    """
    have = Case.objects.count()
    rounds = (total - have) // SEEDS
    postgres = connection.vendor == "postgresql"
    number = f"({have} + s.n * {SEEDS} + c.r)"
    day = f"({number} * 104729 / 17 % 365)"

    def moment(days: str) -> str:
        return f"now() + ({days}) * interval '1 day'" if postgres else f"datetime('now', ({days}) || ' days')"

    series = f"generate_series(1, {rounds}) AS s(n)" if postgres else (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rounds}) SELECT n FROM s) AS s"
    )  # fmt: skip
    mixed = f"({number} * 7919 / 13)"  # so that openness, unit and day do not follow the stages of the seeds
    is_open = f"({mixed} % 20 = 0)"
    age = f"({number} * 6131 / 11 % 1000)"
    opened = moment(f"-(CASE WHEN {is_open} THEN {age} % 90 ELSE {age} + 30 END)")
    kinds = " ".join(f"WHEN {place} THEN '{kind}'" for place, kind in enumerate(KINDS))
    sql = COPY.format(
        id=f"({number} + 1000000000000000)",
        unit=f"'u' || ({number} / 20 % {UNITS})",
        open=is_open,
        turn=f"CASE WHEN {is_open} THEN 'unit_officer@u' || ({number} / 20 % {UNITS}) ELSE '' END",
        kind=f"CASE {number} * 31 / 7 % {len(KINDS)} {kinds} END",
        opened=opened,
        closed=f"CASE WHEN {is_open} THEN NULL ELSE {moment(f'-{age}')} END",
        due=moment(f"{day} - 60"),
        series=series,
        seeds=SEEDS,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("ANALYZE")


def _questions(office: Office) -> dict[str, Callable[[], object]]:
    officer = office.officer

    def rows(filters: Filters, sort: str = "due") -> Callable[[], object]:
        return lambda: page(ledger(officer, "supervision-item", filters), sort).rows

    def counts() -> object:
        return capped_counts(
            {unit: ledger(officer, "supervision-item", Filters(unit=unit)) for unit in ("u1", "u2", "u3")}
        )

    return {
        "ledger: unit + stage + overdue, by due": rows(Filters(unit="u7", stage="underway", light="red")),
        "ledger: everything open, by due": rows(Filters()),
        "ledger: one stage, newest first": rows(Filters(stage="underway", state="all"), "new"),
        "ledger: counts of three tabs, capped": counts,
        "inbox: mine, by due": lambda: page(Inbox.of(office.officer).rows("mine")).rows,
        "inbox: counts of all tabs": lambda: Inbox.of(office.officer).counts(),
    }


def _measure(ask: Callable[[], object]) -> tuple[float, int]:
    ask()
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    ask()
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    times = []
    for _ in range(15):
        begin = perf_counter()
        ask()
        times.append((perf_counter() - begin) * 1000)
    return median(times), queries


if __name__ == "__main__":
    main()
