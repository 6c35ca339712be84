"""Letters as they were issued, as PDF or DOCX."""

from io import BytesIO
from typing import Literal

from django.http import FileResponse, Http404, HttpRequest
from ninja import Router

from fadu.api.problems import Unfit
from fadu.api.reader import Reader
from fadu.papers.fonts import NoFont
from fadu.papers.letters import NoLetter, letter_paper
from fadu.papers.pdf import pdf
from fadu.papers.word.setter import docx

router = Router()


@router.get("/cases/{int:case_id}/letters/{int:seq}/{letter}/{form}", summary="文书 | A letter of a case")
def get_letter(request: HttpRequest, case_id: int, seq: int, letter: str, form: Literal["pdf", "docx"]) -> FileResponse:
    """As it stood at that entry; what the asker may not see is left out and said to be."""
    reader = Reader.of(request)
    try:
        paper = letter_paper(reader.case(case_id), seq, letter, held=reader.held)
        content = pdf(paper) if form == "pdf" else docx(paper)
    except NoLetter:
        raise Http404 from None
    except NoFont as fault:
        raise Unfit("form", fault.text.zh, fault.text.en) from fault
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{letter}-{seq}.{form}")
