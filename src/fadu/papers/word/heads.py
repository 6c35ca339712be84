"""The red head of each form of paper, in WordprocessingML."""

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from fadu.papers import measures as m
from fadu.papers.paper import Paper
from fadu.papers.word.oxml import frame, rules
from fadu.papers.word.template import twips

_ABOVE_GLYPH = 0.12  # of the size: what an exact line of 1.2 sizes leaves above the character
RED = m.RED.removeprefix("#")


def add_head(document: Docx, paper: Paper) -> None:
    if paper.form == "document":
        _document(document, paper)
    elif paper.form == "letter":
        _letter(document, paper)
    elif paper.form == "slip":
        _mark(document, paper, m.LETTER_MARK_LARGEST, m.SLIP_MARK_BELOW)
        number = f"{'编号：' if paper.lang == 'zh' else ''}{paper.number}" if paper.number else ""
        _both_ends(document, number, paper.date, before=0.6)
    elif paper.form == "bulletin":
        _mark(document, paper, m.MARK_LARGEST, m.SLIP_MARK_BELOW)
        document.add_paragraph(paper.issue, style="公文发文字号").paragraph_format.space_before = Mm(m.PITCH * 0.6)
        _both_ends(document, paper.organ, paper.date, before=0.6, indent=1)


def mark_size(paper: Paper, largest: float) -> float:
    """As large as the type area takes it on one line, within bounds; in points."""
    return max(m.MARK_SMALLEST, min(largest, m.WIDTH / m.POINT * 0.98 / max(paper.mark_width, 1)))


def _document(document: Docx, paper: Paper) -> None:
    below: float = m.MARK_BELOW
    if paper.urgency:
        document.add_paragraph(paper.urgency, style="公文紧急程度")
        below -= m.PITCH
    _mark(document, paper, m.MARK_LARGEST, below)
    if paper.signer:
        line = _both_ends(document, paper.number, "签发人：", before=m.NUMBER_LINES_BELOW, indent=1)
        line.add_run(paper.signer, style="公文楷体")
        return
    number = document.add_paragraph(paper.number, style="公文发文字号")
    number.paragraph_format.space_before = Mm(m.PITCH * m.NUMBER_LINES_BELOW)
    _red_rule(number)


def _letter(document: Docx, paper: Paper) -> None:
    size = mark_size(paper, m.LETTER_MARK_LARGEST)
    mark = document.add_paragraph(paper.mark, style="公文机关标志")
    mark.paragraph_format.line_spacing = Pt(size * 1.2)
    mark.runs[0].font.size = Pt(size)
    across, left = twips(m.LETTER_RULE_WIDTH), twips((m.PAGE[0] - m.LETTER_RULE_WIDTH) / 2)
    top = twips(m.LETTER_MARK_TOP - size * _ABOVE_GLYPH * m.POINT)
    frame(mark, w=across, wrap="notBeside", vAnchor="page", hAnchor="page", x=left, y=top)
    rules(mark, bottom=("thickThinSmallGap", 24, 11, RED))
    number = document.add_paragraph(paper.number, style="公文发文字号")
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number.paragraph_format.space_before = Mm(6)


def add_letter_foot(document: Docx) -> None:
    """The second double rule, 20 mm above the foot of the first page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    line = section.first_page_footer.paragraphs[0]
    line.paragraph_format.line_spacing = Pt(1)
    y = twips(m.PAGE[1] - m.LETTER_RULE_BOTTOM - 1)
    left = twips((m.PAGE[0] - m.LETTER_RULE_WIDTH) / 2)
    frame(line, w=twips(m.LETTER_RULE_WIDTH), wrap="around", vAnchor="page", hAnchor="page", x=left, y=y)
    rules(line, bottom=("thinThickSmallGap", 24, 0, RED))


def _mark(document: Docx, paper: Paper, largest: float, below: float) -> None:
    size = mark_size(paper, largest)
    mark = document.add_paragraph(style="公文机关标志")
    mark.add_run(paper.mark).font.size = Pt(size)
    mark.paragraph_format.line_spacing = Pt(size * 1.2)
    mark.paragraph_format.space_before = Mm(below - size * _ABOVE_GLYPH * m.POINT)


def _both_ends(document: Docx, left: str, right: str, *, before: float, indent: int = 0) -> Paragraph:
    """One line with something at each end, above the red rule."""
    line = document.add_paragraph(style="公文发文字号")
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    line.paragraph_format.space_before = Mm(m.PITCH * before)
    if indent:
        line.paragraph_format.tab_stops.add_tab_stop(Mm(m.ADVANCE * indent))
        line.paragraph_format.tab_stops.add_tab_stop(Mm(m.WIDTH - m.ADVANCE * indent), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("\t" * bool(indent) + left + "\t" + right)
    _red_rule(line)
    return line


def _red_rule(line: Paragraph) -> None:
    inside = (m.PITCH / m.POINT - m.BODY) / 2  # what the line itself leaves below its characters
    rules(line, bottom=("single", round(m.RED_RULE / m.POINT * 8), round(m.RULE_BELOW / m.POINT - inside), RED))
