from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fadu.units.models import Post
from fadu.units.roles import ADMINISTRATORS

PAIRS = [(one, other) for one in ADMINISTRATORS for other in ADMINISTRATORS if one != other]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nobody_holds_two_of_the_three(person, post, one, other):
    li = person("li")
    post(li, one)
    with pytest.raises(ValidationError, match="三员互斥"):
        post(li, other)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_database_refuses_it_past_the_model(person, post, water, one, other):
    li = person("li")
    post(li, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.bulk_create([Post(person=li, unit=water, role=other, since=date(2026, 1, 1))])


def test_nor_one_after_the_other(person, post):
    li = person("li")
    post(li, "system_admin", until=date(2026, 6, 30))
    with pytest.raises(ValidationError, match="三员互斥"):
        post(li, "audit_admin", since=date(2027, 1, 1))


def test_a_post_cannot_turn_into_a_second_administrators(person, post):
    li = person("li")
    post(li, "system_admin")
    officer = post(li)
    officer.role = "audit_admin"
    with pytest.raises(ValidationError, match="三员互斥"):
        officer.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=officer.pk).update(role="audit_admin")


def test_three_people_hold_the_three(person, post):
    for role in ADMINISTRATORS:
        post(person(role.replace("_", "-")), role)
    assert Post.objects.filter(role__in=ADMINISTRATORS).count() == 3


def test_other_posts_may_be_many(person, post):
    li = person("li")
    post(li, "unit_officer")
    post(li, "unit_head")
    post(li, "system_admin")
    assert li.posts.count() == 3
