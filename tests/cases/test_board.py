"""The board counts what the lists show, and each of its parts adds up to the whole."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from fadu.cases.act import act
from fadu.cases.board import Load, Scope, board, first, late, weeks
from fadu.cases.listing import LIGHTS, light_q
from fadu.cases.models import Case
from fadu.cases.moments import now
from tests.desk.city import City, build, fill

pytestmark = pytest.mark.django_db
ITEM = "supervision-item"
SCOPE = Scope("yz", (ITEM, "co-handling"))


@pytest.fixture
def city() -> City:
    built = build()
    fill(built)
    return built


def together(loads: list[Load]) -> Load:
    whole = Load()
    for load in loads:
        whole.add(load)
    return whole


def test_every_way_of_counting_adds_up_to_the_whole(city):
    found = board(SCOPE, now())
    assert found.total.open == Case.objects.filter(is_open=True).count()
    for parts in (found.procedures, found.kinds, found.units):
        assert together(list(parts.values())) == found.total


@pytest.mark.parametrize("light", LIGHTS)
def test_a_light_is_counted_as_the_lists_show_it(city, light):
    found = board(SCOPE, now()).total
    name = {"yellow": "amber"}.get(light, light)
    assert getattr(found, name) == Case.objects.filter(light_q(light, now())).count() > 0


def test_a_scope_is_narrowed_to_a_kind_a_unit_or_none(city):
    for unit, kind in (("yz-water", None), (None, "meeting"), ("yz-house", "meeting"), ("", None), (None, "")):
        rows = Case.objects.filter(is_open=True)
        rows = rows if unit is None else rows.filter(handling__code=unit) if unit else rows.filter(handling=None)
        rows = rows if kind is None else rows.filter(kind=kind)
        found = board(Scope("yz", (ITEM, "co-handling"), kind, unit), now())
        assert found.total.open == rows.count(), (unit, kind)


def test_another_government_is_another_board(city):
    assert board(Scope("elsewhere", (ITEM,)), now()).total.open == 0


def test_what_has_been_late_longest_comes_first(city):
    found = late(SCOPE, now(), 3)
    red = Case.objects.filter(light_q("red", now())).order_by("red_at", "pk")
    assert [case.pk for case in found] == [case.pk for case in red[:3]]
    assert board(SCOPE, now()).total.since == found[0].red_at


def test_first_rows_of_several_questions_are_in_one_order(city):
    parts = [Case.objects.filter(procedure=key) for key in (ITEM, "co-handling")]
    assert [case.pk for case in first(parts, ("-opened", "-pk"), 4)] == [
        case.pk for case in Case.objects.order_by("-opened", "-pk")[:4]
    ]
    assert first([], ("red_at", "pk"), 4) == []
    assert first([Case.objects.none()], ("red_at", "pk"), 4) == []


def test_a_week_counts_what_came_what_went_and_what_turned_late(city):
    case = city.signed("本周办结", 28)
    act(case, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    act(case, "verify", city.people["he"], {"verified_how": "papers", "remark": "齐全"})
    act(case, "strike_off", city.people["gu"], {"outcome": "done"})
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [today - timedelta(days=35), today - timedelta(days=14), today]
    ever, lately, this = weeks(SCOPE, starts, now() + timedelta(minutes=1))
    assert (this.closed, lately.closed) == (1, 0)
    assert ever.opened + lately.opened + this.opened == Case.objects.count()
    assert ever.turned_red + lately.turned_red + this.turned_red == board(SCOPE, now()).total.red
    assert [each.start for each in (ever, lately, this)] == starts


def plan(found: CaptureQueriesContext) -> str:
    sql = found.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the planner of PostgreSQL decides by size")
def test_counts_read_indexes_alone(city):
    moment, asked = now(), dict[str, list[str]]()
    questions: dict[str, Callable[[], object]] = {
        "board": lambda: board(SCOPE, moment),
        "late": lambda: late(SCOPE, moment, 3),
        "weeks": lambda: weeks(SCOPE, [datetime(2026, 1, 5), datetime(2026, 1, 12)], moment),
    }
    for name, ask in questions.items():
        with CaptureQueriesContext(connection) as found:
            ask()
        asked[name] = [line for line in plan(found).splitlines() if line.startswith("SEARCH cases_case")]
        assert asked[name], name
        assert all("COVERING INDEX" in line for line in asked[name]), asked[name]


def test_one_statement_whatever_there_is(city, django_assert_num_queries):
    Case.objects.update(kind=F("kind"))
    for ask in (lambda: board(SCOPE, now()), lambda: weeks(SCOPE, [now()], now())):
        with django_assert_num_queries(1):
            ask()
