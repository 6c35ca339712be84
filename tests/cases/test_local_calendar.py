"""A calendar notice that comes later: the open clocks are counted anew, and each moved date is an entry."""

from pathlib import Path
from typing import Any

import pytest

from fadu.cases.act import recount_all
from fadu.cases.models import Case, Entry
from fadu.cases.verify import verify
from tests.cases.cast import World

pytestmark = pytest.mark.django_db

HOLIDAY = """
year: 2026
notice: 云州市人民政府关于放假的通知（示例）
number: 云政办〔2026〕9号
issued: 2026-09-01
off: {2026-09-03: 地方假日}
"""


def test_open_clocks_follow_a_local_holiday(world: World, settings: Any, tmp_path: Path):
    world.set("2026-09-02T10:00")
    case = world.approved("甲", due="2026-10-30")
    before = case.state["clocks"]["return_term"]["due"]
    (tmp_path / "2026.yaml").write_text(HOLIDAY, encoding="utf-8")
    settings.FADU_CALENDARS = tmp_path
    assert recount_all() == 1
    case = Case.objects.get(pk=case.pk)
    assert (before, case.state["clocks"]["return_term"]["due"]) == ("2026-09-07", "2026-09-08")
    assert Entry.objects.filter(case=case).order_by("-seq")[0].action == "@calendar"
    assert verify().fault == ""
    assert recount_all() == 0
