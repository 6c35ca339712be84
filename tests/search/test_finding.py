"""What somebody types finds what was written, on both databases."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fadu.cases.act import open_case
from fadu.cases.models import Case
from fadu.search.match import matching
from fadu.search.tokens import MOST, phrases, tokens
from tests.cases.cast import World

HERE: Any = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow], "deadline": None}


def found(query: str) -> set[int]:
    return set(matching(Case.objects.all(), query).values_list("pk", flat=True))


def titled(case: Case, title: str) -> None:
    """Written past the ledger, as quickly as the index allows: here only the index is looked at."""
    Case.objects.filter(pk=case.pk).update(title=title, tokens=tokens(title))


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("城区积水点整治", "积水"),
        ("城区积水点整治", "水点整"),
        ("城区积水点整治", "治"),
        ("城区积水点整治", "积水 城区"),
        ("城區積水點整治", "积水点"),
        ("城区积水点整治", "積水點"),
        ("乾隆碑修缮", "乾"),
        ("乾隆碑修缮", "乾隆"),
        ("乾燥剂抽检", "干燥"),
        ("推广 OpenData 平台", "opendata"),
        ("推广 OpenData 平台", "Open"),
        ("推广OpenData平台", "广opendata平台"),
        ("２０２６年民生实事", "2026年"),
        ("2026年民生实事", "２０２６年民生"),
        ("关于“找桩难”的督办", "“找桩难”"),
        ("关于“找桩难”的督办", "于“找桩"),
        ("一、二、三", "二"),
        ("𠮷林路改造", "𠮷"),
        ("𠮷林路改造", "𠮷林"),
        ("石𬒈村饮水", "𬒈村"),
    ],
)
def test_a_piece_finds_the_whole(world: World, title: str, query: str):
    case = world.propose(title)
    assert found(query) == {case.pk}


@pytest.mark.parametrize("query", ["水积", "整治城区", "penData", "2027", "积水点 公园"])
def test_what_is_not_there_is_not_found(world: World, query: str):
    world.propose("2026 城区积水点整治 OpenData")
    assert found(query) == set()


def test_a_number_finds_its_own_matter_and_not_its_neighbours(world: World):
    cases = [world.approved(f"事项{place}") for place in range(31)]
    assert cases[2].number == "督〔2026〕3号"
    for query in ("督〔2026〕3号", "督[2026]3号", "督〔２０２６〕３号", "督2026 3号", "〔2026〕3号"):
        assert found(query) == {cases[2].pk}, query
    assert found("督〔2026〕3") == {cases[2].pk, cases[29].pk, cases[30].pk}
    assert len(found("督〔2026〕")) == 31


def test_a_changed_text_is_found_by_its_new_words_only(world: World):
    case = world.underway("桥面维修")
    world.do(case, "report", "shen", progress="围挡已经立起")
    assert found("围挡") == {case.pk}
    world.do(case, "report", "shen", progress="路灯改造完成")
    assert (found("围挡"), found("路灯")) == (set(), {case.pk})


def test_private_fields_are_not_found(world: World):
    world.person("rou", "柔", "reception_officer@yz-gov")
    given = {"enterprise": {"name": "启明精密"}, "request": "厂房漏水", "received_by": "顾副市长", "consent": False}
    case = open_case("enterprise-reception", world.people["rou"], given, world.units["yz-gov"])
    assert found("顾副市长") == found(case.number) == {case.pk}
    assert found("厂房") == found("启明精密") == set()


def test_the_query_may_be_used_inside_another(world: World):
    """On PostgreSQL the inner table has another name; the words must be looked for there."""
    wanted, other = world.propose("城区积水点整治"), world.propose("桥面维修")
    inner = matching(Case.objects.all(), "积水")
    assert list(Case.objects.filter(pk__in=inner.values("pk")).values_list("pk", flat=True)) == [wanted.pk]
    assert set(Case.objects.exclude(pk__in=inner.values("pk")).values_list("pk", flat=True)) == {other.pk}


def test_a_text_of_every_length_is_stored(world: World):
    """PostgreSQL refuses a document vector beyond a megabyte; its later words are left out instead."""
    han = [chr(code) for code in range(0x4E00, 0x9FA0)]
    long = "".join(han[at % len(han)] + han[(at * 7 + at // len(han)) % len(han)] for at in range(25_000))
    case = world.underway()
    world.do(case, "report", "shen", progress=long)
    world.do(case, "suspend", "gu", remark="等待批复")
    assert len(tokens(long).split()) == MOST
    assert found("积水点") == {case.pk}
    assert found(long[100:104]) == {case.pk}
    assert found(long[15_000:15_009]) == {case.pk}


TYPED = st.one_of(
    st.text(max_size=30), st.text(alphabet="督〔〕0123456789*\"'()&|!:<->AND OR NEAR\x00^{}%_\\号", max_size=30)
)


@given(TYPED)
@settings(max_examples=150, **HERE)
def test_nothing_that_is_typed_fails(world: World, query: str):
    with transaction.atomic():
        assert found(query) == set()
        assert all(phrase for phrase in phrases(query))


WRITTEN = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF, categories=["Lo"]),
        st.characters(min_codepoint=0x20000, max_codepoint=0x3134A, categories=["Lo"]),
        st.sampled_from(list("乾著於後裡麵發臺督办积水点整治，。“”〔〕、 ABcd12３４ＡｂЖé㍿⼀・")),
    ),
    min_size=1,
    max_size=24,
)


@given(WRITTEN, st.data())
@settings(max_examples=250, **HERE)
def test_every_piece_of_a_title_finds_it(world: World, title: str, data: st.DataObject):
    """Pieces are cut anywhere but inside a Latin word, which is found by its beginning."""
    start = data.draw(st.integers(0, len(title) - 1))
    piece = title[start : data.draw(st.integers(start + 1, len(title)))]
    assume(phrases(piece))
    assume(not (start and _latin(title[start - 1]) and _latin(title[start])))
    with transaction.atomic():
        case = Case.objects.first() or world.propose()
        titled(case, title)
        assert case.pk in found(piece), (tokens(title), phrases(piece))


def _latin(character: str) -> bool:
    return any(token.isascii() for token in tokens(character).split())
