from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from fadu import words
from fadu.words import t

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_readers_language_picks_its_half():
    assert t("待我办 | For me") == "待我办"
    with translation.override("en"):
        assert t("待我办 | For me") == "For me"
    with translation.override("zh-hant"):
        assert t("待我办 | For me") == "待我办"


def test_a_sentence_without_english_is_an_error():
    with pytest.raises(ValueError, match="has no English"):
        t("只有中文")


@pytest.mark.parametrize(("n", "said"), [(1, "1 day left"), (3, "3 days left"), (1988, "1,988 days left")])
def test_english_counts_agree_with_their_noun(n, said):
    with translation.override("en"):
        assert t("剩 {n} 天 | {n:day} left", n=n) == said


def test_a_filled_in_value_is_never_read_as_a_pattern():
    assert t("关于{title} | About {title}", title="{n} | x") == "关于{n} | x"


def test_the_year_is_dropped_only_in_the_current_one(monkeypatch):
    monkeypatch.setattr(words, "today", lambda: date(2026, 10, 14))
    assert words.day(date(2026, 10, 22)) == "10月22日"
    assert words.day(date(2027, 1, 8)) == "2027年1月8日"
    assert words.day(date(2026, 10, 22), full=True) == "2026年10月22日 周四"


def test_a_term_that_ends_at_midnight_ends_on_the_day_before(monkeypatch):
    monkeypatch.setattr(words, "today", lambda: date(2026, 10, 14))
    assert words.end(datetime(2026, 10, 23, tzinfo=SHANGHAI)) == "10月22日"
    assert words.end(datetime(2026, 10, 22, 17, 30, tzinfo=SHANGHAI)) == "10月22日 17:30"
