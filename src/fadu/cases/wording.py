"""The words of a document: what a long text takes that was left empty and reads from it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from fadu.cases.files import path_of
from fadu.kernel.definition import Action, Procedure

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENCODINGS = ("utf-8-sig", "gb18030")


def with_words(procedure: Procedure, action: Action, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of an action, its empty texts filled from the documents they read from: Word and plain text, no scans."""
    asked = (procedure.fields[item.field] for item in action.takes)
    found = {
        field.key: words
        for field in asked
        if field.read_from and not data.get(field.key) and (words := words_of(data.get(field.read_from)))
    }
    return {**data, **found} if found else data


def words_of(document: Any) -> str:
    """A line for each paragraph; empty when the document cannot be read as text."""
    if not isinstance(document, Mapping):
        return ""
    path = path_of(str(document.get("sha256", "")))
    reads = {WORD: _of_word, "text/plain": _of_text}.get(str(document.get("type")))
    if reads is None or not path.is_file():
        return ""
    return "\n".join(line for line in (" ".join(line.split()) for line in reads(path)) if line)


def _of_word(path: Path) -> Iterator[str]:
    """Paragraphs and rows of tables, in the order they stand."""
    try:
        with path.open("rb") as file:
            parts = list(docx.Document(file).iter_inner_content())
    except (OpcError, BadZipFile, KeyError, ValueError):  # a file that only looks like one of Word
        return
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.text
        elif isinstance(part, Table):
            yield from ("　".join(cell.text for cell in row.cells) for row in part.rows)


def _of_text(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            yield from content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
        return
