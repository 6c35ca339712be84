"""The letters of a case, each with where it is read and saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from fadu.cases.models import Case
from fadu.desk.timeline import Told
from fadu.kernel.definition import Procedure
from fadu.papers.letters import issued
from fadu.words import say


@dataclass(frozen=True, slots=True)
class LetterLine:
    title: str
    number: str
    at: date
    url: str
    pdf: str
    docx: str


def letter_lines(procedure: Procedure, case: Case, told: Sequence[Told]) -> Iterator[LetterLine]:
    """The newest first."""
    for one in reversed(list(issued(procedure, (entry.body for entry in told)))):
        url = letter_url(case, one.seq, one.key)
        at = datetime.fromisoformat(one.day).date()
        yield LetterLine(say(one.title), one.number, at, url, f"{url[:-1]}.pdf", f"{url[:-1]}.docx")


def letter_url(case: Case, seq: int, key: str) -> str:
    return reverse("letter", args=[case.procedure, case.pk, seq, key])
