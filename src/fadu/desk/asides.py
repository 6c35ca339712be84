"""What stands beside the form of an action: the case it belongs to, and what the action leads to."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from fadu.cases.models import Case
from fadu.desk.forms import Maker
from fadu.desk.reader import reader
from fadu.desk.values import Shown, shown
from fadu.kernel.definition import Action, Procedure
from fadu.words import say, t

MOST = 8


@dataclass(frozen=True, slots=True)
class Aside:
    title: str
    text: str = ""
    items: list[Shown] = field(default_factory=list)


def asides(request: HttpRequest, maker: Maker, case: Case | None) -> list[Aside]:
    found = [Aside(t("办理以后 | Afterwards"), "\n".join(_consequences(maker.procedure, maker.action)))]
    if case is not None and maker.facts is not None:
        found_reader = reader(request)
        data, fields = maker.facts.state.data, found_reader.fields(maker.procedure, case.government_id)
        items = [shown(field, data.get(key), found_reader.names) for key, field in fields.items() if not field.rows]
        found.append(Aside(t("本事项 | This matter"), items=[item for item in items if item.text][:MOST]))
    return found


def _consequences(procedure: Procedure, action: Action) -> list[str]:
    """In words, from the definition: the next stage, the terms that begin or end, what is issued."""
    said = []
    stages = [say(procedure.stages[key].title) for key in action.targets() if key in procedure.stages]
    if stages:
        said.append(t("进入“{stages}”。 | Moves to: {stages}.", stages=" / ".join(stages)))
    begun = [say(clock.title) for clock in procedure.clocks.values() if any(b.name == action.key for b in clock.begins)]
    if begun:
        said.append(t("起算期限：{terms}。 | Begins the terms: {terms}.", terms="、".join(begun)))
    ended = [
        say(clock.title) for clock in procedure.clocks.values() if action.key in (*clock.ends_with, *clock.done_by)
    ]
    if ended:
        said.append(t("完成期限：{terms}。 | Meets the terms: {terms}.", terms="、".join(ended)))
    issued = [say(procedure.letters[key].title) for key in action.issues if key in procedure.letters]
    if issued:
        said.append(t("发出：{letters}。 | Issues: {letters}.", letters="、".join(issued)))
    said.append(t("写入记录，不能删改。 | Recorded; it cannot be changed or removed."))
    return said
