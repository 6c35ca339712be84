"""Entries as a reader sees them: who, for whom, in which post, did what, and what it changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fadu.cases import definitions
from fadu.desk.changes import Change, Opens, changed, nowhere
from fadu.desk.history import Known, terms_moved, voided
from fadu.desk.talk import is_talk
from fadu.desk.values import Anchor, Names
from fadu.kernel.definition import CAME_FROM, LED_TO, Action, Field, Procedure
from fadu.kernel.perform import CHILD_NEWS, LINK, NOTE, RECOUNT, RECTIFY
from fadu.words import local, minute, say, t

AUTOMATIC = "clock"
MOST_TIED = 12  # cases named in one line; all of them stand among the related ones
Cases = Mapping[int, str]  # the sub-cases the reader may see, each with its unit
NO_CASES: Cases = {}
Reads = Callable[[int, str], str]  # where a letter of an entry is read


def unread(_seq: int, _letter: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is stored, with the moment it was recorded."""

    body: Mapping[str, Any]
    at: datetime
    digest: str

    @property
    def legal(self) -> date:
        """When it counts as done: a moment, or a day."""
        day = str(self.body["day"])
        return date.fromisoformat(day) if len(day) == 10 else datetime.fromisoformat(day)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    seq: int
    who: str
    action: str
    moved: str
    at: date  # the legal moment, or the day when no minute was given
    digest: str
    icon: str
    tone: str
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    links: tuple[Anchor, ...] = ()  # the cases it tied to this one, the letters it issued
    is_talk: bool = False
    said: str = ""  # what a note says
    void: str = ""  # by which entry it was voided, and why

    @property
    def full_digest(self) -> str:
        return self.digest


@dataclass(frozen=True, slots=True)
class Telling:
    """What every line of a case's timeline is told with. Of `fields` only those the reader may see are here."""

    procedure: Procedure
    fields: Mapping[str, Field]
    names: Names
    cases: Cases
    voided: Mapping[int, Mapping[str, Any]]
    opens: Opens
    reads: Reads


def timeline(
    procedure: Procedure,
    fields: Mapping[str, Field],
    entries: Iterable[Told],
    names: Names,
    cases: Cases = NO_CASES,
    opens: Opens = nowhere,
    reads: Reads = unread,
) -> list[TimelineLine]:
    """Entries come oldest first, so that each value's former one is known; lines go newest first.

    `fields` and `cases` are those the reader may see; a change to any other field is not told.
    """
    told = list(entries)
    names.load_people(int(who) for entry in told for who in _people(entry.body))
    names.load_units_of(int(entry.body["by"]) for entry in told if entry.body["action"] == NOTE)
    names.load_cases(pk for entry in told for pk in _tied(entry.body)[:MOST_TIED])
    values = (pair for entry in told for pair in entry.body.get("data", {}).items())
    names.load((fields[key], value) for key, value in values if key in fields)
    telling = Telling(procedure, fields, names, cases, voided(entry.body for entry in told), opens, reads)
    known, lines = Known(), []
    for entry in told:
        after = known.after(entry.body)
        lines.append(_line(telling, entry, known, after))
        known = after
    return lines[::-1]


def _line(telling: Telling, entry: Told, known: Known, after: Known) -> TimelineLine:
    body, procedure = entry.body, telling.procedure
    action = procedure.actions.get(body["action"])
    icon, tone = _sign(procedure, action, body)
    return TimelineLine(
        seq=body["seq"],
        who=who(body, telling.names),
        action=say(action.title) if action else _kernel_action(body),
        moved=say(procedure.stages[after.stage].title) if _moves(body, known, after) else "",
        at=entry.legal,
        digest=entry.digest,
        icon=icon,
        tone=tone,
        changes=(*_changes(telling, body, known), *_terms(telling, body, known, after)),
        notes=(*_own_notes(telling, body), *_notes(procedure, body, entry.at)),
        links=tuple(_links(telling, body)),
        is_talk=body["action"] == NOTE or (action is not None and is_talk(procedure, action)),
        said=str(body.get("note", "")),
        void=_void(telling.voided.get(body["seq"])),
    )


def _links(telling: Telling, body: Mapping[str, Any]) -> Iterator[Anchor]:
    yield from (telling.names.case(pk) for pk in _tied(body)[:MOST_TIED])
    for letter in body.get("letters", ()):
        title, number = say(telling.procedure.letters[letter["letter"]].title), letter.get("number", "")
        words = t("发出 {title} {number} | Issued: {title} {number}", title=title, number=number).strip()
        yield Anchor(words, telling.reads(body["seq"], letter["letter"]))


def _tied(body: Mapping[str, Any]) -> list[int]:
    """The cases an entry ties to this one: linked with it, or opened from its rows."""
    return [*([body["link"]["case"]] if "link" in body else []), *(led["id"] for led in body.get("led_to", ()))]


def _moves(body: Mapping[str, Any], known: Known, after: Known) -> bool:
    return bool(body.get("from")) or ("state" in body and known.stage != after.stage)


def _void(by: Mapping[str, Any] | None) -> str:
    if by is None:
        return ""
    words = "已由第 {n} 条撤销，理由：{reason} | Voided by entry {n} because: {reason}"
    return t(words, n=by["seq"], reason=by["reason"])


