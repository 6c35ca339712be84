"""The parts of an Office Open XML file, opened with suspicion and read as a stream of elements."""

import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, Self
from xml.parsers import expat

from fadu.cases.formats import BOMB, MACROS, MOST_BYTES, Unwelcome, insist_sane

MOST_PARTS = 2_000
MOST_ELEMENTS = 1 << 16  # of those that are kept
LONGEST_TEXT = 40_000  # characters of a cell: Excel itself stops at 32,767
CHUNK = 1 << 16
SHARED = "xl/sharedStrings.xml"
DAMAGED = Unwelcome(
    "文件不完整或者已损坏，按 Excel 工作簿读不下去", "The file is damaged: it cannot be read as a workbook"
)
NOT_A_WORKBOOK = Unwelcome("不是 Excel 工作簿，请用 .xlsx 或者 .csv", "Not an Excel workbook; use .xlsx or .csv")
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError, IndexError,
          NotImplementedError, RuntimeError, StopIteration, expat.ExpatError, OverflowError)  # fmt: skip


class Package:
    """What lies in the file. `budget` is what may still be unpacked, whatever the directory of the file says."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.budget = archive, MOST_BYTES
        insist_sane(archive, MOST_PARTS)
        self.names = {info.filename for info in archive.infolist()}
        self._insist_workbook()

    def read(self, part: str, reading: "Reading") -> None:
        """A whole part."""
        for _ in self.parsed(part, reading):
            pass

    def parsed(self, part: str, reading: "Reading") -> Iterator[None]:
        """Feeds a part to its reading, bit by bit."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = _no_entities
        parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
        parser.CharacterDataHandler = reading.text
        with self.archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                self.budget -= len(chunk)
                if self.budget < 0:
                    raise BOMB
                parser.Parse(chunk)
                yield
            parser.Parse(b"", True)  # noqa: FBT003  # expat's own word for the end
            yield

    def _insist_workbook(self) -> None:
        if "[Content_Types].xml" not in self.names:
            raise NOT_A_WORKBOOK
        with self.archive.open("[Content_Types].xml") as part:
            types = part.read(1 << 20)
        if b"macroenabled" in types.lower() or any("vbaproject" in name.lower() for name in self.names):
            raise MACROS
        if b"spreadsheetml.sheet.main+xml" not in types:
            raise NOT_A_WORKBOOK


@contextmanager
def as_unwelcome() -> Iterator[None]:
    """Whatever a broken file makes the libraries say, a person is told that it is broken."""
    try:
        yield
    except Unwelcome:
        raise
    except FAULTS as fault:
        raise DAMAGED from fault


def _no_entities(*_: Any) -> None:
    raise BOMB  # a workbook declares none; a short text that stands for a long one is a trick


def local_name(name: str) -> str:
    """The name without the prefix of its namespace, which some programs write."""
    return name.rpartition(":")[2]


# -- what is read of each part -----------------------------------------------------------------------------------------


class Reading:
    """Hears of every element and text; `end` and `text` are heard by those who need them."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """Text within it."""


class Elements(Reading):
    """The attributes of some elements, in order, and in which element each stands."""

    def __init__(self, wanted: str) -> None:
        self.wanted, self.open = frozenset(wanted.split()), list[str]()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.parents: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local in self.wanted:
            self.parents.append(self.open[-1] if self.open else "")
            self.found.append((local, attributes))
            if len(self.found) > MOST_ELEMENTS:
                raise BOMB
        self.open.append(local)

    def end(self, name: str) -> None:
        self.open.pop()

    def inside(self, parent: str) -> list[dict[str, str]]:
        found = zip(self.found, self.parents, strict=True)
        return [one for (name, one), where in found if where == parent and name == "xf"]


class Shared(Reading):
    """The table of shared texts, kept in a file: there may be millions."""

    def __init__(self, package: Package) -> None:
        self.package, self.ends = package, array("Q", [0])
        self.part: list[str] | None = None
        self.kept: list[str] | None = None
        self.hears, self.length = False, 0

    def __enter__(self) -> Self:
        self.file: IO[bytes] = TemporaryFile()  # closed by __exit__
        try:
            if SHARED in self.package.names:  # a workbook of numbers has none
                self.package.read(SHARED, self)
        except BaseException:
            self.file.close()
            raise
        self.file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self.ends) - 1:
            raise IndexError(place)
        self.file.seek(self.ends[place])
        return self.file.read(self.ends[place + 1] - self.ends[place]).decode()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "si":
            self.part, self.length = [], 0
        elif local == "rPh":
            self.part, self.kept = None, self.part  # how a text is pronounced is no part of it
        self.hears = local == "t"

    def end(self, name: str) -> None:
        local = local_name(name)
        self.hears = False
        if local == "rPh":
            self.part = self.kept
        elif local == "si" and self.part is not None:
            written = self.file.write("".join(self.part).encode("utf-8", "replace"))
            self.ends.append(self.ends[-1] + written)
            self.part = None

    def text(self, text: str) -> None:
        if self.hears and self.part is not None and self.length < LONGEST_TEXT:
            self.part.append(text)
            self.length += len(text)
