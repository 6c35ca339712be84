"""An empty document in the measures of GB/T 9704, made from the XML beside this module and `measures`."""

import io
import math
import zipfile
from pathlib import Path
from string import Template

from docx import Document
from docx.document import Document as Docx

from fadu.papers import measures as m
from fadu.papers.paper import Paper

FOLDER = Path(__file__).with_name("template")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip file knows: the same document has the same bytes


def twips(millimetres: float) -> int:
    """Twentieths of a point, rounded down, so that what just fits keeps fitting."""
    return int(millimetres / m.POINT * 20)


def empty(paper: Paper) -> Docx:
    """A document with the styles, the section and the names of fonts, and nothing in it."""
    filled = _measures(paper)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
            text = Template(path.read_text(encoding="utf-8")).substitute(filled)
            archive.writestr(path.relative_to(FOLDER).as_posix(), text)
    packed.seek(0)
    return Document(packed)


def saved(document: Docx) -> bytes:
    """The bytes of a document, in one order and with no time of their own."""
    loose, packed = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(source.namelist(), key=lambda name: (not name.startswith("[Content_Types]"), name)):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(name))
    return packed.getvalue()


def _measures(paper: Paper) -> dict[str, object]:
    english = paper.lang == "en"
    return {
        "page_width": round(m.PAGE[0] / m.POINT * 20),
        "page_height": round(m.PAGE[1] / m.POINT * 20),
        "top": twips(m.TOP),
        "right": twips(m.RIGHT),
        "bottom": twips(m.BOTTOM),
        "left": twips(m.LEFT),
        # Word measures the footer from the foot of the page to the foot of its one line.
        "footer": twips(m.BOTTOM - m.PAGE_NUMBER_BELOW - m.SMALL * m.POINT),
        "pitch": twips(m.PITCH),
        "char_space": round((m.ADVANCE / m.POINT - m.BODY) * 4096),
        "tight": math.floor(m.ADVANCE / m.POINT * 20)
        - m.BODY * 20,  # between characters, in whole twentieths of a point
        "two": twips(2 * m.ADVANCE),
        "width": twips(m.WIDTH),
        "imprint_right": twips(m.WIDTH - m.SMALL * m.POINT),
        "outer": round(m.OUTER_RULE / m.POINT * 8),
        "inner": round(m.INNER_RULE / m.POINT * 8),
        "title_pitch": twips(11.5),
        "body": m.BODY * 2,
        "title": m.TITLE * 2,
        "small": m.SMALL * 2,
        "table": m.TABLE * 2,
        "red": m.RED.removeprefix("#"),
        "latin": "Times New Roman" if english else "仿宋_GB2312",
        "latin_title": "Times New Roman" if english else "方正小标宋简体",
    }
