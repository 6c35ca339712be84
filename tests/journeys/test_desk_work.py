"""Working in the desk: with the keyboard alone, without script, and with a form that is left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.cases.act import act
from tests.desk.city import PASSWORD, City
from tests.journeys.desk import case_titled, lasting_city, reading, sign_in

pytestmark = pytest.mark.journey


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        yield found


def test_the_keyboard_alone_goes_from_the_inbox_to_a_recorded_step(
    browser: Browser, live_server: LiveServer, city: City
):
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "shen")
        page.goto("/?tab=unit")
        second = page.locator("[data-row]").nth(1)
        page.keyboard.press("j")
        expect(second).to_have_attribute("aria-current", "true")
        expect(page.locator("#peek h2")).to_have_text(second.locator("a.t").inner_text())  # the preview follows
        page.keyboard.press("Enter")
        expect(page.locator(".case h1")).to_be_visible()
        page.wait_for_load_state()  # keys are there once the page is
        page.keyboard.press("e")
        page.wait_for_url("**/do/*/")
        page.keyboard.press("g")
        page.keyboard.press("i")
        page.wait_for_url(f"{live_server.url}/")
        page.keyboard.press("/")
        page.keyboard.type("e整治")  # single keys are off inside a field
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=*")


def test_help_opens_and_single_keys_can_be_switched_off(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/supervision-item/")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.locator("[data-keys]").uncheck()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()


def test_picked_rows_make_a_narrower_ledger(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/supervision-item/")
        for key in ("j", "x", "j", "x"):
            page.keyboard.press(key)
        expect(page.locator("[data-picked] b")).to_have_text("2")
        page.get_by_role("button", name="只看所选").click()
        expect(page.locator("[data-row]")).to_have_count(2)


def test_many_are_signed_for_with_the_keyboard_alone(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "lin")
        page.goto("/")
        rows = page.locator("[data-row]")
        expect(rows).to_have_count(4)  # three matters and a part of one: two procedures, the same form
        bar = page.locator("[data-picked]")
        expect(bar).to_be_hidden()
        for key in ("x", "j", "j", "j", "Shift+X"):
            page.keyboard.press(key)
        expect(bar.locator("b")).to_have_text("4")
        bar.get_by_role("button", name="签收").press("Enter")
        expect(page.locator("[name=pick]:checked")).to_have_count(4)
        page.wait_for_load_state()  # keys are there once the page is
        page.keyboard.press("e")
        expect(page.get_by_role("status")).to_contain_text("签收：4 项全部办成")
        page.wait_for_load_state()  # keys are there once the page is
        page.keyboard.press("e")
        page.wait_for_url(f"{live_server.url}/")
        expect(page.locator("[data-row] .do", has_text="请签收")).to_have_count(0)


def test_rows_are_picked_and_done_without_script(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, java_script_enabled=False) as page:
        sign_in(page, live_server.url, city, "lin")
        page.goto("/")
        page.locator("[name=pick]").first.check()
        page.locator("[data-picked]").get_by_role("button", name="签收").click()
        page.get_by_role("button", name="签收").click()
        expect(page.get_by_role("status")).to_contain_text("签收：1 项全部办成")
        page.get_by_role("link", name="快捷键").click()
        expect(page.get_by_role("heading", name="键盘快捷键")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_leader_finds_what_is_late_and_reaches_its_case_in_two_clicks(
    browser: Browser, live_server: LiveServer, city: City, width: int
):
    with reading(browser, live_server.url, viewport={"width": width, "height": 900}) as page:
        sign_in(page, live_server.url, city, "gu")
        page.goto("/")
        page.get_by_role("link", name="领导视图").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("逾期 1 项")
        late = page.locator("#late tbody tr")
        expect(late).to_have_count(1)
        title = late.locator("a.t").inner_text()
        page.locator("#units th a").first.click()  # the unit with the most that is late
        expect(page.get_by_role("heading", level=1)).to_have_text("云州市水务局")
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        page.goto("/leader/?procedure=supervision-item")
        page.locator("#kinds a.num.red").first.click()
        expect(page.locator("[data-row]")).to_have_count(1)
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_the_theme_changes_at_once_and_stays(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/")
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        light = page.evaluate(ground)
        page.get_by_role("button", name="深色").click()
        dark = page.evaluate(ground)
        assert dark != light
        page.reload()
        assert page.evaluate(ground) == dark


def test_leaving_a_form_that_was_typed_in_asks_first(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/supervision-item/new/")
        page.get_by_label("督办事项").fill("夜市油烟整治")
        messages: list[str] = []

        def accept(dialog: Dialog) -> None:
            messages.append(dialog.type)
            dialog.accept()

        page.on("dialog", accept)
        page.get_by_role("link", name="收件箱").click()
        page.wait_for_url(f"{live_server.url}/")
        assert messages == ["beforeunload"]


def test_a_field_appears_when_another_answer_calls_for_it(browser: Browser, live_server: LiveServer, city: City):
    case = case_titled("家庭医生")
    act(case, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto(f"/supervision-item/{case.pk}/do/verify/")
        plan = page.get_by_label("现场核查、暗访的方案依据")
        expect(plan).to_be_hidden()
        page.get_by_label("现场核查", exact=True).check()
        expect(plan).to_be_visible()
        page.get_by_label("材料核查").check()
        expect(plan).to_be_hidden()


def test_the_essential_path_works_without_script(browser: Browser, live_server: LiveServer, city: City):
    with reading(browser, live_server.url, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("用户名").fill("shen")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="城市内涝").first.click()
        page.get_by_role("link", name="反馈进展").first.click()
        page.get_by_label("进展情况").fill("全部点位完工。")
        page.get_by_role("button", name="反馈进展").click()
        expect(page.get_by_role("status")).to_contain_text("已记录：反馈进展")
        expect(page.locator("#entries")).to_contain_text("全部点位完工。")
