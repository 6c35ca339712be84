"""The reader's notices: their own only, read by opening, written to as they wish; and webhooks for the system administrator."""

import pytest
from django.utils import timezone

from fadu.notify import hooks, reading, rounds
from fadu.notify.models import Delivery, Hook, Kind, Notice, Preference, Rhythm, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(city):
    """One approved matter: its letter has reached the water bureau."""
    reading.begin()
    case = city.approved(days_ago=1)
    rounds.tell_all()
    return Notice.objects.get(person=city.people["shen"], case=case)


def test_an_unread_notice_is_counted_in_the_side_bar_and_opens_its_matter(at, told):
    shen = at("shen")
    page = shen.get("/notices/").content.decode()
    assert "顾长川发出“督办单”" in page
    assert 'href="/notices/"' in page
    answer = shen.get(f"/notices/{told.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/supervision-item/{told.case_id}/"
    told.refresh_from_db()
    assert told.read_at is not None
    assert "没有未读的通知" in shen.get("/notices/").content.decode()
    assert "顾长川发出“督办单”" in shen.get("/notices/?all").content.decode()


def test_nobody_opens_or_reads_another_s_notices(at, told):
    he = at("he")
    assert he.get(f"/notices/{told.pk}/").status_code == 404
    he.post("/notices/read/", {"upto": str(told.pk)})
    told.refresh_from_db()
    assert told.read_at is None


def test_all_read_spares_what_came_in_since(at, city, told):
    newer = Notice.objects.create(
        person=city.people["shen"], case=told.case, kind=Kind.NOTE, mark="9", at=timezone.now()
    )
    at("shen").post("/notices/read/", {"upto": str(told.pk)})
    assert list(Notice.objects.filter(person=city.people["shen"], read_at=None)) == [newer]


def test_wishes_are_kept_and_a_wrong_time_is_said_at_its_field(at, city):
    shen = at("shen")
    kept = {"rhythm": "daily", "told": ["turn", "overdue"], "quiet_from": "20:00", "quiet_until": "07:30"}
    assert shen.post("/notices/settings/", kept).status_code == 302
    wish = Preference.objects.get(person=city.people["shen"])
    assert (wish.rhythm, wish.quiet_from.hour, wish.quiet_until.minute) == (Rhythm.DAILY, 20, 30)
    assert set(wish.muted) == set(Kind.values) - {"turn", "overdue"}
    answer = shen.post("/notices/settings/", {**kept, "quiet_from": "25:00"})
    assert answer.status_code == 422
    assert 'id="e-quiet_from"' in answer.content.decode()


def test_the_page_costs_the_same_however_many_notices(at, city, told, django_assert_num_queries):
    shen = at("shen")
    with django_assert_num_queries(5):
        shen.get("/notices/")
    rows = [
        Notice(person=city.people["shen"], case=told.case, kind=Kind.NOTE, mark=str(n), at=timezone.now())
        for n in range(60)
    ]
    Notice.objects.bulk_create(rows)
    with django_assert_num_queries(5):
        page = shen.get("/notices/").content.decode()
    assert page.count("data-row") == 50
    assert "before=" in page


@pytest.fixture
def keeper(city, at, settings):
    settings.FADU_WEBHOOK_HOSTS = ("hooks.example.gov.cn",)
    city.person("xi", "系统管理员", "yz-gov", "system_admin")
    return at("xi")


URL = "https://hooks.example.gov.cn/fadu"


def test_only_the_system_administrator_keeps_webhooks(at, keeper):
    assert at("he").get("/hooks/").status_code == 403
    assert at("audit").post("/hooks/", {"name": "甲"}).status_code == 403
    assert "对接系统" in keeper.get("/").content.decode()
    assert "对接系统" not in at("he").get("/").content.decode()


def test_a_webhook_s_key_is_shown_once_and_never_stored(keeper):
    answer = keeper.post("/hooks/", {"name": "月报系统", "url": URL, "person": "he", "procedure": ["supervision-item"]})
    assert answer.status_code == 201
    made = Hook.objects.get()
    assert hooks.secret(made) in answer.content.decode()
    assert hooks.secret(made) not in keeper.get("/hooks/").content.decode()
    assert made.salt not in hooks.secret(made)
    assert made.procedures == ["supervision-item"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "https://elsewhere.example.com/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"person": "nobody"}, "person"),
        ({"name": ""}, "name"),
    ],
)
def test_what_makes_no_webhook_is_said_at_its_field(keeper, given, field):
    answer = keeper.post("/hooks/", {"name": "月报系统", "url": URL, "person": "he", **given})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.content.decode()
    assert not Hook.objects.exists()


def test_a_delivery_given_up_is_in_sight_and_can_be_sent_again(keeper, city):
    made = hooks.make("月报系统", URL, city.people["he"], [], city.people["xi"])
    reading.begin()
    city.propose()
    rounds._told(list(city.propose().entries.all()))
    Delivery.objects.update(state=State.FAILED, error="HTTP 503")
    assert "HTTP 503" in keeper.get(f"/hooks/{made.pk}/?failed").content.decode()
    delivery = Delivery.objects.get()
    keeper.post(f"/hooks/{made.pk}/again/{delivery.pk}/")
    delivery.refresh_from_db()
    assert delivery.state == State.WAITING
    keeper.post(f"/hooks/{made.pk}/switch/")
    made.refresh_from_db()
    assert not made.is_active
