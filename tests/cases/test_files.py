"""Files are known by their bytes, kept once outside the web root, and handed out only where they may be seen."""

import hashlib
import io
import stat
import zipfile
from contextlib import suppress

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from fadu.cases.files import path_of, serve_file, store_bytes
from fadu.cases.formats import FORMATS, Unwelcome, check_ending, clean_name, recognise
from fadu.cases.models import Attachment, Entry, File
from fadu.kernel.refusal import Refused
from tests.cases.cast import World
from tests.cases.papers import CSV, JPG, PDF, PNG, ofd, ole, openxml, zipped

ACCEPTED = {
    "pdf": PDF,
    "ofd": ofd(),
    "docx": openxml("docx"),
    "xlsx": openxml("xlsx"),
    "pptx": openxml("pptx"),
    "doc": ole("WordDocument"),
    "xls": ole("Workbook"),
    "png": PNG,
    "jpg": JPG,
    "text": CSV,
}


def encrypted_zip() -> bytes:
    kept = io.BytesIO(openxml("docx"))
    content = bytearray(kept.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


REFUSED = {
    "nothing": (b"", "空"),
    "a web page": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "脚本"),
    "a web page after spaces": (b"  \r\n\t<b>bold</b>", "脚本"),
    "a script in the middle of a text": (b"plain words <ScRiPt src=x>", "脚本"),
    "a web page in gb18030": ("<html>中文</html>".encode("gb18030"), "脚本"),
    "a web page in utf-16": ("<html>中文</html>".encode("utf-16"), "可收"),
    "a drawing that can run": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "脚本"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "脚本"),
    "a mail that carries a page": (b"MIME-Version: 1.0\nContent-Type: text/html\n\nhi", "脚本"),
    "a Windows program": (b"MZ\x90\x00" + b"\x00" * 100, "可收"),
    "a Linux program": (b"\x7fELF\x02\x01\x01" + b"\x00" * 100, "可收"),
    "a plain zip": (zipped(**{"a.txt": "x"}), "压缩包"),
    "a Java archive": (zipped(**{"META-INF/MANIFEST.MF": "x"}), "压缩包"),
    "a page before a zip": (b"<html>" + openxml("docx"), "可收"),
    "half a zip": (openxml("docx")[:90], "损坏"),
    "a zip with a password": (encrypted_zip(), "加密"),
    "a document with macros": (openxml("docx", **{"word/vbaProject.bin": "x"}), "宏"),
    "a document that says it has macros": (
        openxml("xlsx", "<Default ContentType='application/vnd.ms-excel.sheet.macroEnabled.12'/>"),
        "宏",
    ),
    "a workbook with Excel 4 macros": (openxml("xlsx", **{"xl/macrosheets/sheet1.xml": "<x/>"}), "宏"),
    "an old document with macros": (ole("WordDocument", "Macros"), "宏"),
    "an old workbook with macros": (ole("Workbook", "_VBA_PROJECT_CUR"), "宏"),
    "an encrypted office file": (ole("EncryptionInfo", "EncryptedPackage"), "加密"),
    "an installer": (ole("SummaryInformation"), "办公文档"),
    "half a compound file": (ole("WordDocument")[:600], "损坏"),
    "half a PDF": (b"%PDF-1.7\n1 0 obj", "不完整"),
    "half a picture": (PNG[:20], "不完整"),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_every_format_of_the_list_is_recognised_by_its_bytes(kind):
    assert recognise(ACCEPTED[kind]) is FORMATS[kind]


@pytest.mark.parametrize("what", REFUSED)
def test_everything_else_is_refused_in_two_languages(what):
    content, words = REFUSED[what]
    with pytest.raises(Unwelcome, match=words) as caught:
        recognise(content)
    assert caught.value.text.en
    assert caught.value.text.en != caught.value.text.zh


@pytest.mark.parametrize("name", ["报告.docx", "报告.pdf.exe", "报告", "报告.PDF.html", "pdf"])
def test_a_name_that_says_something_else_is_refused(name):
    with pytest.raises(Unwelcome, match=r"扩展名应为 \.pdf"):
        check_ending(recognise(PDF), name)


