"""Reads an uploaded CSV row by row: UTF-8 with and without its mark, UTF-16, GBK and GB 18030; comma, tab or semicolon."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from fadu.cases.formats import Unwelcome
from fadu.exchange.sheets import as_meant
from fadu.exchange.workbook import Value

CHUNK = 1 << 20
LONGEST_CELL = 131_072
SEPARATORS = ",\t;，；"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NEVER_IN_TEXT = b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17"
NOT_TEXT = Unwelcome(
    "不是 Excel 或者 CSV 文件：内容读不成文字", "Neither Excel nor CSV: its content cannot be read as text"
)

csv.field_size_limit(LONGEST_CELL)


@contextmanager
def delimited(path: Path) -> Iterator["Delimited"]:
    """A file, open for as long as it is read. Raises Unwelcome, at any row."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_CELL)
        file.seek(0)
        yield Delimited(file, max(SEPARATORS, key=first.count))


class Delimited:
    """Rows of text; what was put before a sign to make it harmless is taken away again."""

    def __init__(self, file: IO[str], separator: str) -> None:
        self.file, self.separator = file, separator

    def rows(self, most_columns: int) -> Iterator[tuple[int, list[Value]]]:
        """(number of the row as a spreadsheet counts, its cells); empty rows are left out. Raises Unwelcome."""
        reader = csv.reader(self.file, delimiter=self.separator)
        number = 0
        while True:
            number += 1
            try:
                row = next(reader, None)
            except csv.Error as fault:
                raise _broken_at(number) from fault
            if row is None:
                return
            if any(cell.strip() for cell in row[:most_columns]):
                yield number, [as_meant(cell) or None for cell in row[:most_columns]]


def _broken_at(number: int) -> Unwelcome:
    return Unwelcome(
        f"第 {number} 行读不下去：可能少了一个引号，或者一格过长",
        f"Row {number} cannot be read: a quotation mark is missing, or a cell is too long",
    )


def encoding_of(path: Path) -> str:
    """How the text is written; raises Unwelcome for what is no text. The file is read once from end to end."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return _insist(path, encoding)
    return "utf-8" if _reads_as(path, "utf-8") else _insist(path, "gb18030")


def _insist(path: Path, encoding: str) -> str:
    if not _reads_as(path, encoding):
        raise NOT_TEXT
    return encoding


def _reads_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    wide = encoding == "utf-16"
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                if (not wide and chunk.translate(None, NEVER_IN_TEXT) != chunk) or "\x00" in text:
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
