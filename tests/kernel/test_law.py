"""Why a rule holds: citations with their tag, texts in two languages, the shared book."""

import pytest

from fadu.kernel.book import load_book
from fadu.kernel.law import Citation, Text, parse_citations, severity_of
from fadu.kernel.source import DefinitionError, Source
from tests.kernel.small import BOOK


@pytest.mark.parametrize(
    "text", ["GKI 33 (V)", "MAJOR 22-23 (V)", "GKI-FEE 3-5 (S)", "GKI 36(3) (V)", "practice (P)", "DEP 24/36 (V)"]
)
def test_a_citation_is_written_as_it_was_read(text: str) -> None:
    assert str(Citation.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "GKI 33", "33 (V)", "GKI 33 (X)", "GKI 33(V)", "GKI 33 (V) x", "《条例》33 (V)", "GKI art. 3 (V)"]
)
def test_what_is_no_citation_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match="not a citation such as 'GKI 33"):
        parse_citations(text)


@pytest.mark.parametrize(
    ("cites", "severity"),
    [
        ("GKI 1 (V)", "block"),
        ("GKI 1 (S)", "block"),
        ("BOOK 1 (I)", "block"),
        ("practice (P); GKI 1 (V)", "block"),
        ("Jinan 1 (L)", "warn"),
        ("practice (P)", "warn"),
        ("TRI (U)", "warn"),
        ("practice (P); Jinan 1 (L)", "warn"),
    ],
)
def test_a_verified_source_blocks_and_the_others_warn(cites: str, severity: str) -> None:
    assert severity_of(parse_citations(cites)) == severity


def test_a_text_is_chinese_and_english() -> None:
    text = Text.parse("督办事项 | Supervised item")
    assert (text.in_("zh-hans"), text.in_("en"), text.in_("en-gb"), str(text)) == (
        "督办事项",
        "Supervised item",
        "Supervised item",
        "督办事项",
    )
    assert Text.parse("一种").en == "一种"


def test_the_book_says_an_article_in_words() -> None:
    assert BOOK.words(Citation.parse("ACT 33 (V)")) == "《某法》第33条"
    assert BOOK.words(Citation.parse("ACT 33 (V)"), "en") == "The Act, art. 33"
    assert BOOK.words(Citation.parse("practice (P)")) == "行政惯例"
    assert BOOK.words(Citation.parse("NEW 1 (V)")) == "NEW 1 (V)"


def test_a_remedy_without_its_article_is_a_fault_of_the_book() -> None:
    with pytest.raises(DefinitionError, match=r"laws.yaml:1: remedy: court"):
        load_book(Source("laws.yaml").read("remedies: {court: {text: 起诉 | Sue}}"))
