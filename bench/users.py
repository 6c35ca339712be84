"""Eight people reading the desk at once: p50 and p95 of its pages over HTTP, at 10,000 and at 1,000,000 cases.

    python bench/users.py [small] [large]                    on SQLite
    scripts/postgres python bench/users.py [small] [large]   on PostgreSQL

The server is the one `fadu serve` starts, a worker a core; the eight readers run beside it on the same machine and are signed in by session.
"""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from itertools import count
from random import Random

import numpy as np
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection

from bench.lists import UNITS, _copy_up_to, _seed, _units
from bench.place import Office, database, prepare
from fadu.cases.models import Case
from fadu.units.models import Person

PORT = 8766
USERS = 8
REQUESTS = 30  # a user and page, after three to warm up
Pages = dict[str, tuple[str, Callable[[Random], str]]]


def main() -> None:
    small, large = (int(number) for number in (sys.argv[1:] + ["10000", "1000000"][len(sys.argv) - 1 :])[:2])
    office = prepare()
    _units()
    _seed(office)
    call_command("collectstatic", interactive=False, verbosity=0)
    before = _at(small, office)
    after = _at(large, office)
    print(f"{database()}: ms at {USERS} readers at once, {USERS * REQUESTS} requests a page")
    print(f"  {'page':34}{small:>12,} p50{'p95':>8}{large:>14,} p50{'p95':>8}   ratio of p95")
    for name, (half, most) in before.items():
        now_half, now_most = after[name]
        print(f"  {name:34}{half:16.0f}{most:8.0f}{now_half:18.0f}{now_most:8.0f}{now_most / most:12.2f}")


def _at(total: int, office: Office) -> dict[str, tuple[float, float]]:
    _copy_up_to(total)
    cookies = {name: _session(getattr(office, name)) for name in ("officer", "leader")}
    pages = _pages()
    connection.close()
    server = subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, "PYTHONPATH": f".{os.pathsep}src"})
    try:
        _wait()
        return {name: _measure(cookies[who], address) for name, (who, address) in pages.items()}
    finally:
        server.terminate()
        server.wait()


def _pages() -> Pages:
    made = Case.objects.filter(procedure="supervision-item", entries__seq=1)  # copies have no ledger to show
    seen = list(made.values_list("pk", flat=True)[:500])
    return {
        "inbox": ("officer", lambda _: "/"),
        "inbox, waiting for others": ("officer", lambda _: "/?tab=waiting"),
        "ledger": ("officer", lambda _: "/supervision-item/"),
        "ledger, unit and light": (
            "officer",
            lambda dice: f"/supervision-item/?unit=u{dice.randrange(UNITS)}&light=red",
        ),
        "case": ("officer", lambda dice: f"/supervision-item/{dice.choice(seen)}/"),
        "leader's page": ("leader", lambda _: "/leader/"),
    }


def _session(person: Person) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


SERVE = f"""
import os
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
django.setup()
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from fadu.cli.serve import THREADS
Server("fadu.config.wsgi:application", address="127.0.0.1", port={PORT}, interface=Interfaces.WSGI, workers=os.cpu_count() or 1,
       blocking_threads=THREADS, backpressure=THREADS * 4, log_level=LogLevels.warning).serve()
"""


def _measure(cookie: str, address: Callable[[Random], str]) -> tuple[float, float]:
    """p50 and p95 in milliseconds, over all users."""
    times: list[float] = []
    faults: list[str] = []
    numbers = count()

    def reads() -> None:
        line, dice = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120), Random(next(numbers))
        for number in range(REQUESTS + 3):
            begin = time.perf_counter()
            line.request("GET", address(dice), headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                faults.append(f"{answer.status}")
                return
            if number > 2:
                times.append((time.perf_counter() - begin) * 1000)

    users = [threading.Thread(target=reads) for _ in range(USERS)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    if faults:
        raise SystemExit(f"a page answered {faults[0]}")
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def _wait() -> None:
    for _ in range(150):
        try:
            line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            line.request("GET", "/accounts/login/")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
