"""Small files of every format that is taken, and of some that are not, made byte by byte."""

import io
import struct
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"
CSV = "姓名,电话\n沈知远,0551-0000000\n".encode("gb18030")

_MAIN = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet", "pptx": "presentationml.presentation"}


def zipped(**members: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return kept.getvalue()


def openxml(kind: str, more: str = "", **members: str) -> bytes:
    """An Office Open XML container; `more` stands in its list of content types."""
    types = f"<Types><Override ContentType='application/vnd.openxmlformats-officedocument.{_MAIN[kind]}.main+xml'/>{more}</Types>"
    return zipped(**{"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", **members})


def ofd() -> bytes:
    return zipped(**{"OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>', "Doc_0/Document.xml": "<a/>"})


def ole(*streams: str) -> bytes:
    """A compound file (MS-CFB) of one FAT sector and one directory sector, with empty streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\x00" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = [_entry("Root Entry", 5, child=1 if streams else 0xFFFFFFFF)]
    for place, name in enumerate(streams, start=1):
        entries.append(_entry(name, 2, right=place + 1 if place < len(streams) else 0xFFFFFFFF))
    entries += [_entry("", 0)] * (4 - len(entries))
    return header + fat + b"".join(entries)


def _entry(name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + (b"\x00\x00" if name else b"")
    start = 0xFFFFFFFE if kind in (2, 5) else 0
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        + b"\x00" * 36
        + struct.pack("<IQ", start, 0)
    )
