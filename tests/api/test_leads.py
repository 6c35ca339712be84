"""Notes, what would be found, and cases that lead to cases, over the API."""

from typing import Any

import pytest

from fadu.cases import definitions
from fadu.cases.act import open_case
from fadu.cases.models import Case, Entry, Link
from tests.api.test_cases import told
from tests.cases.cast import World
from tests.kernel.yearly import library


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "library", library)
    monkeypatch.setattr(definitions, "current", lambda key: library().in_force(key))


@pytest.fixture
def paper(world: World, corner: None) -> Case:
    return open_case("paper", world.people["he"], {"name": "纪要", "text": "修闸"}, world.units["yz-sup"])


def test_a_note_is_an_entry(world: World, caller: Any):
    case = world.underway()
    answer = caller("shen").post(f"/cases/{case.pk}/notes", {"text": "请补充照片"})
    assert (answer.status_code, answer.json()["seq"]) == (201, case.seq + 1)
    assert Entry.objects.filter(case=case).latest("seq").content["note"] == "请补充照片"
    told(caller("he").post(f"/cases/{case.pk}/notes", {"text": " "}), 422, "unfit")
    told(caller("feng").post(f"/cases/{case.pk}/notes", {"text": "你好"}), 404, "not-found")


def test_what_would_be_found_is_told_and_nothing_is_written(world: World, caller: Any, corner: None):
    gu = world.people["gu"]
    open_case("cap", gu, {"name": "总量", "year": 2026, "cap": 0}, world.units["yz-gov"])
    line = open_case("line", world.people["he"], {"name": "检查", "year": 2026}, world.units["yz-sup"])
    before = Entry.objects.count()
    answer = caller("gu").post(f"/cases/{line.pk}/actions/approve/preview", {"data": {}}).json()
    assert answer["found"] == {"approved": 0, "weight": 0, "cap": 0}
    assert [refusal["gate"] for refusal in answer["refusals"]] == ["within_cap"]
    told(caller("gu").post(f"/cases/{line.pk}/actions/nothing/preview", {}), 404, "not-found")
    assert Entry.objects.count() == before


def test_one_case_leads_to_another(world: World, caller: Any, paper: Case):
    he = caller("he")
    he.post(f"/cases/{paper.pk}/actions/close", {"data": {}})
    given = he.get(f"/cases/{paper.pk}/leads/close/task").json()["data"]
    assert (given["matter"], given["from_paper"]) == ("纪要", paper.pk)
    source = {"case": str(paper.pk), "action": "close"}
    answer = he.post("/procedures/task/cases", {"data": given, "source": source})
    assert answer.status_code == 201, answer.json()
    assert Link.objects.filter(case=paper, other=answer.json()["id"], kind="led_to").exists()
    told(he.get(f"/cases/{paper.pk}/leads/close/line"), 404, "not-found")
    for wrong in (
        {"case": str(paper.pk), "action": "split"},
        {"case": "7", "action": "close"},
        {"case": "x", "action": "close"},
    ):
        told(he.post("/procedures/task/cases", {"data": given, "source": wrong}), 422, "unfit")
