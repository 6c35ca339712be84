"""The columns of an import: those of the opening form, and how a header names them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fadu.cases.formats import Unwelcome
from fadu.exchange.understand import plain
from fadu.kernel.decide import asked_fields
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Text

OUTCOME, HAPPENED, REASON = "outcome", "at", "overrides"
OUTCOME_TITLE = Text("办理结果", "Outcome")
NAME, PHONE = Text("姓名或名称", "Name"), Text("电话", "Phone")
WHEN = Field(HAPPENED, Text("实际办理时间", "When it happened"), "moment")
WHY = Field(REASON, Text("仍要办理的理由", "Reason to go on all the same"), "text")
OF_OURS = (Text("行号", "Row"), Text("错误原因", "What is wrong"))  # columns of a file of errors, passed over
MARKED = re.compile(r"\*|[（(]\s*(必填|选填|required|optional)\s*[)）]|\s")
EXAMPLE = Text("示例：", "Example: ")


@dataclass(frozen=True, slots=True)
class Intake:
    """One column. `part` is what of a party it holds; `is_needed` whether every row must have it."""

    field: Field
    title: Text
    is_needed: bool
    part: str = ""

    @property
    def key(self) -> str:
        return f"{self.field.key}.{self.part}" if self.part else self.field.key


def intakes(procedure: Procedure) -> list[Intake]:
    """The columns of a procedure, in the order of its form."""
    found = list(_intakes(procedure))
    titles = [plain(one.title.zh) for one in found]
    return [_told_apart(one) if titles.count(plain(one.title.zh)) > 1 else one for one in found]


def _intakes(procedure: Procedure) -> Iterator[Intake]:
    opening = procedure.opening
    for asked, field in asked_fields(procedure, opening):
        needed = not asked.optional and field.when is None and field.default is None
        if field.kind == "party":
            yield Intake(field, _joined(field.title, NAME), needed, "name")
            yield Intake(field, _joined(field.title, PHONE), is_needed=False, part="phone")
        elif field.holds != "document":
            yield Intake(field, field.title, needed)
    if len(opening.outcomes) > 1:
        titles = {key: procedure.outcomes[key].title for key in opening.outcomes}
        yield Intake(Field(OUTCOME, OUTCOME_TITLE, "choice", choices=titles), OUTCOME_TITLE, is_needed=True)
    yield Intake(WHEN, WHEN.title, is_needed=False)
    if any(procedure.gates[gate].severity == "warn" for gate in opening.needs):
        yield Intake(WHY, WHY.title, is_needed=False)


def documents(procedure: Procedure) -> list[tuple[Field, bool]]:
    """The documents of the opening form, and whether each is needed: a table holds none, one file serves all rows."""
    asked = asked_fields(procedure, procedure.opening)
    return [(field, not item.optional and field.when is None) for item, field in asked if field.kind == "document"]


def _told_apart(one: Intake) -> Intake:
    title = Text(f"{one.title.zh}（{one.key}）", f"{one.title.en} ({one.key})")
    return Intake(one.field, title, one.is_needed, one.part)


def _joined(title: Text, part: Text) -> Text:
    return Text(f"{title.zh}{part.zh}", f"{title.en}: {part.en}")


# -- from a header to columns ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of the file is what; `strange` are those nobody knows."""

    columns: tuple[Intake | None, ...]
    header: tuple[str, ...]
    strange: tuple[str, ...] = ()


def layout(known: Sequence[Intake], header: Sequence[str]) -> Layout:
    """Raises Unwelcome when a needed column is missing or stands twice, or when nothing fits."""
    by_name = _names(known)
    columns = tuple(by_name.get(_bare(name)) for name in header)
    _insist_on_all(known, columns)
    ours = {_bare(name) for title in OF_OURS for name in (title.zh, title.en)}
    strange = (
        name for name, one in zip(header, columns, strict=True) if one is None and name and _bare(name) not in ours
    )
    return Layout(columns, tuple(header), tuple(strange))


def _names(known: Iterable[Intake]) -> Mapping[str, Intake]:
    return {_bare(name): one for one in known for name in (one.key, one.title.en, one.title.zh)}


def _bare(name: str) -> str:
    return MARKED.sub("", plain(name))


def _insist_on_all(known: Sequence[Intake], columns: Sequence[Intake | None]) -> None:
    if not any(columns):
        some_zh, some_en = ("、".join(getattr(one.title, way) for one in known[:3]) for way in ("zh", "en"))
        raise Unwelcome(
            f"第一行没有认识的列名，应当有：{some_zh}……请用模板",
            f"The first row names no known column, such as {some_en}",
        )
    twice = [one for one in known if columns.count(one) > 1]
    if twice:
        raise Unwelcome(f"有两列都是“{twice[0].title.zh}”", f"Two columns are '{twice[0].title.en}'")
    missing = [one for one in known if one.is_needed and one not in columns]
    if missing:
        zh, en = ("、".join(getattr(one.title, way) for one in missing) for way in ("zh", "en"))
        raise Unwelcome(f"缺少必填的列：{zh}", f"Columns are missing: {en}")


Part = tuple[Intake, Any]


def assembled(parts: Iterable[Part]) -> dict[str, Any]:
    """The values of a row as the opening form would give them."""
    data: dict[str, Any] = {}
    for one, value in parts:
        if value in (None, ""):
            continue
        if one.part:
            data.setdefault(one.field.key, {})[one.part] = value
        else:
            data[one.field.key] = value
    return data
