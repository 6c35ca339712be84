"""Ledgers page by key, count with a cap, and show the lights the kernel would show."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.cases import definitions
from fadu.cases.access import visible
from fadu.cases.listing import SORTS, Filters, Inbox, capped_counts, ledger, light_q, page
from fadu.cases.models import Case
from fadu.kernel.facts import CaseFacts
from fadu.kernel.lights import light_of
from fadu.kernel.state import State
from tests.cases.cast import World

ITEM = "supervision-item"


@pytest.fixture
def crowded(world: World) -> World:
    """Twenty-three matters; most share a due day with others, some have none."""
    for place in range(23):
        if place % 5 == 0:
            world.propose(f"事项{place}")
        else:
            world.approved(f"事项{place}", due=f"2026-10-{20 + place % 3}")
    return world


def walked(world: World, sort: str, size: int, *, backwards: bool = False) -> list[int]:
    rows = ledger(world.people["he"], ITEM, Filters(state="all"))
    found: list[int] = []
    part = page(rows, sort, size, before=beyond_the_last(rows, sort) if backwards else "")
    while True:
        keys = [row.pk for row in part.rows]
        found = keys + found if backwards else found + keys
        assert len(found) <= 23, "a page came twice"
        key = part.before if backwards else part.after
        if not key:
            return found
        part = page(rows, sort, size, **{"before" if backwards else "after": key})


def beyond_the_last(rows, sort: str) -> str:
    """A key behind every row, whichever way they are sorted."""
    if len(SORTS[sort]) == 1:
        return "0" if sort == "new" else str(10**17)
    return "1970-01-01T00:00:00+00:00~0" if sort.startswith("-") else "9999-06-01T00:00:00+00:00~9"


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 4, 50])
def test_pages_visit_every_row_once_in_order(crowded: World, sort: str, size: int):
    names = [name.lstrip("-") for name in SORTS[sort]]
    rows = Case.objects.filter(procedure=ITEM, parent=None)
    if "closed" in names:
        rows.update(is_open=False, closed=F("opened"))
    expected = [
        row.pk
        for row in sorted(
            rows, key=lambda row: [getattr(row, name) for name in names], reverse=SORTS[sort][0][0] == "-"
        )
    ]
    assert len(expected) == 23
    assert walked(crowded, sort, size) == expected
    assert walked(crowded, sort, size, backwards=True) == expected


def test_going_back_leads_to_the_page_one_came_from(crowded: World):
    rows = ledger(crowded.people["he"], ITEM, Filters())
    first = page(rows, size=5)
    second = page(rows, size=5, after=first.after)
    again = page(rows, size=5, before=second.before)
    assert (first.before, again.before) == ("", "")
    assert [row.pk for row in again.rows] == [row.pk for row in first.rows]
    assert page(rows, size=5, after=again.after).rows == second.rows


def test_rows_added_between_pages_move_no_other_row(crowded: World):
    before = set(Case.objects.values_list("pk", flat=True))
    rows, found, key = ledger(crowded.people["he"], ITEM, Filters()), [], ""
    while True:
        part = page(rows, size=4, after=key)
        found += [row.pk for row in part.rows]
        crowded.approved("新来的", due="2026-10-20")
        crowded.approved("新来的", due="2026-10-22")
        key = part.after
        if not key or len(found) > 200:
            break
    assert len(found) == len(set(found))
    assert before <= set(found)


@pytest.mark.parametrize(
    "key",
    ["x", "~", "~5", "2026-10-20~", "2026-10-20T00:00:00~5", "2026-13-45T00:00:00+00:00~5", "９~９", "9" * 40,
     "2026-10-20T00:00:00+00:00~" + "9" * 40, "0001-01-01T00:00:00+23:59~5", "9999-12-31T23:59:59-23:59~5", "\x00~1"],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["due", "new", "no such sort"])
def test_a_key_of_somebody_elses_making_never_fails(crowded: World, key: str, sort: str):
    rows = ledger(crowded.people["he"], ITEM, Filters())
    assert len(page(rows, sort, 50, after=key).rows) in (0, 23)
    assert len(page(rows, sort, 50, before=key).rows) in (0, 23)


def test_the_number_of_statements_does_not_depend_on_the_rows(world: World):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            part = page(ledger(world.people["he"], ITEM, Filters()), size=60)
            [(str(row), row.handling, row.unit, row.due, row.state["stage"]) for row in part.rows]
            Inbox.of(world.people["he"]).counts()
        return len(queries)

    world.approved()
    few = asked()
    for place in range(60):
        world.approved(f"事项{place}")
    assert asked() == few == 5


def test_filters_narrow_and_counts_stop_at_the_cap(crowded: World):
    he = crowded.people["he"]
    assert ledger(he, ITEM, Filters(stage="proposed")).count() == 5
    assert ledger(he, ITEM, Filters(unit="yz-water", state="all")).count() == 23
    assert ledger(he, ITEM, Filters(kind="deputies")).count() == 0
    assert ledger(he, ITEM, Filters(text="事项11")).count() == 1
    assert ledger(he, ITEM, Filters(state="closed")).count() == 0
    counts = {"all": visible(he), "proposed": visible(he).filter(stage="proposed"), "none": Case.objects.none()}
    assert capped_counts(counts) == {"all": 23, "proposed": 5, "none": 0}
    assert capped_counts(counts, cap=9) == {"all": 10, "proposed": 5, "none": 0}
    assert capped_counts({}) == {}
    assert capped_counts({"none": Case.objects.none()}) == {"none": 0}


def test_a_stranger_gets_empty_lists(crowded: World):
    stranger = crowded.people["mo"]
    assert page(ledger(stranger, ITEM, Filters(text="事项"))).rows == []
    assert set(Inbox.of(stranger).counts().values()) == {0}


def test_the_inbox_shows_what_is_mine_ours_late_and_waiting(world: World):
    world.set("2026-09-01T09:00")
    mine = world.underway("甲", due="2026-09-10")
    theirs = world.asked_to_close(matter="乙")
    world.set("2026-09-11T09:00")
    shen, he = Inbox.of(world.people["shen"]), Inbox.of(world.people["he"])
    assert list(shen.rows("mine")) == [mine]
    assert set(shen.rows("unit")) == {mine, theirs}
    assert list(shen.rows("overdue")) == [mine]
    assert list(shen.rows("week")) == [mine]
    assert list(shen.rows("waiting")) == [theirs]
    assert list(he.rows("mine")) == [theirs]
    assert list(he.rows("waiting")) == [mine]


@pytest.fixture
def coloured(world: World) -> World:
    """Matters in every stage, with days, moments, pauses and lateness among their dates."""
    world.set("2026-09-08T09:00")
    world.propose("甲")
    world.approved("乙", due="2026-09-10")
    world.approved("丙", due="2026-09-09T12:00", urgent=True)
    world.underway("丁", due="2026-10-09")
    world.underway("戊", due="2026-12-31")
    world.do(world.underway("己", due="2026-10-15"), "suspend", "gu", remark="等待批复")
    world.asked_to_close(matter="庚")
    world.struck_off(matter="辛")
    world.underway("壬", due="2026-09-30", co_units=["yz-parks"])
    return world


MOMENTS = st.integers(0, 120 * 24 * 60).map(lambda minutes: datetime(2026, 9, 8, 9, 0) + timedelta(minutes=minutes))
EDGES = st.sampled_from(
    [
        "2026-09-10T00:00",
        "2026-09-11T00:00",
        "2026-09-10T23:59",
        "2026-09-09T12:00",
        "2026-09-09T12:01",
        "2026-10-10T00:00",
    ]
).map(datetime.fromisoformat)


def lit(at: datetime) -> Iterator[tuple[str, set[int]]]:
    for light in ("red", "yellow", "green", "grey"):
        yield light, set(Case.objects.filter(light_q(light, at)).values_list("pk", flat=True))


@given(MOMENTS | EDGES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_light_filter_is_the_kernels_light_at_any_moment(coloured: World, at: datetime):
    with transaction.atomic():
        found = dict(lit(at))
        for case in Case.objects.filter(is_open=True):
            procedure = definitions.procedure_of(case.definition_id)
            facts = CaseFacts(procedure, State.from_json(case.state), at, definitions.calendar())
            shown = [light for light, rows in found.items() if case.pk in rows]
            assert shown == [light_of(procedure, facts)], (case.title, at)


def test_a_closed_case_shows_no_light(coloured: World):
    closed = Case.objects.get(is_open=False)
    assert all(closed.pk not in rows for _, rows in lit(datetime(2026, 12, 1)))
