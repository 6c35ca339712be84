"""Courses: how cases of a procedure usually go, declared in courses/*.yaml, and turned into scripts.

A step is timed `after` the one before (`0..2 workdays`, `5..40 minutes`), at a `share` of the way from the starting
action to the due date, or `past_due`; `monthly: 0.8` repeats it until that share of the way. Values beginning with $
are drawn from the lists of the course, or known to it ($matter, $lead_unit, $due …).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from fadu.kernel.calendar import Calendar
from fadu.kernel.definition import Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import State
from fadu.replay.cast import Cast
from fadu.replay.city import City, read
from fadu.replay.papers import Papers
from fadu.replay.office_hours import later, some_time
from fadu.replay.script import Script, Step
from fadu.replay.words import Words

_RANGE = re.compile(r"\+?(-?[\d.]+)\.\.(-?[\d.]+)(?: (\w+))?\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of times to draw from: a share of the way, or a number of workdays, hours or minutes."""

    low: float
    high: float
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> "Span":
        found = _RANGE.match(text)
        if not found:
            raise ValueError(f"'{text}' is no range; write '0..2 workdays' or '0.5..0.9'")
        return cls(float(found[1]), float(found[2]), found[3] or "")

    def draw(self, rng: Random) -> int:
        return rng.randint(int(self.low), int(self.high))

    def share(self, rng: Random) -> float:
        return rng.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a scene fixes: people, units, the title, the kind, the due date or the day it is opened."""

    opens: datetime
    due: date | datetime | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Courses:
    """The courses of one procedure in one city."""

    raw: Mapping[str, Any]
    city: City
    cast: Cast
    calendar: Calendar
    rng: Random
    words: Words
    papers: Papers
    procedure: Procedure

    @classmethod
    def of(
        cls, procedure: Procedure, city: City, cast: Cast, calendar: Calendar, rng: Random, papers: Papers
    ) -> "Courses":
        raw = read(f"courses/{procedure.key}.yaml")
        return cls(raw, city, cast, calendar, rng, Words(city, raw["texts"], rng), papers, procedure)

    def pick(self) -> str:
        """A course by its share."""
        names = list(self.raw["courses"])
        return self.rng.choices(names, [self.raw["courses"][name]["share"] for name in names])[0]

    def counts(self, course: str) -> bool:
        return bool(self.raw["courses"][course].get("counts", True))

    def script(self, course: str, wish: Wish) -> Script:
        """One case of a course."""
        plan = _Plan(self, self.raw["courses"][course], wish)
        steps = tuple(plan.steps())
        return Script(self.raw["course_for"], self.city.code, steps)

    def steps_of(self, raw: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
        for step in raw:
            if isinstance(step, str):
                yield from self.raw["beginnings"][step]
            else:
                yield step


class _Plan:
    """One case being planned: who plays it, where it stands in time, what was written so far."""

    def __init__(self, courses: Courses, course: Mapping[str, Any], wish: Wish) -> None:
        self.courses, self.course, self.wish = courses, course, wish
        self.rng, self.raw = courses.rng, courses.raw
        self.length = Span.parse(course["length"])
        self.data: dict[str, Any] = {}
        self.people: dict[str, str] = {}
        self.kind = str(wish.fixed.get("kind") or self._some_kind())
        self.at = wish.opens
        self.start: datetime | None = None
        self.due: date | datetime | None = wish.due
        self.units = self._some_units()

    def _some_kind(self) -> str:
        kinds = self.raw["kinds"]
        return self.rng.choices(list(kinds), [kind["weight"] for kind in kinds.values()])[0]

    def _some_units(self) -> dict[str, Any]:
        """The unit in the lead and two or three others."""
        city = self.courses.city
        codes = list(city.matters)
        weights = [city.busy.get(code.removeprefix(f"{city.code}-"), 1) for code in codes]
        found = list(dict.fromkeys([*self.rng.choices(codes, weights), *self.rng.sample(codes, 4)]))
        fixed = self.wish.fixed
        lead = fixed.get("lead_unit") or fixed.get("unit")
        named = [self.courses.city.unit(key) for key in ([lead] if lead else []) + fixed.get("co_units", [])]
        lead_unit = named[0] if lead else found[0]
        others = [unit for unit in found if unit != lead_unit]
        return {
            "lead_unit": lead_unit,
            "other_unit": others[0],
            "co_units": named[1:] or others[: self.rng.randint(1, 3)],
        }

    # -- steps

    def steps(self) -> Iterator[Step]:
        for number, raw in enumerate(self.courses.steps_of(self.course["steps"])):
            for at in self._moments(raw, first=number == 0):
                yield from self._at(raw, at)

    def _at(self, raw: Mapping[str, Any], at: datetime) -> Iterator[Step]:
        self.at = at
        if raw["do"] == self.raw["start"]:
            self.start = at
        if "in" not in raw:
            data = self._data(raw)
            yield Step(at, self._who(raw["by"]), raw["do"], data)
            return
        for place in range(len(self.units["co_units"])):
            self.at = at if place == 0 else later(self.at, 0, self.courses.calendar, self.rng)
            yield Step(self.at, self._who(raw["by"], place), raw["do"], self._data(raw), (raw["in"], place))

    def _who(self, alias: str, place: int = 0) -> str:
        role, _, name = self.raw["people"][alias].partition(" of ")
        if name:
            named = self.data[name]
            return self.courses.cast.anyone(role, named[place] if isinstance(named, list) else named, self.rng)
        if alias not in self.people:
            taken = frozenset(self.people.values())
            fixed = self.wish.fixed.get(alias)
            reserved = frozenset(str(self.wish.fixed.get(other, "")) for other in self.raw["people"])
            self.people[alias] = fixed or self.courses.cast.anyone(role, "", self.rng, taken | reserved)
        return self.people[alias]

    # -- when

    def _moments(self, raw: Mapping[str, Any], *, first: bool) -> Iterator[datetime]:
        if first:
            yield self.at
        elif "after" in raw:
            yield self._after(Span.parse(raw["after"]))
        elif "monthly" in raw:
            yield from self._monthly(float(raw["monthly"]))
        else:
            found = (
                self._past_due(Span.parse(raw["past_due"]))
                if "past_due" in raw
                else self._on_the_way(Span.parse(raw["share"]).share(self.rng))
            )
            yield found if found > self.at else self._after(Span(0, 0, "minutes" if self._hourly else "workdays"))

    @property
    def _hourly(self) -> bool:
        return self.length.unit == "hours"

    def _after(self, span: Span) -> datetime:
        if span.unit == "workdays":
            return later(self.at, span.draw(self.rng), self.courses.calendar, self.rng)
        return self.at + timedelta(**{span.unit: max(span.draw(self.rng), 1)})

    def _on_the_way(self, share: float) -> datetime:
        assert self.start is not None
        assert self.due is not None
        if isinstance(self.due, datetime):
            return (self.start + (self.due - self.start) * share).replace(second=0, microsecond=0)
        whole = self.courses.calendar.workdays_between(self.start.date(), self.due)
        day = self.courses.calendar.add_workdays(self.start.date(), int(whole * share))
        return some_time(self.courses.calendar.roll(day), self.rng)

    def _past_due(self, span: Span) -> datetime:
        assert self.due is not None
        if isinstance(self.due, datetime):
            return self.due + timedelta(hours=span.draw(self.rng), minutes=7)
        return some_time(self.courses.calendar.add_workdays(self.due, span.draw(self.rng)), self.rng)

    def _monthly(self, until: float) -> Iterator[datetime]:
        last = self._on_the_way(until)
        day = self.at.date()
        while (day := day + timedelta(days=self.rng.randint(26, 29))) < last.date():
            yield some_time(self.courses.calendar.roll(day), self.rng)

    # -- what

    def _data(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        asked = {**raw.get("with", {})}
        if "in" not in raw:
            asked |= self.raw["kinds"][self.kind].get(raw["do"], {})
        if "outcome" in raw:
            asked["outcome"] = self.rng.choice(raw["outcome"])
        data = {name: self._value(name, value) for name, value in asked.items()}
        data = {name: value for name, value in data.items() if self._is_asked(name, data)}
        self.data.update(data)
        return data

    def _is_asked(self, name: str, data: Mapping[str, Any]) -> bool:
        """Whether the form would show the field, by its own condition on what is written so far."""
        procedure = self.courses.procedure
        defined = procedure.fields.get(name)
        if defined is None or defined.when is None:
            return True
        state = State(data={**self.data, **data})
        return defined.when.holds(CaseFacts(procedure, state, self.at, self.courses.calendar))

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("+"):
            return self._later_due(Span.parse(value))
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        known = getattr(self, f"_known_{value[1:]}", None)
        if known is not None:
            return known()
        drawn = self.courses.words.draw(value[1:], self._filled())
        asked = self.courses.procedure.fields.get(name)
        return self.courses.papers.paper(value[1:], drawn) if asked and asked.kind == "document" else drawn

    def _filled(self) -> dict[str, str]:
        return {"year": str(self.at.year), "short": self.courses.city.short(self.units["lead_unit"])}

    def _known_matter(self) -> Any:
        return self.wish.fixed.get("matter") or self.courses.words.matter(self.units["lead_unit"])

    def _known_matter_urgent(self) -> Any:
        return self.wish.fixed.get("matter") or self.courses.words.matter(self.units["lead_unit"], urgent=True)

    def _known_kind(self) -> str:
        return self.kind

    def _known_lead_unit(self) -> Any:
        return self.units["lead_unit"]

    _known_unit = _known_lead_unit

    def _known_other_unit(self) -> Any:
        return self.units["other_unit"]

    def _known_co_units(self) -> Any:
        return self.units["co_units"]

    def _known_suggested_unit(self) -> Any:
        return self.data["suggested_unit"]

    def _known_today(self) -> str:
        return self.at.date().isoformat()

    def _known_enterprise(self) -> dict[str, str]:
        return self.courses.words.firm()

    def _known_leader_name(self) -> str:
        leaders = [raw["name"] for raw in self.courses.city.people.values() if raw["posts"][0]["role"] == "leader"]
        return str(self.rng.choice(leaders))

    def _known_due(self) -> str:
        if self.due is None:
            self.due = self._due()
        return _iso(self.due)

    def _due(self) -> date | datetime:
        if self._hourly:
            return (self.at + timedelta(hours=self.length.draw(self.rng))).replace(minute=0)
        return self.courses.calendar.add_workdays(self.at.date(), self.length.draw(self.rng))

    def _later_due(self, span: Span) -> str:
        assert self.due is not None
        on = self.due.date() if isinstance(self.due, datetime) else self.due
        self.due = self.courses.calendar.add_workdays(on, span.draw(self.rng))
        return _iso(self.due)


def _iso(moment: date | datetime) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
