"""A published year, replayed: what was published is what is counted."""

from datetime import date
from random import Random

import pytest

from fadu.cases.models import Case, Entry
from fadu.cases.verify import verify
from fadu.data.calendars import state_council
from fadu.figures.models import ReplayMark
from fadu.figures.published import Published, compare, names
from fadu.kernel.law import Text
from fadu.replay import troupe, volumes, years
from fadu.replay.course import starts
from fadu.units.models import Unit


def row(op: str, value: int) -> Published:
    return Published(Text("件", "cases"), "supervision", op, value, "件")  # type: ignore[arg-type]  # one of the four


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most thirty cases a volume, in batches of ten."""
    monkeypatch.setattr(volumes, "MOST", 30)
    monkeypatch.setattr(troupe, "BATCH", 10)


@pytest.mark.parametrize("name", ["guangzhou-2022", "shenzhen-2023"])
def test_the_count_agrees_with_what_was_published(db: None, few: None, name: str) -> None:
    years.replay(name, years.built(name, "supervision"))
    lines = [line for line in compare(name, "supervision") if line.computed is not None and line.scale != 1]
    assert lines
    assert [line.verdict for line in lines] == ["equal"] * len(lines)
    assert not verify().fault


def test_every_item_is_opened_on_a_working_day_of_the_year(db: None, few: None) -> None:
    years.replay("guangzhou-2022", years.built("guangzhou-2022", "supervision"))
    days = [
        Entry(body=body).content["day"]
        for body in Entry.objects.filter(action="approve").values_list("body", flat=True)
    ]
    assert days
    for day in days:
        assert day.startswith("2022")
        assert state_council().is_workday(date.fromisoformat(day[:10])) or "T" in day


def test_each_city_has_units_of_its_own(db: None, few: None) -> None:
    for name in ("guangzhou-2022", "shenzhen-2023"):
        years.replay(name, years.built(name, "supervision"))
    assert set(Case.objects.values_list("government__code", flat=True)) == {"guangzhou", "shenzhen"}
    assert all(unit.uscc is None for unit in Unit.objects.all())


def test_a_year_is_not_built_twice(db: None, few: None) -> None:
    assert years.refusal("guangzhou-2022") == ""
    years.replay("guangzhou-2022", years.built("guangzhou-2022", "supervision"))
    assert "already" in years.refusal("guangzhou-2022")
    assert years.refusal("shenzhen-2023") == ""


def test_a_year_cut_short_is_known_as_one(db: None, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = years.built("guangzhou-2022", "supervision")
    years.replay("guangzhou-2022", found)
    ReplayMark.objects.all().delete()
    assert "cut short" in years.refusal("guangzhou-2022")


def test_the_same_name_gives_the_same_year(db: None, few: None) -> None:
    years.replay("guangzhou-2022", years.built("guangzhou-2022", "supervision"))
    first = sorted(Case.objects.exclude(number="").values_list("number", "title", "stage", "handling"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(years, "city_of", lambda name: "shenzhen")
        years.replay("guangzhou-2022", years.built("guangzhou-2022", "supervision"))
    second = Case.objects.filter(government__code="shenzhen").exclude(number="")
    assert len(first) == second.count()


def test_a_volume_is_exact_or_a_little_beyond_its_bound() -> None:
    for seed in range(50):
        assert volumes.wanted(row("=", 1270), Random(seed)) == 1270
        assert 3000 < volumes.wanted(row(">", 3000), Random(seed)) <= 3015
        assert volumes.wanted(row(">=", 99), Random(seed)) >= 99
        assert 437_800 <= volumes.wanted(row("~<", 440_000), Random(seed)) < 440_000


def test_a_large_volume_is_scaled_down_by_a_whole_factor_unless_the_full_one_is_asked_for() -> None:
    (scaled,) = volumes.volumes("shenzhen-2023", "supervision", starts(), full=False)
    (whole,) = volumes.volumes("shenzhen-2023", "supervision", starts(), full=True)
    assert scaled.scale == 0.5
    assert scaled.number == -(-whole.number // 2)
    assert (whole.scale, whole.number > 3000) == (1, True)


def test_what_cannot_be_built_is_an_empty_list() -> None:
    assert years.built("huaibei-2022", "supervision") == []
    assert years.built("guangzhou-2022", "no-such-domain") == []
    assert {name for name, _ in years.available()} <= set(names())
