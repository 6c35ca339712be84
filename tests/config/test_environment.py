import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fadu.config.environment import BadSetting, Environment, secret_key


def test_nothing_set_means_this_machine_only_and_no_demo():
    environment = Environment.read({})
    assert environment.home == Path("var").absolute()
    assert environment.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert environment.local
    assert (environment.proxies, environment.demo, environment.debug) == (0, False, False)


def test_named_hosts_are_split_at_commas_and_are_not_local():
    environment = Environment.read({"FADU_ALLOWED_HOSTS": "fadu.yunzhou.example, 10.0.0.5,"})
    assert environment.hosts == ("fadu.yunzhou.example", "10.0.0.5")
    assert not environment.local


@pytest.mark.parametrize("host", ["*", "https://fadu.yunzhou.example", "fadu.yunzhou.example/"])
def test_a_host_that_is_none_is_named(host):
    with pytest.raises(BadSetting, match="FADU_ALLOWED_HOSTS"):
        Environment.read({"FADU_ALLOWED_HOSTS": host})


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("", False), ("No", False)]
)
def test_flags_are_yes_or_no(text, value):
    assert Environment.read({"FADU_DEMO": text}).demo is value


@pytest.mark.parametrize(("name", "text"), [("FADU_DEMO", "maybe"), ("FADU_DEBUG", "2"), ("FADU_PROXIES", "-1")])
def test_a_value_that_cannot_be_read_is_named(name, text):
    with pytest.raises(BadSetting, match=name):
        Environment.read({name: text})


def test_the_given_key_is_used_and_nothing_written(tmp_path):
    assert secret_key({"FADU_SECRET_KEY": "k" * 50}, tmp_path / "home") == "k" * 50
    assert not (tmp_path / "home").exists()


def test_a_short_key_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(BadSetting, match="FADU_SECRET_KEY") as caught:
        secret_key({"FADU_SECRET_KEY": "swordfish"}, tmp_path)
    assert "swordfish" not in str(caught.value)


def test_a_made_key_stays_the_same_and_is_for_its_owner_alone(tmp_path):
    home = tmp_path / "new" / "home"
    key = secret_key({}, home)
    assert secret_key({}, home) == key
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in home.iterdir()] == ["secret_key"]


def test_two_installations_do_not_share_a_key(tmp_path):
    assert secret_key({}, tmp_path / "one") != secret_key({}, tmp_path / "two")


def test_processes_that_start_together_agree_on_the_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key({}, tmp_path), range(32)))
    assert len(keys) == 1


def test_a_key_file_that_was_emptied_is_named(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(BadSetting, match="secret_key"):
        secret_key({}, tmp_path)


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="FADU_HOME"):
        secret_key({}, tmp_path / "file" / "home")


def test_mail_goes_by_the_address_given_and_the_password_is_taken_apart():
    read = Environment.read(
        {"FADU_MAIL": "smtps://fadu:p%40ss@mail.example.gov.cn", "FADU_MAIL_FROM": "fadu@example.gov.cn"}
    )
    assert read.mail is not None
    assert (read.mail.host, read.mail.port, read.mail.user, read.mail.password) == (
        "mail.example.gov.cn",
        465,
        "fadu",
        "p@ss",
    )
    assert Environment.read({}).mail is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FADU_MAIL", "mail.example.gov.cn:25"),
        ("FADU_MAIL", "smtp://:25"),
        ("FADU_MAIL", "smtp://fadu:geheim@mail:99999"),
        ("FADU_MAIL_FROM", "nobody"),
        ("FADU_URL", "fadu.example.gov.cn"),
    ],
)
def test_an_address_that_cannot_be_used_stops_the_start_without_showing_a_password(name, value):
    given = {"FADU_MAIL": "smtp://fadu:geheim@mail", "FADU_MAIL_FROM": "fadu@example.gov.cn", name: value}
    with pytest.raises(BadSetting, match=name) as refused:
        Environment.read(given)
    assert "geheim" not in str(refused.value)


def test_hosts_of_webhooks_are_listed():
    assert Environment.read({"FADU_WEBHOOK_HOSTS": "a.example, b.example"}).webhook_hosts == ("a.example", "b.example")
