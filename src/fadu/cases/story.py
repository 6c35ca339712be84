"""The timeline of a case as plain text: what a report on it begins with."""

from collections.abc import Iterator, Mapping
from typing import Any

from fadu.cases import definitions
from fadu.cases.access import fields_seen
from fadu.cases.found import Outlook
from fadu.cases.models import Case, Entry
from fadu.cases.moments import now
from fadu.kernel import perform
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Text
from fadu.kernel.saying import said_of
from fadu.kernel.seeking import Surroundings
from fadu.kernel.values import LONGEST_TEXT
from fadu.units.models import Person, Unit
from fadu.units.posts import posts_of

OWN = {
    perform.CHILD_NEWS: "子事项有变化",
    perform.RECOUNT: "按新的放假安排重算期限",
    perform.RECTIFY: "更正",
    perform.LINK: "关联事项",
    perform.NOTE: "备注",
}
NOBODY = {"clock": "系统（期限届满）", "parent": "主事项"}
CUT = "……（以下从略）"


def story(case: Case, by: Person) -> str:
    """One line an entry, in Chinese, of the fields a person may see; as much as a long text holds."""
    procedure = definitions.procedure_of(case.definition_id)
    fields = fields_seen(posts_of(by, now().date()), procedure, case.government_id)
    teller = _Teller(procedure, fields, Outlook(case.government_id))
    text = "\n".join(
        teller.line(entry) for entry in Entry.objects.filter(case=case).select_related("actor").order_by("seq")
    )
    longest = LONGEST_TEXT["long_text"]
    return text if len(text) <= longest else text[: longest - len(CUT)] + CUT


class _Teller:
    def __init__(self, procedure: Procedure, fields: Mapping[str, Field], around: Surroundings) -> None:
        self.procedure, self.fields, self.around = procedure, fields, _Remembering(around)
        self.units = dict(Unit.objects.values_list("code", "name_zh"))

    def line(self, entry: Entry) -> str:
        body = entry.content
        action = self.procedure.actions.get(body["action"])
        title = action.title.zh if action else OWN.get(body["action"], body["action"])
        parts = "；".join(self._parts(body))
        return f"{str(body['day']).replace('T', ' ')} {title}（{self._who(entry, body)}）{'：' if parts else ''}{parts}"

    def _who(self, entry: Entry, body: Mapping[str, Any]) -> str:
        if entry.actor is None or body["by"] in NOBODY:
            return NOBODY.get(body["by"], "系统")
        _, _, unit = str(body.get("as", "")).partition("@")
        leader = f"，代{self.around.named('person', body['for']).zh}" if "for" in body else ""
        return f"{self.units.get(unit, '')} {entry.actor.name}".strip() + leader

    def _parts(self, body: Mapping[str, Any]) -> Iterator[str]:
        for key, value in body.get("data", {}).items():
            if key in self.fields:
                yield f"{self.fields[key].title.zh}：{said_of(self.fields[key], value, self.around).zh}"
        if body.get("outcome"):
            yield f"办理结果：{self.procedure.outcomes[body['outcome']].title.zh}"
        yield from (str(body[word]) for word in ("note", "reason") if body.get(word))


class _Remembering:
    """Each name is asked for once."""

    def __init__(self, around: Surroundings) -> None:
        self.around, self.names = around, dict[tuple[str, str], Text]()

    def found(self, queries: Any) -> list[Any]:
        return self.around.found(queries)

    def named(self, kind: str, value: Any) -> Text:
        key = (kind, str(value))
        if key not in self.names:
            self.names[key] = self.around.named(kind, value)
        return self.names[key]
