"""Files kept outside the web root under the digest of their content: received, checked, found again, handed out."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, TypedDict

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from fadu.cases.documents import seen
from fadu.cases.formats import Unwelcome, check_ending, clean_name, recognise
from fadu.cases.models import Attachment, File
from fadu.units.models import Person


class Document(TypedDict):
    """A document as a case holds it, and as the entry that brings it seals it."""

    sha256: str
    name: str
    size: int
    type: str


class TooLarge(Unwelcome):
    """More bytes than FADU_MAX_UPLOAD allows."""

    @staticmethod
    def most() -> int:
        """The limit in bytes."""
        return int(settings.FADU_MAX_UPLOAD)

    def __init__(self, size: int) -> None:
        most = self.most()
        super().__init__(
            f"文件有 {size / 2**20:.1f} MB，超过上限 {most / 2**20:.0f} MB",
            f"The file has {size / 2**20:.1f} MB; at most {most / 2**20:.0f} MB are accepted",
        )


# -- in ----------------------------------------------------------------------------------------------------------------


def store_bytes(content: bytes, name: str, by: Person) -> Document:
    """Keep a file; the same content is kept once. Raises Unwelcome. The file is on disk before its row is."""
    if len(content) > TooLarge.most():
        raise TooLarge(len(content))
    found, name = recognise(content), clean_name(name)
    check_ending(found, name)
    sha256 = hashlib.sha256(content).hexdigest()
    _write_once(path_of(sha256), content)
    with transaction.atomic():
        row, _ = File.objects.get_or_create(
            sha256=sha256,
            defaults={"size": len(content), "media_type": found.media_type, "name": name, "uploaded_by": by},
        )
        row.holders.add(by)
    return Document(sha256=sha256, name=name, size=row.size, type=row.media_type)


def path_of(sha256: str) -> Path:
    """FADU_HOME/files/ab/cd/abcd…"""
    return Path(settings.FADU_HOME) / "files" / sha256[:2] / sha256[2:4] / sha256


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all: a draft beside it, flushed to disk, then renamed."""
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    for folder in (path.parent, *path.parents[1:4]):  # the names of new folders must survive a power cut too
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# -- out ---------------------------------------------------------------------------------------------------------------


INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})  # read from their bytes, and nothing in them is run


def attachment_of(person: Person, case_id: int, sha256: str) -> Attachment:
    """The file as it stands in the case; Http404 for whoever may not see it there."""
    attachment = seen(person, Attachment.objects.filter(case=case_id, file__sha256=sha256))
    if attachment is None:
        raise Http404
    return attachment


def open_file(attachment: Attachment) -> BinaryIO:
    """Its bytes."""
    path = path_of(attachment.file_id)
    if not path.exists():
        raise FileNotFoundError(
            f"file {attachment.file_id} of case {attachment.case_id} is recorded but missing under FADU_HOME/files"
        )
    return path.open("rb")


def serve_file(person: Person, case_id: int, sha256: str, *, inline: bool = False) -> FileResponse:
    """The file under the name it has in the case, as a download; `inline` shows a picture or PDF in a page of ours."""
    return answer(attachment_of(person, case_id, sha256), inline=inline)


def answer(attachment: Attachment, *, inline: bool = False) -> FileResponse:
    """A file for whoever was found to be allowed to see it."""
    shown = inline and attachment.file.media_type in INLINE
    response = FileResponse(open_file(attachment), content_type=attachment.file.media_type)
    disposition = content_disposition_header(as_attachment=not shown, filename=attachment.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FRAMED if shown else "default-src 'none'; sandbox"
    if shown:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


# Chromium's own reader of PDF needs style and the document itself as a plug-in; a sandbox would keep it from starting.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
