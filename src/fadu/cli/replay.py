"""`fadu replay`: a city's published year, built from its numbers."""

import sys
from collections.abc import Sequence

from fadu.cli import Failed
from fadu.cli.words import parser
from fadu.figures.published import names
from fadu.replay import years


def main(argv: Sequence[str]) -> int:
    """0 when it was built, or when there is nothing to build; 1 when this database holds it already."""
    words = parser("replay", "按公布数据重建一年 | a published year, built from its numbers")
    words.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
    words.add_argument("--domain", default="supervision", help="supervision (default) …")
    words.add_argument("--full", action="store_true", help="不缩放 | full size, however large")
    args = words.parse_args(argv)
    found = years.built(args.name, args.domain, full=args.full)
    if not found:
        known = ", ".join(f"{name} --domain {domain}" for name, domain in years.available()) or "nothing yet"
        sys.stdout.write(f"nothing is built yet for {args.name}, domain {args.domain}; there is {known}\n0 cases\n")
        return 0
    refusal = years.refusal(args.name)
    if refusal:
        raise Failed(refusal)
    dockets = years.replay(args.name, found)
    for volume, docket in zip(found, dockets, strict=True):
        scaled = "" if volume.scale == 1 else f", scaled to 1:{round(1 / volume.scale)} (--full for all)"
        sys.stdout.write(
            f"{volume.figure.title.zh} {volume.number:,}{scaled}: published {volume.row.op} {volume.row.value:g} {volume.row.unit}\n"
            f"{docket.cases} cases, {docket.lines} entries\n"
        )
    return 0
