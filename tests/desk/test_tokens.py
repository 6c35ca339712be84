"""API tokens on the page about oneself: made and shown once, listed with their last use, revoked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fadu.units.models import ApiToken
from fadu.units.tokens import issue, token_of

pytestmark = pytest.mark.django_db


def owner(token: str) -> str:
    row = token_of(token)
    return row.person.username if row else ""


def test_strangers_and_reading_make_and_revoke_nothing(client, at, city):
    _, row = issue(city.people["he"], "月报")
    for address in ("/me/tokens/", f"/me/tokens/{row.pk}/revoke/"):
        assert client.post(address, {"name": "甲", "days": "5"}).status_code == 302
        assert at("he").get(address).status_code == 405
    assert ApiToken.objects.get().revoked is None


def test_a_token_is_shown_once_and_opens_the_api(at, city):
    he = at("he")
    answer = he.post("/me/tokens/", {"name": "台账同步", "days": "30"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    (token,) = re.findall(r'<code class="token">(fadu_[\w-]+)</code>', answer.content.decode())
    assert ApiToken.objects.get().expires == timezone.localdate() + timedelta(days=30)
    assert "没有用过" in answer.content.decode()
    assert owner(token) == "he"
    page = he.get("/me/").content.decode()
    assert "台账同步" in page
    assert token not in page
    assert "没有用过" not in page  # it was just used


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "", "days": "30"}, "name"),
        ({"name": "长" * 101, "days": "30"}, "name"),
        ({"name": "甲", "days": "0"}, "days"),
        ({"name": "甲", "days": "367"}, "days"),
        ({"name": "甲", "days": "很久"}, "days"),
        ({"name": "甲"}, "days"),
    ],
)
def test_what_makes_no_token_is_said_at_its_field(at, given, field):
    answer = at("he").post("/me/tokens/", given)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing_and_leaves_the_list(at, city):
    token, row = issue(city.people["he"], "旧程序")
    page = at("he").post(f"/me/tokens/{row.pk}/revoke/", follow=True).content.decode()
    assert "令牌“旧程序”已废止" in page
    assert owner(token) == ""
    assert "旧程序" not in at("he").get("/me/").content.decode()


def test_nobody_sees_or_revokes_a_token_of_somebody_else(at, city):
    token, row = issue(city.people["he"], "台账同步")
    shen = at("shen")
    assert "台账同步" not in shen.get("/me/").content.decode()
    assert shen.post(f"/me/tokens/{row.pk}/revoke/").status_code == 404
    assert owner(token) == "he"


def test_the_page_costs_the_same_however_many_tokens(at, city, django_assert_num_queries):
    he = at("he")
    issue(city.people["he"], "一")
    he.get("/me/")
    with django_assert_num_queries(5):
        he.get("/me/")
    for n in range(5):
        issue(city.people["he"], f"令牌{n}")
    with django_assert_num_queries(5):
        he.get("/me/")


def test_a_token_may_be_narrowed_to_reading_and_to_some_ledgers(at):
    he = at("he")
    given = {"name": "大屏", "days": "30", "scope": "read", "procedure": ["supervision-item", "nonsense"]}
    assert he.post("/me/tokens/", given).status_code == 201
    row = ApiToken.objects.get()
    assert (row.scope, row.procedures) == ("read", ["supervision-item"])
    assert "只读" in he.get("/me/").content.decode()
