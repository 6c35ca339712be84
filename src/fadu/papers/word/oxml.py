"""The few things WordprocessingML has and python-docx does not offer: fields, frames, borders, cell shares."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

_AFTER_FRAME = (
    "w:widowControl w:numPr w:suppressLineNumbers w:pBdr w:shd w:tabs w:suppressAutoHyphens w:kinsoku w:wordWrap "
    "w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN w:bidi w:adjustRightInd w:snapToGrid w:spacing w:ind "
    "w:contextualSpacing w:mirrorIndents w:suppressOverlap w:jc w:textDirection w:textAlignment w:outlineLvl w:rPr").split()  # fmt: skip
_AFTER_BORDERS = _AFTER_FRAME[_AFTER_FRAME.index("w:shd") :]


def element(tag: str, **attributes: object) -> BaseOxmlElement:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def field(paragraph: Paragraph, code: str) -> None:
    """A field such as PAGE, which the reading program works out."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = paragraph.add_run("1" if kind == "shown" else "")
        if kind == "":
            instruction = element("w:instrText")
            instruction.text = f" {code} "
            run._r.append(instruction)  # noqa: SLF001  # python-docx has no other door to its XML
        elif kind != "shown":
            run._r.append(element("w:fldChar", fldCharType=kind))  # noqa: SLF001


def frame(paragraph: Paragraph, **place: object) -> None:
    """Sets a paragraph apart at a place of its own on the page."""
    paragraph._p.get_or_add_pPr().insert_element_before(element("w:framePr", **place), *_AFTER_FRAME)  # noqa: SLF001


def rules(paragraph: Paragraph, **edges: tuple[str, int, int, str]) -> None:
    """Lines at the edges of a paragraph: each a kind, its width in eighths of a point, how many points off, its colour."""
    borders = element("w:pBdr")
    for edge, (kind, eighths, space, colour) in edges.items():
        borders.append(element(f"w:{edge}", val=kind, sz=eighths, space=space, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)  # noqa: SLF001
