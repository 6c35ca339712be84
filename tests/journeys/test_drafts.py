"""Typing in a form: what was typed outlives the session, the token and the page, and goes once it is handed in."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.desk.models import FormDraft
from tests.desk.city import PASSWORD, City
from tests.journeys.desk import case_titled, lasting_city, reading, sign_in

pytestmark = pytest.mark.journey

WORDS = "全部点位完工，余下一处待评审。"
RESTORED = "上次未提交的内容已恢复"


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        yield found


def report_of(title: str) -> str:
    return f"/supervision-item/{case_titled(title).pk}/do/report/"


def typed(page: Page, words: str = WORDS) -> None:
    """Typed, and kept as soon as the field is left."""
    page.get_by_label("进展情况").fill(words)
    page.get_by_label("进展情况").blur()


def test_what_was_typed_is_there_again_after_the_page_was_closed(browser: Browser, live_server: LiveServer, city: City):
    form = report_of("城市内涝")
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "shen")
        page.goto(form)
        typed(page)
        expect(page.locator("[data-told]")).to_contain_text("已自动保存")
        page.goto("/")  # nobody asks: nothing would be lost
        page.goto(form)
        expect(page.locator("#draft")).to_contain_text(RESTORED)
        expect(page.get_by_label("进展情况")).to_have_value(WORDS)
        page.locator(".foot").get_by_role("button", name="反馈进展").click()
        expect(page.get_by_role("status")).to_contain_text("已记录：反馈进展")
        page.goto(form)
        expect(page.get_by_label("进展情况")).to_have_value("")
        expect(page.locator("#draft")).to_have_count(0)


def test_a_session_that_ran_out_costs_no_word(browser: Browser, live_server: LiveServer, city: City):
    """It runs out while somebody types; the form is handed in all the same, and found again behind the sign-in."""
    form = report_of("城市内涝")
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "shen")
        page.goto(form)
        sign_in(page, live_server.url, city, "")
        typed(page)
        expect(page.locator("[data-told]")).to_contain_text("登录已失效")
        page.get_by_label("进展情况").fill(f"{WORDS}又写一句。")
        page.locator(".foot").get_by_role("button", name="反馈进展").click()
        page.get_by_label("用户名").fill("shen")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"**{form}")
        expect(page.locator("#draft")).to_contain_text(RESTORED)
        expect(page.get_by_label("进展情况")).to_have_value(f"{WORDS}又写一句。")
        page.locator(".foot").get_by_role("button", name="反馈进展").click()
        expect(page.get_by_role("status")).to_contain_text("已记录：反馈进展")


def test_a_server_that_does_not_answer_costs_no_word(browser: Browser, live_server: LiveServer, city: City):
    """What cannot be sent stays in the browser's own keeping until the page is opened again."""
    form = report_of("城市内涝")
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "shen")
        page.goto(form)
        page.route("**/draft/", lambda route: route.abort())
        typed(page)
        expect(page.locator("[data-told]")).to_contain_text("暂存在本机浏览器")
        page.unroute("**/draft/")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(form)
        expect(page.locator("#draft")).to_contain_text(RESTORED)
        expect(page.get_by_label("进展情况")).to_have_value(WORDS)


def test_nobody_finds_the_words_of_who_sat_there_before(browser: Browser, live_server: LiveServer, city: City):
    city.person("lu", "陆青", "yz-water", "unit_officer")
    form = report_of("城市内涝")
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "shen")
        page.goto(form)
        page.route("**/draft/", lambda route: route.abort())
        typed(page)
        expect(page.locator("[data-told]")).to_contain_text("暂存在本机浏览器")
        page.unroute("**/draft/")
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, live_server.url, city, "lu")
        page.goto(form)
        expect(page.get_by_label("进展情况")).to_have_value("")
        assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft '))") == []
        page.reload()
        expect(page.get_by_label("进展情况")).to_have_value("")
        assert {draft.person for draft in FormDraft.objects.all()} <= {city.people["shen"]}


def test_rows_and_files_are_kept_with_the_rest(browser: Browser, live_server: LiveServer, city: City):
    pdf: Any = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nminutes\n%%EOF"}
    with reading(browser, live_server.url) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/supervision-item/new/")
        page.get_by_label("督办事项").fill("夜市油烟整治")
        page.get_by_role("button", name="再加一行").click()
        units = page.get_by_label("协办单位")
        expect(units).to_have_count(3)
        units.nth(2).fill("云州市住房和城乡建设局")
        page.locator("[name=source_document]").set_input_files(pdf)
        expect(page.locator(".kept")).to_contain_text("纪要.pdf")
        page.get_by_role("button", name="删去这一行").first.click()
        page.get_by_label("成果形式").fill("验收意见书")
        page.get_by_label("成果形式").blur()
        expect(page.locator("[data-told]")).to_contain_text("已自动保存")
        page.goto("/supervision-item/new/")
        expect(page.locator(".kept")).to_contain_text("纪要.pdf")
        expect(units.nth(1)).to_have_value("云州市住房和城乡建设局")
        page.get_by_role("button", name="放弃草稿").click()
        expect(page.get_by_label("督办事项")).to_have_value("")
        expect(page.locator("#draft")).to_have_count(0)


def test_without_script_rows_come_and_go_and_enter_hands_the_form_in(
    browser: Browser, live_server: LiveServer, city: City
):
    with reading(browser, live_server.url, java_script_enabled=False) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/supervision-item/new/")
        page.get_by_label("协办单位").first.fill("云州市住房和城乡建设局")
        page.get_by_role("button", name="再加一行").click()
        expect(page.get_by_label("协办单位")).to_have_count(3)
        expect(page.get_by_label("协办单位").first).to_have_value("云州市住房和城乡建设局")
        page.get_by_role("button", name="删去这一行").first.click()
        expect(page.get_by_label("协办单位")).to_have_count(2)
        page.get_by_label("督办事项").fill("夜市油烟整治")
        page.get_by_label("督办事项").press("Enter")
        expect(page.locator(".summary")).to_contain_text("没有提交")
        expect(page.get_by_label("督办事项")).to_have_value("夜市油烟整治")
