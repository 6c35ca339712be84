"""What a notice says, in one line: the same words on the page and in a mail."""

from fadu.cases import definitions
from fadu.kernel.definition import Procedure
from fadu.notify.models import Kind, Notice
from fadu.words import end, say, t


def sentence(notice: Notice) -> str:
    """`何以宁办理了“批准立项并交办”，轮到您了。`; the case and its `by` must be loaded with it."""
    procedure = definitions.procedure_of(notice.case.definition_id)
    who = notice.by.name if notice.by else t("系统按期 | The clock")
    due = end(notice.due) if notice.due else ""
    titled = _title(procedure, notice)
    if notice.kind == Kind.TURN:
        return t("{who}办理了“{what}”，轮到您了 | {who}: {what}. It is your turn", who=who, what=titled)
    if notice.kind == Kind.LETTER:
        return t("{who}发出“{what}” | {who} sent you: {what}", who=who, what=titled)
    if notice.kind == Kind.MOVED:
        return t("“{what}”期限改为{due} | {what}: now due {due}", what=titled, due=due)
    if notice.kind == Kind.CLOSED:
        return t("{who}办理了“{what}”，事项已办结 | {who}: {what}. The matter is closed", who=who, what=titled)
    if notice.kind == Kind.NOTE:
        return t("{who}留言 | {who} left a note", who=who)
    if notice.kind == Kind.OVERDUE:
        return t("已经逾期，应于{due}前办理 | Overdue; it was due {due}", due=due) if due else t("已经逾期 | Overdue")
    return t("临近到期：{due} | Due soon: {due}", due=due)


def name_of(notice: Notice) -> str:
    """The matter with its number."""
    case = notice.case
    procedure = definitions.procedure_of(case.definition_id)
    title = case.title or say(procedure.title)
    return f"{case.number} {title}".strip()


def _title(procedure: Procedure, notice: Notice) -> str:
    named = [part.get(notice.detail) for part in (procedure.letters, procedure.clocks, procedure.actions)]
    return next((say(one.title) for one in named if one is not None), notice.detail)
