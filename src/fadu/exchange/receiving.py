"""An upload on its way to a check: kept on disk bit by bit, looked at, refused with a reason or put on record."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

from fadu.cases.formats import clean_name
from fadu.exchange.incoming import table
from fadu.exchange.intake import intakes, layout
from fadu.exchange.models import Import
from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.units.models import Person, Unit


def receive(
    person: Person, procedure: Procedure, unit: Unit, name: str, chunks: Iterable[bytes], documents: Mapping[str, Any]
) -> Import:
    """An upload that can be read and has the columns it needs. Raises Unwelcome, and then nothing of it is kept."""
    found = Import.objects.create(
        person=person,
        procedure=procedure.key,
        unit=unit,
        name=clean_name(name) or "upload",
        size=0,
        sha256="",
        documents=dict(documents),
        language=get_language() or "zh-hans",
    )
    try:
        _keep(found, chunks)
        with table(found.upload) as opened:
            layout(intakes(procedure), opened.header)
    except BaseException:
        found.delete()
        raise
    return found


def _keep(found: Import, chunks: Iterable[bytes]) -> None:
    found.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with found.upload.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            found.size += file.write(chunk)
    found.sha256 = digest.hexdigest()
    found.save(update_fields=["size", "sha256"])


def ask_for_check(found: Import, procedure: Procedure, back: str) -> Job:
    title = procedure.title
    words = Text(f"检查：{title.zh}（{found.name}）", f"Check: {title.en} ({found.name})")
    return _ask("import-check", found, words, back)


def ask_for_writing(found: Import, procedure: Procedure, back: str) -> Job:
    title = procedure.title
    return _ask(
        "import-write", found, Text(f"导入：{title.zh}（{found.name}）", f"Import: {title.en} ({found.name})"), back
    )


def _ask(kind: str, found: Import, title: Text, back: str) -> Job:
    job = ask(kind, found.person, {"import": found.pk, "back": back}, title)
    Import.objects.filter(pk=found.pk).update(job=job.pk)
    return job


def seen_before(found: Import) -> Import | None:
    """The last time the same file was imported into the same ledger of the same government, by whomever."""
    same = Import.objects.filter(sha256=found.sha256, procedure=found.procedure, state=Import.State.DONE)
    same = same.filter(unit__government=found.unit.government_id).exclude(pk=found.pk)
    return same.select_related("person").order_by("-done_at").first()
