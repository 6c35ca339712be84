"""Tables and letters over the API: the check writes nothing, what is written is decided like any other deed."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.cases.models import Case
from fadu.jobs.worker import drain
from tests.api.conftest import Caller
from tests.api.test_cases import told
from tests.cases.cast import PAPER, World

HEAD = "督办事项,来源,主办单位,成果形式,急事快督\n"
GOOD = HEAD + "积水点整治,会议纪要,云州市水务局,验收报告,否\n排水口改造,meeting,yz-parks,方案,否\n"
MIXED = GOOD + "无主之事,会议纪要,不存在的局,方案,否\n"


@pytest.fixture
def he(world: World, caller) -> Caller:
    found: Caller = caller("he")
    return found


def upload(he: Caller, text: str, name: str = "items.csv"):
    headers = {"Authorization": f"Bearer {he.token}"}
    data = {
        "file": SimpleUploadedFile(name, text.encode(), "text/csv"),
        "documents": json.dumps({"source_document": PAPER}),
    }
    return he.client.post("/api/v1/procedures/supervision-item/imports", data, headers=headers)


def test_a_table_is_checked_and_then_written(he: Caller):
    asked = upload(he, GOOD)
    assert asked.status_code == 202, asked.content.decode()
    drain()
    checked = he.get(f"/imports/{asked.json()['id']}").json()
    assert (checked["state"], checked["rows"], checked["faulty"]) == ("checked", 2, 0)
    assert not Case.objects.exists()
    assert he.post(f"/imports/{checked['id']}/write", {}).status_code == 202
    drain()
    assert he.get(f"/imports/{checked['id']}").json()["written"] == 2
    assert set(Case.objects.values_list("title", flat=True)) == {"积水点整治", "排水口改造"}
    told(he.post(f"/imports/{checked['id']}/write", {}), 422, "unfit")
    same = upload(he, GOOD).json()["id"]
    drain()
    assert told(he.post(f"/imports/{same}/write", {}), 422, "unfit")["errors"][0]["place"] == "again"


def test_a_row_at_fault_is_named_and_those_that_are_right_may_go_in(he: Caller):
    number = upload(he, MIXED).json()["id"]
    drain()
    checked = he.get(f"/imports/{number}").json()
    assert checked["faulty"] == 1
    assert checked["faults"][0]["row"] == 4
    errors = he.client.get(checked["errors"], headers={"Authorization": f"Bearer {he.token}"})
    assert b"".join(errors).startswith(b"PK")
    he.post(f"/imports/{number}/write", {"mode": "valid"})
    drain()
    assert Case.objects.count() == 2


def test_an_import_is_the_asker_s_alone_and_only_who_opens_such_cases_imports(world: World, he: Caller, caller):
    number = upload(he, GOOD).json()["id"]
    told(caller("luo").get(f"/imports/{number}"), 404, "not-found")
    told(caller("luo").post(f"/imports/{number}/write", {}), 404, "not-found")
    told(Client().get(f"/api/v1/imports/{number}"), 401, "signed-out")
    assert upload(he, "一,二\n1,2\n").status_code == 422
    assert upload(he, "MZ\x90", "items.xlsx").status_code == 422


def test_a_letter_is_read_by_who_sees_the_case(world: World, he: Caller, caller):
    case = world.approved()
    letter = he.get(f"/cases/{case.pk}/letters/2/assignment_slip/docx")
    assert b"".join(letter).startswith(b"PK")
    assert he.get(f"/cases/{case.pk}/letters/2/nonsense/docx").status_code == 404
    assert he.get(f"/cases/{case.pk}/letters/1/assignment_slip/docx").status_code == 404
    assert he.get(f"/cases/{case.pk}/letters/2/assignment_slip/exe").status_code == 422
    assert caller("lin").get(f"/cases/{case.pk}/letters/2/assignment_slip/docx").status_code == 404
