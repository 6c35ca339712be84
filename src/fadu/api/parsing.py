"""JSON in and out: Chinese as it is on the way out; on the way in nothing that a database could not hold."""

import json
import re
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from fadu.kernel.law import Text

DEEPEST = 32
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Malformed(ValueError):
    """A body that is no JSON, or JSON that cannot be kept; `text` names the place."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no doubled names, no lone surrogates, no NUL, not deeper than DEEPEST."""

    def parse_body(self, request: HttpRequest) -> Any:
        return from_text(request.body)


def from_text(text: bytes) -> Any:
    """JSON as it may be stored. Raises Malformed."""
    try:
        found = json.loads(text.decode(), parse_constant=_no_number, object_pairs_hook=_once)
    except json.JSONDecodeError as fault:
        raise Malformed(
            f"不是有效的 JSON：第{fault.lineno}行第{fault.colno}个字符处",
            f"not valid JSON at line {fault.lineno}, column {fault.colno}: {fault.msg}",
        ) from fault
    except UnicodeDecodeError as fault:
        raise Malformed(f"第{fault.start}字节处不是 UTF-8", f"not UTF-8 at byte {fault.start}") from fault
    except RecursionError as fault:
        raise Malformed("嵌套过深", "nested too deeply") from fault
    except ValueError as fault:
        raise fault if isinstance(fault, Malformed) else Malformed("数字过长", "a number is too long") from fault
    _check(found, "$", 0)
    return found


def _no_number(text: str) -> None:
    raise Malformed(f"{text} 不是 JSON 数字", f"{text} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"“{twice}”出现了两次", f"'{twice}' is given twice")
    return found


def _check(value: Any, place: str, depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed("嵌套过深", "nested too deeply")
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise Malformed(f"{place} 含有不可用的字符", f"{place} holds a character that cannot be stored")
    if isinstance(value, dict):
        for name, item in value.items():
            _check(name, place, depth)
            _check(item, f"{place}.{name}", depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check(item, f"{place}[{number}]", depth + 1)


class PlainRenderer(BaseRenderer):
    """Chinese unescaped, no spaces."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return to_text(data)


def to_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
