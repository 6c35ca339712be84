"""A PostgreSQL server whose backend is killed while it writes; run by scripts/postgres, on a server of its own, once
Django is set up.
"""

import multiprocessing
import os
import signal
import sys
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from fadu.cases.models import Entry
from fadu.cases.verify import verify
from tests.cases.cast import build
from tests.crash.stream import Told, run


def main() -> None:
    call_command("migrate", verbosity=0)
    with pytest.MonkeyPatch.context() as patch:
        build(patch)
    told = interrupted(str(connection.settings_dict["NAME"]))
    wait_for_recovery()
    missing = set(told) - set(Entry.objects.values_list("case_id", "seq", "digest"))
    fault = verify().fault
    if missing or fault or not told:
        sys.exit(f"told {len(told)}, missing {missing}, {fault}")
    sys.stdout.write(f"recovered: {len(told)} deeds told, {Entry.objects.count()} entries\n")


def interrupted(database: str) -> list[Told]:
    """What a stream told until its backend was killed under it."""
    context = multiprocessing.get_context("spawn")
    inbox, outbox = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(outbox, database))
    process.start()
    outbox.close()
    told = [inbox.recv() for _ in range(25)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s AND pid <> pg_backend_pid()",
            [database],
        )
        (backend,) = cursor.fetchone()
    os.kill(backend, signal.SIGKILL)
    try:
        while True:
            told.append(inbox.recv())
    except EOFError:
        process.join(30)
    return told


def wait_for_recovery() -> None:
    connection.close()
    for _ in range(100):
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server did not come back")
