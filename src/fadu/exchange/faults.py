"""What is wrong with rows of a table: for the page, the first of them; for the clerk, a file to put right and upload again."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from fadu.exchange.intake import OF_OURS
from fadu.exchange.sheets import fitting, sheet_name, workbook
from fadu.exchange.workbook import Value
from fadu.kernel.law import Text
from fadu.words import language, say, t

SHOWN = 100
NOWHERE = Text("", "")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that one row breaks. `column` is empty for what no single column is to blame for."""

    row: int
    column: Text | None
    typed: str
    text: Text
    cites: Text

    def to_json(self) -> dict[str, Any]:
        """With both languages: who reads it later may read the other one."""
        column = [self.column.zh, self.column.en] if self.column else ["", ""]
        return {
            "row": self.row,
            "column": column,
            "typed": self.typed[:200],
            "text": [self.text.zh, self.text.en],
            "cites": [self.cites.zh, self.cites.en],
        }

    def sentence(self) -> str:
        """`期限：没有 2026年2月30日这一天（……）`"""
        column, said, cites = say(self.column or NOWHERE), say(self.text), say(self.cites)
        if column and not said.startswith(column):
            said = t("{column}：{said} | {column}: {said}", column=column, said=said)
        return t("{said}（{cites}） | {said} ({cites})", said=said, cites=cites) if cites else said


@dataclass
class Report:
    """The faulty rows of one pass, written to a workbook as they are met; the file appears with the first of them."""

    path: Path
    header: Sequence[str]
    rows: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)
    sheet: Any = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def add(self, number: int, cells: Sequence[Value], faults: Sequence[Fault]) -> None:
        if self.sheet is None:
            self._begin()
        self.rows += 1
        self.sample += [fault.to_json() for fault in faults[: max(0, SHOWN - len(self.sample))]]
        reasons = ("; " if language() == "en" else "；").join(fault.sentence() for fault in faults)
        self._write(self.rows, [str(number), reasons, *(text_shown(cell) for cell in cells)])

    def _begin(self) -> None:
        book = self.stack.enter_context(workbook(self.path))
        self.sheet = book.add_worksheet(sheet_name(t("错误行 | Rows at fault")))
        self.sheet.freeze_panes(1, 2)
        self.sheet.set_column(1, 1, 60)
        self._write(0, [*(say(title) for title in OF_OURS), *self.header])

    def _write(self, row: int, texts: Iterable[str]) -> None:
        for place, text in enumerate(texts):
            if text:
                self.sheet.write_string(row, place, fitting(text))


def text_shown(value: Value) -> str:
    """A cell as it was, as text."""
    if isinstance(value, bool):
        return t("是 | yes") if value else t("否 | no")
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value).removesuffix(" 00:00:00")
