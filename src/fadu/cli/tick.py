"""`fadu tick`: what the clock owes, once or again and again."""

import logging
import sys
import time
from collections.abc import Sequence

from django.db import DatabaseError, close_old_connections

from fadu.cases.act import tick
from fadu.cli.words import parser
from fadu.notify.rounds import tell_all

log = logging.getLogger("fadu.tick")


def main(argv: Sequence[str]) -> int:
    """Print how many actions the clock did."""
    words = parser("tick", "办理到期事项 | do what the clock owes now")
    words.add_argument("--every", type=int, metavar="SECONDS", help="每隔若干秒 | again and again")
    args = words.parse_args(argv)
    if not args.every:
        sys.stdout.write(f"{tick()}\n")
        tell_all()
        return 0
    while True:
        tick_once()
        time.sleep(max(args.every, 1))


def tick_once() -> None:
    """Several may run at once: each deed locks its case, and the second finds nothing owed. A fault waits for the next."""
    close_old_connections()
    try:
        tick()
        tell_all()
    except DatabaseError:
        log.exception("the timers could not run; they try again")
