from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fadu.units.models import Person

PASSWORD = "a quiet river 7"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def li(person):
    return person("li", password=PASSWORD, email="li@yunzhou.example")


def sign_in(client: Client, username: str = "li", password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": username, "password": password})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_username_and_password_open_the_desk(client, li):
    answer = sign_in(client, "LI")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert signed_in(client)


def test_an_email_address_is_no_username(client, li):
    sign_in(client, "li@yunzhou.example")
    assert not signed_in(client)


def test_a_closed_account_stays_out(client, li):
    Person.objects.update(is_active=False)
    sign_in(client)
    assert not signed_in(client)


def test_nobody_signs_up(client):
    form = {"username": "stranger", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), form)
    assert not Person.objects.exists()


def test_after_five_wrong_passwords_the_right_one_is_refused(client, li):
    for _ in range(5):
        sign_in(client, password="wrong")
    sign_in(client)
    assert not signed_in(client)


def test_the_lock_is_on_the_name_alone(client, li, person):
    person("wang", password=PASSWORD)
    for _ in range(6):
        sign_in(client, password="wrong")
    sign_in(client, "wang")
    assert signed_in(client)


def test_right_passwords_do_not_use_up_the_attempts(client, li):
    for _ in range(6):
        sign_in(client)
        client.logout()
    sign_in(client)
    assert signed_in(client)


def test_the_count_of_attempts_is_kept_in_the_database(client, li, django_assert_num_queries):
    with django_assert_num_queries(1):
        cache.get("allauth:probe")


def test_the_language_of_the_person_comes_with_the_sign_in(client, li):
    Person.objects.update(language="en")
    assert sign_in(client).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_a_given_password_is_changed_before_anything_else(client, li):
    Person.objects.update(must_change_password=True)
    sign_in(client)
    change = reverse("account_change_password")
    assert client.get(reverse("mfa_index")).headers["Location"] == change
    assert client.get(change).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


def test_changing_it_opens_the_rest(client, li):
    Person.objects.update(must_change_password=True)
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": "seven brown otters", "password2": "seven brown otters"}
    client.post(reverse("account_change_password"), form)
    li.refresh_from_db()
    assert not li.must_change_password
    assert client.get(reverse("mfa_index")).status_code == 200


def test_a_wrong_old_password_changes_nothing(client, li):
    Person.objects.update(must_change_password=True)
    sign_in(client)
    form = {"oldpassword": "wrong", "password1": "seven brown otters", "password2": "seven brown otters"}
    client.post(reverse("account_change_password"), form)
    li.refresh_from_db()
    assert li.must_change_password


@pytest.mark.parametrize("weak", ["short 7", "1234567890123", "password123", "limei-1989"])
def test_a_weak_password_is_refused(client, person, weak):
    person("limei-1989", password=PASSWORD)
    sign_in(client, "limei-1989")
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert Person.objects.get().check_password(PASSWORD)


def test_a_session_ends_after_a_working_day(client, li):
    sign_in(client)
    assert client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_date() <= timezone.now() + timedelta(hours=12)


def test_the_second_factor_is_set_up_with_a_picture_from_this_site(client, li):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.status_code == 200
    assert 'src="data:image/' in answer.content.decode()
