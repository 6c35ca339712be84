"""The whole exchange on a matter in the order of time, to save and to file: every entry the reader may see, as told to them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.desk.attached import url_of
from fadu.desk.letters import paper_file
from fadu.desk.page import told_of
from fadu.desk.reader import Reader, reader
from fadu.desk.timeline import TimelineLine, timeline
from fadu.desk.views import case_of
from fadu.papers.paper import Paper, Table, paragraphs
from fadu.papers.titles import title_lines
from fadu.words import language, local, say, short_digest, t


@login_required
@require_GET
def record(request: HttpRequest, procedure: str, pk: int, ending: str) -> HttpResponseBase:
    case = case_of(request, procedure, pk)
    paper = record_paper(reader(request), case)
    return paper_file(request, paper, ending, f"{case.number or case.pk} {''.join(paper.title)}")


def record_paper(reader: Reader, case: Case) -> Paper:
    procedure, told = definitions.procedure_of(case.definition_id), told_of(case)
    fields = reader.fields(procedure, case.government_id)
    lines = timeline(procedure, fields, told, reader.names, opens=partial(url_of, case))[::-1]
    lang = "en" if language() == "en" else "zh"
    title = t("办理记录 | Record of the matter")
    what = case.title if procedure.shows.title in fields or not procedure.shows.title else ""
    facts = "\n".join(part for part in (what, _facts(case, len(lines))) if part)
    return Paper(
        form="plain",
        title=title_lines(title) if lang == "zh" else (title,),
        blocks=(*paragraphs(facts), _table(lines)),
        lang="en" if lang == "en" else "zh",
        author=reader.names.unit(case.unit_id),
        subject=say(procedure.title),
        keywords=tuple(part for part in (case.number, case.head) if part),
        foot=t("末条记录摘要 {digest} | digest of the last entry: {digest}", digest=case.head),
        made=timezone.localtime(told[-1].at),
    )


def _facts(case: Case, count: int) -> str:
    number = case.number or t("未编号 | no number yet")
    return t(
        "{number}，共 {n} 条记录，按时间先后排列。 | {number}; {n} entries in the order of time.",
        number=number,
        n=count,
    )


def _table(lines: list[TimelineLine]) -> Table:
    header = t("序号 时间 办理人 办理内容 摘要 | No. When Who What Digest").split()
    rows = tuple(
        (str(line.seq), _when(line), line.who, "\n".join(_said(line)), short_digest(line.digest)) for line in lines
    )
    return Table(tuple(header), rows, widths=(1.1, 2, 2.2, 5, 1.9), right=(0,))


def _when(line: TimelineLine) -> str:
    return f"{local(line.at):%Y-%m-%d %H:%M}" if isinstance(line.at, datetime) else f"{line.at:%Y-%m-%d}"


def _said(line: TimelineLine) -> Iterator[str]:
    yield f"{line.action} → {line.moved}" if line.moved else line.action
    for change in line.changes:
        arrow = f"{change.before} → " if change.before and change.after else ""
        yield t(
            "{title}：{words} | {title}: {words}", title=change.title, words=f"{arrow}{change.after or change.before}"
        )
    yield from (link.text for link in line.links)
    yield from line.notes
    if line.void:
        yield line.void
