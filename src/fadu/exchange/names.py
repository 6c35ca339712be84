"""The names behind codes and ids, in the language of the reader, remembered for a whole file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from fadu.cases import definitions
from fadu.cases.models import Case
from fadu.units.models import Person, Unit
from fadu.words import language, say


@dataclass
class Names:
    """`seen` gives the cases the reader may see: of others not even the number is told."""

    seen: Callable[[], "QuerySet[Case]"] = Case.objects.none
    people: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)

    @cached_property
    def units(self) -> dict[str, str]:
        name = "name_en" if language() == "en" else "name_zh"
        return {code: named or zh for code, named, zh in Unit.objects.values_list("code", name, "name_zh")}

    @cached_property
    def roles(self) -> dict[str, str]:
        return {key: say(title) for key, title in definitions.library().book.roles.items()}

    def unit(self, code: object) -> str:
        return self.units.get(str(code), str(code))

    def person(self, key: object) -> str:
        number = str(key).removeprefix("person:")
        if number not in self.people:
            self.load_people([number])
        return self.people[number]

    def case(self, key: object) -> str:
        number = str(key)
        if number not in self.cases:
            self.load_cases([number])
        return self.cases[number]

    def load_people(self, numbers: Iterable[str]) -> None:
        """Those not known yet, in one query."""
        wanted = {number for number in numbers if number not in self.people}
        known = Person.objects.filter(pk__in=[int(one) for one in wanted if _is_id(one)])
        self.people |= {number: number for number in wanted} | {
            str(pk): name for pk, name in known.values_list("pk", "name")
        }

    def load_cases(self, numbers: Iterable[str]) -> None:
        wanted = {number for number in numbers if number not in self.cases}
        seen = self.seen().filter(pk__in=[int(one) for one in wanted if _is_id(one)])
        found = {str(pk): number or title for pk, number, title in seen.values_list("pk", "number", "title")}
        self.cases |= dict.fromkeys(wanted, "") | found

    def turn(self, key: str) -> str:
        """`role@unit` as `承办人（水务局）`; a person by name."""
        if key.startswith("person:"):
            return self.person(key)
        role, _, unit = key.partition("@")
        return f"{self.roles.get(role, role)}（{self.unit(unit)}）" if unit else ""


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
