import runpy
from pathlib import Path

import pytest

from fadu.config import settings as module
from fadu.config.headers import POLICY


@pytest.fixture
def settings_with(monkeypatch, tmp_path):
    """The settings as a fresh process would read them."""

    def read(**environ):
        for name in (
            "DATABASE_URL",
            "FADU_ALLOWED_HOSTS",
            "FADU_CITY",
            "FADU_DEBUG",
            "FADU_DEMO",
            "FADU_PROXIES",
            "FADU_SECRET_KEY",
        ):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"FADU_HOME": str(tmp_path), **environ}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(module.__file__)))

    return read


COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")


def test_on_this_machine_plain_http_works(settings_with):
    settings = settings_with()
    assert not any(settings[name] for name in COOKIES)
    assert settings["SECURE_HSTS_SECONDS"] == 0


def test_anywhere_else_cookies_travel_by_https_only(settings_with):
    settings = settings_with(FADU_ALLOWED_HOSTS="fadu.yunzhou.example,localhost")
    assert all(settings[name] for name in COOKIES)
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000


def test_a_forwarded_header_is_believed_only_from_a_declared_proxy(settings_with):
    assert settings_with()["SECURE_PROXY_SSL_HEADER"] is None
    behind_one = settings_with(FADU_PROXIES="1")
    assert behind_one["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert behind_one["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_files_are_served_compressed_and_named_by_content_unless_debugging(settings_with):
    assert "CompressedManifest" in settings_with()["STORAGES"]["staticfiles"]["BACKEND"]
    assert "Manifest" not in settings_with(FADU_DEBUG="1")["STORAGES"]["staticfiles"]["BACKEND"]


def test_chinese_first_and_the_clock_of_the_country(settings_with):
    settings = settings_with()
    assert settings["LANGUAGE_CODE"] == "zh-hans"
    assert [code for code, _ in settings["LANGUAGES"]] == ["zh-hans", "en", "zh-hant"]
    assert (settings["TIME_ZONE"], settings["USE_TZ"]) == ("Asia/Shanghai", True)


def test_no_second_way_to_write_is_installed(settings_with):
    assert "django.contrib.admin" not in settings_with()["INSTALLED_APPS"]


@pytest.mark.django_db
def test_every_page_forbids_what_is_inline_or_from_elsewhere(client):
    headers = client.get("/accounts/2fa/").headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_hsts_is_sent_over_https_only(client, settings):
    settings.SECURE_HSTS_SECONDS = 60
    assert "Strict-Transport-Security" not in client.get("/accounts/2fa/").headers
    assert client.get("/accounts/2fa/", secure=True).headers["Strict-Transport-Security"] == "max-age=60"


@pytest.mark.django_db
def test_unknown_addresses_carry_the_policy_too(client):
    answer = client.get("/accounts/nowhere/")
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_a_city_is_named_by_its_folder(settings_with):
    assert settings_with()["FADU_CITY"] == ""
    assert settings_with(FADU_CITY="yunzhou")["FADU_CITY"] == "yunzhou"
