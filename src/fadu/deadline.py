"""The command `fadu deadline`: when a period ends, and on request every day of the count with its cause."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from fadu.data.calendars import state_council
from fadu.kernel.calendar import CalendarError
from fadu.kernel.certificate import Certificate, certify, render_text
from fadu.kernel.law import Lang, Text
from fadu.kernel.period import Period, parse_span

_HELP = Text(
    "期限届满日：fadu deadline 2026-09-16 20wd（wd 工作日，nd 自然日，mo 月，yr 年，h 小时）",
    "When a period ends: fadu deadline 2026-09-16 20wd (wd workdays, nd calendar days, mo months, yr years, h hours)",
)
_START = Text(
    "start：'{}' 不是起算时间；写作 2026-09-16，小时期限写作 2026-09-16T10:30",
    "start: '{}' is no start; write 2026-09-16, or 2026-09-16T10:30 for hours",
)
_SPAN = Text(
    "{}：'{}' 不是期限；写作 20wd、30nd、3mo、1yr 或 2h（整数，至少为 1）",
    "{}: '{}' is no span; write 20wd, 30nd, 3mo, 1yr or 2h (a whole number, at least 1)",
)
_EXCLUDE = Text(
    "--exclude：'{}' 不是日期区间；写作 2026-03-09..2026-03-20（首日之后至末日不计入）",
    "--exclude: '{}' is no range of days; write 2026-03-09..2026-03-20 (the days after the first up to the last)",
)
_BEFORE = Text(
    "--before：倒推期限不能与 --exclude 或 --extend 同用",
    "--before: counting back goes with neither --exclude nor --extend",
)
_HOUR = Text(
    "start：小时期限须写明时刻，如 2026-09-16T10:30（民法典第201条）",
    "start: a period in hours needs the hour, as in 2026-09-16T10:30 (Civil Code art. 201)",
)
_RANGE = Text("span：'{}' 超出 1 至 9999 年", "span: '{}' leaves the years 1 to 9999")


_USAGE = Text("参数有误（{}）；写作 {}", "{}; write {}")
_EXAMPLE = "fadu deadline 2026-09-16 20wd"


class _BadArgument(Exception):
    """One sentence for the person at the keyboard."""


class _BadUsage(Exception):
    """What argparse found wrong."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _BadUsage(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the deadline; 0, or 2 with one sentence on stderr when an argument cannot be read."""
    words = list(sys.argv[1:] if argv is None else argv)
    lang: Lang = "en" if re.search(r"--lang[= ]en\b", " ".join(words)) else "zh"
    try:
        args = _parser().parse_args(words)
        sys.stdout.write(_answer(args, lang))
    except _BadUsage as error:
        sys.stderr.write(f"fadu deadline: {_USAGE.in_(lang).format(error, _EXAMPLE)}\n")
        return 2
    except (_BadArgument, CalendarError) as error:
        sys.stderr.write(f"fadu deadline: {error}\n")
        return 2
    except SystemExit:  # argparse has printed its help
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="fadu deadline", description=f"{_HELP.zh} | {_HELP.en}", allow_abbrev=False)
    parser.add_argument("start", help="事件发生日 | day of the event: 2026-09-16, 2026-09-16T10:30")
    parser.add_argument("span", help="期限 | length: 20wd 30nd 3mo 1yr 2h")
    parser.add_argument("--exclude", action="append", default=[], metavar="A..B", help="扣除 | days after A up to B")
    parser.add_argument("--extend", metavar="SPAN", help="延长 | an extension")
    parser.add_argument("--before", action="store_true", help="从 start 倒推 | count back from start")
    parser.add_argument("--explain", action="store_true", help="逐日说明 | every day with its cause")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 | print JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--calendar", metavar="DIR", help="地方放假安排文件夹 | folder of local calendar additions")
    return parser


def _answer(args: argparse.Namespace, lang: Lang) -> str:
    certificate = _certificate(args, lang)
    if args.json:
        return json.dumps(certificate.to_json(), ensure_ascii=False, indent=2) + "\n"
    answer = certificate.due.iso()
    if certificate.reason:
        answer += f" provisional 暂定: {certificate.reason.in_(lang)}"
    if args.explain:
        answer += "\n" + render_text(certificate, lang)
    return answer + "\n"


def _certificate(args: argparse.Namespace, lang: Lang) -> Certificate:
    start, period = _moment(args.start, lang), _span("span", args.span, lang)
    more = _span("--extend", args.extend, lang) if args.extend is not None else None
    held = [_range(text, lang) for text in args.exclude]
    if args.before and (held or more):
        raise _BadArgument(_BEFORE.in_(lang))
    if period.unit == "hour" and not isinstance(start, datetime):
        raise _BadArgument(_HOUR.in_(lang))
    calendar = state_council(Path(args.calendar) if args.calendar else None)
    try:
        return certify(start, period, calendar, held=held, more=more, before=args.before)
    except ValueError:  # everything else has been checked above
        raise _BadArgument(_RANGE.in_(lang).format(args.span)) from None


def _moment(text: str, lang: Lang) -> date | datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text, re.ASCII):
        with suppress(ValueError):  # 2026-02-30T10:00 has the form of a moment
            return datetime.fromisoformat(text)
    day = _day(text)
    if day is None:
        raise _BadArgument(_START.in_(lang).format(text))
    return day


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    return None


def _span(argument: str, text: str, lang: Lang) -> Period:
    with suppress(ValueError):
        period = parse_span(text)
        if period.n > 0:
            return period
    raise _BadArgument(_SPAN.in_(lang).format(argument, text))


def _range(text: str, lang: Lang) -> tuple[date, date]:
    first, _, last = text.partition("..")
    a, b = _day(first), _day(last)
    if a is None or b is None or b < a:
        raise _BadArgument(_EXCLUDE.in_(lang).format(text))
    return a, b
