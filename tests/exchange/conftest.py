"""The small city of the desk, its signed-in clients, and files read back as tables."""

import csv
import io
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from tests.desk.conftest import at, chinese, city, quick_passwords

__all__ = ["at", "chinese", "city", "quick_passwords"]
Tables = list[list[Any]]


def body(answer: HttpResponse) -> bytes:
    """What a download holds."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse streams


def sheet(content: bytes, number: int = 0) -> Tables:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(number).to_python()


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def workbook(rows: Tables, **options: Any) -> bytes:
    """An Excel file with these rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd", **options}
    ) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def comma(rows: Tables, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)
