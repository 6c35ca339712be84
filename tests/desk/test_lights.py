from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from fadu.data.calendars import state_council
from fadu.desk.lights import Lamp, lamp

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)  # the day before the National Day holiday
CALENDAR = state_council()


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class Item:
    due: datetime | None = None
    amber_at: datetime | None = None
    red_at: datetime | None = None
    closed: datetime | None = None
    grey: bool = False
    provisional: bool = False


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Item(due=at(10, 9)), Lamp("green", "剩 1 日")),  # 8 October is the only workday left after the holiday
        (Item(due=at(10, 1)), Lamp("green", "今日到期")),
        (Item(due=at(10, 9), amber_at=at(9, 29)), Lamp("amber", "剩 1 日")),
        (Item(due=at(9, 26), red_at=at(9, 26)), Lamp("red", "逾期 3 日")),
        (Item(due=at(9, 30, 12, 30), amber_at=at(9, 30)), Lamp("amber", "剩 2 小时 30 分")),
        (Item(due=at(9, 30, 9, 40), red_at=at(9, 30, 9, 40)), Lamp("red", "逾期 20 分钟")),
        (Item(due=at(10, 9), grey=True), Lamp("grey", "已中止")),
        (Item(due=at(9, 1), red_at=at(9, 1), closed=at(9, 29)), Lamp("done", "已办结")),
        (Item(), Lamp("green", "不计时")),
        (Item(red_at=at(9, 1)), Lamp("red", "逾期")),
    ],
)
def test_a_light_says_its_colour_in_words(item, expected):
    assert lamp(item, NOW, CALENDAR) == expected


def test_calendar_days_are_called_so():
    assert lamp(Item(due=at(10, 9)), NOW, CALENDAR, workdays=False).words == "剩 8 天"


def test_a_light_turns_at_its_very_moment():
    turning = Item(due=at(10, 9), amber_at=NOW)
    assert lamp(turning, NOW, CALENDAR).colour == "amber"
    assert lamp(turning, NOW - timedelta(microseconds=1), CALENDAR).colour == "green"


def test_english_lights():
    with translation.override("en"):
        assert lamp(Item(due=at(10, 9)), NOW, CALENDAR).words == "1 workday left"
