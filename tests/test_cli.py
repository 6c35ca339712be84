"""The `fadu` command: what it prints, how it refuses, what it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fadu import cli
from fadu.administration.models import AdministrationEntry
from fadu.cases.models import Case
from fadu.cli.init import administrator
from fadu.cli.serve import port
from fadu.replay import demo
from fadu.units.models import Person
from tests.cases.cast import World, build


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    return build(monkeypatch)


def test_without_words_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    said = capsys.readouterr().out
    assert all(f"fadu {name}" in said for name in cli.COMMANDS)


def test_an_unknown_command_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fly"]) == 2
    assert capsys.readouterr().err.startswith("fadu: there is no command 'fly'; known are init,")


def test_unknown_words_of_a_command_are_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["verify", "--twice"])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_verify_counts_and_ends_with_the_sum(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.underway()
    assert cli.main(["verify"]) == 0
    assert capsys.readouterr().out == "verified 1 cases, 3 entries\n"


def test_verify_names_the_first_fault(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    case = world.underway()
    Case.objects.filter(pk=case.pk).update(title="改过的标题")
    assert cli.main(["verify"]) == 1
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("fault: ")
    assert str(case.pk) in first
    assert last.startswith("verified ")


def test_tick_does_what_the_clock_owes_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.underway(due="2026-09-10")
    world.set("2026-09-15T09:00")
    assert [cli.main(["tick"]), cli.main(["tick"])] == [0, 0]
    assert capsys.readouterr().out == "1\n0\n"


def test_administrators_are_made_at_the_command_line_and_change_their_password_first(db: None) -> None:
    password = administrator("Root", "system_admin")
    person = Person.objects.get(username="root")
    assert person.check_password(password)
    assert person.must_change_password
    assert [post.role for post in person.posts.all()] == ["system_admin"]
    assert administrator("second", "system_admin"), "four eyes need two of them"
    again = administrator("root", "system_admin")
    person.refresh_from_db()
    assert not person.check_password(password)
    assert person.check_password(again), "a forgotten password is made anew here"
    with pytest.raises(cli.Failed, match="other work"):
        administrator("root", "audit_admin")
    assert AdministrationEntry.objects.filter(by=None).count() == 3


def test_the_demo_needs_to_be_asked_for(
    db: None, settings: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("django.conf.settings.FADU_DEMO", False)
    assert cli.main(["demo", "--no-serve"]) == 1
    assert "FADU_DEMO=1" in capsys.readouterr().err
    assert not demo.is_built()


def test_the_demo_leaves_a_database_with_other_work_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fadu.cli.demo.prepare", lambda: None)
    monkeypatch.setattr("fadu.replay.demo.is_built", lambda: False)
    monkeypatch.setattr("django.conf.settings.FADU_DEMO", True)
    assert cli.main(["demo", "--no-serve"]) == 1
    assert "other work" in capsys.readouterr().err


def test_the_second_start_of_the_demo_only_shows_the_accounts(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fadu.cli.demo.prepare", lambda: None)
    monkeypatch.setattr("django.conf.settings.FADU_DEMO", True)
    demo.build(share=0.02)
    built = Case.objects.count()
    assert cli.main(["demo", "--no-serve"]) == 0
    assert Case.objects.count() == built
    said = capsys.readouterr().out
    assert all(word in said for word in ("何以宁", "heyining", "沈知远", "周牧", demo.PASSWORD))


def test_a_replay_of_what_cannot_be_built_says_so_and_counts_nothing(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["replay", "huizhou-2021", "--domain", "supervision"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("nothing is built yet for huizhou-2021, domain supervision; there is guangzhou-2022")
    assert last == "0 cases"


@pytest.mark.parametrize("text", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(cli.Failed, match="PORT"):
        port()


def test_deadline_and_check_start_without_django() -> None:
    text = "import sys; from fadu.cli import main; main(['deadline', '2026-09-16', '20wd']); print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["2026-10-20", "False"]
    assert not cli.COMMANDS["check"].django


def test_init_is_safe_to_repeat_and_a_missing_one_is_named(tmp_path: Path) -> None:
    environ = {**os.environ, "FADU_HOME": str(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(sys.path)}
    environ.pop("DATABASE_URL", None)

    def fadu(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fadu.cli", *words]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    missing = fadu("verify")
    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1
    assert [fadu("init").returncode, fadu("init").returncode] == [0, 0]
    assert fadu("verify").stdout == "verified 0 cases, 0 entries\n"
