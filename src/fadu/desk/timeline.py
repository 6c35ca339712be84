"""Entries as a reader sees them: who, for whom, in which post, did what, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fadu.desk.values import Names, in_words
from fadu.desk.words import local, minute, say, t
from fadu.kernel.definition import Action, Field, Procedure

AUTOMATIC = "clock"


@dataclass(frozen=True, slots=True)
class Change:
    title: str
    before: str
    after: str
    long: bool


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

    @property
    def full_digest(self) -> str:
        return self.digest


def timeline(
    procedure: Procedure, fields: Mapping[str, Field], entries: Iterable[Told], names: Names
) -> list[TimelineLine]:
    """Entries come oldest first, so that each value's former one is known; lines go newest first.

    `fields` are those the reader may see; a change to any other is not told.
    """
    told = list(entries)
    names.load_people(int(who) for entry in told for who in _people(entry.body))
    known: dict[str, Any] = {}
    lines = []
    for entry in told:
        lines.append(_line(procedure, fields, entry, known, names))
        known.update(entry.body.get("data", {}))
    return lines[::-1]


def _line(
    procedure: Procedure, fields: Mapping[str, Field], entry: Told, known: Mapping[str, Any], names: Names
) -> TimelineLine:
    body = entry.body
    action = procedure.actions.get(body["action"])
    icon, tone = _sign(procedure, action, body)
    return TimelineLine(
        seq=body["seq"],
        who=who(body, names),
        action=say(action.title) if action else _kernel_action(body["action"]),
        moved=say(procedure.stages[body["to"]].title) if body.get("from") else "",
        at=entry.legal,
        digest=entry.digest,
        icon=icon,
        tone=tone,
        changes=tuple(_changes(fields, body, known, names)),
        notes=tuple(_notes(procedure, body, entry.at)),
    )


def who(body: Mapping[str, Any], names: Names) -> str:
    """`市水务局 · 沈知远`, `系统` for a clock, with the leader a recorder acted for."""
    if body["by"] == AUTOMATIC:
        return t("系统（期限届满） | System – a term ran out")
    if body["by"] == "parent":
        return t("主事项 | Parent case")
    person = names.person(body["by"])
    _, _, unit = str(body.get("as", "")).partition("@")
    shown = f"{names.unit(unit)} · {person}" if unit else person
    if "for" in body:
        return t(
            "{person}（代 {leader} 记录） | {person} (for {leader})", person=shown, leader=names.person(body["for"])
        )
    return shown


def _people(body: Mapping[str, Any]) -> list[str]:
    return [who for who in (body["by"], body.get("for", "")) if str(who).isdecimal()]


KERNEL_ACTIONS = {
    "@rectify": "更正 | Rectified",
    "@calendar": "按新的放假安排重算期限 | Terms counted anew by a new holiday notice",
    "@child": "子事项有变化 | A sub-matter moved",
    "@link": "关联事项 | Linked",
}


def _kernel_action(key: str) -> str:
    return t(KERNEL_ACTIONS[key]) if key in KERNEL_ACTIONS else key


def _sign(procedure: Procedure, action: Action | None, body: Mapping[str, Any]) -> tuple[str, str]:
    """An icon and a tone from what the entry did, not from what it is called."""
    if body["by"] == AUTOMATIC:
        return "bell-alert", "red"
    if body.get("closed") or "outcome" in body:
        return "check", "green"
    if action is None or "child" in body:
        return "arrows-right-left", ""
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


def _changes(
    fields: Mapping[str, Field], body: Mapping[str, Any], known: Mapping[str, Any], names: Names
) -> Iterator[Change]:
    given = body.get("data", {})
    for key, defined in fields.items():
        value = given.get(key)
        if key not in given or known.get(key) == value:
            continue
        before = in_words(defined, known.get(key), names)
        long = defined.kind in ("text", "long_text")
        # Two long texts side by side help nobody; the former one stands in its own entry.
        yield Change(say(defined.title), "" if long else before, in_words(defined, value, names), long)


def _notes(procedure: Procedure, body: Mapping[str, Any], at: datetime) -> Iterator[str]:
    if str(body["day"])[:10] != local(at).date().isoformat():
        yield t("{when} 录入 | recorded {when}", when=minute(at))
    if body.get("outcome"):
        yield t("结果：{words} | Outcome: {words}", words=say(procedure.outcomes[body["outcome"]].title))
    for letter in body.get("letters", ()):
        title = say(procedure.letters[letter["letter"]].title)
        yield t(
            "发出 {title} {number} | Issued: {title} {number}", title=title, number=letter.get("number", "")
        ).strip()
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
