"""A paper set as DOCX, in the same measures as its PDF; the same bytes for the same paper."""

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from fadu.papers import measures as m
from fadu.papers.paper import Block, Imprint, Paper, Paragraph, Table, printable, width
from fadu.papers.word.heads import add_head, add_letter_foot
from fadu.papers.word.oxml import field, frame
from fadu.papers.word.tables import add_grid, add_table
from fadu.papers.word.template import empty, saved, twips

_HEADS = {1: "公文黑体", 2: "公文楷体"}
_STYLES = {"strong": "公文黑体", "note": "公文注码"}


def docx(paper: Paper) -> bytes:
    paper = printable(paper)
    document = empty(paper)
    _add_properties(document, paper)
    _add_page_numbers(document)
    if paper.stamp:
        _add_stamp(document, paper.stamp)
    add_head(document, paper)
    _add_title(document, paper)
    if paper.addressee:
        document.add_paragraph(paper.addressee, style="公文主送机关")
    for block in paper.blocks:
        _add_block(document, block)
    _add_end(document, paper)
    if paper.form == "letter":
        add_letter_foot(document)
    return saved(document)


def _add_properties(document: Docx, paper: Paper) -> None:
    known = document.core_properties
    known.title = "".join(paper.title) or paper.mark.replace("\n", "")
    known.author = known.last_modified_by = paper.author
    known.subject, known.keywords = paper.subject, " ".join(paper.keywords)
    known.created = known.modified = paper.made.replace(tzinfo=None)
    known.language, known.revision = "zh-CN" if paper.lang == "zh" else "en", 1


def _add_page_numbers(document: Docx) -> None:
    """— 1 —, to the right on odd pages and to the left on even ones (7.5)."""
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.style, line.alignment = document.styles["公文页码"], side
        line.add_run("— ")
        field(line, "PAGE")
        line.add_run(" —")


def _add_stamp(document: Docx, words: str) -> None:
    section = document.sections[0]
    for header in (section.header, section.even_page_header, section.first_page_header):
        header.paragraphs[0].style = document.styles["公文状态"]
        header.paragraphs[0].add_run(words)


def _add_title(document: Docx, paper: Paper) -> None:
    for place, words in enumerate(paper.title):
        line = document.add_paragraph(words, style="heading 1")
        if place == 0 and paper.form != "plain":
            line.paragraph_format.space_before = Mm(m.PITCH * m.TITLE_LINES_BELOW)
        if place == len(paper.title) - 1:
            line.paragraph_format.space_after = Mm(m.PITCH)


def _add_block(document: Docx, block: Block) -> None:
    if isinstance(block, Paragraph):
        _add_paragraph(document, block)
    elif isinstance(block, Table):
        add_table(document, block)
        document.add_paragraph(style="公文表文")
    else:
        add_grid(document, block)


def _add_paragraph(document: Docx, paragraph: Paragraph) -> None:
    style = f"heading {paragraph.level + 1}" if paragraph.is_heading and paragraph.level <= 2 else "公文正文"
    made = document.add_paragraph(style=style)
    for run in paragraph.runs:
        face = (
            _HEADS.get(paragraph.level) if run.style == "head" and not paragraph.is_heading else _STYLES.get(run.style)
        )
        made.add_run(run.text, style=face)


# -- the end -----------------------------------------------------------------------------------------------------------


def _add_end(document: Docx, paper: Paper) -> None:
    _add_attachments(document, paper)
    if paper.organ and paper.form in ("document", "letter"):
        _add_signature(document, paper)
    if paper.note:
        document.add_paragraph(f"（{paper.note}）", style="公文正文")
    if paper.foot:
        document.add_paragraph(paper.foot, style="公文脚注")
    if paper.imprint:
        _add_imprint(document, paper.imprint, "公文版记（信函）" if paper.form == "letter" else "公文版记")


def _add_attachments(document: Docx, paper: Paper) -> None:
    several = len(paper.attachments) > 1
    for number, name in enumerate(paper.attachments, start=1):
        label = ("附件：" if paper.lang == "zh" else "Attached: ") if number == 1 else "\u3000" * 3
        line = document.add_paragraph(f"{label}{f'{number}. ' if several else ''}{name}", style="公文正文")
        if number == 1:
            line.paragraph_format.space_before = Mm(m.PITCH)


def _add_signature(document: Docx, paper: Paper) -> None:
    """The date four characters from the right, the organ centred above it (7.3.5.1)."""
    over = (width(paper.organ) - width(paper.date)) / 2
    organ_right = max(m.DATE_FROM_RIGHT - over, m.ORGAN_FROM_RIGHT)
    for words, from_right, before in ((paper.organ, organ_right, 2), (paper.date, organ_right + over, 0)):
        line: WordParagraph = document.add_paragraph(words, style="公文署名")
        line.paragraph_format.right_indent = Mm(from_right * m.ADVANCE)
        line.paragraph_format.space_before = Mm(before * m.PITCH)


def _add_imprint(document: Docx, imprint: Imprint, style: str) -> None:
    """In a frame at the foot of the page on which the text ends; Word cannot be told to make that an even one."""
    for words in (*imprint.lines, *([f"{imprint.organ}\t{imprint.date}"] if imprint.organ else [])):
        # One character in; an indent would shorten the rules as well.
        line = document.add_paragraph(f"\u3000{words}", style=style)
        frame(
            line, w=twips(m.WIDTH), wrap="notBeside", vAnchor="margin", hAnchor="margin", xAlign="left", yAlign="bottom"
        )
