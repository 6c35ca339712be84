"""Files made to do harm, or broken on their way."""

import io
import struct
import zipfile

from tests.exchange.conftest import workbook

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
)
EXE = (
    b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
    + b"\x00" * 64
    + b"This program cannot be run in DOS mode"
)


def package(sheet: str | bytes, types: str = TYPES, **parts: str | bytes) -> bytes:
    """A workbook with a sheet of one's own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def rows(inside: str) -> str:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{inside}</sheetData></worksheet>'


def swelling() -> bytes:
    """Sixty megabytes of nothing in sixty kilobytes."""
    return package(rows(" " * (60 << 20)))


def many_parts() -> bytes:
    return package(rows(""), **{f"xl/media/{number}": "" for number in range(2_000)})


def laughing() -> bytes:
    """A short text that stands for a long one that stands for a longer one."""
    names = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{"".join(names)}]>'
    return package(head + rows('<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'))


def far_away() -> bytes:
    """Two cells, the second in the last corner of the largest sheet there is."""
    return package(rows('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'))


def lying() -> bytes:
    """A directory that says a part is small."""
    whole = bytearray(package(rows("x" * 100_000)))
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", whole, at + 24, 100)
    return bytes(whole)


def encrypted() -> bytes:
    whole = bytearray(workbook([["a"]]))
    at = whole.index(b"PK\x01\x02")
    while at >= 0:
        whole[at + 8] |= 1
        at = whole.find(b"PK\x01\x02", at + 1)
    return bytes(whole)
