"""A published case in words: its title, its progress, its values, its rows and documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.found import name_of
from fadu.cases.models import Case
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Text
from fadu.kernel.saying import said_of
from fadu.kernel.state import State
from fadu.kernel.values import inside, is_empty
from fadu.portal.public import open_columns, says, shown
from fadu.units.models import Unit
from fadu.words import say, t

LONGEST_TITLE = 60


@dataclass
class Around:
    """The names of units, people and cases, looked up once for a page."""

    known: dict[tuple[str, str], Text] = field(default_factory=dict)

    @cached_property
    def units(self) -> dict[str, Text]:
        rows = Unit.objects.values_list("code", "name_zh", "name_en")
        return {code: Text(zh, en or zh) for code, zh, en in rows}

    def named(self, kind: str, value: Any) -> Text:
        if kind == "unit":
            return self.units.get(str(value), Text(str(value), str(value)))
        key = (kind, str(value))
        if key not in self.known:
            self.known[key] = name_of(kind, value)
        return self.known[key]

    def found(self, queries: Any) -> list[Any]:
        raise LookupError(f"nothing is sought for the public: {queries}")


@dataclass(frozen=True, slots=True)
class Value:
    title: str
    text: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    title: str
    columns: list[str]
    rows: list[list[tuple[str, str]]]  # title of the column, text


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicCase:
    url: str
    title: str
    number: str
    stage: str
    closed: bool
    percent: float | None
    values: list[Value]
    tables: list[Rows]
    papers: list[Paper]


def public_case(case: Case, around: Around) -> PublicCase | None:
    """None for a case that is not published."""
    fields = shown(case)
    if not fields:
        return None
    state = State.from_json(case.state)
    given = {key: state.data[key] for key in fields if not is_empty(state.data.get(key))}
    title_key = _title_key(case, fields)
    share = next((key for key, one in fields.items() if _is_share(one)), "")
    title = (
        say(said_of(fields[title_key], given[title_key], around)) if title_key in given else say(_procedure(case).title)
    )
    said = {share, title_key if len(title) <= LONGEST_TITLE else ""}
    rest = {key: value for key, value in given.items() if key not in said}
    number = case.number if says(case, "number") else ""
    return PublicCase(
        url=reverse("public-case", args=[case.procedure, case.pk]),
        title=title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…",
        number=number,
        stage=_stage(case),
        closed=not case.is_open,
        percent=given.get(share) if share else None,
        values=list(_values(fields, rest, around)),
        tables=list(_tables(fields, rest, around)),
        papers=list(_papers(case, fields, rest)),
    )


def _title_key(case: Case, fields: Mapping[str, Field]) -> str:
    """The title every list has, where it is public; else the first text that is."""
    title = _procedure(case).shows.title
    texts = (key for kind in ("text", "long_text") for key, one in fields.items() if one.kind == kind)
    return title if title in fields else next(texts, "")


def _procedure(case: Case) -> Procedure:
    return definitions.procedure_of(case.definition_id)


def _stage(case: Case) -> str:
    procedure = _procedure(case)
    outcome = procedure.outcomes.get(case.outcome or "")
    if says(case, "outcome") and outcome is not None:
        return say(outcome.title)
    return say(procedure.stages[case.stage].title) if says(case, "stage") else ""


def _is_share(one: Field) -> bool:
    return one.kind == "number" and "%" in one.title.zh


def _values(fields: Mapping[str, Field], given: Mapping[str, Any], around: Around) -> Iterator[Value]:
    for key, value in given.items():
        one = fields[key]
        if one.rows or one.holds == "document" or value is False:
            continue
        yield Value(say(one.title), say(said_of(one, value, around)), one.kind == "long_text")


def _tables(fields: Mapping[str, Field], given: Mapping[str, Any], around: Around) -> Iterator[Rows]:
    for key, value in given.items():
        columns = open_columns(fields[key])
        rows = [row for row in value if isinstance(row, Mapping)] if columns and isinstance(value, list) else []
        if rows:
            titles = [say(column.title) for column in columns]
            cells = [[_cell(column, row.get(column.key), around) for column in columns] for row in rows]
            yield Rows(say(fields[key].title), titles, cells)


def _cell(column: Field, value: Any, around: Around) -> tuple[str, str]:
    return say(column.title), "" if is_empty(value) else say(said_of(column, value, around))


def _papers(case: Case, fields: Mapping[str, Field], given: Mapping[str, Any]) -> Iterator[Paper]:
    for key, value in given.items():
        for where, document in inside(fields[key], value, "document"):
            if "." not in where and isinstance(document, Mapping):
                url = reverse("public-file", args=[case.procedure, case.pk, str(document.get("sha256", ""))])
                yield Paper(say(fields[key].title), str(document.get("name", "")), url)


def public_documents(case: Case) -> dict[str, str]:
    """The digests of the documents everybody may fetch now, each with its field."""
    state = State.from_json(case.state)
    return {
        str(document.get("sha256")): key
        for key, one in shown(case).items()
        for where, document in inside(one, state.data.get(key), "document")
        if "." not in where and isinstance(document, Mapping)
    }


def average(cases: list[PublicCase]) -> str:
    """The average progress of what is listed, in words; empty where nothing shows progress."""
    shares = [case.percent for case in cases if case.percent is not None]
    return t("平均进度 {n}% | {n}% on average", n=round(sum(shares) / len(shares))) if shares else ""
