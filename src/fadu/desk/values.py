"""A stored value as a reader sees it: choices by their titles, units and people by name, dates in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from fadu.cases.models import Case
from fadu.kernel.definition import Field
from fadu.kernel.values import inside
from fadu.units.models import Person, Post, Unit
from fadu.words import day, language, minute, say, t


@dataclass
class Names:
    """The names behind codes and ids, looked up once for a page. `seen` gives the cases the reader may see."""

    people: dict[int, str] = field(default_factory=dict)
    seen: Callable[[], "QuerySet[Case]"] = Case.objects.none
    cases: dict[int, Case | None] = field(default_factory=dict)
    posts: dict[int, str] = field(default_factory=dict)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Code -> name; a city has some hundreds."""
        name = "name_en" if language() == "en" else "short_zh"
        return {code: own or full for code, full, own in Unit.objects.values_list("code", "name_zh", name)}

    def load(self, values: Iterable[tuple[Field, Any]]) -> None:
        """The people and the cases that some values name, in two queries at most."""
        known = list(values)
        people = [person for one in known for _, person in inside(*one, "person")]
        self.load_people(int(text) for one in people if (text := str(one).removeprefix("person:")).isdecimal())
        self.load_cases(case_id(case) for one in known for _, case in inside(*one, "case"))

    def load_people(self, ids: Iterable[int]) -> None:
        wanted = set(ids) - self.people.keys()
        if wanted:
            self.people.update(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def load_units_of(self, people: Iterable[int]) -> None:
        """Where some people sit: the unit of their first post."""
        wanted = set(people) - self.posts.keys()
        if wanted:
            self.posts.update(dict.fromkeys(wanted, ""))
            held = Q(until=None) | Q(until__gte=timezone.localdate())
            found = Post.objects.filter(held, person__in=wanted).order_by("-pk")
            self.posts.update(found.values_list("person", "unit__code"))

    def unit_of(self, person: Any) -> str:
        return self.posts.get(int(person), "")

    def load_cases(self, ids: Iterable[int]) -> None:
        wanted = set(ids) - self.cases.keys()
        if wanted:
            self.cases.update(dict.fromkeys(wanted))
            rows = self.seen().filter(pk__in=wanted).only("procedure", "number", "title")
            self.cases.update({case.pk: case for case in rows})

    def case(self, value: Any) -> "Anchor":
        found = self._case(value)
        return anchor_of(found) if found else Anchor(t(UNSEEN))

    def called(self, value: Any) -> str:
        """A case as an input shows and understands it."""
        found = self._case(value)
        return called(found) if found else str(value)

    def _case(self, value: Any) -> Case | None:
        number = case_id(value)
        self.load_cases([number])
        return self.cases[number]

    def unit(self, code: str) -> str:
        return self.units.get(code, code)

    def person(self, pk: Any) -> str:
        number = int(str(pk).removeprefix("person:"))
        self.load_people([number])
        return self.people.get(number, str(pk))


UNSEEN = "您看不到的一件事项 | a matter you may not see"
UNGROUPED = 10_000  # below it thousands are not parted: a year is no amount


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words that lead somewhere, when the reader may go there."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One labelled value; `links` are the documents or cases it names."""

    title: str
    text: str
    long: bool = False
    links: tuple[Anchor, ...] = ()


def shown(defined: Field, value: Any, names: Names) -> Shown:
    return Shown(
        say(defined.title),
        in_words(defined, value, names),
        long=defined.kind == "long_text" or (defined.kind == "text" and len(str(value)) > 40),
    )


def anchor_of(case: Case) -> Anchor:
    return Anchor(
        f"{case.number} {case.title}".strip() or f"#{case.pk}", reverse("case", args=[case.procedure, case.pk])
    )


def called(case: Case) -> str:
    """`督〔2026〕3号 城区积水点整治`; a case without a number is told from others of its title by its identity."""
    return f"{case.number} {case.title}".strip() if case.number else f"{case.title} #{case.pk}".strip()


def case_id(value: Any) -> int:
    """The id a field of kind case holds; 0 for what is none."""
    text = str(value)
    return int(text) if text.isdecimal() else 0


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


NAMED: Mapping[str, Callable[[Names, Any], str]] = {
    "unit": Names.unit,
    "person": Names.person,
    "case": lambda names, pk: names.case(pk).text,
}


def _single(kind: str, value: Any, names: Names) -> str:
    if kind in NAMED and not isinstance(value, Mapping):
        return NAMED[kind](names, value)
    if kind == "yes_no":
        return t("是 | Yes") if value else t("否 | No")
    if kind == "date":
        return day(date.fromisoformat(str(value)))
    if kind == "moment":
        return day(date.fromisoformat(value)) if len(str(value)) == 10 else minute(datetime.fromisoformat(value))
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("title") or value.get("number") or "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) >= UNGROUPED else str(value)
    return str(value)
