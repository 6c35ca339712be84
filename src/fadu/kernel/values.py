"""What may stand in a field: raw input in, the stored JSON value out, or the reason why not in two languages."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from fadu.kernel.definition import Field
from fadu.kernel.law import Text

LONGEST_TEXT = {"text": 500, "long_text": 50_000}


class Unfit(ValueError):
    """A raw value that its field cannot hold."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


def read(field: Field, raw: Any) -> Any:
    """The value as stored: text, int, bool, ISO day or moment, mapping or list. Raises Unfit."""
    if field.kind == "choice":
        return _choice(field, raw)
    if field.kind in ("text", "long_text"):
        return _text(field, raw)
    if field.kind == "list":
        return _list(field, raw)
    return _READERS.get(field.kind, _reference)(raw)


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _choice(field: Field, raw: Any) -> str:
    if str(raw) not in field.choices:
        options = "、".join(text.zh for text in field.choices.values())
        raise Unfit(f"不是可选的值，可选：{options}", f"not one of: {', '.join(field.choices)}")
    return str(raw)


def _text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Unfit("应当填写文字", "must be text")
    text, longest = raw.strip(), LONGEST_TEXT[field.kind]
    if len(text) > longest:
        raise Unfit(f"不得超过{longest}字", f"at most {longest} characters")
    if "\x00" in text:
        raise Unfit("含有不可用的字符", "contains a character that cannot be stored")
    return text


def _list(field: Field, raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise Unfit("应当是一个列表", "must be a list")
    if not field.rows:
        return [item for item in raw if not is_empty(item)]
    return [_row(field, row) for row in raw]


def _row(field: Field, row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise Unfit("每一行应当是一组字段", "each row must be a mapping of its columns")
    unknown = set(row) - set(field.rows)
    if unknown:
        raise Unfit(f"没有这一列：{'、'.join(sorted(unknown))}", f"unknown column: {', '.join(sorted(unknown))}")
    return {
        key: read(column, row[key]) if not is_empty(row.get(key)) else row.get(key)
        for key, column in field.rows.items()
        if key in row
    }


def _number(raw: Any) -> int | float:
    if isinstance(raw, bool):
        raise Unfit("应当填写数字", "must be a number")
    if isinstance(raw, int):
        return raw
    try:
        value = float(raw)
    except (TypeError, ValueError):
        raise Unfit("应当填写数字", "must be a number") from None
    if not abs(value) < 1e15:
        raise Unfit("数字过大", "the number is too large")
    return int(value) if value.is_integer() else value


def _money(raw: Any) -> int | float:
    value = _number(raw)
    if round(value, 2) != value or value < 0:
        raise Unfit("金额以元计，最多两位小数，不得为负", "an amount in yuan with at most two decimals, not negative")
    return value


def _date(raw: Any) -> str:
    try:
        return date.fromisoformat(str(raw)).isoformat()
    except ValueError:
        raise Unfit("应当是日期，如 2026-10-22", "must be a date such as 2026-10-22") from None


def _moment(raw: Any) -> str:
    text = str(raw)
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError:
        raise Unfit(
            "应当是日期或时刻，如 2026-10-22T18:00", "must be a date or a moment such as 2026-10-22T18:00"
        ) from None


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "yes", "on", "1", "是"):
        return True
    if raw in ("false", "no", "off", "0", "否"):
        return False
    raise Unfit("应当选择是或者否", "must be yes or no")


def _reference(raw: Any) -> Any:
    """A unit, person, party, document, item or case: its key, or a mapping that carries it."""
    if isinstance(raw, str) and 0 < len(raw.strip()) <= 500:
        return raw.strip()
    if isinstance(raw, Mapping) and raw:
        return dict(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    raise Unfit("没有指明对象", "names nothing")


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "number": _number,
    "money": _money,
    "date": _date,
    "moment": _moment,
    "yes_no": _yes_no,
}
