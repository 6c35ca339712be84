"""A visit through the browser: planned with an invited inspector, recorded, rectified with proof, commented on, closed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fadu.cases.models import Case
from fadu.words import today
from tests.desk.city import City
from tests.journeys.desk import lasting_city, reading, sign_in

pytestmark = pytest.mark.journey

VISIT = "排涝泵站现场督查"
PHOTO: Any = {"name": "整改照片.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nproof\n%%EOF"}


@pytest.fixture
def city(live_server: LiveServer, settings: Settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with lasting_city() as found:
        found.person("xu", "许清", "yz-sup", "invited_inspector", "特邀督查员")
        yield found


def handed_in(page: Page, step: str) -> None:
    page.locator(".foot").get_by_role("button", name=step).click()
    expect(page.get_by_role("status")).to_contain_text(f"已记录：{step}")


def step(page: Page, name: str, **answers: str) -> None:
    page.get_by_role("link", name=name).first.click()
    for field, answer in answers.items():
        page.locator(f"[name='{field}']").first.fill(answer)


def test_a_finding_is_rectified_with_proof_and_the_invited_inspector_comments(
    browser: Browser, live_server: LiveServer, city: City
) -> None:
    with reading(browser, live_server.url, viewport={"width": 1440, "height": 900}) as page:
        case = _planned(page, live_server.url, city)
        _recorded(page, case)
        _commented(page, live_server.url, city, case)
        _rectified(page, live_server.url, city)
        sign_in(page, live_server.url, city, "he")
        page.goto(case)
        step(page, "整改完成办结")
        handed_in(page, "整改完成办结")
    assert Case.objects.get(title=VISIT).outcome == "rectified"


def _planned(page: Page, url: str, city: City) -> str:
    sign_in(page, url, city, "he")
    page.goto("/visit/new/")
    page.get_by_label("现场督查", exact=True).check()
    for field, answer in {
        "name": VISIT, "scheme": "查看泵站三处", "visit_on": today().isoformat(), "units": "云州市水务局",
        "inspectors": "何以宁（he）", "invited": "许清（xu）",
    }.items():  # fmt: skip
        page.locator(f"[name='{field}']").first.fill(answer)
    handed_in(page, "安排督查")
    return page.url


def _recorded(page: Page, case: str) -> None:
    step(page, "记录督查情况", visited_on=today().isoformat(), people_met="王站长", record="查看三处")
    for field, answer in {"what": "水泵未检修", "unit": "云州市水务局", "due": today().isoformat()}.items():
        page.locator(f"[name='findings-{field}']").first.fill(answer)
    handed_in(page, "记录督查情况")
    page.goto(case)
    expect(page.get_by_text("有问题需要整改，须发整改通知")).to_be_visible()
    step(page, "发整改通知")
    handed_in(page, "发整改通知")


def _commented(page: Page, url: str, city: City, case: str) -> None:
    """Reached by the side bar; nothing but the invitation is there."""
    sign_in(page, url, city, "xu")
    page.goto("/")
    page.get_by_role("link", name="实地督查").first.click()
    page.get_by_role("link", name=VISIT).first.click()
    step(page, "提出意见", comment="建议增设水位标尺")
    handed_in(page, "提出意见")
    assert page.goto("/supervision-item/").status == 200  # type: ignore[union-attr]  # a page always answers
    expect(page.locator("tbody tr")).to_have_count(0)


def _rectified(page: Page, url: str, city: City) -> None:
    task = Case.objects.get(procedure="rectification")
    sign_in(page, url, city, "shen")
    page.goto(f"/rectification/{task.pk}/")
    step(page, "签收")
    handed_in(page, "签收")
    step(page, "报送整改", rectified="已完成检修")
    page.locator("input[type=file]").set_input_files(PHOTO)
    handed_in(page, "报送整改")
    sign_in(page, url, city, "he")
    page.goto(f"/rectification/{task.pk}/")
    step(page, "确认整改")
    handed_in(page, "确认整改")
