"""What the auditor reads: administrative acts, sign-ins with their failures and lock-outs, exports. Nobody else, and nobody writes."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from fadu.administration import units
from fadu.exchange.models import ExportRecord
from fadu.units.models import SignIn, Unit
from tests.cases.tampering import sql
from tests.desk.city import PASSWORD, City

pytestmark = pytest.mark.django_db
PAGES = ("/administration/acts/", "/administration/sign-ins/", "/administration/exports/")


def sign_in(username: str, password: str, address: str = "10.1.2.3") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT="Kylin")
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def test_only_the_auditor_reads_and_nobody_writes(client, at):
    for page in PAGES:
        assert client.get(page).status_code == 302
        for username in ("sys", "sec", "he"):
            assert at(username).get(page).status_code == 403, (username, page)
        assert at("audit").get(page).status_code == 200
        assert at("audit").post(page).status_code == 405


def test_sign_ins_failures_and_lock_outs_are_written_with_time_and_address(at, city):
    sign_in("he", PASSWORD).post("/accounts/logout/")
    for _ in range(6):
        sign_in("shen", "wrong", "10.9.9.9")
    sign_in("nobody-here", "wrong")
    found = list(SignIn.objects.order_by("pk").values_list("what", "username", "address"))
    assert found[:2] == [("in", "he", "10.1.2.3"), ("out", "he", "10.1.2.3")]
    assert [what for what, username, _ in found if username == "shen"] == ["failed"] * 5 + ["locked"]
    assert found[-1] == ("failed", "nobody-here", "10.1.2.3")
    page = at("audit").get("/administration/sign-ins/").content.decode()
    assert "次数过多，已锁" in page
    assert "没有这个账号" in page
    narrowed = at("audit").get("/administration/sign-ins/?who=shen&act=locked&what=10.9").content.decode()
    assert narrowed.count("data-row") == 1


def test_the_door_book_holds_no_password(city):
    sign_in("he", PASSWORD)
    sign_in("he", "a wrong secret")
    assert not SignIn.objects.filter(username__contains="secret").exists()


def test_changing_ones_password_is_written(city):
    client = sign_in("he", PASSWORD)
    form = {"oldpassword": PASSWORD, "password1": "a quiet river 77", "password2": "a quiet river 77"}
    client.post("/accounts/password/change/", form)
    assert SignIn.objects.filter(what="password", person=city.people["he"]).exists()


def test_the_database_keeps_the_door_book(city):
    sign_in("he", PASSWORD)
    for statement in ("UPDATE units_signin SET what = 'in'", "DELETE FROM units_signin"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement)


def test_acts_are_narrowed_by_who_what_and_when_and_read_by_key(at, city):
    water = city.units["yz-water"]
    for n in range(60):
        water.name_zh = f"云州市水务局{n}"
        units.change(city.people["sys"], water)
    audit, seen, page = at("audit"), list[int](), "/administration/acts/"
    while page:
        answer = audit.get(page)
        seen += [line.seq for line in answer.context["lines"]]
        pager = answer.context["pager"]
        page = "/administration/acts/" + pager["after"] if pager and pager["after"] else ""
    assert seen == list(range(60, 0, -1))
    assert audit.get("/administration/acts/?act=close_unit").context["lines"] == []
    assert audit.get("/administration/acts/?who=sys&what=yz-water&since=2020-01-01").context["lines"]
    assert audit.get("/administration/acts/?until=2020-01-01").context["lines"] == []
    assert audit.get("/administration/acts/?since=yesterday").status_code == 200


def test_exports_name_who_took_what(at, city):
    ExportRecord.objects.create(
        person=city.people["he"], procedure="supervision-item", query="unit=yz-water", form="xlsx", rows=1234
    )
    page = at("audit").get("/administration/exports/").content.decode()
    for words in ("何以宁", "督办事项", "unit=yz-water", "1,234"):
        assert words in page, words


def test_the_pages_cost_the_same_however_long_the_books(at, city, cost):
    audit = at("audit")
    before = [cost(audit, page) for page in PAGES]
    for _ in range(5):
        sign_in("he", PASSWORD)
        units.close(city.people["sys"], _unit(city), city.people["sys"].posts.get().since)
    assert [cost(audit, page) for page in PAGES] == before
    assert max(before) <= 1


def _unit(city: City) -> Unit:
    code = f"yz-x{len(city.units)}"
    city.unit(code, code, "", "yz", "bureau")
    return city.units[code]
