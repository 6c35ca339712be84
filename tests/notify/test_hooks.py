import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ValidationError

from fadu.notify import hooks
from fadu.notify.models import Delivery, Hook, State
from tests.cases.cast import World


@dataclass
class Receiver:
    """Another system on this machine; answers with `status`."""

    status: int = 200
    location: str = ""
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.FADU_WEBHOOK_HOSTS = ("127.0.0.1",)
    settings.FADU_URL = "https://fadu.example.gov.cn"
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.end_headers()

        def log_message(self, *args) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/events"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


def hook(world: World, receiver: Receiver, person: str = "he", *procedures: str) -> Hook:
    return hooks.make("月报系统", receiver.url, world.people[person], procedures, world.people["xi"])


def test_an_entry_is_delivered_once_as_a_signed_cloud_event(world: World, receiver: Receiver, tell):
    made = hook(world, receiver)
    case = world.approved()
    tell()
    tell()
    events = [json.loads(body) for _, body in receiver.got]
    assert [event["type"] for event in events] == ["fadu.supervision-item.propose", "fadu.supervision-item.approve"]
    headers, body = receiver.got[1]
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert events[1]["specversion"] == "1.0"
    assert events[1]["data"]["number"] == "督〔2026〕1号"
    assert events[1]["data"]["url"] == f"https://fadu.example.gov.cn/api/v1/cases/{case.pk}"
    key = base64.b64decode(hooks.secret(made).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_an_event_carries_no_field_of_the_case(world: World, receiver: Receiver, tell):
    hook(world, receiver)
    world.propose("只有内部可见的标题")
    tell()
    assert "只有内部" not in receiver.got[0][1]


def test_a_hook_hears_of_nothing_its_person_may_not_see(world: World, receiver: Receiver, tell):
    hook(world, receiver, "lin")
    world.approved()
    tell()
    assert receiver.got == []


def test_a_hook_hears_only_of_the_procedures_it_asked_for(world: World, receiver: Receiver, tell):
    hook(world, receiver, "he", "appeal")
    world.propose()
    tell()
    assert receiver.got == []


def test_a_failing_receiver_is_tried_again_until_it_answers(world: World, receiver: Receiver, tell):
    hook(world, receiver)
    receiver.status = 500
    world.propose()
    tell()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == (State.WAITING, 500, 1)
    receiver.status = 204
    world.set("2026-09-08T09:30")
    tell()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.error) == (State.SENT, 204, "")


def test_a_receiver_that_never_answers_is_shown_as_failed_and_can_be_sent_to_again(
    world: World, receiver: Receiver, tell
):
    hook(world, receiver)
    receiver.status = 503
    world.propose()
    for day in range(len(hooks.PATIENCE) + 1):
        world.set(f"2026-09-{9 + 2 * day:02}T12:00")
        tell()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (State.FAILED, "HTTP 503")
    receiver.status = 200
    hooks.send_again(delivery)
    tell()
    delivery.refresh_from_db()
    assert delivery.state == State.SENT


def test_a_redirect_is_not_followed(world: World, receiver: Receiver, tell):
    hook(world, receiver)
    receiver.status, receiver.location = 307, receiver.url
    world.propose()
    tell()
    assert len(receiver.got) == 1
    assert Delivery.objects.get().status == 307


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://he:secret@127.0.0.1/",
        "http://127.0.0.1.example.com/",
    ],
)
def test_an_address_the_environment_does_not_allow_is_refused(world: World, receiver: Receiver, url: str):
    receiver.url = url
    with pytest.raises(ValidationError):
        hook(world, receiver)


def test_a_host_no_longer_allowed_is_not_called(world: World, receiver: Receiver, tell, settings):
    hook(world, receiver)
    settings.FADU_WEBHOOK_HOSTS = ()
    world.propose()
    tell()
    assert receiver.got == []
    assert "FADU_WEBHOOK_HOSTS" in Delivery.objects.get().error


def test_a_hook_switched_off_is_silent_and_keeps_what_waits(world: World, receiver: Receiver, tell):
    made = hook(world, receiver)
    receiver.status = 500
    world.propose()
    tell()
    Hook.objects.filter(pk=made.pk).update(is_active=False)
    world.set("2026-09-08T12:00")
    tell()
    assert len(receiver.got) == 1
    assert Delivery.objects.get().state == State.WAITING
