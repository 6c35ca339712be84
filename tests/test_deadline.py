import json

import pytest

from fadu.deadline import main


@pytest.fixture
def run(capsys):
    def call(line: str) -> tuple[int, str, str]:
        code = main(line.split())
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("2026-09-16 20wd", "2026-10-20"),
        ("2026-07-03 90nd", "2026-10-08"),
        ("2025-11-30 3mo", "2026-02-28"),
        ("2024-02-29 1yr", "2025-02-28"),
        ("2026-09-30T17:30 24h", "2026-10-01T17:30"),
        ("2026-03-02 20wd --exclude 2026-03-09..2026-03-20", "2026-04-13"),
        ("2026-03-02 20wd --exclude 2026-03-09..2026-03-12 --exclude 2026-03-12..2026-03-20", "2026-04-13"),
        ("2026-09-16 20wd --extend 20wd", "2026-11-17"),
        ("2026-10-13 7wd --before", "2026-09-28"),
        ("--before 2026-10-13 7nd", "2026-10-06"),
    ],
)
def test_the_date_is_the_whole_answer(run, line, answer):
    assert run(line) == (0, answer + "\n", "")


@pytest.mark.parametrize(
    ("lang", "why"), [("", "尚无2027年放假安排"), (" --lang en", "no holiday notice for 2027 yet")]
)
def test_a_provisional_date_comes_first_with_its_reason_after_it(run, lang, why):
    code, out, _ = run("2026-12-20 20wd" + lang)
    assert code == 0
    assert out.startswith("2027-01-15 provisional 暂定: ")
    assert why in out


def test_explain_prints_the_certificate_below_the_date(run):
    _, out, _ = run("2026-09-16 20wd --explain")
    first, *rest = out.splitlines()
    assert first == "2026-10-20"
    assert any("中秋节放假" in row and "国办发明电〔2025〕7号" in row for row in rest)
    assert "Mid-Autumn Festival holiday" in run("2026-09-16 20wd --explain --lang=en")[1]


def test_json_is_the_certificate(run):
    found = json.loads(run("2026-09-16 20wd --json")[1])
    assert (found["due"], found["provisional"], found["summary"]["counted"]) == ("2026-10-20", False, 20)


def test_local_additions_change_the_date(run, tmp_path):
    (tmp_path / "torch.yaml").write_text(
        "year: 2026\nnotice: 火把节放假通知\noff:\n  2026-08-06: 火把节\n", encoding="utf-8"
    )
    assert run("2026-08-05 1wd")[1] == "2026-08-06\n"
    assert run(f"2026-08-05 1wd --calendar {tmp_path}")[1] == "2026-08-07\n"


@pytest.mark.parametrize(
    ("line", "argument", "form"),
    [
        ("tomorrow 20wd", "start: 'tomorrow'", "2026-09-16"),
        ("2026-02-30 20wd", "start: '2026-02-30'", "2026-09-16"),
        ("20260916 20wd", "start: '20260916'", "2026-09-16"),
        ("2026-09-16T25:00 2h", "start: '2026-09-16T25:00'", "2026-09-16T10:30"),
        ("2026-09-16 2h", "start:", "2026-09-16T10:30"),
        ("2026-09-16 20", "span: '20'", "20wd, 30nd, 3mo, 1yr or 2h"),
        ("2026-09-16 0wd", "span: '0wd'", "at least 1"),
        ("2026-09-16 9999yr", "span: '9999yr'", "9999"),
        ("2026-09-16 20wd --extend week", "--extend: 'week'", "20wd"),
        ("2026-09-16 20wd --exclude 2026-09-20", "--exclude: '2026-09-20'", "2026-03-09..2026-03-20"),
        ("2026-09-16 20wd --exclude 2026-09-20..2026-09-18", "--exclude:", "2026-03-09..2026-03-20"),
        ("2026-09-16 20wd --before --extend 5wd", "--before:", "--extend"),
        ("2026-09-16", "span", "fadu deadline 2026-09-16 20wd"),
        ("2026-09-16 20wd --foo", "--foo", "fadu deadline 2026-09-16 20wd"),
        ("2026-09-16 20wd --calendar /nowhere/at/all", "/nowhere/at/all", "folder"),
    ],
)
def test_bad_input_is_one_sentence_naming_the_argument_and_the_accepted_form(run, line, argument, form):
    code, out, err = run(line + " --lang en")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert argument in err
    assert form in err


def test_bad_input_speaks_chinese_by_default(run):
    code, _, err = run("明天 20wd")
    assert code == 2
    assert "不是起算时间" in err


def test_help_is_no_fault(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "20wd" in out
