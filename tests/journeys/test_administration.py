"""The three administrators in the browser: a unit and a person, then a version drafted by one and published by another."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.administration import editions as keeping
from fadu.administration import faults
from fadu.cases import definitions
from fadu.cases.editions import look
from fadu.cases.models import Case
from fadu.units.models import Person
from tests.desk.city import City
from tests.journeys.desk import lasting_city, reading, sign_in
from tests.journeys.test_desk_looks import RULES

pytestmark = pytest.mark.journey
OWN = "a quiet river 77"


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    look.every = 0.0
    faults.forget()
    with lasting_city() as found:
        for username, role in (("sys", "system_admin"), ("sys2", "system_admin"), ("sec", "security_admin")):
            found.person(username, f"管理员{username}", "yz-gov", role)
        yield found
    look.every = None
    definitions.forget()


def test_a_unit_and_a_person_whose_password_is_their_own(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "sys")
        page.goto("/administration/units/new/")
        page.get_by_label("单位代码").fill("yz-sport")
        page.get_by_label("单位名称").fill("云州市体育局")
        page.get_by_label("类型").select_option(label="部门")
        page.get_by_label("上级单位").fill("yz")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("h1")).to_have_text("云州市体育局")
        sign_in(page, live_server.url, city, "sec")
        page.goto("/administration/people/new/")
        page.get_by_label("用户名").fill("ning")
        page.get_by_label("姓名").fill("宁远")
        page.get_by_role("button", name="保存").click()
        password = page.locator(".token").inner_text()
        page.get_by_role("link", name="授予岗位").click()
        page.get_by_label("单位").fill("yz-sport")
        page.get_by_label("角色").select_option(label="承办单位经办人")
        page.get_by_role("button", name="保存").click()
        expect(page.locator(".case .main")).to_contain_text("云州市体育局")
        page.context.clear_cookies()
        _signs_in_and_chooses_a_password(page, password)
    assert Person.objects.get(username="ning").check_password(OWN)


def _signs_in_and_chooses_a_password(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("ning")
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/password/change/")
    page.locator("#id_oldpassword").fill(password)
    page.locator("#id_password1").fill(OWN)
    page.locator("#id_password2").fill(OWN)
    page.locator("main form button").first.click()
    page.goto("/")
    expect(page.locator(".side .unit")).to_contain_text("云州市体育局")


def test_a_version_is_drafted_by_one_and_published_by_another(browser: Browser, live_server: LiveServer, city: City):
    running = Case.objects.filter(procedure="supervision-item", is_open=True).count()
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "sys")
        page.goto("/administration/definitions/supervision-item/")
        page.get_by_role("button", name="起草新版本").click()
        text = page.locator("#text-field").input_value()
        _saved(page, text.replace("ends_with: [file_plan]", "ends_with: [file_plans]"))
        expect(page.locator(".faults")).to_contain_text("'file_plans' is not defined here")
        _saved(page, text.replace("within: 5 workdays, from: sign", "within: 3 workdays, from: sign"))
        page.get_by_role("link", name="条文", exact=True).click()
        expect(page.locator(".law del").nth(1)).to_have_text("5")
        expect(page.locator(".turn")).to_contain_text("须由另一位系统管理员发布")
        draft = page.url
        sign_in(page, live_server.url, city, "sys2")
        page.goto(draft)
        page.get_by_label("批准文件").fill("云政办〔2026〕31号")
        page.get_by_role("button", name="发布 supervision-item@2").click()
        expect(page.get_by_role("status")).to_contain_text("已发布 supervision-item@2")
    new = city.propose(days_ago=0)
    assert definitions.procedure_of(new.definition_id).version == 2
    old = Case.objects.filter(procedure="supervision-item", is_open=True).exclude(pk=new.pk)
    assert old.count() == running
    assert {definitions.procedure_of(number).version for number in old.values_list("definition", flat=True)} == {1}


def _saved(page: Page, text: str) -> None:
    page.locator("#text-field").fill(text)
    page.get_by_role("button", name="保存并检查").click()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_of_the_administration_is_accessible_and_fits(
    browser: Browser, live_server: LiveServer, city: City, width: int, scheme: str
):
    made, he = keeping.draft(city.people["sys"], "procedure", "supervision-item"), city.people["he"]
    keeping.change(city.people["sys"], made, made.text.replace("5 workdays, from: sign", "3 workdays, from: sign"))
    rule, year = "/administration/rules/add/?procedure=supervision-item&what=", date.today().year
    pages = {
        "sys": ("units/", "units/new/", "units/yz-gov/", "tables/units/import/", "definitions/", "definitions/supervision-item/", "calendars/",
                "definitions/supervision-item/?as=text", "definitions/hand-in/", f"calendars/{year}/", "calendars/new/",
                "rules/add/", f"editions/{made.pk}/", f"editions/{made.pk}/?as=text", f"{rule}choice", f"{rule}place"),
        "sec": ("people/", "people/new/", f"people/{he.pk}/", f"people/{he.pk}/posts/new/", f"people/{he.pk}/delegate/",
                "delegations/", "tokens/", "tables/people/import/"),
        "audit": ("acts/", "sign-ins/", "exports/"),
    }  # fmt: skip
    found = []
    with reading(browser, live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for username, names in pages.items():
            sign_in(page, live_server.url, city, username)
            for name in names:
                page.goto(name if name.startswith("/") else f"/administration/{name}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [f"{name}: {wide} px wide"] if wide > width else []
                faulty = Axe().run(page, options=RULES).response["violations"]
                found += [f"{name}: {fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in faulty]
    assert found == []
