"""The documents in a case: which fields hold them, which rows say so, who may put one in and who may see it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from fadu.cases import definitions
from fadu.cases.access import predicate, shown_fields
from fadu.cases.formats import BY_MEDIA_TYPE, Unwelcome, check_ending, clean_name
from fadu.cases.models import Attachment, Case, File
from fadu.cases.moments import now
from fadu.kernel.definition import Procedure
from fadu.kernel.values import inside
from fadu.units.models import Person
from fadu.units.posts import posts_of

PARTS = frozenset({"sha256", "name", "size", "type"})
ENOUGH = 50  # cases with the same file that are looked at before saying no


def attachments(case_id: int, procedure: Procedure, body: Mapping[str, Any]) -> list[Attachment]:
    """The rows that say which stored files an entry brought into its case."""
    found = (
        (where, document)
        for key, value in body.get("data", {}).items()
        for where, document in inside(procedure.fields[key], value, "document")
    )
    return [
        Attachment(case_id=case_id, seq=body["seq"], field=where, file_id=document["sha256"], name=document["name"])
        for where, document in found
    ]


def usable(person: Person, digests: set[str]) -> dict[str, File]:
    """Of some files those a person may put into a case: their own uploads, and what cases show them."""
    rows = {row.sha256: row for row in File.objects.filter(sha256__in=digests, holders=person)}
    for sha256 in digests - rows.keys():
        attachment = seen(person, Attachment.objects.filter(file__sha256=sha256))
        if attachment is not None:
            rows[sha256] = attachment.file
    return rows


def seen(person: Person, rows: QuerySet[Attachment]) -> Attachment | None:
    """The latest of some attachments that stands in a case and a field the person may see."""
    held = posts_of(person, now().date())
    cases = Case.objects.filter(predicate(person, held))
    found = rows.filter(case__in=cases).select_related("file", "case").defer("case__state", "case__tokens")
    for attachment in found.order_by("-pk")[:ENOUGH]:
        procedure = definitions.procedure_of(attachment.case.definition_id)
        if attachment.field in shown_fields(held, procedure, attachment.case.government_id):
            return attachment
    return None


def document_fault(document: Any, files: Mapping[str, File | None]) -> tuple[str, str] | None:
    """What is wrong with a document value (zh, en) beside the files its author may use; None when nothing is."""
    if not isinstance(document, Mapping) or set(document) != PARTS:
        return (
            "请先上传文件，再填上传所得的 sha256、name、size、type",
            "upload the file first, then give the sha256, name, size and type that the upload returned",
        )
    row = files.get(str(document["sha256"]))
    if row is None:
        return "没有这个文件，或者您无权使用", "there is no such file, or it is not yours to use"
    if (document["size"], document["type"]) != (row.size, row.media_type):
        return "大小或者类型与所存文件不符", "its size or type is not that of the stored file"
    return _name_fault(document["name"], row)


def _name_fault(name: Any, row: File) -> tuple[str, str] | None:
    if not isinstance(name, str) or clean_name(name) != name:
        return "文件名不可用", "its name cannot be used"
    try:
        check_ending(BY_MEDIA_TYPE[row.media_type], name)
    except Unwelcome as fault:
        return fault.text.zh, fault.text.en
    return None
