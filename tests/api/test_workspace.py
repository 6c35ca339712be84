"""What the desk does beside the deeds: notices, background jobs, exports, rectifying, publishing."""

from typing import Any

import pytest
from django.test import Client

from fadu.figures.models import Snapshot
from fadu.jobs.worker import drain
from fadu.notify import reading, rounds
from fadu.notify.models import Notice
from tests.api.conftest import Caller
from tests.api.test_cases import told
from tests.cases.cast import World


@pytest.fixture
def rung(world: World) -> World:
    """Two matters approved for the water bureau, and told."""
    reading.begin()
    world.approved("城区积水点整治")
    world.approved("排水口改造")
    rounds.tell_all()
    return world


def test_notices_are_listed_newest_first_by_key_and_marked_as_read(rung: World, caller):
    shen = caller("shen")
    first = shen.get("/notices?size=1").json()
    (one,) = first["items"]
    assert one["text"] == "顾长川发出“督办单”"
    assert one["case"]["name"].endswith("排水口改造")
    following = first["next"].partition("/api/v1")[2]
    (other,) = shen.get(following).json()["items"]
    assert other["id"] < one["id"]
    assert shen.post("/notices/read", {"upto": other["id"]}).json() == {"read": 1}
    assert [item["id"] for item in shen.get("/notices").json()["items"]] == [one["id"]]
    assert len(shen.get("/notices?all=true").json()["items"]) == 2
    assert caller("lin").get("/notices").json()["items"] == []
    told(shen.get("/notices?unread=1"), 422, "unfit")


def test_wishes_are_changed_and_a_wrong_time_is_named(world: World, caller):
    shen = caller("shen")
    assert shen.get("/notices/settings").json()["rhythm"] == "at_once"
    body = {"rhythm": "daily", "muted": ["note"], "quiet_from": "20:00", "quiet_until": "07:30"}
    assert put(shen, body).json()["quiet_until"] == "07:30"
    assert shen.get("/notices/settings").json()["muted"] == ["note"]
    found = told(put(shen, {**body, "quiet_from": "late"}), 422, "unfit")
    assert found["errors"][0]["place"] == "quiet_from"
    told(put(shen, {**body, "muted": ["everything"]}), 422, "unfit")


def put(caller: Caller, body: dict[str, Any]) -> Any:
    return caller._call("put", "/notices/settings", body, {})


def test_an_export_is_a_job_whose_file_is_the_asker_s_alone(world: World, caller):
    world.approved("城区积水点整治")
    world.propose("另一事项")
    he = caller("he")
    asked = he.post(
        "/procedures/supervision-item/exports", {"format": "csv", "query": "stage=assigned", "columns": ["number"]}
    )
    assert asked.status_code == 202
    drain()
    job = he.get(f"/jobs/{asked.json()['id']}").json()
    assert (job["state"], job["result"]["rows"]) == ("done", 1)
    lines = b"".join(he.client.get(job["file"], headers={"Authorization": f"Bearer {he.token}"})).decode("utf-8-sig")
    assert "督〔2026〕1号" in lines
    assert "另一事项" not in lines
    assert [one["id"] for one in he.get("/jobs").json()["items"]] == [job["id"]]
    told(caller("shen").get(f"/jobs/{job['id']}"), 404, "not-found")
    told(caller("shen").get(f"/jobs/{job['id']}/file"), 404, "not-found")
    assert caller("shen").get("/jobs").json()["items"] == []


def test_the_last_entry_is_voided_by_the_office_alone_and_only_as_it_was_seen(world: World, caller):
    case = world.underway()
    told(caller("shen").post(f"/cases/{case.pk}/rectifications", {"reason": "误签", "seen": 3}), 403, "not-yours")
    told(caller("he").post(f"/cases/{case.pk}/rectifications", {"reason": "误签", "seen": 2}), 409, "stale")
    done = caller("he").post(f"/cases/{case.pk}/rectifications", {"reason": "误签", "seen": 3})
    assert done.status_code == 201
    assert (done.json()["stage"], done.json()["seq"]) == ("assigned", 4)


def test_a_figure_is_published_by_its_office_and_frozen(world: World, caller):
    world.approved()
    address, body = "/figures/supervision-item-opened/snapshots", {"period": "2026", "note": "年报"}
    told(caller("shen").post(address, body), 403, "not-yours")
    told(caller("he").post("/figures/nonsense/snapshots", body), 404, "not-found")
    told(caller("he").post(address, {"period": "someday"}), 422, "unfit")
    found = caller("he").post(address, body)
    assert found.status_code == 201
    assert (found.json()["value"], found.json()["records"]) == (1, 1)
    assert Snapshot.objects.get().digest == found.json()["digest"]


def test_strangers_reach_none_of_it(world: World):
    for path in ("/notices", "/jobs", "/jobs/1/file", "/notices/settings"):
        told(Client().get(f"/api/v1{path}"), 401, "signed-out")
    assert not Notice.objects.exists()
