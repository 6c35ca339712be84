"""Chapters of a report: sentences whose numbers are figures, refused where a name or a language is missing."""

import pytest

from fadu.definitions import chapters_in, documents, figures, library
from fadu.kernel.chapter import load_chapter, named, pieces
from fadu.kernel.law import Text
from fadu.kernel.source import DefinitionError, Source

KNOWN = {key: figure for file in figures().values() for key, figure in file.figures.items()}
CHAPTER = """chapter: trial
domain: supervision
title: 督查 | Supervision
report: 年度报告 | Yearly report
version: 1
in_force: 2026-01-01
basis: practice (P)
sections:
  one:
    title: 办理 | Handling
    text:
      - 立项 {supervision-item-opened}，比上年{supervision-item-opened.change}。 | Opened {supervision-item-opened}, {supervision-item-opened.change}.
    tables:
      by: {title: 按单位 | By unit, by: lead_unit, figures: [supervision-item-struck_off, supervision-item-on_time_rate]}
uncounted:
  - 口头交办不算。 | What was said is not counted.
"""


def load(text: str):
    return load_chapter(Source("trial.yaml").read(text), library(), KNOWN)


def test_a_sentence_is_words_and_figures_in_their_order():
    text = Text("立项 {a-b}，比上年{a-b.change}。", "…")
    assert list(pieces(text.zh)) == ["立项 ", ("a-b", ""), "，比上年", ("a-b", "change"), "。"]
    assert named(text) == [("a-b", ""), ("a-b", "change")]
    assert list(pieces("没有数")) == ["没有数"]


def test_a_chapter_is_read_with_its_sentences_tables_and_what_it_does_not_count():
    chapter = load(CHAPTER)
    (section,) = chapter.sections
    assert [grid.by for grid in section.tables] == ["lead_unit"]
    assert chapter.uncounted[0].en == "What was said is not counted."


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ("立项 {supervision-item-opened}，", "立项 {supervision-item-open}，", "unknown-figure", "'supervision-item-open' is declared by no file"),
        ("Opened {supervision-item-opened}", "Opened", "placeholder", "must show the same figures"),
        (".change}", ".growth}", "placeholder", "a figure has .last_year and .change"),
        (" | Opened {supervision-item-opened}, {supervision-item-opened.change}.", "", "bilingual", "has one language"),
        ("by: lead_unit, figures", "by: urgent, figures", "split", "is not split by 'urgent'"),
        ("figures: [supervision-item-struck_off", "figures: [nothing", "unknown-figure", "'nothing'"),
        ("uncounted:", "not_counted:", "unknown-word", "'not_counted' is no word of a chapter"),
        ("basis: practice (P)", "basis: NOLAW 1 (V)", "unknown-law", "'NOLAW'"),
        ("report: 年度报告 | Yearly report\n", "", "missing", "'report' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_chapter_is_named_with_its_line(old: str, new: str, rule: str, said: str):
    text = CHAPTER.replace(old, new)
    assert text != CHAPTER
    with pytest.raises(DefinitionError) as caught:
        load(text)
    assert [(fault.rule, said in fault.advice) for fault in caught.value.faults if fault.rule == rule][:1] == [
        (rule, True)
    ]


def test_every_chapter_that_ships_is_read():
    assert {str(document["chapter"]) for document in documents() if "chapter" in document} == set(
        chapters_in(library(), KNOWN)
    )
