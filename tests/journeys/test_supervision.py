"""One supervised item from its proposal to the archive, through the browser, by the four people it takes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.cases.models import Case
from fadu.cases.moments import now
from tests.desk.city import City
from tests.journeys.desk import lasting_city, reading, sign_in

pytestmark = pytest.mark.journey

MATTER = "滨江步道贯通工程验收"
PAPER: Any = {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nminutes\n%%EOF"}
OPENED = "/figures/supervision-item-opened/"


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        yield found


class Walk:
    """A page on which one person after another does what is next."""

    def __init__(self, page: Page, url: str, city: City) -> None:
        self.page, self.url, self.city, self.case = page, url, city, ""

    def turn_to(self, username: str, address: str = "") -> None:
        sign_in(self.page, self.url, self.city, username)
        self.page.goto(address or self.case)

    def do(self, step: str, **answers: str) -> None:
        """Open a step from the page of the case, answer by label, hand it in."""
        self.page.get_by_role("link", name=step).first.click()
        for label, answer in answers.items():
            self.page.get_by_label(label).first.fill(answer)
        self.hand_in(step)

    def hand_in(self, step: str) -> None:
        self.page.locator(".foot").get_by_role("button", name=step).click()
        expect(self.page.get_by_role("status")).to_contain_text(f"已记录：{step}")


def test_a_matter_goes_from_its_proposal_to_the_archive(browser: Browser, live_server: LiveServer, city: City):
    due, later = ((now() + timedelta(days=days)).date().isoformat() for days in (20, 40))
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        walk = Walk(page, live_server.url, city)
        before = _opened(walk)
        _proposed(walk)
        _approved(walk, due)
        walk.turn_to("shen")
        walk.do("签收")
        _refused_while_a_part_is_open(walk)
        _the_other_unit_does_its_part(walk)
        walk.do("反馈进展", 进展情况="桥头段已贯通。")
        _given_a_later_date(walk, due, later)
        _closed(walk)
        assert _opened(walk) == before + 1
        page.get_by_role("link", name=MATTER).first.click()
        expect(page.locator("h1")).to_have_text(MATTER)


def _proposed(walk: Walk) -> None:
    page = walk.page
    walk.turn_to("he", "/supervision-item/new/")
    page.get_by_label("督办事项").fill(MATTER)
    page.get_by_label("来源", exact=True).select_option(label="会议纪要")
    page.locator("[name=source_document]").set_input_files(PAPER)
    page.get_by_label("主办单位").fill("云州市水务局")
    page.get_by_label("协办单位").first.fill("云州市住房和城乡建设局")
    page.get_by_label("成果形式").fill("验收意见书")
    page.get_by_role("group", name="急事快督").get_by_label("否").check()
    walk.hand_in("拟立项")
    walk.case = page.url


def _approved(walk: Walk, due: str) -> None:
    """With the certificate of its term: the day it was approved, and the last day in the weeks that were counted."""
    walk.turn_to("gu")
    walk.do("批准立项并交办", 办结时限=due)
    expect(walk.page.locator(".rail [aria-current]")).to_contain_text("已交办待签收")
    walk.page.get_by_role("link", name="期限证书").click()
    expect(walk.page.locator(".cal .due")).to_have_count(1)
    expect(walk.page.locator(".sheet")).to_contain_text("批准立项并交办")


def _given_a_later_date(walk: Walk, due: str, later: str) -> None:
    walk.turn_to("shen")
    walk.do("申请延期", 延期理由="汛期停工二十日")
    walk.turn_to("gu")
    walk.do("批准延期", 办结时限=later)
    entries = walk.page.locator("#entries")
    expect(entries.locator("del").first).to_have_text(_chinese(due))
    expect(entries.locator("ins").first).to_have_text(_chinese(later))


def _closed(walk: Walk) -> None:
    """Asked for by the unit with a document, verified by another, struck off by who set the date, archived."""
    page = walk.page
    walk.turn_to("shen")
    page.get_by_role("link", name="申请办结").first.click()
    report: Any = PAPER | {"name": "验收意见书.pdf"}
    page.get_by_label("办结佐证").set_input_files(report)
    walk.hand_in("申请办结")
    walk.turn_to("he")
    page.get_by_role("link", name="核查通过").first.click()
    page.get_by_label("材料核查").check()
    page.get_by_label("意见").last.fill("材料齐全")
    walk.hand_in("核查通过")
    walk.turn_to("gu")
    page.get_by_role("link", name="审核销号").first.click()
    page.get_by_label("已办结").check()
    walk.hand_in("审核销号")
    walk.turn_to("he")
    walk.do("归档", 档号="DC-2026-001")
    expect(page.locator("#entries")).to_contain_text("DC-2026-001")
    expect(page.get_by_role("link", name="验收意见书.pdf").first).to_be_visible()


def _opened(walk: Walk) -> int:
    """How many items were approved this year, as the page of the figure says."""
    walk.turn_to("he", OPENED)
    return int(re.sub(r"\D", "", walk.page.locator(".big").inner_text()))


def _refused_while_a_part_is_open(walk: Walk) -> None:
    """The button says why not, under which rule; so does the address when it is opened all the same."""
    refused = walk.page.locator(".acts .refused").filter(has_text="申请办结")
    expect(refused).to_contain_text("仍有协办事项未办结")
    expect(refused.locator(".cites")).to_contain_text("《")
    answer = walk.page.goto(f"{walk.case}do/ask_closing/")
    assert answer is not None
    assert answer.status == 409
    expect(walk.page.locator(".refused")).to_contain_text("仍有协办事项未办结")


def _the_other_unit_does_its_part(walk: Walk) -> None:
    part = Case.objects.get(procedure="co-handling", parent__title=MATTER)
    main, walk.case = walk.case, f"/co-handling/{part.pk}/"
    walk.turn_to("lin")
    walk.do("签收")
    walk.do("提交", 协办意见="沿线房屋已复核。")
    walk.turn_to("shen")
    walk.do("确认")
    walk.case = main
    walk.turn_to("shen")
    expect(walk.page.locator("#entries")).to_contain_text("已办结：已提供")


def _chinese(day: str) -> str:
    """`2026-12-25` as the page writes it this year: `12月25日`."""
    year, month, number = (int(part) for part in day.split("-"))
    short = f"{month}月{number}日"
    return short if year == now().year else f"{year}年{short}"
