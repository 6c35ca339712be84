"""One predicate decides who sees a case, in every list, count and search, as an independent reading of the rules does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.cases.access import may_see, visible
from fadu.cases.listing import Filters, Inbox, capped_counts, ledger, page
from fadu.cases.models import Case
from fadu.search.match import matching
from fadu.units.models import Delegation, Person, Post
from tests.cases import oracle
from tests.cases.cast import World

TODAY = date(2026, 9, 30)
LONG_AGO, LATER = date(2020, 1, 1), date(2030, 1, 1)


@pytest.fixture
def busy(world: World) -> World:
    """Cases of every kind: proposed, assigned with co-units, returned to another unit, being struck off, closed."""
    world.set("2026-09-11T09:00")
    world.propose("城区事项甲")
    shared = world.underway("城区事项乙", co_units=["yz-parks", "yz-roads"])
    world.do(shared, "report", "shen", progress="开工")
    returned = world.approved("城区事项丙")
    world.do(returned, "return_it", "shen", return_reason="不属于本局职责", suggested_unit="yz-roads")
    world.do(returned, "reassign", "he", lead_unit="yz-parks")
    world.approving(matter="城区事项丁")
    world.struck_off(matter="城区事项戊")
    district = world.propose("城区事项己", by="feng", unit="yd-gov", lead_unit="yd-water", co_units=["yz-water"])
    world.do(district, "approve", "bai", due="2026-10-30")
    world.set("2026-09-30T09:00")
    return world


def listed(person: Person, **filters: Any) -> set[int]:
    found = set()
    for procedure in ("supervision-item", "co-handling", "appeal"):
        rows = ledger(person, procedure, Filters(state="all", roots_only=False, **filters))
        key = ""
        while True:
            part = page(rows, size=3, after=key)
            found |= {row.pk for row in part.rows}
            key = part.after
            if not key:
                break
    return found


def agree(person: Person) -> None:
    """Every way to a case shows this person the same cases."""
    expected = {case.pk for case in Case.objects.all() if oracle.sees(person, case, TODAY)}
    assert set(visible(person).values_list("pk", flat=True)) == expected
    assert {case.pk for case in Case.objects.all() if may_see(person, case)} == expected
    assert listed(person) == expected
    assert listed(person, text="城区") == expected
    assert set(matching(visible(person), "事项").values_list("pk", flat=True)) == expected
    assert capped_counts({"all": visible(person)}) == {"all": len(expected)}
    box = Inbox.of(person)
    tabs = ("mine", "unit", "overdue", "week", "waiting")
    shown = {tab: set(box.rows(tab).values_list("pk", flat=True)) for tab in tabs}
    assert all(rows <= expected for rows in shown.values()), shown
    assert box.counts() == {tab: len(rows) for tab, rows in shown.items()}


def test_everybody_of_the_cast_sees_what_the_rules_say(busy: World):
    for person in busy.people.values():
        agree(person)


def test_what_the_rules_say_in_plain_words(busy: World):
    seen = {name: visible(person).count() for name, person in busy.people.items()}
    roots = Case.objects.filter(parent=None, government__code="yz").count()
    assert seen["gu"] == seen["zhou"] == roots == 5
    assert seen["he"] == seen["luo"] == 7  # and the two parts that the supervision section opened with 乙
    assert seen["feng"] == seen["bai"] == 2
    assert [seen[name] for name in ("mo", "xi", "an", "shi")] == [0, 0, 0, 0]
    assert seen["hai"] == 2  # the district's matter, and the part in it that asks back to the lead unit
    # Roads: its own part of 乙 and 乙 itself, and 丙, which was to become theirs.
    assert seen["qin"] == 3


def test_an_administrator_sees_no_case_of_the_unit_they_sit_in(busy: World):
    for name in ("xi", "an", "shi"):
        box = Inbox.of(busy.people[name])
        assert box.counts() == dict.fromkeys(("mine", "unit", "overdue", "week", "waiting"), 0)


def test_an_expired_post_a_revoked_delegation_a_closed_account_see_nothing(busy: World):
    busy.person("old", "前任", "supervision_officer@yz-sup", since=LONG_AGO, until=TODAY - timedelta(days=1))
    busy.person("new", "后任", "supervision_officer@yz-sup", since=TODAY + timedelta(days=1))
    busy.person("gone", "离职", "supervision_officer@yz-sup", since=LONG_AGO)
    Person.objects.filter(pk=busy.people["gone"].pk).update(is_active=False)
    row = busy.delegate("he", "mo", TODAY - timedelta(days=5), TODAY + timedelta(days=5))
    deputy = busy.people["mo"]
    assert visible(deputy).count() == 7
    row.revoke(TODAY)
    busy.people["gone"].refresh_from_db()
    for name in ("old", "new", "gone", "mo"):
        assert not visible(busy.people[name]).exists(), name
        agree(busy.people[name])


def test_who_stands_in_sees_what_the_absent_sees(busy: World):
    busy.delegate("shen", "mo", TODAY, TODAY)
    assert set(visible(busy.people["mo"])) == set(visible(busy.people["shen"]))


ROLES = ["supervision_officer", "leader", "chief", "unit_officer", "recorder", "legality_reviewer", "system_admin"]
UNITS = ["yz", "yz-gov", "yz-sup", "yz-water", "yz-parks", "yz-roads", "yd", "yd-gov", "yd-water"]
DAYS = st.sampled_from([LONG_AGO, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), LATER])
NAMES = ["he", "gu", "shen", "lin", "hai", "mo", "xi"]


@st.composite
def post(draw: st.DrawFn) -> tuple[str, str, str, date, date | None]:
    since, until = draw(DAYS), draw(st.none() | DAYS)
    until = None if until is not None and until < since else until
    return draw(st.sampled_from(NAMES)), draw(st.sampled_from(ROLES)), draw(st.sampled_from(UNITS)), since, until


@st.composite
def delegation(draw: st.DrawFn) -> tuple[str, str, date, date, date | None, list[str]]:
    absent, deputy = draw(st.permutations(NAMES))[:2]
    since, until = sorted((draw(DAYS), draw(DAYS)))
    roles = draw(st.lists(st.sampled_from(ROLES[:-1]), max_size=2, unique=True))
    return absent, deputy, since, until, draw(st.none() | DAYS), roles


@given(
    posts=st.lists(post(), max_size=8),
    delegations=st.lists(delegation(), max_size=4),
    closed=st.sets(st.sampled_from(NAMES), max_size=2),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_posts_and_delegations_open_what_the_rules_say(busy: World, posts, delegations, closed):
    """The rows are written past their own checks: whatever stands there, the predicate and the rules agree."""
    with transaction.atomic():
        Post.objects.all().delete()
        made = [
            Post(person=busy.people[name], role=role, unit=busy.units[unit], since=since, until=until)
            for name, role, unit, since, until in posts
        ]
        Post.objects.bulk_create(made, ignore_conflicts=True)
        rows = [
            Delegation(
                absent=busy.people[a], deputy=busy.people[d], since=s, until=u, revoked=r, roles=roles, reason=""
            )
            for a, d, s, u, r, roles in delegations
        ]
        Delegation.objects.bulk_create(rows)
        Person.objects.filter(username__in=closed).update(is_active=False)
        for person in Person.objects.filter(username__in=NAMES):
            agree(person)
        transaction.set_rollback(True)


def test_a_matter_of_the_district_stays_in_the_district(busy: World):
    case = Case.objects.get(government__code="yd", parent=None)
    assert [name for name, person in sorted(busy.people.items()) if may_see(person, case)] == [
        "bai", "feng", "hai", "shen", "tao",
    ]  # fmt: skip