@pytest.mark.parametrize(("name", "kind"), [("a.PDF", "pdf"), ("a.jpeg", "jpg"), ("a.wps", "doc"), ("b.csv", "text")])
def test_capitals_and_other_usual_endings_fit(name, kind):
    check_ending(FORMATS[kind], name)


def test_a_name_loses_its_path_and_what_deceives():
    assert clean_name("C:\\机密\\..\\会议\x00纪要\u202efdp.pdf") == "会议纪要fdp.pdf"
    assert clean_name("../../etc/passwd.txt") == "passwd.txt"
    assert len(clean_name("长" * 500 + ".pdf")) == 200
    assert clean_name("长" * 500 + ".pdf").endswith("长.pdf")


STARTS = st.sampled_from(
    [b"", b"%PDF-", PNG[:16], b"\xff\xd8\xff", b"PK\x03\x04", ole("WordDocument")[:512], openxml("docx")]
)


@given(STARTS, st.binary(max_size=2000))
def test_no_bytes_break_the_reading(start, content):
    try:
        found = recognise(start + content)
    except Unwelcome:
        return
    assert found in FORMATS.values()


@given(st.sampled_from(sorted(ACCEPTED)), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30))
def test_no_damage_breaks_the_reading(kind, changes):
    content = bytearray(ACCEPTED[kind])
    for place, value in changes:
        content[place % len(content)] = value
    with suppress(Unwelcome):
        recognise(bytes(content))


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=300),
    st.sampled_from(["<script", "<html>", "<svg onload=x>", "<!DOCTYPE html>", "<iframe", "<?php", "<% x %>"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"]),
)
def test_a_page_or_script_is_never_taken_for_a_text(text, markup, encoding):
    content = (text + markup).encode(encoding)
    with pytest.raises(Unwelcome):
        recognise(content)


def test_a_zip_that_unpacks_to_gigabytes_is_read_in_part_only(monkeypatch):
    read: list[int] = []
    whole = zipfile.ZipExtFile.read

    def noted(part: zipfile.ZipExtFile, size: int = -1) -> bytes:
        read.append(size)
        return whole(part, size)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", noted)
    recognise(zipped(**{"[Content_Types].xml": "wordprocessingml.document.main+xml" + " " * 20_000_000}))
    assert read == [1 << 20]


# -- kept --------------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_once_under_its_digest_for_the_owner_of_the_server_alone(world: World):
    he, shen = world.people["he"], world.people["shen"]
    first, again = store_bytes(PDF, "会议纪要.pdf", he), store_bytes(PDF, "抄件.pdf", shen)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert first == {"sha256": sha256, "name": "会议纪要.pdf", "size": len(PDF), "type": "application/pdf"}
    assert again == {**first, "name": "抄件.pdf"}
    path = path_of(sha256)
    assert path.read_bytes() == PDF
    assert (path.parent.name, path.parent.parent.name) == (sha256[2:4], sha256[:2])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == [sha256]
    row = File.objects.get(sha256=sha256)
    assert (row.name, row.uploaded_by, set(row.holders.all())) == ("会议纪要.pdf", he, {he, shen})


def test_a_file_over_the_limit_is_refused_and_not_kept(world: World, settings):
    settings.FADU_MAX_UPLOAD = len(PDF) - 1
    before = File.objects.count()
    with pytest.raises(Unwelcome, match="超过上限"):
        store_bytes(PDF, "会议纪要.pdf", world.people["he"])
    assert File.objects.count() == before


def test_a_half_written_file_is_written_anew(world: World):
    content = PDF + b"%half\n%%EOF"
    path = path_of(hashlib.sha256(content).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content[:5])
    store_bytes(content, "a.pdf", world.people["he"])
    assert path.read_bytes() == content


def test_a_failed_write_leaves_no_draft(world: World, monkeypatch):
    content = PDF + b"%full\n%%EOF"
    path = path_of(hashlib.sha256(content).hexdigest())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        store_bytes(content, "a.pdf", world.people["he"])
    assert not list(path.parent.iterdir())
    assert not File.objects.filter(sha256=path.name).exists()


# -- in a case ---------------------------------------------------------------------------------------------------------


def paper(world: World, by: str = "he", content: bytes = PDF, name: str = "来源.pdf"):
    return store_bytes(content, name, world.people[by])


def test_a_document_is_sealed_in_the_entry_and_attached_in_the_same_transaction(world: World):
    document = paper(world)
    case = world.propose(source_document=document)
    assert Entry.objects.get(case=case).content["data"]["source_document"] == document
    found = Attachment.objects.get(case=case)
    assert (found.seq, found.field, found.file_id, found.name) == (1, "source_document", document["sha256"], "来源.pdf")


def test_a_child_that_is_handed_a_document_has_it_too(world: World):
    counted = Attachment.objects.count()
    case = world.approved(co_units=["yz-parks"])
    child = case.children.get()
    handed = [value for value in child.state["data"].values() if isinstance(value, dict) and "sha256" in value]
    assert child.attachments.count() == len(handed)
    assert Attachment.objects.count() == counted + 1 + len(handed)


@pytest.mark.parametrize(
    "document",
    [
        "会议纪要.pdf",
        5,
        ["x"],
        {"sha256": "0" * 64},
        {"sha256": "0" * 64, "name": "a.pdf", "size": 1, "type": "application/pdf"},
        {"sha256": "\x00", "name": "a.pdf", "size": 1, "type": "application/pdf"},
        {"sha256": ["a"], "name": "a.pdf", "size": 1, "type": "application/pdf"},
    ],
)
def test_a_document_that_is_not_stored_is_refused(world: World, document):
    with pytest.raises(Refused) as caught:
        world.propose(source_document=document)
    (refusal,) = caught.value.refusals
    assert (refusal.gate, refusal.field) == ("kind", "source_document")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"size": 1}, {"type": "text/html"}, {"name": "来源.html"}, {"name": "../来源.pdf"}, {"name": 7}, {"more": 1}],
)
def test_a_document_must_say_what_is_stored(world: World, change):
    with pytest.raises(Refused):
        world.propose(source_document={**paper(world), **change})


