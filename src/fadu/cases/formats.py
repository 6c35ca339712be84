"""What a file is, read from its bytes: a closed list of office formats; whatever is not clearly one of them is refused."""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

import olefile

from fadu.kernel.law import Text


class Unwelcome(ValueError):
    """A file that is not taken, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type and the endings it may bear, the usual one first."""

    key: str
    media_type: str
    endings: tuple[str, ...]
    title: Text


_OPENXML = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, Format] = {
    item.key: item
    for item in (
        Format("pdf", "application/pdf", ("pdf",), Text("PDF", "PDF")),
        Format("ofd", "application/ofd", ("ofd",), Text("OFD 版式文件", "OFD")),
        Format("docx", f"{_OPENXML}.wordprocessingml.document", ("docx",), Text("Word 文档", "Word")),
        Format("xlsx", f"{_OPENXML}.spreadsheetml.sheet", ("xlsx",), Text("Excel 工作簿", "Excel")),
        Format("pptx", f"{_OPENXML}.presentationml.presentation", ("pptx",), Text("演示文稿", "PowerPoint")),
        # WPS writes the same containers under its own endings.
        Format("doc", "application/msword", ("doc", "wps"), Text("Word 97 文档", "Word 97")),
        Format("xls", "application/vnd.ms-excel", ("xls", "et"), Text("Excel 97 工作簿", "Excel 97")),
        Format("png", "image/png", ("png",), Text("PNG 图片", "PNG")),
        Format("jpg", "image/jpeg", ("jpg", "jpeg"), Text("JPEG 图片", "JPEG")),
        Format("text", "text/plain", ("txt", "csv"), Text("纯文本", "plain text")),
    )
}
BY_MEDIA_TYPE: Mapping[str, Format] = {item.media_type: item for item in FORMATS.values()}
ACCEPTED = "、".join(ending for item in FORMATS.values() for ending in item.endings)

MOST_MEMBERS = 20_000  # of a zip: its directory is read whole
MOST_BYTES = 1 << 30  # of all parts of a zip unpacked
MOST_RATIO, RATIO_MATTERS_FROM = 200, 50 << 20  # a part that unpacks to that many times its size, once it is large
LONGEST_NAME = 200
_DECEIVING = ("Cc", "Cf", "Cs", "Zl", "Zp")
PART_LIMIT = 1 << 20  # how much of a part is read: a small zip may unpack to gigabytes


def recognise(content: bytes) -> Format:
    """The format of a file; raises Unwelcome. The name plays no part."""
    if not content:
        raise Unwelcome("文件是空的", "The file is empty")
    for start, read in _STARTS.items():
        if content.startswith(start):
            return FORMATS[read(content)]
    return FORMATS[_text(content)]


def check_ending(found: Format, name: str) -> None:
    """A name must say what the content is; raises Unwelcome."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in found.endings:
        said = f".{ending}" if ending else "没有"
        wanted = ", ".join(f".{item}" for item in found.endings)
        raise Unwelcome(
            f"扩展名与内容不符：内容是{found.title.zh}，扩展名应为 {wanted}，而“{name}”的扩展名是 {said}",
            f"The content is {found.title.en}, so the name must end in {wanted}; '{name}' does not",
        )


def clean_name(name: str) -> str:
    """The last part of a path without characters that deceive (controls, marks that turn the direction of writing).

    At most LONGEST_NAME characters, the ending kept.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(one for one in last if unicodedata.category(one) not in _DECEIVING).strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"[-LONGEST_NAME:]


def _broken(kind: str) -> Unwelcome:
    title = FORMATS[kind].title
    return Unwelcome(f"文件不完整：按{title.zh}读不下去", f"The file is damaged: it cannot be read as {title.en}")


# -- by their beginning ------------------------------------------------------------------------------------------------


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content:
        raise _broken("pdf")
    return "pdf"


def _png(content: bytes) -> str:
    if content[12:16] != b"IHDR" or b"IEND" not in content:
        raise _broken("png")
    return "png"


def _jpg(content: bytes) -> str:
    if b"\xff\xd9" not in content:
        raise _broken("jpg")
    return "jpg"


