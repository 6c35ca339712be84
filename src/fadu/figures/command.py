"""The command `fadu figures`: every figure of a period, or the published numbers of a year beside the counted ones."""

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from fadu.cases.moments import now
from fadu.figures.declared import declared
from fadu.figures.measure import Counter, Measured
from fadu.figures.plain import definition
from fadu.figures.present import shown
from fadu.figures.published import OPERATORS, Line, UnknownReport, compare, names, to_json
from fadu.figures.span import Span, SpanError
from fadu.kernel.law import Text

_HELP = Text(
    "指标：fadu figures --period 2026；与公布数据核对：fadu figures --compare guangzhou-2022 --domain supervision",
    "Figures: fadu figures --period 2026; beside published ones: fadu figures --compare guangzhou-2022",
)
_VERDICTS = {"equal": "一致", "differs": "不一致", "not declared": "未声明"}
_SCALED = Text(
    "按 {:g} 的比例重建，件数按此比例比较", "replayed at {:g} of full size; numbers of cases are compared at that scale"
)


class _BadWords(Exception):
    """What cannot be understood, in one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _BadWords(message)


def main(argv: Sequence[str]) -> int:
    """0; 1 when a published figure is not declared or differs; 2 when a word cannot be read."""
    try:
        args = _parser().parse_args(list(argv))
        if args.compare is not None:
            return _compare(args)
        return _list(args)
    except UnknownReport as error:
        sys.stderr.write(
            f"fadu figures: 没有“{args.compare}”的公布数据 | no published numbers of '{args.compare}'; {error.args[0]}\n"
        )
    except (_BadWords, SpanError) as error:
        sys.stderr.write(f"fadu figures: {error}\n")
    except SystemExit:  # argparse has printed its help
        return 0
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="fadu figures", description=f"{_HELP.zh} | {_HELP.en}", allow_abbrev=False)
    parser.add_argument("--compare", metavar="NAME", help=f"与公布数据核对 | {', '.join(names())}")
    parser.add_argument("--domain", metavar="D", default="", help="只看一个领域 | one domain only")
    parser.add_argument(
        "--period", metavar="P", default="", help="2026, 2026H1, 2026Q3, 2026-09, 2026-01-01..2026-03-31"
    )
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 | print JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    return parser


# -- figures of a period -----------------------------------------------------------------------------------------------


def _list(args: argparse.Namespace) -> int:
    span = Span.parse(args.period) if args.period else Span.holding(now().date())
    figures = declared(args.domain)
    if args.domain and not figures:
        raise _BadWords(f"领域“{args.domain}”没有指标 | no figures in the domain '{args.domain}'")
    counter = Counter()
    found = [counter.measure(figure, span) for figure in figures.values()]
    if args.json:
        return _print(
            json.dumps({"period": str(span), "figures": [_as_json(one) for one in found]}, ensure_ascii=False, indent=2)
        )
    rows = [
        (one.figure.key, one.figure.title.in_(args.lang), shown(one.figure, one.value), one.figure.unit.in_(args.lang))
        for one in found
    ]
    return _print(f"{span.text.in_(args.lang)}\n{_table(rows, right=2)}")


def _as_json(one: Measured) -> dict[str, Any]:
    figure, said = one.figure, definition(one.figure)
    return {
        "key": figure.key,
        "domain": figure.domain,
        "title": {"zh": figure.title.zh, "en": figure.title.en},
        "definition": {"zh": said.zh, "en": said.en},
        "cites": [str(cite) for cite in figure.cites],
        "unit": {"zh": figure.unit.zh, "en": figure.unit.en},
        "value": one.value,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "splits": one.splits,
    }


# -- beside published numbers ------------------------------------------------------------------------------------------


def _compare(args: argparse.Namespace) -> int:
    lines = compare(args.compare, args.domain or None)
    if not lines:
        raise _BadWords(f"“{args.compare}”没有领域“{args.domain}” | '{args.compare}' has no domain '{args.domain}'")
    equal = sum(line.verdict == "equal" for line in lines)
    if args.json:
        _print(
            json.dumps(
                {"lines": [to_json(line) for line in lines], "equal": equal, "of": len(lines)},
                ensure_ascii=False,
                indent=2,
            )
        )
        return 0 if equal == len(lines) else 1
    _print(_table([_compared(line, args.lang) for line in lines], right=2))
    scale = min(line.scale for line in lines)
    if scale != 1:
        _print(_SCALED.in_(args.lang).format(scale))
    _print(f"equal {equal} of {len(lines)}")
    return 0 if equal == len(lines) else 1


def _compared(line: Line, lang: str) -> tuple[str, ...]:
    row = line.published
    said = f"{OPERATORS[line.op].in_(lang)} {line.value:,}" if line.op != "=" else f"{line.value:,}"
    computed = "—" if line.computed is None else f"{line.computed:,}"
    verdict = line.verdict if lang == "en" else f"{_VERDICTS[line.verdict]} {line.verdict}"
    return (row.indicator.in_(lang), said, computed, row.unit, verdict)


def _print(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _table(rows: Iterable[Sequence[str]], right: int) -> str:
    """Columns wide enough for their texts; the one numbered `right` stands to the right."""
    lines = list(rows)
    widths = [max(_width(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(_cell(text, widths[place], to_the_right=place == right) for place, text in enumerate(line)).rstrip()
        for line in lines
    )


def _cell(text: str, width: int, *, to_the_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_the_right else text + gap


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
