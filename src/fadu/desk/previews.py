"""A document read where it stands: pictures and PDF in a frame of their own, text as text; the rest is fetched."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fadu.cases.files import INLINE, attachment_of, open_file
from fadu.desk.attached import TEXT, file_url, size_words
from fadu.desk.reader import reader
from fadu.desk.rows import row
from fadu.desk.views import case_of

MOST = 200_000  # bytes of a text shown; the rest is in the file


@login_required
@require_GET
def preview(request: HttpRequest, procedure: str, pk: int, sha256: str) -> HttpResponse:
    case = case_of(request, procedure, pk)
    attachment = attachment_of(reader(request).person, case.pk, sha256)
    media = attachment.file.media_type
    if media not in INLINE and media != TEXT:
        raise Http404
    line = row(reader(request), case)
    context = {
        "row": line,
        "file": attachment,
        "media": media,
        "size": size_words(attachment.file.size),
        "fetch_url": file_url(case, sha256),
        "entry_url": f"{line.url}#e{attachment.seq}",
    }
    if media == TEXT:
        with open_file(attachment) as file:
            start = file.read(MOST + 1)
        context |= {"text": _decoded(start[:MOST]), "is_cut": len(start) > MOST}
    return render(request, "desk/preview.html", context)


def _decoded(start: bytes) -> str:
    """As it was recognised when it came in; a character cut in two at the end is left out."""
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if fault.start >= len(start) - 3:
            return start[: fault.start].decode("utf-8-sig")
        return start.decode("gb18030", errors="replace")
