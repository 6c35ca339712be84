"""A process is killed in the middle of its work: what it told is there, what it did not finish is not."""

import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from fadu.cases.models import Case, Entry, NumberSeries
from fadu.cases.verify import verify
from tests.cases.cast import World, build
from tests.cases.tampering import sql, unguarded
from tests.crash.stream import Told, run

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
OUTAGE = "import django; django.setup(); from tests.crash import outage; outage.main()"


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    found = build(monkeypatch)
    monkeypatch.undo()  # the processes live in the present
    yield found
    with unguarded():
        sql("DELETE FROM cases_entry")


@pytest.fixture(scope="module")
def nursery() -> multiprocessing.context.ForkServerContext:
    """Processes are forked from one that has read every definition and holds no connection."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.stream"])
    return context


def killed(
    nursery: multiprocessing.context.ForkServerContext, after: float | None = None, at: int | None = None
) -> list[Told]:
    """What a process told before it died: `after` seconds of work, or at its own n-th statement or commit."""
    inbox, outbox = nursery.Pipe(duplex=False)
    process = nursery.Process(target=run, args=(outbox, str(connection.settings_dict["NAME"]), at))
    process.start()
    outbox.close()
    told: list[Told] = []
    try:
        if after is not None:
            told.append(inbox.recv())
            time.sleep(after)
            process.kill()
        while True:
            told.append(inbox.recv())
    except EOFError:
        process.join(30)
    assert process.exitcode == -9
    return told


def check(told: list[Told]) -> None:
    """Every deed that was told is in the ledger, no number is missing, and the whole can be rebuilt."""
    entries = set(Entry.objects.values_list("case_id", "seq", "digest"))
    assert set(told) <= entries
    numbers = sorted(int(number[7:-1]) for number in Case.objects.exclude(number="").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert NumberSeries.objects.filter(form__startswith="督").values_list("last", flat=True).first() in (
        None,
        len(numbers),
    )
    assert verify().fault == ""


def test_killed_at_any_instant_nothing_told_is_lost(world: World, nursery: multiprocessing.context.ForkServerContext):
    random.seed(20260908)
    told: list[Told] = []
    for _ in range(20):
        told += killed(nursery, after=random.uniform(0, 0.12))
    assert len(told) >= 20
    check(told)


def test_killed_at_every_statement_of_a_deed_nothing_is_half_written(
    world: World, nursery: multiprocessing.context.ForkServerContext
):
    """The first four statements find people; then one deed opens a matter, the next opens two parts of it, and so on."""
    told: list[Told] = []
    for instant in range(4, 64, 2):
        told += killed(nursery, at=instant)
        if instant % 10 == 0:
            check(told)
    check(told)
    assert Case.objects.filter(parent=None, stage="assigned").exists()
    assert all(Case.objects.filter(parent=case).count() in (0, 2) for case in Case.objects.filter(parent=None))


def test_a_server_that_crashes_keeps_what_it_committed():
    """PostgreSQL loses a backend to SIGKILL and recovers from its log: on a server of the test's own."""
    script = ROOT / "scripts" / "postgres"
    if subprocess.run([script, "--find"], capture_output=True, check=False).returncode:
        pytest.skip("no PostgreSQL server was found")
    outage = subprocess.run(
        [script, sys.executable, "-c", OUTAGE],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "DJANGO_SETTINGS_MODULE": "fadu.config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outage.returncode == 0, outage.stderr
    assert "recovered" in outage.stdout
