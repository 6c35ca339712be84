"""`fadu serve`: the site on this machine's address; background jobs and the timers in a process beside it."""

import os
import subprocess
import sys
from collections.abc import Sequence

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from fadu.cases import definitions
from fadu.cli import Failed
from fadu.cli.words import parser

HOST = "127.0.0.1"
THREADS = 2 * (os.cpu_count() or 1) + 1  # a worker; each holds a database connection of its own
STOP_SECONDS = 10


def main(argv: Sequence[str]) -> int:
    """Serve until stopped."""
    words = parser("serve", "启动网站 | serve the site")
    words.add_argument("--host", default=HOST, help=f"default {HOST}")
    words.add_argument("--port", type=int, help="default PORT, or 8000")
    args = words.parse_args(argv)
    serve(args.host, port() if args.port is None else args.port)
    return 0


def port() -> int:
    """PORT, or 8000. Raises Failed."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Failed(f"PORT: {text!r} is no port; write a number from 1 to 65535")
    return int(text)


def serve(host: str, number: int) -> None:
    """One server process a core; what works beside it ends with this process.

    What was published here is read first: a text that no longer fits what ships stops the start, fault by fault.
    """
    definitions.library()
    definitions.calendar()
    beside = ["work", "--beside", str(os.getpid())]
    worker = subprocess.Popen([sys.executable, "-m", "fadu.cli", *beside])  # noqa: S603  # our own command
    try:
        Server(
            "fadu.config.wsgi:application",
            address=host,
            port=number,
            interface=Interfaces.WSGI,
            workers=os.cpu_count() or 1,
            blocking_threads=THREADS,
            backpressure=THREADS * 4,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        _stop(worker)


def _stop(worker: "subprocess.Popen[bytes]") -> None:
    """Its job goes back into the queue, or is taken up again after its lease."""
    worker.terminate()
    try:
        worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
