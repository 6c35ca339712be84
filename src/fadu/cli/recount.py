"""`fadu recount`: open clocks counted anew after a calendar notice; each moved date is an entry in its case."""

import sys
from collections.abc import Sequence

from fadu.cases.act import recount_all
from fadu.cli.words import parser


def main(argv: Sequence[str]) -> int:
    """Says in how many cases a date moved."""
    parser("recount", "按新的日历重算在办期限 | count open clocks anew after a calendar notice").parse_args(argv)
    sys.stdout.write(f"dates moved in {recount_all()} cases\n")
    return 0
