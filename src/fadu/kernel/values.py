"""What may stand in a field: raw input in, the stored JSON value out, or the reason why not in two languages.

Whatever is read here can be written down, hashed and counted with: no number beyond reach, no date out of this age,
no text that UTF-8 cannot carry.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from fadu.kernel.definition import Field
from fadu.kernel.law import Text

LONGEST_TEXT = {"text": 500, "long_text": 50_000}
LONGEST_LIST = 1000
LARGEST_NUMBER = 10**15
LARGEST_CASE = 2**53
YEARS = range(1900, 2200)
CHINA = timezone(timedelta(hours=8))


class Unfit(ValueError):
    """A raw value that its field cannot hold."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


def read(field: Field, raw: Any) -> Any:
    """The value as stored: text, int, float, bool, ISO day or moment, mapping or list. Raises Unfit."""
    if field.kind == "choice":
        return _choice(field, raw)
    if field.kind in LONGEST_TEXT:
        return _text(raw, LONGEST_TEXT[field.kind])
    if field.kind == "list":
        return _list(field, raw)
    return _READERS.get(field.kind, _reference)(raw)


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _choice(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in field.choices:
        options = "、".join(text.zh for text in field.choices.values())
        raise Unfit(f"不是可选的值，可选：{options}", f"not one of: {', '.join(field.choices)}")
    return raw


def _text(raw: Any, longest: int) -> str:
    if not isinstance(raw, str):
        raise Unfit("应当填写文字", "must be text")
    text = raw.strip()
    if len(text) > longest:
        raise Unfit(f"不得超过{longest}字", f"at most {longest} characters")
    if any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in text):
        raise Unfit("含有不可用的字符", "contains a character that cannot be stored")
    return text


def inside(field: Field, value: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """(where, value) for every value of a kind in a field: its own, those of a list, those in a column (`list.column`).
    What was given for the field may be anything.
    """
    if is_empty(value):
        return
    if field.kind == kind:
        yield field.key, value
    elif field.of == kind and isinstance(value, list):
        yield from ((field.key, item) for item in value if not is_empty(item))
    elif field.rows and isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping)]
        columns = [key for key, column in field.rows.items() if column.kind == kind]
        yield from ((f"{field.key}.{key}", row[key]) for row in rows for key in columns if not is_empty(row.get(key)))


# -- lists -------------------------------------------------------------------------------------------------------------


def _list(field: Field, raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise Unfit("应当是一个列表", "must be a list")
    if len(raw) > LONGEST_LIST:
        raise Unfit(f"不得超过{LONGEST_LIST}项", f"at most {LONGEST_LIST} entries")
    if field.rows:
        return [row for row in (_row(field, row) for row in raw) if row]
    one = _READERS.get(field.of, _reference)
    return _distinct([one(item) for item in raw if not is_empty(item)])


def _distinct(items: list[Any]) -> list[Any]:
    for place, item in enumerate(items):
        if item in items[:place]:
            raise Unfit(f"“{item}”重复", f"'{item}' stands twice")
    return items


def _row(field: Field, row: Any) -> dict[str, Any]:
    """The filled columns of a row, in the order of the definition."""
    if not isinstance(row, Mapping):
        raise Unfit("每一行应当是一组字段", "each row must be a mapping of its columns")
    unknown = sorted(set(row) - set(field.rows))
    if unknown:
        raise Unfit(f"没有这一列：{'、'.join(unknown)}", f"unknown column: {', '.join(unknown)}")
    filled = {key: row[key] for key in field.rows if not is_empty(row.get(key))}
    values = {key: _column(field.rows[key], raw) for key, raw in filled.items()}
    return {key: value for key, value in values.items() if not is_empty(value)}


def _column(column: Field, raw: Any) -> Any:
    try:
        return read(column, raw)
    except Unfit as unfit:
        raise Unfit(f"{column.title.zh}{unfit.text.zh}", f"{column.title.en}: {unfit.text.en}") from None


# -- numbers and dates -------------------------------------------------------------------------------------------------


def _number(raw: Any) -> int | float:
    try:
        value = raw if isinstance(raw, int) else float(raw)
    except (TypeError, ValueError):
        raise Unfit("应当填写数字", "must be a number") from None
    if isinstance(raw, bool):
        raise Unfit("应当填写数字", "must be a number")
    if not abs(value) < LARGEST_NUMBER:  # also says no to NaN
        raise Unfit("数字过大", "the number is too large")
    return int(value) if value == int(value) else value


def _money(raw: Any) -> int | float:
    value = _number(raw)
    if round(value, 2) != value or value < 0:
        raise Unfit("金额以元计，最多两位小数，不得为负", "an amount in yuan with at most two decimals, not negative")
    return value


def _date(raw: Any) -> str:
    try:
        return _this_age(date.fromisoformat(str(raw))).isoformat()
    except ValueError:
        raise Unfit("应当是日期，如 2026-10-22", "must be a date such as 2026-10-22") from None


def _moment(raw: Any) -> str:
    """A day, or a moment in local time; a stated offset is converted."""
    text = str(raw)
    try:
        if len(text) == 10:
            return _date(raw)
        stated = datetime.fromisoformat(text)
        _this_age(stated)
        local = stated if stated.tzinfo is None else stated.astimezone(CHINA).replace(tzinfo=None)
        return local.isoformat(timespec="minutes")
    except ValueError:
        zh = "应当是日期或时刻，如 2026-10-22T18:00"
        raise Unfit(zh, "must be a date or a moment such as 2026-10-22T18:00") from None


def _this_age(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"{day} is out of this age")
    return day


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "yes", "on", "1", "是"):
        return True
    if raw in ("false", "no", "off", "0", "否"):
        return False
    raise Unfit("应当选择是或者否", "must be yes or no")


# -- references --------------------------------------------------------------------------------------------------------


def _reference(raw: Any) -> Any:
    """A unit, person, party, document, item or case: its key, or a flat mapping that carries it."""
    if isinstance(raw, Mapping) and raw and all(isinstance(key, str) for key in raw):
        return {_text(key, LONGEST_TEXT["text"]): _plain(value) for key, value in raw.items()}
    if isinstance(raw, str) and raw.strip():
        return _text(raw, LONGEST_TEXT["text"])
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _number(raw)
    raise Unfit("没有指明对象", "names nothing")


def _case(raw: Any) -> int:
    """Another case, by its identity; the number printed on it is looked up before it comes here."""
    text = str(raw)
    if isinstance(raw, str | int) and text.isascii() and text.isdecimal() and 0 < int(text) < LARGEST_CASE:
        return int(text)
    raise Unfit("没有指明事项", "names no case")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value, LONGEST_TEXT["text"])
    if value is None or isinstance(value, bool):
        return value
    return _number(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "number": _number,
    "money": _money,
    "date": _date,
    "moment": _moment,
    "yes_no": _yes_no,
    "case": _case,
    "text": lambda raw: _text(raw, LONGEST_TEXT["text"]),
    "long_text": lambda raw: _text(raw, LONGEST_TEXT["long_text"]),
}
