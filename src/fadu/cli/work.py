"""`fadu work`: background jobs and the timers, without the site."""

import argparse
from collections.abc import Sequence

from fadu.cli.tick import tick_once
from fadu.cli.words import parser
from fadu.exchange.cleaning import tidy
from fadu.jobs.worker import Every, work

TICK_SECONDS, TIDY_SECONDS = 60, 3600


def main(argv: Sequence[str]) -> int:
    """Until stopped."""
    words = parser("work", "办理后台任务和到期事项 | do background jobs, and what the clock owes")
    words.add_argument("--beside", type=int, metavar="PID", help=argparse.SUPPRESS)  # ends with that parent process
    args = words.parse_args(argv)
    work([Every(TICK_SECONDS, tick_once), Every(TIDY_SECONDS, tidy)], beside=args.beside)
    return 0
