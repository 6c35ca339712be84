"""An uploaded table, whatever its kind: its header, and its rows one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fadu.cases.formats import Unwelcome
from fadu.exchange.delimited import delimited
from fadu.exchange.workbook import Value, workbook

MOST_COLUMNS = 200
MOST_ROWS = 200_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EMPTY = Unwelcome("文件是空的", "The file is empty")
OLD_EXCEL = Unwelcome("不收 Excel 97 的 .xls，请另存为 .xlsx", "Excel 97 files are not taken; save as .xlsx")
NO_HEADER = Unwelcome("没有表头：第一行应当是各列的名称", "There is no header: the first row names the columns")
TOO_MANY_ROWS = Unwelcome(
    f"超过 {MOST_ROWS:,} 行，请分成几份", f"More than {MOST_ROWS:,} rows; divide the file into several"
)


@dataclass
class Table:
    """`rows` gives (number of the row as a spreadsheet counts, its cells), once; it raises Unwelcome where the file breaks."""

    header: list[str]
    rows: Iterator[tuple[int, list[Value]]] = field(repr=False)


@contextmanager
def table(path: Path) -> Iterator[Table]:
    """An Excel workbook or a CSV file by its content; the name plays no part. Raises Unwelcome."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise EMPTY
    if start == OLE:
        raise OLD_EXCEL
    with workbook(path) if start == ZIP else delimited(path) as source:
        rows = source.rows(MOST_COLUMNS)
        first = next(rows, None)
        if first is None:
            raise NO_HEADER
        yield Table([str(cell or "").strip() for cell in first[1]], _counted(rows))


def _counted(rows: Iterator[tuple[int, list[Value]]]) -> Iterator[tuple[int, list[Value]]]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise TOO_MANY_ROWS
        yield row