def who(body: Mapping[str, Any], names: Names) -> str:
    """`市水务局 · 沈知远`, `系统` for a clock, with the leader a recorder acted for."""
    if body["action"] == RECOUNT:
        return t("系统 | System")
    if body["by"] == AUTOMATIC:
        return t("系统（期限届满） | System – a term ran out")
    if body["by"] == "parent":
        return t("主事项 | Parent case")
    person = names.person(body["by"])
    _, _, unit = str(body.get("as", "")).partition("@")
    unit = unit or (names.unit_of(body["by"]) if body["action"] == NOTE else "")
    shown = f"{names.unit(unit)} · {person}" if unit else person
    if "for" in body:
        return t(
            "{person}（代 {leader} 记录） | {person} (for {leader})", person=shown, leader=names.person(body["for"])
        )
    return shown


def _people(body: Mapping[str, Any]) -> list[str]:
    return [who for who in (body["by"], body.get("for", "")) if str(who).isdecimal()]


KERNEL_ACTIONS = {
    RECTIFY: "更正 | Rectified",
    RECOUNT: "按新的放假安排重算期限 | Terms counted anew by a new holiday notice",
    CHILD_NEWS: "子事项有变化 | A sub-matter moved",
    LINK: "关联事项 | Linked a matter",
    NOTE: "留言 | Note",
}
TIED = {LED_TO: "引出事项 | Led to a matter", CAME_FROM: "由事项转来 | Came from a matter"}


KERNEL_SIGNS = {
    RECTIFY: ("arrow-uturn-left", "amber"),
    RECOUNT: ("calendar-days", "amber"),
    CHILD_NEWS: ("arrows-right-left", ""),
    LINK: ("link", ""),
    NOTE: ("chat-bubble-left", ""),
}


def _kernel_action(body: Mapping[str, Any]) -> str:
    key = body["action"]
    if key == LINK and body["link"].get("kind") in TIED:
        return t(TIED[body["link"]["kind"]])
    return t(KERNEL_ACTIONS[key]) if key in KERNEL_ACTIONS else key


def _sign(procedure: Procedure, action: Action | None, body: Mapping[str, Any]) -> tuple[str, str]:
    """An icon and a tone from what the entry did, not from what it is called."""
    if body["action"] in KERNEL_SIGNS:
        return KERNEL_SIGNS[body["action"]]
    if body["by"] == AUTOMATIC:
        return "bell-alert", "red"
    if body.get("closed") or "outcome" in body:
        return "check", "green"
    if action is None:
        return "pencil", ""
    if action.is_opening:
        return "flag", "qing"
    if action.extends or action.key in _pausing(procedure):
        return "clock", "amber"
    if body.get("letters"):
        return "paper-airplane", "qing"
    return ("arrow-right", "qing") if "to" in body else ("pencil", "")


def _pausing(procedure: Procedure) -> set[str]:
    held = {name for clock in procedure.clocks.values() for name in clock.pause}
    return {action.key for action in procedure.actions.values() if held.intersection(action.targets())}


def _changes(telling: Telling, body: Mapping[str, Any], known: Known) -> Iterator[Change]:
    given = body.get("data", {})
    for key, defined in telling.fields.items():
        if key in given and not (defined.draws_from and "led_to" in body):  # the cases made of the rows are named
            yield from changed(defined, known.data.get(key), given[key], telling.names, telling.opens)


def _terms(telling: Telling, body: Mapping[str, Any], known: Known, after: Known) -> Iterator[Change]:
    """The clocks that the kernel's own entries moved; what an action moves stands in its certificate."""
    if body["action"] in KERNEL_ACTIONS:
        for title, former, present in terms_moved(telling.procedure, known, after):
            yield Change(title, former, present, long=False)


def _own_notes(telling: Telling, body: Mapping[str, Any]) -> Iterator[str]:
    """What the kernel's own entries say: which sub-matter moved and how, with which matter this one is linked."""
    if "child" in body:
        yield _child(telling, body["child"])


def _child(telling: Telling, news: Mapping[str, Any]) -> str:
    child = telling.procedure.children[news["key"]]
    name = telling.cases.get(news["id"], "")
    named = t("子事项“{title}”{name} | Sub-matter '{title}' {name}", title=say(child.title), name=name).strip()
    if news["open"]:
        return t("{child}重新办理 | {child} was reopened", child=named)
    outcome = definitions.current(child.procedure).outcomes.get(news.get("outcome") or "")
    if outcome is None:
        return t("{child}已办结 | {child} was closed", child=named)
    return t("{child}已办结：{outcome} | {child} was closed: {outcome}", child=named, outcome=say(outcome.title))


def _notes(procedure: Procedure, body: Mapping[str, Any], at: datetime) -> Iterator[str]:
    if str(body["day"])[:10] != local(at).date().isoformat():
        yield t("{when} 录入 | recorded {when}", when=minute(at))
    if body.get("outcome"):
        yield t("结果：{words} | Outcome: {words}", words=say(procedure.outcomes[body["outcome"]].title))
    led = len(body.get("led_to", ()))
    if led:
        yield t("立项 {n} 件 | Opened {n:case}", n=led)
    opened = len(body.get("opened", ()))
    if opened:
        yield t("开立子事项 {n} 件 | Opened {n:sub-matter}", n=opened)
    if body.get("voids"):
        yield t(
            "撤销第 {n} 条记录，理由：{reason} | Voids entry {n} because: {reason}",
            n=body["voids"],
            reason=body["reason"],
        )
    for gate, reason in body.get("overrides", {}).items():
        refusal = say(procedure.gates[gate].refusal) if gate in procedure.gates else gate
        yield t(
            "越过提示“{gate}”，理由：{reason} | Passed the warning '{gate}' because: {reason}",
            gate=refusal,
            reason=reason,
        )
