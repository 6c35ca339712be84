"""The published numbers of five yearly reports, beside what is counted: the accounting proof."""

import json
import re

import pytest

from fadu.cases.models import Entry
from fadu.figures import published
from fadu.figures.command import main
from fadu.figures.declared import declared
from fadu.figures.models import ReplayMark
from fadu.figures.published import OPERATORS, UnknownReport, compare, holds, names, report
from fadu.kernel.source import DefinitionError
from tests.figures.conftest import PRESENT
from tests.figures.walks import Walker

NUMBERS = {"guangzhou-2022": 28, "huaibei-2022": 35, "huizhou-2021": 32, "liaocheng-2021": 33, "shenzhen-2023": 23}
YEAR = """
published: test-2025
city: 云州 | Yunzhou
year: 2025
rows:
"""


@pytest.fixture
def folder(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A report of our own: `write` gives it rows."""
    monkeypatch.setattr(published, "FOLDER", tmp_path)

    def write(*rows: str) -> None:
        text = YEAR + "".join(f"  - {{indicator: 数 | Number, domain: {row}}}\n" for row in rows)
        (tmp_path / "test-2025.yaml").write_text(text, encoding="utf-8")

    return write


def test_every_report_is_read_whole():
    assert {name: len(report(name).rows) for name in names()} == NUMBERS
    for name in names():
        found = report(name)
        assert name.endswith(str(found.year))
        assert all(row.indicator.zh and row.indicator.en and row.domain and row.unit for row in found.rows)


def test_the_figures_declared_for_published_numbers_exist():
    keyed = [row.figure for name in names() for row in report(name).rows if row.figure]
    assert sorted(keyed) == [
        "bulletin-issued",
        "instruction-on_reports",
        "research-report-issued",
        "supervision-item-kinds",
        "supervision-item-opened",
        "supervision-item-tracked",
    ]
    assert set(keyed) <= set(declared())


def test_a_report_nobody_has_names_those_there_are():
    with pytest.raises(UnknownReport, match="guangzhou-2022"):
        report("../../laws")


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ("supervision, op: '≈', value: 1, unit: 件", "'≈' is no way to compare"),
        ("supervision, op: '=', value: 1.5, unit: 件", "'1.5' is no whole number"),
        ("supervision, op: '=', value: 1, unit: 件, figure: opened", "'opened' is declared by no file"),
        ("supervision, op: '=', value: 1", "'unit' is missing"),
        ("supervision, op: '=', value: 1, unit: 件, quote: 原文", "'quote' is none of them"),
    ],
)
def test_a_faulty_row_is_named_by_file_and_line(folder, row: str, advice: str):
    folder("supervision, op: '=', value: 1, unit: 件", row)
    with pytest.raises(DefinitionError, match=re.escape(advice)) as found:
        report("test-2025")
    assert [fault.line for fault in found.value.faults] == [7]


@pytest.mark.parametrize(
    ("op", "value", "computed", "scale", "equal"),
    [
        ("=", 1270, 1270, 1, True),
        ("=", 1270, 1269, 1, False),
        ("=", 1270, 127, 0.1, True),
        ("=", 1274, 128, 0.1, True),  # the next whole case either way
        ("=", 1270, 128, 0.1, False),
        ("=", 1270, 1270, 0.1, False),
        (">", 3000, 3001, 1, True),
        (">", 3000, 3000, 1, False),
        (">", 3000, 1504, 0.5, True),
        (">", 3000, 1500, 0.5, False),
        (">=", 99, 99, 1, True),
        (">=", 99, 98.9, 1, False),
        ("~<", 440000, 431000, 1, True),
        ("~<", 440000, 440000, 1, True),
        ("~<", 440000, 440001, 1, False),
        ("~<", 440000, 400000, 1, False),
    ],
)
def test_a_counted_number_holds_or_not(op, value, computed, scale, equal):
    assert op in OPERATORS
    assert holds(op, value, computed, scale) is equal


@pytest.fixture
def opened(city) -> int:
    """How many items the walks opened in 2025."""
    Walker(7, PRESENT).walk(40)
    return Entry.objects.filter(action="approve", day__year=2025).values("case").distinct().count()


def test_equal_numbers_are_equal_and_others_are_not(folder, opened: int):
    folder(
        f"supervision, op: '=', value: {opened}, unit: 项, figure: supervision-item-opened",
        f"supervision, op: '>', value: {opened}, unit: 项, figure: supervision-item-opened",
        "appeals, op: '=', value: 5, unit: 件",
    )
    assert [line.verdict for line in compare("test-2025")] == ["equal", "differs", "not declared"]
    assert [line.verdict for line in compare("test-2025", "appeals")] == ["not declared"]
    assert [line.computed for line in compare("test-2025", "supervision")] == [opened, opened]


def test_a_scaled_replay_is_compared_at_its_scale_but_kinds_do_not_shrink(folder, opened: int):
    folder(
        f"supervision, op: '=', value: {opened * 4}, unit: 项, figure: supervision-item-opened",
        "supervision, op: '=', value: 7, unit: 类, figure: supervision-item-kinds",
    )
    assert compare("test-2025")[0].verdict == "differs"
    ReplayMark.objects.create(name="test-2025", year=2025, scale=0.25)
    lines = compare("test-2025")
    assert [(line.verdict, line.scale) for line in lines] == [
        ("equal", 0.25),
        ("equal" if lines[1].computed == 7 else "differs", 1),
    ]
    assert compare("test-2025", scale=1)[0].verdict == "differs"


def test_the_command_ends_in_the_tally_and_fails_until_all_agree(
    folder, opened: int, capsys: pytest.CaptureFixture[str]
):
    good = f"supervision, op: '=', value: {opened}, unit: 项, figure: supervision-item-opened"
    folder(good, "appeals, op: '=', value: 5, unit: 件")
    assert main(["--compare", "test-2025"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "equal 1 of 2"
    assert [line.split()[-1] for line in out[:2]] == ["equal", "declared"]
    assert main(["--compare", "test-2025", "--domain", "supervision"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "equal 1 of 1"
    ReplayMark.objects.create(name="test-2025", year=2025, scale=0.5)
    assert main(["--compare", "test-2025", "--domain", "supervision", "--lang", "en"]) == 1
    assert "replayed at 0.5 of full size" in capsys.readouterr().out


def test_the_command_lists_the_figures_of_a_period(opened: int, capsys: pytest.CaptureFixture[str]):
    assert main(["--period", "2025", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["key"] for one in found["figures"]] == list(declared())
    assert found["figures"][0]["value"] == opened
    assert found["figures"][0]["cites"] == ["practice (P)"]
    assert main(["--domain", "supervision"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "2026年"
    assert len(out) == len(declared()) + 1


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--compare", "nowhere-2022"], "no published numbers of 'nowhere-2022'"),
        (["--compare", "guangzhou-2022", "--domain", "sports"], "has no domain 'sports'"),
        (["--domain", "sports"], "no figures in the domain 'sports'"),
        (["--period", "2026Q5"], "'2026Q5' is no period"),
        (["--colour"], "unrecognized arguments"),
    ],
)
def test_words_that_cannot_be_read_are_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    assert main(words) == 2
    assert said in capsys.readouterr().err
