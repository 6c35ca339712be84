"""A composed chapter as a paper: the same sentences and tables, every number with a note of where it comes from."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils import timezone

from fadu.papers import paper as papers
from fadu.papers.paper import Block, Paper, Paragraph, Run
from fadu.papers.titles import title_lines
from fadu.reports.chapter import Composed, Note, Said, Section, Table, numbered
from fadu.words import language, say, short_digest, t


def chapter_paper(made: Composed, organ: str) -> Paper:
    """A draft until every number in it was published."""
    lang = "en" if language() == "en" else "zh"
    year = say(made.year.text)
    title = f"{year}{say(made.chapter.report)}" if lang == "zh" else f"{say(made.chapter.report)}, {year}"
    lines = title_lines(title) if lang == "zh" else (title,)
    return Paper(
        form="plain",
        title=(*lines, say(made.chapter.title)),
        blocks=tuple(_blocks(made)),
        stamp="" if made.is_published else t("草稿 | DRAFT"),
        foot=_foot(made),
        lang="en" if lang == "en" else "zh",
        author=organ,
        subject=say(made.chapter.title),
        keywords=(str(made.year), made.chapter.digest),
        made=timezone.localtime(_moment(made)),
    )


def _moment(made: Composed) -> datetime:
    """When its last number was published; of a draft, the year's end, so that equal drafts are equal bytes."""
    published = [note.measure.snapshot.published_at for note in made.notes if note.measure.snapshot]
    end = datetime(made.year.last.year, made.year.last.month, made.year.last.day, tzinfo=UTC)
    return max(published) if made.is_published and published else end


def _foot(made: Composed) -> str:
    if made.is_published:
        return t(
            "本章数字均已公布，记录清单和摘要已冻结。 | Every number in it was published, its records and digest frozen."
        )
    return t("本章尚有数字未公布，以公布的为准。 | Some numbers were not published yet; what will be published counts.")


def _blocks(made: Composed) -> Iterator[Block]:
    number = 0
    for section in made.sections:
        yield Paragraph((Run(section.title, "head"),), level=2)
        if section.text:
            yield _sentences(section)
        for table in section.tables:
            number += 1
            yield _table(table, number)
    yield Paragraph((Run(_after(made, t("数字的出处 | Where the numbers come from")), "head"),), level=2)
    yield _sources(made.notes)
    if made.uncounted:
        yield Paragraph((Run(_after(made, t("统计说明 | What is not counted"), 2), "head"),), level=2)
        for words in made.uncounted:
            yield Paragraph((Run(words),))


def _after(made: Composed, title: str, more: int = 1) -> str:
    return numbered(len(made.sections) + more, title)


def _sentences(section: Section) -> Paragraph:
    runs: list[Run] = []
    for piece in section.text:
        if isinstance(piece, Said):
            runs += [Run(piece.words, "strong"), Run(str(piece.note.number), "note")]
        else:
            runs.append(Run(piece if runs else piece.lstrip()))
    return Paragraph(tuple(run for run in runs if run.text))


def _table(table: Table, number: int) -> papers.Table:
    rows = [(label, *(cell.words for cell in cells)) for label, cells in table.rows]
    total = (t("合计 | Total"), *(cell.words for cell in table.total))
    return papers.Table(
        header=(table.by, *table.figures),
        rows=(*rows, total),
        caption=t("表{n}　{title} | Table {n}. {title}", n=number, title=table.title),
        widths=(2.2, *(1.6 for _ in table.figures)),
        right=tuple(range(1, len(table.figures) + 1)),
        total=True,
    )


def _sources(notes: list[Note]) -> papers.Table:
    header = tuple(t("序号 数 指标和口径 摘要 | No. Value Figure Digest").split())
    rows = tuple((str(note.number), say(note.measure.words), _defined(note), _digest(note)) for note in notes)
    return papers.Table(header, rows, widths=(0.9, 1.7, 6, 1.9), right=(0,))


def _defined(note: Note) -> str:
    return t(
        "{title}：{definition} | {title}: {definition}",
        title=say(note.measure.title),
        definition=say(note.measure.definition),
    )


def _digest(note: Note) -> str:
    if note.measure.is_change:
        return ""
    return short_digest(note.measure.snapshot.digest) if note.measure.snapshot else t("未公布 | not published")
