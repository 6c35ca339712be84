"""The empty table of a procedure to be filled in: headers, an example row, choices to pick from, and how to fill it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter

from fadu.exchange.intake import EXAMPLE, HAPPENED, REASON, Intake, intakes
from fadu.exchange.sheets import harmless, sheet_name
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Book
from fadu.units.models import Person, Unit
from fadu.words import language, say, t

ROWS = 10_000  # that offer the choices
LONGEST_PICK = 250  # characters of a list in a cell; longer ones stand on a sheet of their own
HOW = {
    "date": "日期，如 2026-10-22 | a date such as 2026-10-22",
    "moment": "日期或时刻，如 2026-10-22 14:30 | a date, or a moment such as 2026-10-22 14:30",
    "number": "数字 | a number",
    "money": "数字，单位元 | a number, in yuan",
    "yes_no": "是或否 | yes or no",
    "unit": "单位全称、简称或代码 | a unit by name or code",
    "person": "姓名，重名时填用户名 | a person by name, or by user name",
    "case": "事项编号 | the number of a case",
    "item": "清单项目的编号 | the number of an item",
    "text": "文字 | text",
    "long_text": "文字，可分段 | text, in paragraphs if need be",
}
EXAMPLES = {"date": "2026-10-22", "moment": "2026-10-22 14:30", "number": "3", "money": "12000.50"}


@dataclass(frozen=True, slots=True)
class Template:
    """`unit` and `person` are somebody real, so that the example could be imported but for its mark."""

    procedure: Procedure
    book: Book
    unit: Unit | None
    person: Person | None

    @property
    def columns(self) -> list[Intake]:
        return intakes(self.procedure)

    def example(self) -> list[str]:
        values = [self._example(one) for one in self.columns]
        return [f"{say(EXAMPLE)}{values[0]}", *values[1:]]

    def _example(self, one: Intake) -> str:
        if one.key in (HAPPENED, REASON):
            return ""
        if one.part:
            return {"name": t("张三 | Zhang San"), "phone": "13800000000"}[one.part]
        return self._value(one.field, one.field.holds)

    def _value(self, field: Field, kind: str) -> str:
        if field.rows:
            return "｜".join(self._value(column, column.kind) for column in field.rows.values())
        if field.choices:
            return say(next(iter(field.choices.values())))
        if kind == "unit":
            return (self.unit.name_en if language() == "en" else "") or self.unit.name_zh if self.unit else ""
        if kind == "person":
            return self.person.name if self.person else ""
        if kind in ("case", "item"):
            return ""
        return t("否 | no") if kind == "yes_no" else EXAMPLES.get(kind, say(field.title))

    def notes(self) -> list[list[str]]:
        """Column, whether it is needed, how to fill it, what to choose from, and why."""
        return [
            [say(one.title), _needed(one), how(one.field), "、".join(picks(one.field)), self._cites(one)]
            for one in self.columns
        ]

    def _cites(self, one: Intake) -> str:
        return "；".join(self.book.words(cite, language()) for cite in one.field.cites or self.procedure.opening.cites)


NOTED = ("列 | Column", "必填 | Needed", "怎么填 | How", "可选值 | Choices", "依据 | Basis")


def _needed(one: Intake) -> str:
    if one.is_needed:
        return t("必填 | needed")
    return t("视情况 | it depends") if one.field.when is not None else t("选填 | optional")


def how(field: Field) -> str:
    """How a cell of the column is filled."""
    if field.rows:
        columns = "｜".join(say(column.title) for column in field.rows.values())
        words = t("一格可写多行，每行：{columns} | several lines in one cell, each: {columns}", columns=columns)
    elif field.kind == "list":
        words = t("{one}；多个用顿号隔开 | {one}; several divided by commas", one=t(HOW.get(field.of, HOW["text"])))
    elif field.choices:
        words = t("从可选值中选一个 | one of the choices")
    else:
        words = t(HOW.get(field.kind, HOW["text"]))
    if field.key == HAPPENED:
        words = t("以前办的事才填，期限从这一时间起算 | only for what was done earlier; terms count from it")
    return f"{words}。{say(field.hint)}" if field.hint and language() == "zh" else words


def picks(field: Field) -> list[str]:
    """What can be chosen."""
    if field.kind == "yes_no":
        return [t("是 | yes"), t("否 | no")]
    return [say(title) for title in field.choices.values()]


# -- files -------------------------------------------------------------------------------------------------------------


def write_template(template: Template, form: str, file: IO[bytes]) -> None:
    if form == "csv":
        _write_csv(template, file)
    else:
        _write_xlsx(template, file)


def _write_csv(template: Template, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows([_titles(template), [harmless(value) for value in template.example()]])
    text.flush()
    text.detach()


def _titles(template: Template) -> list[str]:
    return [say(one.title) + ("*" if one.is_needed else "") for one in template.columns]


def _write_xlsx(template: Template, file: IO[bytes]) -> None:
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    with book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        grey = book.add_format({"italic": True, "font_color": "#808080"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(sheet_name(say(template.procedure.title)))
        notes = book.add_worksheet(t("填写说明 | How to fill"))
        lists = book.add_worksheet(t("可选值 | Choices"))
        lists.hide()
        sheet.freeze_panes(1, 0)
        for place, (one, title, value) in enumerate(
            zip(template.columns, _titles(template), template.example(), strict=True)
        ):
            sheet.set_column(place, place, max(14, min(40, len(title) * 2 + 4)), text)
            sheet.write_string(0, place, title, head)
            sheet.write_string(1, place, value, grey)
            _offer(sheet, lists, place, one.field)
        _tell(notes, template, head, book.add_format({"text_wrap": True, "valign": "top"}))


def _offer(sheet: Any, lists: Any, place: int, field: Field) -> None:
    """Choices as a list to pick from; other values are for the check to judge."""
    offered = picks(field)
    if not offered or field.kind == "list":
        return
    source: Any = offered
    if len(",".join(offered)) > LONGEST_PICK or any("," in one for one in offered):
        lists.write_column(0, place, offered)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(offered)}"
    sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": source, "error_type": "warning"})


def _tell(sheet: Any, template: Template, head: Any, wrapped: Any) -> None:
    widths: Sequence[int] = (20, 8, 44, 44, 40)
    for place, (title, width) in enumerate(zip(NOTED, widths, strict=True)):
        sheet.set_column(place, place, width, wrapped)
        sheet.write_string(0, place, t(title), head)
    for row, cells in enumerate(template.notes(), 1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)
    sheet.freeze_panes(1, 0)