def test_what_somebody_else_uploaded_is_not_mine_to_use_until_a_case_shows_it_to_me(world: World):
    document = paper(world, "he")
    case = world.underway()
    with pytest.raises(Refused, match="无权使用"):
        world.do(case, "file_plan", "shen", section="工程科", plan=document)
    world.propose(source_document=document, lead_unit="yz-water")
    world.do(case, "file_plan", "shen", section="工程科", plan=document)
    assert case.attachments.filter(file=document["sha256"]).count() == 1


def test_a_refused_deed_attaches_nothing(world: World):
    case = world.propose()
    with pytest.raises(Refused):
        world.do(case, "file_plan", "shen", plan=paper(world, "shen", name="计划.pdf"))
    assert not Attachment.objects.filter(case=case, field="plan").exists()


# -- handed out --------------------------------------------------------------------------------------------------------


def test_a_download_bears_its_name_its_type_and_nothing_to_run(world: World):
    document = paper(world, name="会议纪要 (2).pdf")
    case = world.propose(source_document=document)
    response = serve_file(world.people["shen"], case.pk, document["sha256"])
    assert b"".join(response) == PDF
    response.close()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E4%BC%9A%E8%AE%AE%E7%BA%AA%E8%A6%81%20%282%29.pdf"
    )
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("who", ["lin", "hai", "mo", "xi", "shi"])
def test_who_may_not_see_the_case_gets_no_file_of_it(world: World, who):
    document = paper(world)
    case = world.propose(source_document=document)
    with pytest.raises(Http404):
        serve_file(world.people[who], case.pk, document["sha256"])


def test_a_file_of_another_case_is_not_found_in_this_one(world: World):
    document = paper(world)
    world.propose(source_document=document)
    other = world.propose()
    with pytest.raises(Http404):
        serve_file(world.people["he"], other.pk, document["sha256"])
