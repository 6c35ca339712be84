"""From a read document to a frozen procedure. Every unknown word, name or format is a fault with its line.

The reading follows the file from top to bottom; nothing is guessed, nothing is skipped.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast, get_args

from fadu.kernel import condition
from fadu.kernel.condition import Condition, Names
from fadu.kernel.definition import (
    ANY,
    PREVIOUS,
    START,
    STAY,
    Action,
    Asked,
    Begin,
    Child,
    Clock,
    Extension,
    Field,
    Gate,
    Kind,
    Letter,
    Light,
    Numbering,
    Outcome,
    Procedure,
    Publication,
    Shows,
    Stage,
    Table,
    Who,
)
from fadu.kernel.law import Book, Citation, Text, parse_citations, severity_of
from fadu.kernel.period import Period
from fadu.kernel.source import DefinitionError, Fault, Map

T = TypeVar("T")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z")
_YEARLY = re.compile(r"\d{2}-\d{2}\Z")
_UNITS = {"hours": "hour", "days": "day", "workdays": "workday", "months": "month", "years": "year"}
_LANGUAGE = {
    "head": "procedure register title version in_force basis owner shows number key valid fields stages ends_in actions "
    "gates clocks children outcomes lights letters publication",
    "field": "title kind choice of private public statistics seen_by default range when is computed about hint cites "
    "procedure register unchangeable",
    "stage": "title turn",
    "action": "title from to by not_by takes needs outcome times extends opens tells ends_children issues leads_to "
    "followed_by cites",
    "gate": "that when unless severity cites else",
    "clock": "title within at_least until every from before done_by ends_with lapses_with reopens_with restart pause "
    "extension expires when cites",
    "child": "title procedure each gives with about",
    "outcome": "title row remedy letter reason cites",
    "letter": "title to number shows when cites",
    "publication": "to when shows choice_of result_of cites",
}


def load(document: Map, book: Book, overlays: tuple[str, ...] = ()) -> Procedure:
    """The procedure (or register) a document defines; raises DefinitionError with every fault in it."""
    try:
        return _Reader(document, book).procedure(overlays)
    except (AttributeError, IndexError, TypeError, ValueError) as error:  # a list where a mapping belongs, and the like
        raise DefinitionError([Fault(document.file, document.line, "shape", f"cannot be read: {error}")]) from None


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a composed document: what a case was begun under."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    def __init__(self, document: Map, book: Book) -> None:
        self.document, self.book, self.faults = document, book, list[Fault]()
        self.actions = self._keys("actions")
        self.clocks = self._keys("clocks")
        self.stages = self._keys("stages")
        self.children = self._keys("children")
        self.outcomes = self._keys("outcomes")
        self.fields: dict[str, Field] = {}

    # -- the whole -------------------------------------------------------------------------------------------------

    def procedure(self, overlays: tuple[str, ...]) -> Procedure:
        head = self.document
        self.words(head, "head")
        register = "register" in head
        self._read_fields()
        stages = self.each("stages", self._stage)
        result = Procedure(
            key=str(self.required(head, "register" if register else "procedure")),
            title=self.text(head, "title"),
            file=head.file,
            version=self.whole(head, "version"),
            in_force=self.day(head, "in_force"),
            basis=self.cites(head, "basis"),
            owner=self.who(self.required(head, "owner"), head.line_of("owner")),
            fields=self.fields,
            stages=stages,
            ends_in=frozenset(self.names(head, "ends_in", self.stages)),
            actions=self.each("actions", self._action),
            gates=self.each("gates", self._gate),
            clocks=self.each("clocks", self._clock),
            children=self.each("children", self._child),
            outcomes=self.each("outcomes", self._outcome),
            lights=self._lights(),
            letters=self.each("letters", self._letter),
            publication=self.each("publication", self._publication),
            shows=self._shows(),
            number=self._number(),
            keys=tuple(self.names(head, "key", self.fields)),
            valid={str(key): str(value) for key, value in head.get("valid", {}).items()},
            is_register=register,
            overlays=overlays,
            digest=digest_of(head),
            document=head,
        )
        if self.faults:
            raise DefinitionError(self.faults)
        return result

    def _read_fields(self) -> None:
        raw = self.document.get("fields", {})
        for key, value in raw.items():
            if isinstance(value, Map):
                self.fields[key] = self._field(key, value)
            else:
                self.fault(raw.line_of(key), "field", f"'{key}' must be a mapping with at least title and kind")
        for key, value in raw.items():  # conditions may name fields that stand further down
            if isinstance(value, Map) and ("when" in value or "is" in value):
                self.fields[key] = self._field(key, value, with_conditions=True)

    def _field(self, key: str, raw: Map, with_conditions: bool = False) -> Field:
        self.words(raw, "field")
        choices = {str(name): Text.parse(str(text)) for name, text in raw.get("choice", {}).items()}
        listed = raw.get("of")
        return Field(
            key=key,
            title=self.text(raw, "title"),
            kind=self._kind(raw, bool(choices)),
            line=raw.line,
            choices=choices,
            rows={name: self._field(name, row) for name, row in listed.items()} if isinstance(listed, Map) else {},
            of=listed if isinstance(listed, str) else "",
            private=bool(raw.get("private", False)),
            public=bool(raw.get("public", False)),
            statistics=bool(raw.get("statistics", False)),
            seen_by=tuple(self.listed(raw, "seen_by")),
            default=raw.get("default"),
            limits=dict(raw.get("range", {})),
            when=self.condition(raw, "when") if with_conditions else None,
            derived=self.table(raw, "is") if with_conditions else (),
            computed=str(raw.get("computed", "")),
            about=str(raw.get("about", "")),
            hint=Text.parse(str(raw["hint"])) if "hint" in raw else None,
            cites=self.cites(raw, "cites", optional=True),
            target=str(raw.get("procedure", raw.get("register", ""))),
            unchangeable=bool(raw.get("unchangeable", False)),
        )

    def _kind(self, raw: Map, has_choices: bool) -> Kind:
        kind = "choice" if has_choices else str(raw.get("kind"))
        if kind in get_args(Kind):
            return cast("Kind", kind)
        if "kind" not in raw and "is" in raw:
            return "text"
        self.fault(raw.line, "kind", f"'{kind}' is no kind of field; one of {', '.join(get_args(Kind))}")
        return "text"

    def _stage(self, key: str, raw: Any, line: int) -> Stage:
        if not isinstance(raw, Map):
            return Stage(key, Text.parse(str(raw)), self._default_turn(key, line), line)
        self.words(raw, "stage")
        turn = self.who(raw["turn"], line) if "turn" in raw else self._default_turn(key, line)
        return Stage(key, self.text(raw, "title"), turn, line)

    def _default_turn(self, stage: str, line: int) -> Who | None:
        """Who may do the first action that moves a case on from here, when the stage does not say whose turn it is."""
        for raw in self.document.get("actions", {}).values():
            if isinstance(raw, Map) and stage in self._as_list(raw.get("from")) and "to" in raw:
                who = self.who(self._as_list(raw.get("by"))[0], line)
                if who.kind in ("role", "setter"):
                    return who
        return None

    # -- actions, gates, clocks ------------------------------------------------------------------------------------

    def _action(self, key: str, raw: Map, line: int) -> Action:
        self.words(raw, "action")
        outcome = raw.get("outcome")
        by = tuple(self.who(name, line) for name in self.listed(raw, "by"))
        return Action(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            sources=tuple(self.names(raw, "from", [*self.stages, START, ANY])),
            by=by,
            cites=self.cites(raw, "cites", optional=any(who.kind == "parent" for who in by)),
            to=self._to(raw),
            not_by=tuple(self._not_by(name, line) for name in self.listed(raw, "not_by")),
            takes=tuple(self._asked(name, line) for name in self.listed(raw, "takes")),
            needs=tuple(self.names(raw, "needs", self._keys("gates"))),
            outcomes=tuple(self.names(raw, "outcome", self.outcomes)) if not isinstance(outcome, Map) else (),
            outcome_table=self.table(raw, "outcome") if isinstance(outcome, Map) else (),
            times=self.whole(raw, "times") if "times" in raw else 0,
            extends=self.name(raw, "extends", self.clocks),
            opens=tuple(self.names(raw, "opens", self.children)),
            tells={str(child): str(action) for child, action in raw.get("tells", {}).items()},
            ends_children=str(raw.get("ends_children", "")),
            issues=tuple(self.names(raw, "issues", [*self._keys("letters"), "by_outcome"])),
            leads_to={str(key): dict(gives) for key, gives in raw.get("leads_to", {}).items()},
            followed_by=self.name(raw, "followed_by", self.actions),
        )

    def _to(self, raw: Map) -> str | Table:
        if isinstance(raw.get("to"), Map):
            return self.table(raw, "to", [*self.stages, STAY])
        return self.name(raw, "to", [*self.stages, PREVIOUS, STAY]) or STAY

    def _not_by(self, name: str, line: int) -> Who:
        if name in self.actions and name not in self.fields:
            return Who("doer", name)
        if name in self.fields:
            return Who("listed", name)
        return self.who(name, line)

    def _asked(self, name: str, line: int) -> Asked:
        field = str(name).rstrip("?")
        if field not in self.fields:
            self.fault(line, "unknown-field", f"the action takes '{field}', which is no field of this procedure")
        return Asked(field, optional=str(name).endswith("?"))

    def _gate(self, key: str, raw: Map, line: int) -> Gate:
        self.words(raw, "gate")
        cites = self.cites(raw, "cites")
        severity = raw.get("severity", severity_of(cites))
        if severity not in ("block", "warn"):
            self.fault(line, "severity", f"'{severity}' is neither 'block' nor 'warn'")
        if severity == "block" and severity_of(cites) == "warn" and not any(cite.tag == "L" for cite in cites):
            self.fault(
                line, "severity", f"gate '{key}' blocks, but nothing it cites is verified: cite a law or let it warn"
            )
        return Gate(
            key=key,
            line=line,
            that=self.condition(raw, "that") or condition.All(()),
            refusal=self.text(raw, "else"),
            cites=cites,
            severity=severity,
            when=self.condition(raw, "when"),
            unless=self.condition(raw, "unless"),
        )

    def _clock(self, key: str, raw: Map, line: int) -> Clock:
        self.words(raw, "clock")
        shape = self._shape(raw, line)
        length = raw.get({"before": "at_least"}.get(shape, shape))
        until = str(raw.get("until", ""))
        period, length_field, unit = self._length(str(length), line) if shape != "until" else (None, "", "")
        return Clock(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            shape=shape,  # type: ignore[arg-type]  # one of the five, see _shape
            cites=self.cites(raw, "cites"),
            period=period,
            length_field=length_field,
            length_unit=unit,
            begins=tuple(self._begin(str(name), line) for name in self.listed(raw, "from")),
            until=self._date_field(raw, until, line),
            yearly=until if _YEARLY.match(until) else "",
            ends_with=tuple(self.names(raw, "ends_with", self.actions)),
            done_by=tuple(self.names(raw, "done_by", self.actions)),
            lapses_with=tuple(self.names(raw, "lapses_with", self.actions)),
            reopens_with=tuple(self.names(raw, "reopens_with", self.actions)),
            restart=self._restart(raw),
            pause=tuple(self.names(raw, "pause", [*self.stages, *self.children])),
            extension=self._extension(raw, line),
            expires=self.name(raw, "expires", self.actions),
            when=self.condition(raw, "when"),
        )

    def _shape(self, raw: Map, line: int) -> str:
        found = [word for word in ("within", "at_least", "until", "every") if word in raw]
        if len(found) != 1:
            self.fault(line, "clock", "a clock has exactly one of within, at_least, until, every")
            return "within"
        return "before" if found[0] == "at_least" and "before" in raw else found[0]

    def _date_field(self, raw: Map, until: str, line: int) -> str:
        name = str(raw.get("before", "")) or ("" if _YEARLY.match(until) else until)
        if name and name not in self.fields:
            self.fault(line, "unknown-field", f"the clock ends by '{name}', which is no field of this procedure")
        return name

    def _length(self, text: str, line: int) -> tuple[Period | None, str, str]:
        first, _, unit = text.partition(" ")
        if unit not in _UNITS:
            self.fault(line, "period", f"'{text}' is no period; write '20 workdays', '30 days', '3 months', '2 hours'")
            return None, "", ""
        if first.isdecimal():
            return Period(int(first), _UNITS[unit]), "", ""  # type: ignore[arg-type]  # a value of _UNITS
        if first not in self.fields:
            self.fault(line, "unknown-field", f"the length '{first}' is neither a number nor a field of this procedure")
        return None, first, _UNITS[unit]

    def _begin(self, name: str, line: int) -> Begin:
        first, bare = name.startswith("first "), name.removeprefix("first ")
        if bare in self.actions:
            return Begin(bare, "action", first)
        if bare not in self.fields:
            self.fault(line, "unknown-name", f"the clock starts from '{bare}', which is neither an action nor a field")
        return Begin(bare, "field", first)

    def _restart(self, raw: Map) -> dict[str, tuple[Citation, ...]]:
        restart = raw.get("restart", {})
        self.check_names(restart, self.actions, raw.line_of("restart"))
        return {action: self.cites(restart, action) for action in restart}

    def _extension(self, raw: Map, line: int) -> Extension | None:
        if "extension" not in raw:
            return None
        extension = raw["extension"]
        up_to = self._length(str(extension["up_to"]), line)[0] if "up_to" in extension else None
        total = self._length(str(extension["total"]), line)[0] if "total" in extension else None
        return Extension(int(extension.get("times", 1)), up_to, total)

    # -- children, outcomes, letters, what is shown ------------------------------------------------------------------

    def _child(self, key: str, raw: Map, line: int) -> Child:
        self.words(raw, "child")
        for part in ("each", "gives", "about"):
            self.check_names(raw.get(part, {}), [*self.fields, "case_unit"], line)
        return Child(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            procedure=str(self.required(raw, "procedure")),
            each=dict(raw.get("each", {})),
            gives=dict(raw.get("gives", {})),
            constants=dict(raw.get("with", {})),
            about=dict(raw.get("about", {})),
        )

    def _outcome(self, key: str, raw: Map, line: int) -> Outcome:
        self.words(raw, "outcome")
        return Outcome(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            cites=self.cites(raw, "cites"),
            row=str(raw.get("row", "")),
            remedy=self.name(raw, "remedy", self.book.remedies),
            letter=self.name(raw, "letter", self._keys("letters")),
            reason=self.name(raw, "reason", self.fields),
        )

    def _letter(self, key: str, raw: Map, line: int) -> Letter:
        self.words(raw, "letter")
        shows = self.names(raw, "shows", [*self.fields, *self.clocks])
        return Letter(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            to=tuple(self._receiver(name, line) for name in self.listed(raw, "to")),
            number=str(raw.get("number", "")),
            shows=tuple(shows),
            when=self.condition(raw, "when"),
            cites=self.cites(raw, "cites", optional=True),
        )

    def _receiver(self, name: str, line: int) -> Who:
        if name in ("public", *self.children):
            return Who("party", name)
        return Who("party", name) if name in self.fields else self.who(name, line)

    def _publication(self, key: str, raw: Map, line: int) -> Publication:
        self.words(raw, "publication")
        known = [*self.fields, *self.clocks, "stage", "outcome", "letters"]
        return Publication(
            key=key,
            line=line,
            shows=tuple(self.names(raw, "shows", known)),
            to=str(raw.get("to", "")),
            when=self.condition(raw, "when"),
            cites=self.cites(raw, "cites", optional=True),
            choice_of=str(raw.get("choice_of", "")),
            result_of=str(raw.get("result_of", "")),
        )

    def _lights(self) -> tuple[Light, ...]:
        raw = self.document.get("lights", {})
        return tuple(
            Light(colour, None if test == "otherwise" else condition.parse(test, self.known(raw.line_of(colour))))
            for colour, test in raw.items()
        )

    def _shows(self) -> Shows:
        raw = self.document.get("shows")
        if raw is None:
            return Shows()
        return Shows(
            title=self.name(raw, "title", self.fields),
            unit=self.name(raw, "unit", self.fields),
            kind=self.name(raw, "kind", self.fields),
            due=tuple(self.names(raw, "due", self.clocks)),
        )

    def _number(self) -> Numbering | None:
        raw = self.document.get("number")
        if raw is None:
            return None
        return Numbering(str(self.required(raw, "format")), self.name(raw, "at", self.actions))

    # -- words, names, small formats -----------------------------------------------------------------------------------

    def fault(self, line: int, rule: str, advice: str) -> None:
        self.faults.append(Fault(self.document.file, line, rule, advice))

    def words(self, raw: Map, concept: str) -> None:
        known = _LANGUAGE[concept].split()
        for word in raw:
            if word not in known:
                self.fault(
                    raw.line_of(word), "unknown-word", f"'{word}' is no word of a {concept}; known: {', '.join(known)}"
                )

    def required(self, raw: Map, key: str) -> Any:
        if key not in raw:
            self.fault(raw.line, "missing", f"'{key}' is missing; add it")
        return raw.get(key, "")

    def text(self, raw: Map, key: str) -> Text:
        value = str(self.required(raw, key))
        if value and " | " not in value:
            self.fault(raw.line_of(key), "bilingual", f"'{value}' has one language; write '中文 | English'")
        return Text.parse(value)

    def whole(self, raw: Map, key: str) -> int:
        value = self.required(raw, key)
        if not isinstance(value, int):
            self.fault(raw.line_of(key), "number", f"'{key}' must be a whole number, not '{value}'")
            return 0
        return value

    def day(self, raw: Map, key: str) -> str:
        value = str(self.required(raw, key))
        if not _DAY.match(value):
            self.fault(raw.line_of(key), "date", f"'{value}' is no date such as 2026-01-31")
        return value

    def cites(self, raw: Map, key: str, optional: bool = False) -> tuple[Citation, ...]:
        if optional and key not in raw:
            return ()
        value = str(self.required(raw, key))
        try:
            found = parse_citations(value) if value else ()
        except ValueError as error:
            self.fault(raw.line_of(key), "citation", f"{error}")
            return ()
        for cite in found:
            if cite.law not in self.book.laws:
                self.fault(
                    raw.line_of(key),
                    "unknown-law",
                    f"'{cite.law}' is not in laws.yaml; add it there or correct the key",
                )
        return found

    def listed(self, raw: Map, key: str) -> list[str]:
        return [str(value) for value in self._as_list(raw.get(key))]

    def names(self, raw: Map, key: str, known: Iterable[str]) -> list[str]:
        values = self.listed(raw, key)
        self.check_names(values, known, raw.line_of(key))
        return values

    def name(self, raw: Map, key: str, known: Iterable[str]) -> str:
        return (self.names(raw, key, known) or [""])[0]

    def check_names(self, values: Iterable[str], known: Iterable[str], line: int) -> None:
        allowed = set(known)
        for value in values:
            if value not in allowed:
                self.fault(
                    line,
                    "unknown-name",
                    f"'{value}' is not defined here; known: {', '.join(sorted(allowed)) or 'nothing'}",
                )

    def who(self, text: str, line: int) -> Who:
        name, _, of = str(text).partition(" of ")
        if name in ("parent", "clock"):
            return Who(name, name)  # type: ignore[arg-type]  # the literal kinds of the same spelling
        if name in ("setter", "member"):
            self.check_names([of], self.fields, line)
            return Who("setter" if name == "setter" else "member", name, of)
        if not of and name in self.fields:
            return Who("party", name)
        if name not in self.book.roles:
            self.fault(line, "unknown-role", f"'{name}' is neither a role of laws.yaml nor a field of this procedure")
        if of:
            self.check_names([of], self.fields, line)
        return Who("role", name, of)

    def condition(self, raw: Map, key: str) -> Condition | None:
        return condition.parse(raw[key], self.known(raw.line_of(key))) if key in raw else None

    def table(self, raw: Map, key: str, values: Iterable[str] = ()) -> Table:
        lines = raw.get(key, {})
        if values:
            self.check_names(lines, values, raw.line_of(key))
        if lines and list(lines.values())[-1] != "otherwise":
            self.fault(raw.line_of(key), "first-match", f"the table of '{key}' must end in 'otherwise'")
        return tuple(
            (value, None if test == "otherwise" else condition.parse(test, self.known(raw.line_of(key))))
            for value, test in lines.items()
        )

    def known(self, line: int) -> Names:
        return Names(
            {**self.fields, "case_unit": None},
            self.stages,
            self.outcomes,
            self.actions,
            self.clocks,
            self.children,
            lambda rule, advice: self.fault(line, rule, advice),
        )

    def each(self, section: str, read: Callable[[str, Any, int], T]) -> dict[str, T]:
        raw = self.document.get(section, {})
        result: dict[str, T] = {}
        for key, value in raw.items():
            if isinstance(value, Map) or section == "stages":
                try:
                    result[key] = read(key, value, raw.line_of(key))
                except (AttributeError, IndexError, TypeError, ValueError) as error:
                    self.fault(raw.line_of(key), "shape", f"'{key}' is not written as {section} are: {error}")
            else:
                self.fault(raw.line_of(key), section, f"'{key}' must be a mapping")
        return result

    def _keys(self, section: str) -> list[str]:
        return list(self.document.get(section, {}))

    @staticmethod
    def _as_list(value: Any) -> list[Any]:
        if value is None:
            return []
        return value if isinstance(value, list) else [value]
