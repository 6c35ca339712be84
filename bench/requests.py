"""Server and database CPU per request over HTTP, signed in by token, permissions, clocks and chain on.

    python bench/requests.py [cases] [requests]                    on SQLite
    scripts/postgres python bench/requests.py [cases] [requests]   on PostgreSQL

Beside it, in the same run, a view of the same framework that does nothing. CPU is read from the kernel's accounts of the
server's and the database's processes, so that the client's own work is not counted.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from bench.lists import _copy_up_to, _units
from bench.place import HOME, Office, database, prepare
from fadu.cases.act import act, open_case
from fadu.units.tokens import issue

PORT = 8765
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    cases, requests = (int(number) for number in (sys.argv[1:] + ["100000", "400"][len(sys.argv) - 1 :])[:2])
    office = prepare()
    _units()
    seeds = [_underway(office) for _ in range(max(200, requests))]
    _copy_up_to(cases)
    tokens = {name: issue(getattr(office, name), "bench")[0] for name in ("officer", "handler")}
    connection.close()
    server = subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, "PYTHONPATH": f".{os.pathsep}src"})
    try:
        _wait()
        print(
            f"{database()}, {cases:,} cases, {requests} requests each, one client; ms of CPU a request (server + database)"
        )
        _measure(
            "a view that does nothing", server.pid, requests, lambda n: _ask("GET", "/nothing", "", tokens["officer"])
        )
        _measure("create", server.pid, requests, lambda n: _ask("POST", f"{API}/procedures/supervision-item/cases",
                 {"data": office.proposal, "unit": "yz-office"}, tokens["officer"]))  # fmt: skip
        _measure("one transition", server.pid, requests, lambda n: _ask("POST", f"{API}/cases/{seeds[n]}/actions/report",
                 {"data": {"progress": "占道审批已办结，进场施工。"}}, tokens["handler"]))  # fmt: skip
        _measure("list of 50 by unit and stage", server.pid, requests, lambda n: _ask(
                 "GET", f"{API}/procedures/supervision-item/cases?unit=u{n % 200}&stage=underway&size=50", "", tokens["officer"]))  # fmt: skip
        _measure("list of 50, all open, by due", server.pid, requests, lambda n: _ask(
                 "GET", f"{API}/procedures/supervision-item/cases?size=50", "", tokens["officer"]))  # fmt: skip
    finally:
        server.terminate()
        server.wait()


API = "/api/v1"
SERVE = f"""
from bench.nothing import application
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
Server("bench.nothing:application", address="127.0.0.1", port={PORT}, interface=Interfaces.WSGI, workers=1,
       blocking_threads=1, log_level=LogLevels.warning).serve()
"""


def _underway(office: Office) -> int:
    case = open_case("supervision-item", office.officer, office.proposal, office.unit)
    case = act(case, "approve", office.leader, {"due": "2099-12-31"})
    return act(case, "sign", office.handler, {}).pk


@cache
def _line() -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", PORT)


def _ask(method: str, path: str, body: Any, token: str) -> None:
    """One request on a kept connection; anything but success ends the measurement."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    _line().request(method, path, json.dumps(body) if body else None, headers)
    answer = _line().getresponse()
    content = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {content[:400].decode()}")


def _wait() -> None:
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", PORT, timeout=1).request("GET", "/nothing")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")


def _measure(name: str, pid: int, requests: int, ask: Any) -> None:
    for number in range(min(20, requests // 4)):
        ask(number)
    before, begin = _cpu(pid), time.perf_counter()
    for number in range(requests):
        ask(number)
    wall = (time.perf_counter() - begin) * 1000 / requests
    spent = [(now - then) * 1000 / requests for now, then in zip(_cpu(pid), before, strict=True)]
    print(
        f"  {name:32} {sum(spent):7.2f} ms CPU ({spent[0]:.2f} server + {spent[1]:.2f} database)   {wall:7.2f} ms wall"
    )


def _cpu(pid: int) -> tuple[float, float]:
    """Seconds of CPU the server's processes and the database's have used so far."""
    server = database = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue
        words = rest.split()
        seconds = (int(words[11]) + int(words[12])) / TICKS
        if int(folder.name) == pid or int(words[1]) == pid:
            server += seconds
        elif "(postgres" in name:
            database += seconds
    return server, database


if __name__ == "__main__":
    assert HOME
    main()
