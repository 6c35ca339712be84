import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from fadu.units.models import Person


def test_an_id_is_a_whole_number(person):
    assert isinstance(person("li").pk, int)


@pytest.mark.parametrize("typed", ["WangFang", "ｗａｎｇｆａｎｇ", " wangfang "])
def test_a_username_has_one_spelling(person, typed):
    stored = person(typed)
    assert stored.username == "wangfang"
    assert Person.objects.get_by_natural_key("WANGFANG") == stored


def test_two_people_cannot_differ_by_capitals_alone(person):
    person("li")
    with pytest.raises(ValidationError):
        person("LI")
    other = person("zhao")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=other.pk).update(username="Zhao")


def test_nobody_signs_in_without_a_password(person):
    assert not person("li").has_usable_password()


def test_passwords_are_kept_with_argon2(person):
    assert identify_hasher(person("li", password="a quiet river 7").password).algorithm == "argon2"


def test_there_is_no_superuser():
    assert not hasattr(Person, "is_superuser")
    assert not hasattr(Person.objects, "create_superuser")


def test_the_name_is_shown(person):
    assert str(person("li", name="李梅")) == "李梅"


@pytest.mark.django_db
def test_the_migrations_match_the_models():
    call_command("makemigrations", "units", "--check", "--dry-run", verbosity=0)
