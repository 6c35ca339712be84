"""The small city of the desk, its signed-in clients, and files read back as tables."""

import csv
import io
from typing import Any

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
