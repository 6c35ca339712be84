"""A stored value as a reader sees it: choices by their titles, units and people by name, dates in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from fadu.kernel.definition import Field
from fadu.units.models import Person, Unit
from fadu.words import day, language, minute, say, t


@dataclass
class Names:
    """The names behind codes and ids, looked up once for a page."""

    people: dict[int, str] = field(default_factory=dict)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Code -> name; a city has some hundreds."""
        name = "name_en" if language() == "en" else "short_zh"
        return {code: own or full for code, full, own in Unit.objects.values_list("code", "name_zh", name)}

    def load_people(self, ids: Iterable[int]) -> None:
        wanted = set(ids) - self.people.keys()
        if wanted:
            self.people.update(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def unit(self, code: str) -> str:
        return self.units.get(code, code)

    def person(self, pk: Any) -> str:
        number = int(str(pk).removeprefix("person:"))
        self.load_people([number])
        return self.people.get(number, str(pk))


@dataclass(frozen=True, slots=True)
class Shown:
    """One labelled value. `file` is the stored document it links to, if it is one."""

    title: str
    text: str
    long: bool = False
    file: str = ""


def shown(defined: Field, value: Any, names: Names) -> Shown:
    return Shown(
        say(defined.title),
        in_words(defined, value, names),
        long=defined.kind == "long_text" or (defined.kind == "text" and len(str(value)) > 40),
        file=str(value.get("sha256", "")) if isinstance(value, Mapping) and defined.kind == "document" else "",
    )


def in_words(defined: Field, value: Any, names: Names) -> str:
    """Total: a value that no longer fits its definition is shown as it is stored."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return (", " if language() == "en" else "、").join(_of_list(defined, item, names) for item in value)
    if defined.choices:
        title = defined.choices.get(str(value))
        return say(title) if title else str(value)
    return _single(defined.kind, value, names)


def _of_list(defined: Field, item: Any, names: Names) -> str:
    if isinstance(item, Mapping) and defined.rows:
        parts = (in_words(column, item.get(key), names) for key, column in defined.rows.items())
        return " ".join(part for part in parts if part)
    return _single(defined.of, item, names)


def _single(kind: str, value: Any, names: Names) -> str:
    if kind == "yes_no":
        return t("是 | Yes") if value else t("否 | No")
    if kind == "unit":
        return names.unit(str(value))
    if kind == "person":
        return names.person(value)
    if kind == "date":
        return day(date.fromisoformat(str(value)))
    if kind == "moment":
        return day(date.fromisoformat(value)) if len(str(value)) == 10 else minute(datetime.fromisoformat(value))
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("title") or value.get("number") or "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