# -- zip containers ----------------------------------------------------------------------------------------------------

_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
)  # fmt: skip
MACROS = Unwelcome("不收含宏的文件，请另存为不含宏的格式", "Files with macros are not accepted; save without them")
TOO_MANY = Unwelcome("压缩包内文件过多", "The archive holds too many files")
BOMB = Unwelcome("压缩包展开后过大，不收", "The archive unpacks to far more than a document needs; it is not taken")
ENCRYPTED = Unwelcome("不收加密的文件，请去掉密码后再传", "Encrypted files are not accepted; remove the password")


def _zip(content: bytes) -> str:
    """OFD and the three Office Open XML formats; any other zip is refused."""
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise TOO_MANY
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _container(archive)
    except _ZIP_FAULTS as fault:
        if isinstance(fault, Unwelcome):
            raise
        raise Unwelcome("压缩包已损坏，读不下去", "The archive is damaged and cannot be read") from fault


def _container(archive: zipfile.ZipFile) -> str:
    names = {info.filename for info in archive.infolist()}
    insist_sane(archive)
    if "OFD.xml" in names and b"ofdspec.org" in _part(archive, "OFD.xml"):
        return "ofd"
    if "[Content_Types].xml" not in names:
        raise Unwelcome("不收压缩包，请逐个上传其中的文件", "Archives are not accepted; upload the files one by one")
    types = _part(archive, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or any(
        "vbaproject" in name.lower() or "/macrosheets/" in name for name in names
    ):
        raise MACROS
    for part, kind in _MAIN_PARTS.items():
        if part in types:
            return kind
    raise Unwelcome("不是可收的办公文档", "Not an office document that is accepted")


def insist_sane(archive: zipfile.ZipFile, most_parts: int = MOST_MEMBERS) -> None:
    """Raises Unwelcome for what no honest document is, before any of it is unpacked."""
    parts = archive.infolist()
    if len(parts) > most_parts:
        raise TOO_MANY
    if any(part.flag_bits & 1 for part in parts):
        raise ENCRYPTED
    if sum(part.file_size for part in parts) > MOST_BYTES or any(_swells(part) for part in parts):
        raise BOMB


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_MATTERS_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(PART_LIMIT)


# -- OLE containers ----------------------------------------------------------------------------------------------------


def _ole(content: bytes) -> str:
    """Word and Excel 97. Macros of PowerPoint 97 lie inside its one stream, unseen from here, so it is not taken."""
    try:
        with olefile.OleFileIO(BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as container:
            names = {"/".join(path).lower() for path in container.listdir(streams=True, storages=True)}
    except (
        OSError,
        ValueError,
        IndexError,
        TypeError,
        struct.error,
        RecursionError,
        OverflowError,
        MemoryError,
    ) as fault:
        raise Unwelcome("文件已损坏，读不下去", "The file is damaged and cannot be read") from fault
    if "encryptedpackage" in names:
        raise ENCRYPTED
    if any(part in ("macros", "_vba_project_cur", "vba") for name in names for part in name.split("/")):
        raise MACROS
    for stream, kind in (("worddocument", "doc"), ("workbook", "xls"), ("book", "xls")):
        if stream in names:
            return kind
    raise Unwelcome("不是可收的办公文档", "Not an office document that is accepted")


# -- text --------------------------------------------------------------------------------------------------------------

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(script|html|svg|iframe|body|head|object|embed|img|link|meta|form|!doctype|\?xml|\?php|%)"
    r"|\A\s*(<|#!|mime-version:|content-type:)",
    re.IGNORECASE,
)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            break
        if _MARKUP.search(text):
            raise Unwelcome("不收网页、脚本和程序", "Web pages, scripts and programs are not accepted")
        return "text"
    raise Unwelcome(f"不是可收的文件格式，可收：{ACCEPTED}", f"Not a format that is accepted: {ACCEPTED}")


_STARTS: Mapping[bytes, Callable[[bytes], str]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpg,
    b"PK\x03\x04": _zip,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _ole,
}
