from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fadu.units.models import Delegation, Person
from fadu.units.posts import HeldPost, posts_of

DAY = date(2026, 5, 6)


def delegate(absent: Person, deputy: Person, **fields: Any) -> Delegation:
    return Delegation.objects.create(absent=absent, deputy=deputy, since=DAY, until=DAY, reason="出差", **fields)


def keys(held: tuple[HeldPost, ...]) -> list[tuple[str, str | None]]:
    return [(each.key, each.delegated_from.username if each.delegated_from else None) for each in held]


def test_own_posts_come_first_then_those_of_the_absent(person, post):
    li, wang = person("li"), person("wang")
    post(li, "leader")
    post(wang, "unit_officer")
    delegate(li, wang)
    assert keys(posts_of(wang, DAY)) == [("unit_officer@yz-water", None), ("leader@yz-water", "li")]


def test_the_absent_keep_their_own(person, post):
    li, wang = person("li"), person("wang")
    post(li, "leader")
    delegate(li, wang)
    assert keys(posts_of(li, DAY)) == [("leader@yz-water", None)]


@pytest.mark.parametrize(
    ("on", "held"),
    [(date(2025, 12, 31), 0), (date(2026, 1, 1), 1), (date(2026, 6, 30), 1), (date(2026, 7, 1), 0)],
)
def test_first_and_last_day_of_a_post_are_included(person, post, on, held):
    li = person("li")
    post(li, until=date(2026, 6, 30))
    assert len(posts_of(li, on)) == held


def test_the_day_after_the_delegation_nothing_is_lent(person, post):
    li, wang = person("li"), person("wang")
    post(li)
    delegate(li, wang)
    assert posts_of(wang, date(2026, 5, 7)) == ()


def test_only_the_named_roles_are_lent(person, post):
    li, wang = person("li"), person("wang")
    post(li, "leader")
    post(li, "unit_head")
    delegate(li, wang, roles=["unit_head"])
    assert keys(posts_of(wang, DAY)) == [("unit_head@yz-water", "li")]


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrators_post_is_never_lent(person, post, role):
    li, wang = person("li"), person("wang")
    post(li, role)
    post(li, "leader")
    delegate(li, wang)
    assert keys(posts_of(wang, DAY)) == [("leader@yz-water", "li")]


def test_what_was_lent_is_not_lent_on_even_when_the_rows_say_so(person, post):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    post(li, "leader")
    row = {"since": DAY, "until": DAY, "reason": "绕过检查"}
    Delegation.objects.bulk_create(
        [Delegation(absent=li, deputy=wang, **row), Delegation(absent=wang, deputy=zhao, **row)]
    )
    assert posts_of(zhao, DAY) == ()


def test_a_closed_account_holds_nothing(person, post):
    li, wang = person("li"), person("wang")
    post(li)
    post(wang)
    delegate(li, wang)
    wang.is_active = False
    assert posts_of(wang, DAY) == ()


def test_one_query_however_many_posts_and_absent_people(person, post, unit, django_assert_num_queries):
    wang = person("wang")
    for number in range(4):
        absent = person(f"absent{number}")
        post(absent, unit=unit(f"bureau{number}"))
        delegate(absent, wang)
    with django_assert_num_queries(1):
        assert len({(each.key, each.unit.name_zh, str(each.delegated_from)) for each in posts_of(wang, DAY)}) == 4


def test_a_post_lent_by_two_delegations_is_held_once(person, post):
    li, wang = person("li"), person("wang")
    post(li, "leader")
    delegate(li, wang)
    delegate(li, wang, roles=["leader"])
    assert keys(posts_of(wang, DAY)) == [("leader@yz-water", "li")]


def test_one_person_may_stand_in_for_another_twice_with_different_roles(person, post):
    li, wang = person("li"), person("wang")
    post(li, "leader")
    post(li, "unit_head")
    delegate(li, wang, roles=["unit_head"])
    delegate(li, wang, roles=["leader"])
    assert sorted(keys(posts_of(wang, DAY))) == [("leader@yz-water", "li"), ("unit_head@yz-water", "li")]


def test_the_same_post_is_not_recorded_twice(person, post):
    li = person("li")
    post(li)
    with pytest.raises(ValidationError, match="已登记"):
        post(li)


@pytest.mark.parametrize("role", ["", "Leader", "leader@yz", "领导", "leader-x"])
def test_a_role_that_would_break_a_turn_is_refused(person, post, role):
    with pytest.raises(ValidationError) as caught:
        post(person("li"), role)
    assert "role" in caught.value.message_dict


def test_a_post_ends_after_it_begins(person, post):
    with pytest.raises(ValidationError, match="不得早于"):
        post(person("li"), until=date(2025, 12, 31))
