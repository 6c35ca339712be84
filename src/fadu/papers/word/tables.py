"""Tables and forms of a paper in WordprocessingML."""

from docx.document import Document as Docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell

from fadu.papers import measures as m
from fadu.papers.paper import Grid, Table
from fadu.papers.word.oxml import element

LABEL = 28  # millimetres


def add_table(document: Docx, table: Table) -> None:
    if table.caption:
        document.add_paragraph(table.caption, style="公文表题")
    made = _table(document, len(table.rows) + 1, len(table.header))
    shares = table.widths or tuple(1 for _ in table.header)
    _set_widths(made, [m.WIDTH * share / sum(shares) for share in shares])
    head = made.rows[0]
    head._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001  # repeated on every page
    for place, words in enumerate(table.header):
        _write(head.cells[place], words, "公文表文", face="公文黑体", centred=True)
    for at, (row, cells) in enumerate(zip(table.rows, made.rows[1:], strict=True), start=1):
        cells._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001
        face = "公文黑体" if table.total and at == len(table.rows) else ""
        for place, words in enumerate(row):
            _write(cells.cells[place], words, "公文表文", face=face, right=place in table.right)


def add_grid(document: Docx, grid: Grid) -> None:
    made = _table(document, len(grid.rows), 4)
    _set_widths(made, [LABEL, m.WIDTH / 2 - LABEL] * 2)
    for row, cells in zip(grid.rows, (list(row.cells) for row in made.rows), strict=True):
        places = [cells[1], cells[3]] if len(row) == 2 else [cells[1].merge(cells[3])]
        for (label, words), named, place in zip(row, (cells[0], cells[2]), places, strict=False):
            _write(named, label, "公文单据", face="公文黑体", centred=True)
            _write(place, words, "公文单据")


def _table(document: Docx, rows: int, columns: int) -> WordTable:
    made: WordTable = document.add_table(rows, columns, style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    return made


def _set_widths(table: WordTable, widths: list[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _write(cell: _Cell, words: str, style: str, *, face: str = "", centred: bool = False, right: bool = False) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, line in enumerate(words.split("\n")):
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        paragraph.style = style
        paragraph.add_run(line, style=face or None)
        if centred or right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
