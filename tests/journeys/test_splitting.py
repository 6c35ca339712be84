"""Minutes are pasted, split paragraph by paragraph, and every item leads back to its paragraph."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.cases.models import Case
from tests.desk.city import City
from tests.journeys.desk import lasting_city, reading, sign_in

pytestmark = pytest.mark.journey

TEXT = "一、会议听取了汛期工作汇报。\n二、由市水务局整治积水点，市住建局核查管网。\n三、其他。"


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        yield found


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_minutes_are_split_and_each_item_leads_back_to_its_paragraph(
    browser: Browser, live_server: LiveServer, city: City, script: bool
):
    with reading(browser, live_server.url, java_script_enabled=script) as page:
        sign_in(page, live_server.url, city, "he")
        page.goto("/source-paper/new/")
        page.get_by_label("文件标题").fill("市长办公会议纪要〔2026〕15号")
        page.get_by_label("来源种类").select_option(label="会议纪要")
        page.get_by_label("正文").fill(TEXT)
        page.locator(".foot").get_by_role("button", name="登记").click()
        page.get_by_role("link", name="拆解立项").first.click()
        expect(page.locator(".paragraph")).to_have_count(3)
        unit = page.get_by_label("主办单位")
        if script:
            expect(unit.nth(1)).to_be_hidden()
        page.get_by_role("checkbox").nth(1).check()
        unit.nth(1).fill("云州市水务局")
        page.get_by_label("成果形式").nth(1).fill("整治报告")
        page.locator("[name=tasks-urgent]").nth(1).select_option(label="否")
        page.locator("[data-one]").nth(1).get_by_role("button", name="本段再立一项").click()
        expect(page.locator(".paragraph")).to_have_count(4)
        expect(page.get_by_role("checkbox").nth(2)).to_be_checked()
        page.get_by_label("督办事项").nth(2).fill("老旧小区管网核查")
        unit.nth(2).fill("云州市住房和城乡建设局")
        page.locator(".foot").get_by_role("button", name="拆解立项").click()
        expect(page.get_by_role("status")).to_contain_text("已记录：拆解立项")
        second = page.locator("#p2")
        expect(second.get_by_role("link")).to_have_count(3)  # its own number, and two items
        expect(page.locator("#p1").get_by_role("link")).to_have_count(1)
        second.get_by_role("link", name="老旧小区管网核查").click()
        expect(page.locator(".case h1")).to_have_text("老旧小区管网核查")
        page.get_by_role("link", name="市长办公会议纪要").first.click()
        expect(page.locator(".case h1")).to_contain_text("市长办公会议纪要")
        assert Case.objects.filter(procedure="supervision-item", state__data__paragraph=2).count() == 2
