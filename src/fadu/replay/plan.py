"""One case planned along its course: who plays, when each deed falls, what is written.

A step is timed `after` the one before (`0..2 workdays`, `5..40 minutes`), at a `share` of the way from the starting
action to the due date, or `past_due`; `monthly: 0.8` repeats it until that share of the way. `in: part, places: 2` does it
in each child (or case it led to), by `chance`; `maybe: true` leaves it out where it is refused. Values beginning with $
are drawn from the lists of the course, or known to the plan ($matter, $lead_unit, $due …); phrases are in phrases.py.
A step says `because: {gate: reason}` where a warning is passed. A scene adds `with: {action: {field: value}}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fadu.cases.definitions import current
from fadu.kernel.facts import CaseFacts
from fadu.kernel.state import State, Tally
from fadu.replay.course import Courses
from fadu.replay.phrases import Phrases
from fadu.replay.quarters import quarter_end, quarter_of, round_name
from fadu.replay.script import Holder, Script, Step
from fadu.replay.span import Span, Wish
from fadu.replay.timing import Timing


def script(courses: Courses, course: str, wish: Wish) -> Script:
    """One case of a course; `wish` says when it is opened and what is fixed."""
    steps = tuple(_Plan(courses, course, wish).steps())
    return Script(courses.procedure.key, courses.city.code, steps, wish.fixed.get("name", ""))


class _Plan:
    """One case being planned: its cast, its time, and what was written in it so far."""

    def __init__(self, courses: Courses, course: str, wish: Wish) -> None:
        self.courses, self.course, self.wish, self.rng = courses, course, wish, courses.rng
        self.time = Timing(courses.calendar, courses.rng, courses.length_of(course), wish)
        self.written: dict[str, Any] = {}
        self.done: dict[str, Tally] = {}
        self.people: dict[str, str] = {}
        self.known = self._known()
        self.phrases = Phrases(courses, self.time, self._who)
        self.fields = courses.procedure.fields  # of the case, or of the child, that is being written in

    def _known(self) -> dict[str, Any]:
        """What $names stand for in this case alone: its kind, its units, its title."""
        city, fixed = self.courses.city, self.wish.fixed
        named = [fixed[key] for key in ("lead_unit", "unit") if key in fixed] + fixed.get("co_units", [])
        units = list(dict.fromkeys([*map(city.unit, named), *self._some_units()]))
        lead, others = units[0], units[1:]
        co_units = others[: len(named) - 1] if len(named) > 1 else others[: self.rng.randint(1, 3)]
        return {
            "kind": self._some_kind(),
            "lead_unit": lead,
            "unit": lead,
            "other_unit": others[0],
            "co_units": co_units,
            "enterprise": self.courses.words.firm(),
            "leader_name": self.rng.choice(city.leaders),
        }

    def _some_kind(self) -> str:
        if "kind" in self.wish.fixed:
            return str(self.wish.fixed["kind"])
        weights = {str(name): float(kind["weight"]) for name, kind in self.courses.raw["kinds"].items()}
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _some_units(self) -> list[str]:
        """One by how busy the units are, and four others."""
        city = self.courses.city
        codes = list(city.matters)
        return [*self.rng.choices(codes, [city.load(code) for code in codes]), *self.rng.sample(codes, 4)]

    # -- steps

    def steps(self) -> Iterator[Step]:
        for raw in self.courses.steps_of(self.course):
            for at in self.time.moments(raw):
                self.time.at = at
                if raw["do"] == self.courses.raw["start"]:
                    self.time.start = at
                yield from self._in_children(raw) if "in" in raw else [self._step(raw)]

    def _step(self, raw: Mapping[str, Any]) -> Step:
        self.fields = self.courses.procedure.fields
        data = self._data(raw)
        more = {"because": raw.get("because", {}), "maybe": bool(raw.get("maybe"))}
        return Step(self.time.at, self._doer(raw["by"]), raw["do"], data, **more)

    def _in_children(self, raw: Mapping[str, Any]) -> Iterator[Step]:
        children = self.courses.procedure.children
        self.fields = current(children[raw["in"]].procedure if raw["in"] in children else raw["in"]).fields
        first = raw.get("first", 0)  # of the children of a kind; so many others are left alone
        for place in range(first, first + raw.get("places", len(self.known["co_units"]))):
            if self.rng.random() > float(raw.get("chance", 1)):
                continue
            data = {name: self._value(name, value) for name, value in raw.get("with", {}).items()}
            yield Step(self.time.at, self._doer(raw["by"], place), raw["do"], data, (raw["in"], place))
            self.time.at = self.time.next()

    def _doer(self, alias: str, place: int = 0) -> str | Holder:
        """Who does it; `unit_officer of its unit` is only known when it is done."""
        role, its, field = self.courses.raw["people"][alias].partition(" of its ")
        return Holder(role, field) if its else self._who(alias, place)

    def _who(self, alias: str, place: int = 0) -> str:
        """The username of an alias: the officer of a unit named in the case, or somebody picked once for the case."""
        role, _, field = self.courses.raw["people"][alias].partition(" of ")
        if field:
            named = self.written[field]
            return self.courses.cast.anyone(role, named[place] if isinstance(named, list) else named, self.rng)
        if alias not in self.people:
            fixed = self.wish.fixed
            taken = {*self.people.values(), *(fixed[other] for other in self.courses.raw["people"] if other in fixed)}
            self.people[alias] = fixed.get(alias) or self.courses.cast.anyone(role, "", self.rng, frozenset(taken))
        return self.people[alias]

    # -- what is written

    def _data(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        of_kind = self.courses.raw["kinds"].get(self.known["kind"], {})
        of_scene = self.wish.fixed.get("with", {})
        asked = {**raw.get("with", {}), **of_kind.get(raw["do"], {}), **of_scene.get(raw["do"], {})}
        if "outcome" in raw:
            asked["outcome"] = self.rng.choice(raw["outcome"])
        data = {name: self._value(name, value) for name, value in asked.items()}
        data = {name: value for name, value in data.items() if self._is_asked(name, data)}
        self.written.update(data)
        self.done[raw["do"]] = Tally(1, 0, 0, self.time.at.isoformat(), ())
        return data

    def _is_asked(self, name: str, data: Mapping[str, Any]) -> bool:
        """Whether the form would show the field, by its own condition on what is written so far."""
        procedure = self.courses.procedure
        defined = procedure.fields.get(name)
        if defined is None or defined.when is None:
            return True
        state = State(data={**self.written, **data}, done=self.done)
        return defined.when.holds(CaseFacts(procedure, state, self.time.at, self.courses.calendar))

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        if isinstance(value, dict):
            return {key: self._value(f"{name}.{key}", item) for key, item in value.items()}
        if isinstance(value, str) and value.startswith("+"):
            return self.time.set_later(Span.parse(value))
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        is_phrase, meant = self.phrases.meant(value[1:])
        return meant if is_phrase else self._drawn(name, value[1:])

    def _drawn(self, name: str, word: str) -> Any:
        if word in self.known:
            return self.known[word]
        if word in self.written:
            return self.written[word]
        return self._of_now(word) or self._from_list(name, word)

    def _of_now(self, word: str) -> Any:
        """What depends on the moment of the deed."""
        at = self.time.at
        if word in ("matter", "matter_urgent"):
            return self.wish.fixed.get("matter") or self._matter(urgent=word == "matter_urgent")
        if word == "due":
            return self.time.set_due()
        now = {
            "today": at.date().isoformat(),
            "year": at.year,
            "quarter": f"q{quarter_of(at.date())}",
            "quarter_end": quarter_end(at.date()).isoformat(),
            "round_name": round_name(at.date()),
        }
        return now.get(word)

    def _from_list(self, name: str, word: str) -> Any:
        short = self.courses.city.short(self.known["lead_unit"])
        text = self.courses.words.draw(word, {"year": str(self.time.at.year), "short": short})
        listed, _, column = name.partition(".")
        defined = self.fields.get(listed)
        defined = defined.rows.get(column) if defined and column else defined
        return self.courses.papers.paper(word, text) if defined and defined.kind == "document" else text

    def _matter(self, *, urgent: bool) -> str:
        return self.courses.words.matter(self.known["lead_unit"], self.time.at.month, urgent=urgent)
