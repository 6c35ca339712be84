"""Letters as they were issued: read on a page, saved as PDF or DOCX."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fadu.cases.models import Case
from fadu.desk.downloads import download
from fadu.desk.issued import letter_url
from fadu.desk.reader import reader
from fadu.desk.rows import row
from fadu.desk.views import case_of
from fadu.papers.fonts import NoFont
from fadu.papers.letters import NoLetter, letter_paper
from fadu.papers.paper import Paper
from fadu.papers.pdf import pdf
from fadu.papers.saying import Lang
from fadu.papers.word.setter import docx
from fadu.words import language, say

MEDIA = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@login_required
@require_GET
def letter(request: HttpRequest, procedure: str, pk: int, seq: int, key: str) -> HttpResponse:
    """As the reader's language has it; the document itself is the Chinese one."""
    case = case_of(request, procedure, pk)
    lang: Lang = _lang(request) or ("en" if language() == "en" else "zh")
    context = {
        "row": row(reader(request), case),
        "paper": _paper(request, case, seq, key, lang),
        "number": seq,
        "url": letter_url(case, seq, key),
        "files": letter_url(case, seq, key)[:-1],
    }
    return render(request, "desk/letter.html", context)


@login_required
@require_GET
def letter_file(request: HttpRequest, procedure: str, pk: int, seq: int, key: str, ending: str) -> HttpResponseBase:
    case = case_of(request, procedure, pk)
    paper = _paper(request, case, seq, key, _lang(request) or "zh")
    return paper_file(
        request,
        paper,
        ending,
        " ".join(part for part in (paper.number or paper.issue, paper.mark.replace("\n", "")) if part),
    )


def paper_file(request: HttpRequest, paper: Paper, ending: str, name: str) -> HttpResponseBase:
    """A paper as a file to save; where nothing can be set in type, what to do about it."""
    try:
        content = pdf(paper) if ending == "pdf" else docx(paper)
    except NoFont as fault:
        instead = f"{request.path.removesuffix('.pdf')}.docx"
        return render(request, "desk/no_font.html", {"fault": say(fault.text), "instead": instead}, status=503)
    answer = download(BytesIO(content), f"{name}.{ending}")
    answer["Content-Type"] = MEDIA[ending]
    return answer


def _paper(request: HttpRequest, case: Case, seq: int, key: str, lang: Lang) -> Paper:
    try:
        return letter_paper(case, seq, key, held=reader(request).posts, lang=lang)
    except NoLetter:
        raise Http404 from None


def _lang(request: HttpRequest) -> Lang | None:
    asked = request.GET.get("lang")
    return "zh" if asked == "zh" else "en" if asked == "en" else None
