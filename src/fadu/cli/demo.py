"""`fadu demo`: an invented city with a year of work, made once, then served."""

import sys
from collections.abc import Sequence
from datetime import date

from django.conf import settings

from fadu.cli import Failed
from fadu.cli.init import prepare
from fadu.cli.serve import HOST, port, serve
from fadu.cli.words import parser
from fadu.replay import demo
from fadu.units.posts import posts_of


def main(argv: Sequence[str]) -> int:
    """Build the city unless it stands; print address and accounts; serve."""
    words = parser("demo", "演示城市 | an invented city with a year of work")
    words.add_argument("--no-serve", action="store_true", help="只建不启动 | build it, do not serve")
    args = words.parse_args(argv)
    if not settings.FADU_DEMO:
        raise Failed("the demo makes accounts with a known password; it needs FADU_DEMO=1 and a database of its own")
    prepare()
    if not demo.is_built():
        if not demo.is_empty():
            raise Failed("this database holds other work; give the demo a data folder of its own: FADU_HOME=var/demo")
        demo.build()
    sys.stdout.write(f"\n{table()}\n")
    if not args.no_serve:
        sys.stdout.write(f"\n  http://{HOST}:{port()}\n\n")
        sys.stdout.flush()
        serve(HOST, port())
    return 0


def table() -> str:
    """Name, work, username and password of the demo accounts."""
    today = date.today()  # noqa: DTZ011  # the day here
    rows = [("姓名", "岗位", "用户名", "密码")]
    for person in demo.accounts():
        post = posts_of(person, today)[0]
        rows.append((person.name, f"{post.unit} {post.title}", person.username, demo.PASSWORD))
    widths = [max(_width(row[place]) for row in rows) for place in range(4)]
    return "\n".join(
        "  " + "  ".join(text + " " * (size - _width(text)) for text, size in zip(row, widths, strict=True))
        for row in rows
    )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
