"""Files over the API: sent as a form, told apart by their bytes, fetched through the case that shows them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.cases.models import Attachment, File
from fadu.units.tokens import issue
from tests.api.conftest import ROOT
from tests.api.test_cases import LEDGER, PROPOSAL, told
from tests.cases.cast import World
from tests.cases.papers import PDF, openxml


@pytest.fixture
def send(world: World):
    def sent(username: str, content: bytes, name: str = "来源.pdf", field: str = "file"):
        token = issue(world.people[username], "x")[0]
        given = {field: SimpleUploadedFile(name, content, "text/html")}
        return Client(enforce_csrf_checks=True).post(
            f"{ROOT}/files", given, headers={"Authorization": f"Bearer {token}"}
        )

    return sent


def test_a_file_goes_up_into_a_case_and_down_again(world: World, send, caller):
    document = send("he", PDF)
    assert document.status_code == 201
    assert document.json()["type"] == "application/pdf"
    case = caller("he").post(LEDGER, {"data": {**PROPOSAL, "source_document": document.json()}}).json()
    path = f"/cases/{case['id']}/files/{document.json()['sha256']}"
    response = caller("shen").get(path)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9D%A5%E6%BA%90.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    for who in ("lin", "feng", "mo", "shi"):
        told(caller(who).get(path), 404, "not-found")
    told(caller("he").get(f"/cases/{case['id']}/files/{'0' * 64}"), 404, "not-found")
    told(caller("he").get(f"/cases/{case['id']}/files/..%2f..%2fsecret_key"), 404, "not-found")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "空"),
        (b"<script>alert(1)</script>", "a.txt", "脚本"),
        (b"MZ\x00\x00", "a.pdf", "可收"),
        (PDF, "a.docx", "扩展名"),
        (openxml("docx", **{"word/vbaProject.bin": "x"}), "a.docx", "宏"),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_not_kept(world: World, send, content, name, words):
    before = File.objects.count()
    assert words in told(send("he", content, name), 422, "unfit")["detail"]
    assert File.objects.count() == before


def test_a_file_beyond_the_limit_is_told(world: World, send, settings):
    settings.FADU_MAX_UPLOAD = 10
    told(send("he", PDF), 413, "too-large")


def test_a_form_without_the_file_is_told(world: World, send, caller):
    assert told(send("he", PDF, field="paper"), 422, "unfit")["errors"][0]["place"] == "file"
    told(caller("he").post("/files", {"file": "x"}), 422, "unfit")


def test_a_broken_form_is_told(world: World):
    headers = {"Authorization": f"Bearer {issue(world.people['he'], 'x')[0]}"}
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"):
        response = Client().post(f"{ROOT}/files", data=b"--y\r\nnonsense", content_type=content_type, headers=headers)
        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"


def test_a_document_named_by_a_mere_string_is_refused(world: World, caller):
    found = told(caller("he").post(LEDGER, {"data": {**PROPOSAL, "source_document": "来源.pdf"}}), 422, "unfit")
    assert found["refusals"][0]["field"] == "source_document"
    assert not Attachment.objects.exists()
