"""Accounts, posts and delegations at the desk: by the security administrator alone, never for themselves or another of the three."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from fadu.administration import people
from fadu.administration.models import AdministrationEntry
from fadu.units.models import Delegation, Person, Post
from fadu.units.posts import posts_of
from fadu.units.tokens import issue, token_of

pytestmark = pytest.mark.django_db
NEW = {"username": "NingYuan", "name": "宁远", "language": "zh-hans", "phone": "13800000000"}


def password_on(page: str) -> str:
    found = re.search(r'<code class="token">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def address(city: Any, username: str, rest: str = "") -> str:
    return f"/administration/people/{city.people[username].pk}/{rest}"


def test_only_the_security_administrator_writes_and_the_auditor_reads(client, at, city):
    assert client.get("/administration/people/").status_code == 302
    for username, read, write in (("sec", 200, 200), ("audit", 200, 403), ("sys", 403, 403), ("he", 403, 403)):
        for page in ("/administration/people/", "/administration/delegations/", "/administration/tokens/"):
            assert at(username).get(page).status_code == read, (username, page)
        assert at(username).get(address(city, "shen")).status_code == read
        for page in (
            "/administration/people/new/",
            address(city, "shen", "posts/new/"),
            address(city, "shen", "delegate/"),
        ):
            assert at(username).get(page).status_code == write, (username, page)
        if write == 403:
            assert at(username).post(address(city, "shen", "password/")).status_code == 403
            assert at(username).post(address(city, "shen", "close/")).status_code == 403


def test_a_new_account_has_a_one_time_password_shown_once_and_to_be_changed(at, city):
    answer = at("sec").post("/administration/people/new/", NEW)
    page = answer.content.decode()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    person = Person.objects.get(username="ningyuan")
    password = password_on(page)
    assert person.check_password(password)
    assert person.must_change_password
    again = at("sec").get(f"/administration/people/{person.pk}/").content.decode()
    assert password not in again
    assert password not in AdministrationEntry.objects.get().body
    assert NEW["phone"] not in AdministrationEntry.objects.get().body, "the record holds no private number"
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "ningyuan", "password": password})
    assert stranger.get("/")["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "he"}, "已存在"),
        ({"username": "a b"}, "#id_username"),
        ({"name": ""}, "必填"),
        ({"email": "x"}, "邮"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(at, wrong, words):
    answer = at("sec").post("/administration/people/new/", {**NEW, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Person.objects.filter(name="宁远").exists()


def test_a_post_is_given_and_ended_by_its_days(at, city):
    form = {
        "unit": "云州市住房和城乡建设局（yz-house）",
        "role": "unit_officer",
        "since": timezone.localdate().isoformat(),
    }
    assert at("sec").post(address(city, "shen", "posts/new/"), form).status_code == 302
    given = Post.objects.get(person=city.people["shen"], unit=city.units["yz-house"])
    assert given.key in {post.key for post in posts_of(city.people["shen"], timezone.localdate())}
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = at("sec").post(address(city, "shen", f"posts/{given.pk}/end/"), {"until": yesterday.isoformat()})
    assert answer.status_code == 422, "a post that began today cannot end yesterday"
    today = timezone.localdate().isoformat()
    assert at("sec").post(address(city, "shen", f"posts/{given.pk}/end/"), {"until": today}).status_code == 302
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert given.key not in {post.key for post in posts_of(city.people["shen"], tomorrow)}
    assert [entry.act for entry in AdministrationEntry.objects.all()] == ["end_post", "give_post"]


def test_no_administrators_post_is_given_on_the_desk(at, city):
    form = {"unit": "yz-gov", "role": "audit_admin", "since": timezone.localdate().isoformat()}
    assert at("sec").post(address(city, "shen", "posts/new/"), form).status_code == 422
    post = Post(person=city.people["shen"], unit=city.units["yz-gov"], role="system_admin", since=timezone.localdate())
    with pytest.raises(ValidationError, match="服务器"):
        people.give_post(city.people["sec"], post)
    assert not Post.objects.filter(person=city.people["shen"], role__endswith="_admin").exists()


@pytest.mark.parametrize("username", ["sec", "sys", "audit"])
@pytest.mark.parametrize("deed", ["close", "password", "factor"])
def test_no_administrator_keeps_the_account_of_another_or_their_own(at, city, username, deed):
    before = Person.objects.get(username=username)
    at("sec").post(address(city, username, f"{deed}/"))
    after = Person.objects.get(username=username)
    assert (after.password, after.is_active) == (before.password, True)
    assert not AdministrationEntry.objects.exists()


def test_resetting_a_password_ends_sessions_and_lets_tokens_rest(at, city):
    shen, (token, _) = at("shen"), issue(city.people["shen"], "月报")
    assert shen.get("/").status_code == 200
    page = at("sec").post(address(city, "shen", "password/")).content.decode()
    assert city.people["shen"].__class__.objects.get(username="shen").check_password(password_on(page))
    assert shen.get("/").status_code == 302
    assert token_of(token) is None


def test_a_closed_account_is_out_at_once_and_keeps_its_record(at, city):
    shen = at("shen")
    at("sec").post(address(city, "shen", "close/"))
    assert shen.get("/").status_code == 302
    assert "已停用" in at("sec").get("/administration/people/?state=closed").content.decode()
    page = at("sec").post(address(city, "shen", "reopen/")).content.decode()
    assert Person.objects.get(username="shen").check_password(password_on(page))


def test_a_lost_second_factor_is_removed(at, city):
    Authenticator.objects.create(user=city.people["shen"], type="totp", data={})
    assert "清除两步验证" in at("sec").get(address(city, "shen")).content.decode()
    at("sec").post(address(city, "shen", "factor/"))
    assert not Authenticator.objects.exists()
    assert AdministrationEntry.objects.get().act == "reset_factor"


def test_a_delegation_is_made_and_revoked_and_its_rules_hold(at, city):
    since, until = timezone.localdate(), timezone.localdate() + timedelta(days=5)
    form = {"deputy": "lin", "since": since.isoformat(), "until": until.isoformat(), "reason": "出差"}
    assert at("sec").post(address(city, "shen", "delegate/"), form).status_code == 302
    made = Delegation.objects.get()
    chain = at("sec").post(address(city, "lin", "delegate/"), {**form, "deputy": "he"})
    assert chain.status_code == 422
    assert "代理不得转委托" in chain.content.decode()
    later = (until + timedelta(days=30)).isoformat()
    themselves = at("sec").post(
        address(city, "shen", "delegate/"), {**form, "deputy": "shen", "since": later, "until": later}
    )
    assert "不能委托本人代理" in themselves.content.decode()
    assert "沈知远" in at("audit").get("/administration/delegations/").content.decode()
    at("sec").post(f"/administration/delegations/{made.pk}/revoke/")
    made.refresh_from_db()
    assert made.revoked == since


def test_a_token_is_revoked_for_its_person(at, city):
    token, row = issue(city.people["shen"], "月报取数")
    assert "月报取数" in at("audit").get("/administration/tokens/").content.decode()
    assert at("audit").post(f"/administration/tokens/{row.pk}/revoke/").status_code == 403
    at("sec").post(f"/administration/tokens/{row.pk}/revoke/")
    assert token_of(token) is None
    assert AdministrationEntry.objects.get().content["before"] == {"token": "月报取数"}


def test_people_are_found_by_name_unit_and_username(at, city):
    for text in ("沈", "shen", "水务"):
        page = at("sec").get(f"/administration/people/?q={text}").content.decode()
        assert "沈知远" in page, text
        assert "林晚舟" not in page
    assert "没有符合“火星”的人员" in at("sec").get("/administration/people/?q=火星").content.decode()


def test_the_logic_itself_asks_who_acts(city):
    with pytest.raises(PermissionDenied):
        people.reset_password(city.people["sys"], city.people["shen"])
    with pytest.raises(PermissionDenied):
        people.add(city.people["he"], Person(username="x", name="某"))


def test_the_pages_cost_the_same_however_many_people(at, city, cost):
    sec, addresses = at("sec"), ("/administration/people/", address(city, "shen"), "/administration/tokens/")
    before = [cost(sec, page) for page in addresses]
    for n in range(70):
        city.person(f"p{n}", f"张{n:02}", "yz-water", "unit_officer")
        issue(city.people["shen"], f"令牌{n}")
    assert [cost(sec, page) for page in addresses] == before
    assert max(before) < 9
    seen, page = list[str](), "/administration/people/"
    while page:
        answer = sec.get(page)
        seen += [one.username for one, _ in answer.context["rows"]]
        pager = answer.context["pager"]
        page = "/administration/people/" + pager["after"] if pager and pager["after"] else ""
    assert len(seen) == len(set(seen)) == Person.objects.filter(is_active=True).count()
