"""The chapter on supervision: its sentences say what is counted, published numbers stand, and gaps are left out and named."""

from datetime import date

import pytest
from django.utils import translation

from fadu.cases.act import act
from fadu.cases.moments import now
from fadu.definitions import chapters_in, figures, library
from fadu.figures.declared import find as find_figure
from fadu.figures.measure import Counter
from fadu.figures.models import Snapshot
from fadu.figures.publish import publish
from fadu.figures.published import compare, report
from fadu.figures.span import Span
from fadu.papers.pdf import pdf
from fadu.papers.word.setter import docx
from fadu.replay import troupe, volumes, years
from fadu.reports.chapter import Composed, Said, compose
from fadu.reports.paper import chapter_paper
from fadu.reports.publish import may_publish, publish_chapter
from tests.desk.city import City
from tests.papers.seen import read

CHAPTER = chapters_in(library(), {key: one for file in figures().values() for key, one in file.figures.items()})[
    "supervision"
]
OPENED = "supervision-item-opened"


def this_year() -> Span:
    return Span.year(now().year)


def said(made: Composed) -> str:
    return "".join(
        piece if isinstance(piece, str) else piece.words for section in made.sections for piece in section.text
    )


def value(made: Composed, key: str) -> str:
    return next(note.measure.value for note in made.notes if note.measure.key == key and not note.measure.is_change)


@pytest.fixture
def busy(city: City) -> City:
    """Three opened in this year, one of them struck off in time."""
    for n in range(2):
        city.approved(f"事项{n}", days_ago=1)
    done = city.signed("已办结的事项", days_ago=1)
    act(done, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    act(done, "verify", city.people["he"], {"verified_how": "papers", "remark": "属实"})
    act(done, "strike_off", city.people["gu"], {"outcome": "done"})
    return city


def test_sentences_say_what_is_counted_and_each_number_has_its_note(busy):
    made = compose(CHAPTER, this_year())
    assert "全年立项督办 3 项" in said(made)
    assert "按时办结率 100.0%" in said(made)
    numbers = [piece for section in made.sections for piece in section.text if isinstance(piece, Said)]
    assert [piece.note.number for piece in numbers] == sorted(piece.note.number for piece in numbers)
    assert [note.number for note in made.notes] == list(range(1, len(made.notes) + 1))
    for note in made.notes:
        assert note.measure.definition.zh
        assert note.measure.definition.en


def test_every_number_is_the_figure_of_the_year(busy):
    made, counter = compose(CHAPTER, this_year()), Counter()
    for note in made.notes:
        if not note.measure.is_change:
            figure, period = find_figure(note.measure.key), Span.parse(note.measure.query["period"])
            assert counter.measure(figure, period).value == note.measure.number, figure.key


def test_what_was_not_counted_is_left_out_of_the_text_and_named(busy):
    made = compose(CHAPTER, this_year())
    assert "退回重办" not in said(made)
    assert "专项督查" not in said(made)
    assert "比上年" not in said(made)  # nothing is on record for the year before
    notes = "\n".join(made.uncounted)
    assert "没有记录，未写入正文" in notes
    assert "退回重办件数" in notes
    assert "本年度尚未结束" in notes
    assert "口头交办" in notes


def test_a_year_without_anything_has_no_sentences_and_says_so(city):
    made = compose(CHAPTER, Span.year(2021))
    assert made.sections == []
    assert not made.is_published
    assert "本年度没有记录" in "\n".join(made.uncounted)
    assert len(pdf(chapter_paper(made, "云州市"))) > 1000


def test_tables_split_a_figure_and_add_up(busy):
    made = compose(CHAPTER, this_year())
    table = made.sections[0].tables[0]
    assert [(label, cells[0].words) for label, cells in table.rows] == [("会议纪要", "3")]
    assert table.total[0].words == "3"
    assert table.rows[0][1][0].query == {"period": str(this_year()), "split": "source", "value": "meeting"}


def test_english_says_the_same_numbers(busy):
    with translation.override("en"):
        made = compose(CHAPTER, this_year())
        assert "In the year 3 items were opened" in said(made)
        assert "1 item were struck off" in said(made)
        text = "".join(page.text for page in read(pdf(chapter_paper(made, "Yunzhou"))))
    assert "Whereth" in text.replace(" ", "")


def test_a_reader_who_sees_part_is_told_so(busy):
    made = compose(CHAPTER, this_year(), busy.people["shen"])
    assert made.is_partial
    assert any("这里只算您看得到的" in words for words in made.uncounted)


# -- published ---------------------------------------------------------------------------------------------------------


def test_publishing_the_chapter_freezes_every_number_once(busy):
    made = compose(CHAPTER, this_year())
    assert may_publish(busy.people["he"], made)
    assert not may_publish(busy.people["gu"], made)
    publish_chapter(made, busy.people["he"], "年度报告")
    again = compose(CHAPTER, this_year())
    assert again.is_published
    assert publish_chapter(again, busy.people["he"], "年度报告") == []
    figures = {note.measure.key for note in made.notes if note.measure.query["period"] == str(this_year())}
    assert set(Snapshot.objects.values_list("figure", flat=True)) == figures


def test_a_published_number_stands_and_what_moved_since_is_said_beside_it(busy):
    publish(find_figure(OPENED), this_year(), busy.people["he"])
    busy.approved("后来立项的", days_ago=1)
    made = compose(CHAPTER, this_year())
    assert value(made, OPENED) == "3"
    assert any("公布为 3，现在是 4" in words for words in made.uncounted)
    assert [note.measure.now for note in made.notes if note.measure.key == OPENED] == ["4"]
    publish_chapter(made, busy.people["he"], "更正")
    assert value(compose(CHAPTER, this_year()), OPENED) == "4"


def test_a_draft_is_stamped_until_every_number_is_published(busy):
    made = compose(CHAPTER, this_year())
    assert chapter_paper(made, "云州市").stamp == "草稿"
    publish_chapter(made, busy.people["he"], "年度报告")
    paper = chapter_paper(compose(CHAPTER, this_year()), "云州市")
    assert paper.stamp == ""
    assert pdf(paper) == pdf(paper)
    text = "".join(page.text for page in read(pdf(paper)))
    digest = Snapshot.objects.filter(figure=OPENED).get().digest
    assert f"{digest[:4]}·{digest[-4:]}" in text
    assert b"word/document.xml" in docx(paper)


def test_a_chapter_asks_a_bounded_number_of_times(django_assert_max_num_queries, busy):
    for n in range(3):
        busy.approved(f"再多一件{n}", days_ago=1)
    with django_assert_max_num_queries(75):
        compose(CHAPTER, this_year(), busy.people["he"])


# -- the published years -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["guangzhou-2022", "shenzhen-2023"])
def test_a_replayed_year_shows_every_published_number_of_supervision(db, monkeypatch, name):
    """At thirty cases a volume here; in full it was run and looked at, see docs/coverage.md."""
    monkeypatch.setattr(volumes, "MOST", 30)
    monkeypatch.setattr(troupe, "BATCH", 10)
    years.replay(name, years.built(name, "supervision"))
    made = compose(CHAPTER, Span.year(report(name).year), today=date(2026, 1, 1))
    lines = [line for line in compare(name, "supervision") if line.published.figure]
    assert lines
    for line in lines:
        assert line.verdict == "equal" or line.scale == 1, line  # kinds do not shrink with the replay
        assert value(made, line.published.figure) == f"{line.computed:,}"
