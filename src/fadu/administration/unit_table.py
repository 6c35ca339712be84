"""Units as a table: one row a unit, those above before those below, whatever their order in the file."""

import re
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from fadu.administration import units as keeping
from fadu.administration.tables import Misplaced, Result, Row, Sheet, Take
from fadu.exchange.cells import Cell
from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.units.models import Person, Unit
from fadu.units.roles import SYSTEM_ADMIN
from fadu.words import say

COLUMNS = ("code", "name_zh", "name_en", "short_zh", "kind", "parent", "order")
_TITLES = {
    "code": "代码 | Code",
    "name_zh": "名称 | Name",
    "name_en": "英文名称 | English name",
    "short_zh": "简称 | Short name",
    "kind": "类型 | Kind",
    "parent": "上级代码 | Code above",
    "order": "顺序 | Order",
}
KINDS = {
    "government": Text("政府", "Government"),
    "office": Text("办公厅（室）", "General office"),
    "bureau": Text("部门", "Bureau"),
    "section": Text("处（科）室", "Section"),
    "district": Text("区县", "District"),
    "township": Text("乡镇（街道）", "Township"),
    "outside": Text("外部单位", "Outside body"),
}


def rows() -> Iterator[list[Cell]]:
    """Every standing unit, those above first."""
    standing = Unit.objects.filter(Q(until=None) | Q(until__gte=timezone.localdate())).select_related("parent")
    for unit in standing.order_by("path"):
        told = (getattr(unit, name) for name in ("code", "name_zh", "name_en", "short_zh"))
        yield [*told, say(KINDS[unit.kind]), unit.parent.code if unit.parent else "", unit.order]


def _ready(rows: Sequence[Row]) -> Take:
    stored = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    before, circling = dict(stored), _circling(rows)

    def take(by: Person, row: Row, result: Result) -> None:
        code = row.text("code")
        if code in before and _same(before[code], row):
            result.unchanged += 1
            return
        if code in circling:
            raise Misplaced("parent", "上级单位绕成一圈", "the units above it lead back to itself")
        above = row.text("parent")
        if above and above not in stored:
            raise Misplaced(
                "parent",
                f"没有代码为“{above}”的单位，或者它那一行有错",
                f"there is no unit '{above}', or its own row is at fault",
            )
        order = row.text("order") or "0"
        if not re.fullmatch(r"[0-9]{1,6}", order):
            raise Misplaced("order", "应当是不超过六位的整数", "should be a whole number of at most six digits")
        named = {name: row.text(name) for name in ("code", "name_zh", "name_en", "short_zh", "kind")}
        stored[code] = keeping.add(by, Unit(**named, parent=stored.get(above), order=int(order)))
        result.added += 1

    return take


def _same(unit: Unit, row: Row) -> bool:
    """Whether a row says of a unit what is stored; a row left as it was exported changes nothing."""
    told = {name: getattr(unit, name) for name in COLUMNS} | {"parent": unit.parent.code if unit.parent else ""}
    return all((row.text(name) or ("0" if name == "order" else "")) == str(told[name]) for name in COLUMNS)


def _circling(rows: Sequence[Row]) -> set[str]:
    """The codes whose units above lead back to themselves within the file."""
    above = {row.text("code"): row.text("parent") for row in rows}
    found = set[str]()
    settled = set[str]()
    for start in above:
        way, code = list[str](), start
        while code in above and code not in settled and code not in way:
            way.append(code)
            code = above[code]
        if code in way:
            found.update(way[way.index(code) :])
        settled.update(way)
    return found


def _order(rows: Sequence[Row]) -> list[Row]:
    """Every row behind that of the unit above it."""
    left, done = {row.number: row for row in rows}, list[Row]()
    below: dict[str, list[Row]] = {}
    for row in rows:
        below.setdefault(row.text("parent"), []).append(row)
    codes = {row.text("code") for row in rows}
    waiting = [row for row in reversed(rows) if row.text("parent") not in codes]
    while waiting:
        row = waiting.pop()
        if left.pop(row.number, None):
            done.append(row)
            waiting += reversed(below.get(row.text("code"), []) if row["code"] else [])
    return [*done, *left.values()]  # those left go round in a circle


UNITS = Sheet(
    "units",
    Text("单位", "Units"),
    SYSTEM_ADMIN,
    tuple(
        Field(key, Text.parse(title), "text", choices=KINDS if key == "kind" else {}) for key, title in _TITLES.items()
    ),
    frozenset({"code", "name_zh", "kind"}),
    _ready,
    _order,
)
