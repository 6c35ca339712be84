"""`fadu serve`: the site on this machine's address, and the timers beside it."""

import os
import threading
from collections.abc import Sequence

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from fadu.cli.tick import keep_ticking
from fadu.cli.words import parser

MINUTE = 60.0
HOST = "127.0.0.1"


def main(argv: Sequence[str]) -> int:
    """Serve until stopped."""
    words = parser("serve", "启动网站 | serve the site")
    words.add_argument("--host", default=HOST)
    words.add_argument("--port", type=int, default=port())
    args = words.parse_args(argv)
    serve(args.host, args.port)
    return 0


def port() -> int:
    """PORT, or 8000."""
    text = os.environ.get("PORT", "8000")
    return int(text) if text.isdecimal() else 8000


def serve(host: str, number: int) -> None:
    """One worker a core; the timers run in a thread of the parent process, once a minute."""
    stop = threading.Event()
    timers = threading.Thread(target=keep_ticking, args=(MINUTE, stop), daemon=True, name="timers")
    timers.start()
    try:
        Server(
            "fadu.config.wsgi:application",
            address=host,
            port=number,
            interface=Interfaces.WSGI,
            workers=os.cpu_count() or 1,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        stop.set()
