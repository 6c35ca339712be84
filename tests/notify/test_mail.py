from datetime import time
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from fadu.notify.mail import PATIENCE
from fadu.notify.models import Kind, Mail, Notice, Preference, Rhythm, State
from tests.cases.cast import World


@pytest.fixture(autouse=True)
def in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.FADU_URL = "https://fadu.example.gov.cn"


def wish(world: World, username: str, **values) -> None:
    Preference.objects.create(person=world.people[username], **values)


def sent_to(username: str) -> list[str]:
    return [str(one.subject) for one in outbox.outbox if one.to == [f"{username}@example.gov.cn"]]


def test_a_notice_is_mailed_once_with_the_matter_and_its_address(world: World, tell):
    world.approved()
    tell()
    tell()
    (one,) = (one for one in outbox.outbox if one.to == ["shen@example.gov.cn"])
    assert one.subject.startswith("收到文书：督〔2026〕1号 城区积水点整治")
    notice = Notice.objects.get(person=world.people["shen"])
    assert f"https://fadu.example.gov.cn/notices/{notice.pk}/" in str(one.body)
    record = Mail.objects.get(person=world.people["shen"])
    assert (record.state, record.attempts, list(record.notices.all())) == (State.SENT, 1, [notice])


def test_a_mail_waits_for_the_end_of_quiet_hours(world: World, tell):
    world.set("2026-09-08T22:30")
    world.approved()
    tell()
    assert sent_to("shen") == []
    world.set("2026-09-09T07:59")
    tell()
    assert sent_to("shen") == []
    world.set("2026-09-09T08:00")
    tell()
    assert len(sent_to("shen")) == 1


def test_what_is_due_within_a_day_does_not_wait(world: World, tell):
    world.set("2026-09-08T22:30")
    world.approved(due="2026-09-09T06:00", urgent=True)
    tell()
    assert len(sent_to("shen")) == 1


def test_a_day_s_notices_come_in_one_mail_on_the_next_workday(world: World, tell):
    wish(world, "shen", rhythm=Rhythm.DAILY)
    world.set("2026-09-11T18:00")  # a Friday
    world.approved("积水点整治")
    world.approved("排水口改造")
    tell()
    assert sent_to("shen") == []
    world.set("2026-09-12T09:00")
    tell()
    assert sent_to("shen") == []
    world.set("2026-09-14T08:29")
    tell()
    assert sent_to("shen") == []
    world.set("2026-09-14T08:31")
    tell()
    assert sent_to("shen") == ["您有 2 条新通知"]
    world.approved("第三件")
    tell()
    assert len(sent_to("shen")) == 1


def test_no_mail_for_who_wants_none_or_has_muted_the_kind(world: World, tell):
    wish(world, "shen", rhythm=Rhythm.NEVER)
    wish(world, "tao", muted=[Kind.LETTER])
    world.approved()
    tell()
    assert (sent_to("shen"), sent_to("tao")) == ([], [])
    assert Notice.objects.filter(person=world.people["shen"]).exists()
    assert not Notice.objects.filter(is_written=False).exists()


def test_without_an_address_there_is_a_notice_and_no_mail(world: World, tell):
    world.people["shen"].email = ""
    world.people["shen"].save()
    world.approved()
    tell()
    assert not Mail.objects.filter(person=world.people["shen"]).exists()


def test_a_line_break_in_a_title_makes_no_header(world: World, tell):
    world.approved("整治\r\nBcc: someone@example.com")
    tell()
    (subject,) = sent_to("shen")
    assert "\n" not in subject
    assert "\r" not in subject


def test_a_failing_server_is_tried_again_and_then_the_mail_is_shown_as_failed(world: World, tell, monkeypatch):
    def broken(self, messages):
        raise SMTPServerDisconnected("no answer")

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    world.approved()
    for day in range(len(PATIENCE) + 1):
        world.set(f"2026-09-{9 + day:02}T12:00")
        tell()
    record = Mail.objects.filter(person=world.people["shen"]).earliest("pk")
    assert (record.state, record.attempts) == (State.FAILED, len(PATIENCE) + 1)
    assert "no answer" in record.error


def test_quiet_hours_within_a_day_and_none_at_all(world: World, tell):
    wish(world, "shen", quiet_from=time(9, 0), quiet_until=time(11, 0))
    wish(world, "tao", quiet_from=time(9, 0), quiet_until=time(9, 0))
    world.set("2026-09-08T10:00")
    world.approved()
    tell()
    assert sent_to("shen") == []
    assert len(sent_to("tao")) == 1
    world.set("2026-09-08T11:00")
    tell()
    assert len(sent_to("shen")) == 1
