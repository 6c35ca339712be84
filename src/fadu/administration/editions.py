"""A version from its draft to its publication: two administrators, the check without faults, a line for every step."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from fadu.administration.faults import checked
from fadu.administration.models import AdministrationEntry
from fadu.administration.record import holds, insist, record
from fadu.administration.texts import Kind, Written, newest, with_head, written
from fadu.cases import editions
from fadu.cases.models import Edition
from fadu.kernel.law import Text
from fadu.kernel.source import DefinitionError, Map
from fadu.units.models import Person
from fadu.units.roles import SYSTEM_ADMIN
from fadu.units.wording import both

LONGEST = 400_000  # characters of a text
UNASKED = ("drafted_by", "number", "published_by", "published_at")  # set by who publishes


def subject(edition: Edition) -> str:
    return f"edition:{edition.pk}"


@transaction.atomic
def draft(by: Person | None, kind: str, key: str, text: str = "", folder: str = "", reason: str = "") -> Edition:
    """A new version beside the one that holds, from its text or from one handed in.

    There is one draft of a key at a time: an open one is changed instead. Raises ValidationError, PermissionDenied.
    """
    insist(by, SYSTEM_ADMIN)
    if by is None:
        raise ValidationError(both("草案须有起草人", "a draft has an author"))
    open_draft = Edition.objects.filter(kind=kind, key=key, state=Edition.State.DRAFT).first()
    if open_draft is not None:
        return open_draft if not text else change(by, open_draft, text, reason)
    last = newest(kind, key)
    version = next_version(kind, key)
    made = Edition(
        kind=kind,
        key=key,
        version=version,
        file=_file(kind, key, version, last, folder),
        text=_storable(text) or _begun(last),
        drafted_by=by,
        reason=reason,
    )
    made.full_clean(exclude=UNASKED)
    made.save()
    record(by, "draft", subject(made), after=_told(made), note=reason)
    return made


@transaction.atomic
def change(by: Person, edition: Edition, text: str, reason: str = "") -> Edition:
    """Another text for a draft. Raises ValidationError, PermissionDenied."""
    insist(by, SYSTEM_ADMIN)
    row = _open(edition)
    before = _told(row)
    row.text, row.reason = _storable(text), reason or row.reason
    row.full_clean(exclude=UNASKED)
    row.save()
    if _told(row) != before:
        record(by, "change_draft", subject(row), before, _told(row), note=reason)
    return row


@transaction.atomic
def withdraw(by: Person, edition: Edition) -> Edition:
    """A draft that comes to nothing; it stays readable. Raises ValidationError, PermissionDenied."""
    insist(by, SYSTEM_ADMIN)
    row = _open(edition)
    row.state = Edition.State.WITHDRAWN
    row.save()
    record(by, "withdraw", subject(row), before=_told(row))
    return row


@transaction.atomic
def publish(by: Person, edition: Edition, in_force: date, basis: str) -> list[Edition]:
    """The draft, and the drafts that go with it, in force from a day on. Raises ValidationError, PermissionDenied."""
    insist(by, SYSTEM_ADMIN)
    rows = [_open(edition), *(_open(other) for other in beside(edition))]
    reasons = [*_not_yet(rows, by), *_wrong(rows, in_force, basis)]
    if reasons:
        raise ValidationError([both(reason.zh, reason.en) for reason in reasons])
    record(by, "publish", subject(rows[0]), after=_told(rows[0]) | {"in_force": in_force.isoformat(), "basis": basis})
    for row in rows:
        _put_in_force(row, by, in_force, basis)
        if row is not rows[0]:
            record(by, "publish", subject(row), after=_told(row) | {"in_force": row.in_force, "basis": basis})
    transaction.on_commit(editions.refresh)
    return rows


def beside(edition: Edition) -> list[Edition]:
    """Other drafts that hold only together with this one: a new version and the local rules written over it."""
    drafts = Edition.objects.filter(state=Edition.State.DRAFT).exclude(pk=edition.pk)
    if edition.kind == Kind.OVERLAY:
        over = _over(edition)
        others = drafts.filter(kind__in=editions.DEFINITIONS, key__in=over)
        return [other for other in others if over[other.key] == other.version]
    if edition.kind == Kind.CALENDAR:
        return []
    overlays = drafts.filter(kind=Kind.OVERLAY)
    return [other for other in overlays if _over(other).get(edition.key) == edition.version]


def standing(edition: Edition, person: Person) -> list[Text]:
    """Why this person cannot publish it now; nothing when they can, but for the day and the paper."""
    rows = [edition, *beside(edition)]
    return [*_not_yet(rows, person), *(_FAULTY for row in rows if checked(row, _without(rows, row)).faults)][:3]


_FAULTY = Text("检查还有问题，先改好", "the check still finds faults; mend them first")
_NOT_SYSTEM = Text("只有系统管理员能发布", "only a system administrator publishes")
_OWN_HAND = Text(
    "您起草或修改过这一稿，须由另一位系统管理员发布",
    "you wrote or changed this draft; another system administrator publishes it",
)


def _not_yet(rows: Sequence[Edition], person: Person) -> Iterator[Text]:
    if not holds(person, SYSTEM_ADMIN):
        yield _NOT_SYSTEM
    elif any(wrote(row, person) for row in rows):
        yield _OWN_HAND


def wrote(edition: Edition, person: Person) -> bool:
    """Whether a person drafted or changed a text; the record knows."""
    hand = Q(act__in=("draft", "change_draft"), by=person, subject=subject(edition))
    return edition.drafted_by_id == person.pk or AdministrationEntry.objects.filter(hand).exists()


def _wrong(rows: Sequence[Edition], in_force: date, basis: str) -> Iterator[Text]:
    if not basis.strip():
        yield Text("请写明批准文件", "name the paper that approved it")
    is_calendar = rows[0].kind == Kind.CALENDAR
    if not is_calendar and in_force < timezone.localdate():
        yield Text("施行日不得早于今天：已经开始的事项不溯及", "it cannot be in force before today: no law looks back")
        return
    for row in rows:
        if not is_calendar:
            row.text = with_head(row.text, in_force=in_force.isoformat())
    for row in rows:
        for fault in checked(row, _without(rows, row)).faults[:5]:
            yield Text(f"{row}：第 {fault.line} 行 {fault.advice}", f"{row}: line {fault.line}: {fault.advice}")


def _without(rows: Sequence[Edition], row: Edition) -> list[Edition]:
    return [other for other in rows if other is not row]


def _put_in_force(row: Edition, by: Person, in_force: date, basis: str) -> None:
    """The record was written first: its chain lets one publication through at a time."""
    row.number = (Edition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    row.state, row.in_force, row.basis = Edition.State.PUBLISHED, in_force.isoformat(), basis.strip()
    row.published_by, row.published_at = by, timezone.now()
    row.digest = hashlib.sha256(row.text.encode()).hexdigest()
    row.save()


def _open(edition: Edition) -> Edition:
    row = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if not row.is_draft:
        raise ValidationError(both("这一稿已经发布或撤回", "this draft was published or withdrawn"))
    return row


def _over(edition: Edition) -> Map | dict[str, int]:
    try:
        over = editions.document_of(edition).get("over")
    except DefinitionError:
        return {}
    return over if isinstance(over, Map) else {}


def _file(kind: str, key: str, version: int, last: Written | None, folder: str) -> str:
    """Under which name its faults are told; the folder is the domain it is listed in."""
    place = last.file.rpartition("/")[0] if last else folder
    return f"{place or kind}/{key}@{version}.yaml"


def next_version(kind: str, key: str) -> int:
    return 1 + max((one.version for one in written(kind, key) if not one.is_offered), default=0)


def next_text(last: Written) -> str:
    """The text that a new version begins from."""
    if last.kind == Kind.CALENDAR:
        return last.text
    return with_head(last.text, version=next_version(last.kind, last.key), in_force=timezone.localdate().isoformat())


def _begun(last: Written | None) -> str:
    if last is None:
        raise ValidationError(both("没有可以改的文本，请上传", "there is no text to begin from; hand one in"))
    return next_text(last)


def _storable(text: str) -> str:
    if len(text) > LONGEST:
        raise ValidationError(both(f"文本不得超过 {LONGEST:,} 字", f"a text has at most {LONGEST:,} characters"))
    if "\x00" in text:
        raise ValidationError(both("文本里有不能保存的字符", "the text holds a character no database keeps"))
    return text.replace("\r\n", "\n")


def _told(row: Edition) -> dict[str, object]:
    digest = hashlib.sha256(row.text.encode()).hexdigest()
    return {"kind": row.kind, "key": row.key, "version": row.version, "digest": digest}
