"""`fadu verify`: every case rebuilt from its records and compared with what is stored."""

import sys
from collections.abc import Sequence

from fadu.administration.record import fault as administration_fault
from fadu.cases.verify import verify
from fadu.cli.words import parser


def main(argv: Sequence[str]) -> int:
    """1 and the first fault when something does not match."""
    parser("verify", "逐件核验记录 | rebuild every case and check every chain").parse_args(argv)
    report = verify()
    if report.fault:
        sys.stdout.write(f"fault: {report.fault}\n")
    broken = administration_fault()
    if broken:
        sys.stdout.write(f"fault in the administrative record: {broken}\n")
    sys.stdout.write(f"verified {report.cases} cases, {report.entries} entries\n")
    return 1 if report.fault or broken else 0
