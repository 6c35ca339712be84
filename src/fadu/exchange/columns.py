"""What a column of an export shows of a case: what every case has, and the fields of its definition."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from fadu.cases.models import NEVER
from fadu.exchange.cells import Cell, cell
from fadu.exchange.names import Names
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Text
from fadu.words import last_day, local, say, t

DATES = frozenset({"date", "moment"})
WIDE, DAY, NARROW = 40, 12, 14  # characters
DATA = "data."


class Row(NamedTuple):
    """The columns of a case that exports read."""

    pk: int
    definition: int
    government: str
    number: str
    title: str
    kind: str
    unit: str
    handling: str | None
    stage: str
    outcome: str | None
    turn: str
    is_open: bool
    opened: datetime
    closed: datetime | None
    due: datetime
    provisional: bool
    grey: bool
    amber_at: datetime | None
    red_at: datetime | None
    data: Mapping[str, Any]


READ = (
    "pk", "definition_id", "government_id", "number", "title", "kind", "unit_id", "handling_id", "stage", "outcome",
    "turn", "is_open", "opened", "closed", "due", "provisional", "grey", "amber_at", "red_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What the cells of one version of a definition are read with. `fields` are those the reader may see there."""

    procedure: Procedure
    fields: Mapping[str, Field]
    names: Names
    at: datetime


Reading = Callable[[Row, Setting], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """`is_plain`: shown unless others are asked for; `is_said`: another column says the same."""

    key: str
    title: str
    width: int
    read: Reading
    is_plain: bool = True
    is_said: bool = False

    @property
    def is_own(self) -> bool:
        """Of the content of the case, not of what every case has."""
        return self.key.startswith(DATA)


def known(procedure: Procedure, fields: Iterable[Field]) -> dict[str, Column]:
    """Every column the reader may ask for, by key, in the order of a file; those of fields begin with `data.`."""
    own = (_of_case(procedure, key, *said) for key, said in _OF_CASE.items() if key != "kind" or procedure.shows.kind)
    more = (_of_field(field, is_said=_is_said(procedure, field)) for field in fields)
    return {column.key: column for column in (*own, *more)}


def chosen(columns: Mapping[str, Column], asked: Iterable[str]) -> list[Column]:
    """Those asked for, in the order asked; the plain ones when none is. A field may be asked for by its bare key."""
    wanted = [key if key in columns else f"{DATA}{key}" for key in dict.fromkeys(asked)]
    found = [columns[key] for key in wanted if key in columns]
    return found or [column for column in columns.values() if column.is_plain]


def _is_said(procedure: Procedure, field: Field) -> bool:
    """A column cuts a long title short, so its field is worth a column of its own."""
    shows = procedure.shows
    return field.key in (shows.unit, shows.kind) or (field.key == shows.title and field.kind == "text")


def _of_case(procedure: Procedure, key: str, title: str, width: int, read: Reading) -> Column:
    named = say(procedure.fields[procedure.shows.kind].title) if key == "kind" else t(title)
    return Column(key, named, width, read, is_plain=key != "id")


def _of_field(field: Field, *, is_said: bool) -> Column:
    """What is private leaves the house only when it is asked for by name."""

    def read(row: Row, setting: Setting) -> Cell:
        defined = setting.fields.get(field.key)
        return cell(defined, row.data.get(field.key), setting.names) if defined else None

    width = DAY if field.kind in DATES else WIDE if field.kind in ("long_text", "list") else NARROW
    return Column(f"{DATA}{field.key}", say(field.title), width, read, not (field.private or is_said), is_said)


# -- what every case has -----------------------------------------------------------------------------------------------


def _kind(row: Row, setting: Setting) -> Cell:
    field = setting.procedure.fields.get(setting.procedure.shows.kind)
    return cell(field, row.kind, setting.names) if field else row.kind


def _stage(row: Row, setting: Setting) -> Cell:
    stage = setting.procedure.stages.get(row.stage)
    return say(stage.title) if stage else row.stage


def _outcome(row: Row, setting: Setting) -> Cell:
    outcome = setting.procedure.outcomes.get(row.outcome or "")
    return say(outcome.title) if outcome else row.outcome


LIGHTS: Mapping[str, Text] = {
    key: Text.parse(words)
    for key, words in {
        "closed": "已办结 | Closed",
        "grey": "中止 | Paused",
        "red": "逾期 | Overdue",
        "amber": "临期 | Due soon",
        "green": "正常 | On time",
    }.items()
}


def _light(row: Row, setting: Setting) -> Cell:
    return say(LIGHTS[_colour(row, setting.at)])


def _colour(row: Row, at: datetime) -> str:
    if not row.is_open:
        return "closed"
    if row.grey:
        return "grey"
    if row.red_at is not None and row.red_at <= at:
        return "red"
    return "amber" if row.amber_at is not None and row.amber_at <= at else "green"


_OF_CASE: Mapping[str, tuple[str, int, Reading]] = {
    "number": ("编号 | Number", 18, lambda row, _: row.number),
    "title": ("事项 | Matter", WIDE, lambda row, _: row.title),
    "kind": ("", NARROW, _kind),
    "unit": ("单位 | Unit", 24, lambda row, setting: setting.names.unit(row.handling or row.unit)),
    "stage": ("阶段 | Stage", NARROW, _stage),
    "outcome": ("办理结果 | Outcome", NARROW, _outcome),
    "light": ("灯 | Light", 8, _light),
    "due": ("到期日 | Due", DAY, lambda row, _: None if row.due >= NEVER else last_day(row.due)),
    "provisional": ("暂定 | Provisional", 8, lambda row, _: t("是 | Yes") if row.provisional else None),
    "turn": ("轮到 | Whose turn", 24, lambda row, setting: setting.names.turn(row.turn)),
    "opened": ("立项 | Opened", DAY, lambda row, _: local(row.opened).date()),
    "closed": ("办结 | Closed", DAY, lambda row, _: local(row.closed).date() if row.closed else None),
    "id": ("系统编号 | Id", 18, lambda row, _: str(row.pk)),
}
