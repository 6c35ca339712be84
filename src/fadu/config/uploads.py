"""How much may be sent to this server: what says that it is too large is refused unread, what does not is cut off."""

import logging
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fadu.api.problems import problem
from fadu.cases.files import TooLarge
from fadu.kernel.law import Text
from fadu.words import say

LOG = logging.getLogger(__name__)
FILES_AT_ONCE = 4  # of the largest size, in one form
SLACK = 1 << 20  # for the other fields


def most() -> int:
    """The bytes of one request."""
    return int(settings.FADU_MAX_UPLOAD) * FILES_AT_ONCE + SLACK


def too_much(size: int) -> Text:
    return Text(
        f"发来 {size / 2**20:,.0f} MB，一次最多 {most() / 2**20:,.0f} MB，没有接收",
        f"{size / 2**20:,.0f} MB were announced; at most {most() / 2**20:,.0f} MB are taken at once, so nothing was read",
    )


class Bounded:
    """Refuses a request by the length it declares, before a byte of it is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        size = int(declared) if declared.isdecimal() else 0
        return self.get_response(request) if size <= most() else _refused(request, say(too_much(size)))


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    LOG.warning("%s: %s bytes declared", request.path, request.META.get("CONTENT_LENGTH"))
    if request.path.startswith("/api/"):
        response = problem("too-large", words)
    else:
        response = render(request, "413.html", {"words": words}, status=413)
    response["Connection"] = "close"  # what is still on its way is not waited for
    return response


class TooLargeFile(UploadedFile[bytes]):
    """Stands for a file that was longer than one may be: whoever wants to read it is told so."""

    def read(self, *_: Any) -> NoReturn:
        raise TooLarge(self.size or 0)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        raise TooLarge(self.size or 0)


class CutOff(FileUploadHandler):
    """Stops keeping a file once it is too long, and stops reading when all of them together are."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.size = self.total = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """None keeps it from the handlers behind."""
        self.size, self.total = self.size + len(raw_data), self.total + len(raw_data)
        if self.total > most():
            self._drop()
            raise StopUpload(connection_reset=True)
        if not self._is_too_large:
            return raw_data
        self._drop()
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return TooLargeFile(BytesIO(), self.file_name, self.content_type, self.size) if self._is_too_large else None

    @property
    def _is_too_large(self) -> bool:
        return self.size > settings.FADU_MAX_UPLOAD

    def _drop(self) -> None:
        """What was kept of it so far goes at once."""
        for handler in self.request.upload_handlers if self.request else ():
            if handler is not self:
                handler.upload_interrupted()
