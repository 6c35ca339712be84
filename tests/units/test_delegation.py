from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fadu.units.models import Delegation

MAY = (date(2026, 5, 1), date(2026, 5, 31))
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture
def delegate(db):
    def make(absent, deputy, days=MAY, **fields):
        since, until = days
        return Delegation.objects.create(
            **{"absent": absent, "deputy": deputy, "since": since, "until": until, "reason": "出差", **fields}
        )

    return make


def test_nobody_deputises_for_themselves(person, delegate):
    li, wang = person("li"), person("wang")
    with pytest.raises(ValidationError, match="本人"):
        delegate(li, li)
    row = delegate(li, wang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=row.pk).update(deputy=li)


def test_it_ends_after_it_begins(person, delegate):
    with pytest.raises(ValidationError, match="不得早于"):
        delegate(person("li"), person("wang"), (date(2026, 5, 2), date(2026, 5, 1)))


@pytest.mark.parametrize("field", ["since", "until", "reason"])
def test_a_missing_field_is_named(person, delegate, field):
    with pytest.raises(ValidationError) as caught:
        delegate(person("li"), person("wang"), **{field: "" if field == "reason" else None})
    assert list(caught.value.message_dict) == [field]


def test_a_deputy_does_not_pass_it_on(person, delegate):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    delegate(li, wang)
    with pytest.raises(ValidationError) as caught:
        delegate(wang, zhao)
    assert list(caught.value.message_dict) == ["absent"]


def test_nor_is_work_given_to_somebody_who_gave_theirs_away(person, delegate):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    delegate(wang, zhao)
    with pytest.raises(ValidationError) as caught:
        delegate(li, wang, (MAY[1], JUNE[1]))
    assert list(caught.value.message_dict) == ["deputy"]


def test_two_people_cannot_stand_in_for_each_other(person, delegate):
    li, wang = person("li"), person("wang")
    delegate(li, wang)
    with pytest.raises(ValidationError):
        delegate(wang, li)


def test_at_another_time_the_deputy_may_be_absent_too(person, delegate):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    delegate(li, wang, MAY)
    delegate(wang, zhao, JUNE)
    assert [row.deputy for row in Delegation.on(date(2026, 6, 1))] == [zhao]


def test_a_revoked_one_leaves_room_from_its_day_on(person, delegate):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    delegate(li, wang).revoke(date(2026, 5, 10))
    with pytest.raises(ValidationError):
        delegate(wang, zhao, (date(2026, 5, 9), MAY[1]))
    delegate(wang, zhao, (date(2026, 5, 10), MAY[1]))


def test_taking_back_a_revocation_is_checked_again(person, delegate):
    li, wang, zhao = person("li"), person("wang"), person("zhao")
    first = delegate(li, wang)
    first.revoke(date(2026, 5, 1))
    delegate(wang, zhao)
    first.revoked = None
    with pytest.raises(ValidationError):
        first.save()


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrators_role_cannot_be_named(person, delegate, role):
    with pytest.raises(ValidationError, match=role):
        delegate(person("li"), person("wang"), roles=["unit_officer", role])


@pytest.mark.parametrize("roles", ["unit_officer", {"role": 1}, [1], ["Unit Officer"]])
def test_roles_are_a_list_of_role_keys(person, delegate, roles):
    with pytest.raises(ValidationError):
        delegate(person("li"), person("wang"), roles=roles)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 4, 30), False),
        (MAY[0], True),
        (date(2026, 5, 19), True),
        (date(2026, 5, 20), False),
        (JUNE[0], False),
    ],
)
def test_it_holds_from_its_first_day_to_the_day_before_it_is_revoked(person, delegate, day, holds):
    delegate(person("li"), person("wang")).revoke(date(2026, 5, 20))
    assert Delegation.on(day).exists() is holds


def test_its_last_day_is_included(person, delegate):
    delegate(person("li"), person("wang"))
    assert Delegation.on(MAY[1]).exists()
