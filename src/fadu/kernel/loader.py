"""From a read document to a frozen procedure. Every unknown word, name or format is a fault with its line.

The reading follows the file from top to bottom; nothing is guessed, nothing is skipped.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast, get_args

from fadu.kernel import condition
from fadu.kernel.condition import Names
from fadu.kernel.definition import (
    ANY,
    CASE,
    HISTORY,
    PREVIOUS,
    START,
    STAY,
    Action,
    Agenda,
    Asked,
    Child,
    Gate,
    Lead,
    Letter,
    LetterForm,
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
from fadu.kernel.fields import read_fields
from fadu.kernel.law import Book, severity_of
from fadu.kernel.reader import Reader
from fadu.kernel.source import DefinitionError, Map
from fadu.kernel.timing import read_clock

_LANGUAGE = {
    "head": "procedure register title version in_force basis owner shows number key valid fields stages ends_in actions "
    "gates clocks children outcomes lights letters publication",
    "stage": "title turn",
    "action": "title from to by not_by takes needs outcome times extends opens tells ends_children issues leads_to "
    "followed_by cites",
    "gate": "that when unless severity cites else",
    "child": "title procedure each where gives with about",
    "outcome": "title row remedy letter reason cites",
    "letter": "title to form mark heading text copies number shows when cites",
    "publication": "to when shows choice_of result_of cites",
    "shows": "title unit kind due calendar",
    "calendar": "unit from until when",
    "number": "format at",
    "validity": "from until",
}


def load(document: Map, book: Book, overlays: tuple[str, ...] = ()) -> Procedure:
    """The procedure (or register) a document defines; raises DefinitionError with every fault in it."""
    return _Loader(document, book).procedure(overlays)


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a composed document: what a case was begun under."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Loader(Reader):
    def procedure(self, overlays: tuple[str, ...]) -> Procedure:
        head = self.document
        self.words(head, "head", _LANGUAGE["head"])
        register = "register" in head
        self.fields = read_fields(self)
        result = Procedure(
            key=str(self.required(head, "register" if register else "procedure")),
            title=self.text(head, "title"),
            file=head.file,
            version=self.whole(head, "version"),
            in_force=self.day(head, "in_force"),
            basis=self.cites(head, "basis"),
            owner=self.who(str(self.required(head, "owner")), head.line_of("owner")),
            fields=self.fields,
            stages=self._stages(),
            ends_in=frozenset(self.names(head, "ends_in", self.stages)),
            actions=self.each("actions", self._action),
            gates=self.each("gates", self._gate),
            clocks=self.each("clocks", lambda key, raw, line: read_clock(self, key, raw, line)),
            children=self.each("children", self._child),
            outcomes=self.each("outcomes", self._outcome),
            lights=self._lights(),
            letters=self.each("letters", self._letter),
            publication=self.each("publication", self._publication),
            shows=self._shows(),
            number=self._number(),
            keys=tuple(self.names(head, "key", self.fields)),
            valid=self._valid(),
            is_register=register,
            overlays=overlays,
            digest=digest_of(head),
            document=head,
        )
        if sum(action.is_opening for action in result.actions.values()) != 1:
            self.fault(head.line_of("actions"), "start", "exactly one action must be 'from: start'")
        if self.faults:
            raise DefinitionError(self.faults)
        return result

    # -- stages -----------------------------------------------------------------------------------------------------

    def _stages(self) -> dict[str, Stage]:
        raw = self.mapping(self.document, "stages")
        return {key: self._stage(raw, key) for key in raw}

    def _stage(self, stages: Map, key: str) -> Stage:
        raw, line = stages[key], stages.line_of(key)
        if not isinstance(raw, Map):
            return Stage(key, self.text(stages, key), self._default_turn(key), line)
        self.words(raw, "stage", _LANGUAGE["stage"])
        turn = self.who(self.plain(raw, "turn"), line) if "turn" in raw else self._default_turn(key)
        return Stage(key, self.text(raw, "title"), turn, line)

    def _default_turn(self, stage: str) -> Who | None:
        """Who may do the first action that moves a case on from here, when the stage does not say whose turn it is."""
        actions = self.mapping(self.document, "actions")
        for key, raw in actions.items():
            if isinstance(raw, Map) and stage in self.listed(raw, "from") and "to" in raw and "by" in raw:
                who = self.who((self.listed(raw, "by") or [""])[0], actions.line_of(key))
                if who.kind in ("role", "setter"):
                    return who
        return None

    # -- actions and gates -----------------------------------------------------------------------------------------

    def _action(self, key: str, raw: Map, line: int) -> Action:
        self.words(raw, "action", _LANGUAGE["action"])
        by = tuple(self.who(name, line) for name in self.listed(raw, "by"))
        by_table = isinstance(raw.get("outcome"), Map)
        return Action(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            sources=tuple(self.names(raw, "from", [*self.stages, START, ANY])),
            by=by,
            cites=self.optional_cites(raw, "cites")
            if any(who.kind == "parent" for who in by)
            else self.cites(raw, "cites"),
            to=self._to(raw),
            not_by=tuple(self._not_by(name, line) for name in self.listed(raw, "not_by")),
            takes=tuple(self._asked(name, line) for name in self.listed(raw, "takes")),
            needs=tuple(self.names(raw, "needs", self.gates)),
            outcomes=() if by_table else tuple(self.names(raw, "outcome", self.outcomes)),
            outcome_table=self.table(raw, "outcome", self.outcomes) if by_table else (),
            times=self.whole(raw, "times") if "times" in raw else 0,
            extends=self.name(raw, "extends", self.clocks),
            opens=tuple(self.names(raw, "opens", self.children)),
            tells=self.pairs(raw, "tells", self.children),
            ends_children=self.plain(raw, "ends_children"),
            issues=tuple(self.names(raw, "issues", [*self.letters, "by_outcome"])),
            leads_to=self._leads_to(raw),
            followed_by=self.name(raw, "followed_by", self.actions),
        )

    def _to(self, raw: Map) -> str | Table:
        if isinstance(raw.get("to"), Map):
            return self.table(raw, "to", [*self.stages, STAY])
        return self.name(raw, "to", [*self.stages, PREVIOUS, STAY]) or STAY

    def _not_by(self, name: str, line: int) -> Who:
        if name in self.fields:
            return Who("listed", name)
        if name in self.actions:
            return Who("doer", name)
        who = self.who(name, line)
        if who.kind not in ("setter", "member"):
            self.fault(
                line, "not-by", f"'{name}' bars nobody: name an action, a field, 'setter of' or 'member of' a field"
            )
        return who

    def _asked(self, name: str, line: int) -> Asked:
        field = name.removesuffix("?")
        if field not in self.fields:
            self.fault(line, "unknown-field", f"the action takes '{field}', which is no field of this procedure")
        return Asked(field, optional=name.endswith("?"))

    def _leads_to(self, raw: Map) -> dict[str, Lead]:
        found = self.mapping(raw, "leads_to")
        return {key: self._lead(key, self.mapping(found, key)) for key in found}

    def _lead(self, key: str, raw: Map) -> Lead:
        """`{each: rows, with: {constants}, target field: source}`; the columns of the row win over fields."""
        each = self.name(raw, "each", [name for name, field in self.fields.items() if field.rows])
        columns = self.fields[each].rows if each in self.fields else {}
        sources = [*self.fields, *columns, "case_unit", CASE, HISTORY]
        gives = {target: self.name(raw, target, sources) for target in raw if target not in ("each", "with")}
        return Lead(key, gives, dict(self.mapping(raw, "with")), each)

    def _gate(self, key: str, raw: Map, line: int) -> Gate:
        self.words(raw, "gate", _LANGUAGE["gate"])
        cites = self.cites(raw, "cites")
        severity = self.plain(raw, "severity") or severity_of(cites)
        if severity not in ("block", "warn"):
            self.fault(line, "severity", f"'{severity}' is neither 'block' nor 'warn'")
        if severity == "block" and severity_of(cites) == "warn" and not any(cite.tag == "L" for cite in cites):
            advice = f"gate '{key}' blocks, but nothing it cites is verified: cite a law or let it warn"
            self.fault(line, "severity", advice)
        self.required(raw, "that")
        return Gate(
            key=key,
            line=line,
            that=self.condition(raw, "that") or condition.All(()),
            refusal=self.text(raw, "else"),
            cites=cites,
            severity="warn" if severity == "warn" else "block",
            when=self.condition(raw, "when"),
            unless=self.condition(raw, "unless"),
        )

    # -- children, outcomes, letters, what is shown ------------------------------------------------------------------

    def _child(self, key: str, raw: Map, line: int) -> Child:
        self.words(raw, "child", _LANGUAGE["child"])
        known = [*self.fields, "case_unit"]
        rows = self._rows_of(raw)
        columns = self.fields[rows].rows if rows in self.fields else {}
        return Child(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            procedure=str(self.required(raw, "procedure")),
            each={} if rows else self.pairs(raw, "each", known),
            rows=rows,
            where=self._where(raw, columns),
            gives=self.pairs(raw, "gives", [*known, *columns]),
            constants=dict(self.mapping(raw, "with")),
            about=self.pairs(raw, "about", known),
        )

    def _rows_of(self, raw: Map) -> str:
        """The list of rows in `each: rows`; nothing when `each` pairs a plain list with a field."""
        if not isinstance(raw.get("each"), str):
            return ""
        return self.name(raw, "each", [name for name, field in self.fields.items() if field.rows])

    def _where(self, raw: Map, columns: Mapping[str, Any]) -> condition.Condition | None:
        if "where" not in raw:
            return None
        line = raw.line_of("where")
        return condition.parse(
            raw["where"], Names(columns, complain=lambda rule, advice: self.fault(line, rule, advice))
        )

    def _outcome(self, key: str, raw: Map, line: int) -> Outcome:
        self.words(raw, "outcome", _LANGUAGE["outcome"])
        return Outcome(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            cites=self.cites(raw, "cites"),
            row=self.plain(raw, "row"),
            remedy=self.name(raw, "remedy", self.book.remedies),
            letter=self.name(raw, "letter", self.letters),
            reason=self.name(raw, "reason", self.fields),
        )

    def _letter(self, key: str, raw: Map, line: int) -> Letter:
        self.words(raw, "letter", _LANGUAGE["letter"])
        return Letter(
            key=key,
            title=self.text(raw, "title"),
            line=line,
            to=tuple(self._receiver(name, line) for name in self.listed(raw, "to")),
            form=self._form(raw),
            mark=self.optional_text(raw, "mark"),
            heading=self.optional_text(raw, "heading"),
            text=self.texts(raw, "text"),
            copies=tuple(self._receiver(name, line) for name in self.listed(raw, "copies")),
            number=self.plain(raw, "number"),
            shows=tuple(self.names(raw, "shows", [*self.fields, *self.clocks])),
            when=self.condition(raw, "when"),
            cites=self.optional_cites(raw, "cites"),
        )

    def _form(self, raw: Map) -> LetterForm:
        form = self.plain(raw, "form") or "slip"
        if form not in get_args(LetterForm):
            advice = f"'{form}' is no form of a letter; one of {', '.join(get_args(LetterForm))}"
            self.fault(raw.line_of("form"), "unknown-word", advice)
        return cast("LetterForm", form)

    def _receiver(self, name: str, line: int) -> Who:
        if name == "public" or name in self.children or name in self.fields:
            return Who("party", name)
        return self.who(name, line)

    def _publication(self, key: str, raw: Map, line: int) -> Publication:
        self.words(raw, "publication", _LANGUAGE["publication"])
        known = [*self.fields, *self.clocks, "stage", "outcome", "letters"]
        return Publication(
            key=key,
            line=line,
            shows=tuple(self.names(raw, "shows", known)),
            to=self.plain(raw, "to"),
            when=self.condition(raw, "when"),
            cites=self.optional_cites(raw, "cites"),
            choice_of=self.plain(raw, "choice_of"),
            result_of=self.plain(raw, "result_of"),
        )

    def _lights(self) -> tuple[Light, ...]:
        raw = self.mapping(self.document, "lights")
        tests = {
            colour: None if test == "otherwise" else condition.parse(test, self.known(raw.line_of(colour)))
            for colour, test in raw.items()
        }
        return tuple(Light(colour, test) for colour, test in tests.items())  # type: ignore[arg-type]  # the checker knows the colours

    def _shows(self) -> Shows:
        raw = self.mapping(self.document, "shows")
        self.words(raw, "shows", _LANGUAGE["shows"])
        title, unit, kind = (self.name(raw, part, self.fields) for part in ("title", "unit", "kind"))
        return Shows(title, unit, kind, tuple(self.names(raw, "due", self.clocks)), self._agenda(raw))

    def _agenda(self, shows: Map) -> Agenda | None:
        if "calendar" not in shows:
            return None
        raw = self.mapping(shows, "calendar")
        self.words(raw, "calendar", _LANGUAGE["calendar"])
        for part in ("unit", "from", "until"):
            self.required(raw, part)
        unit, since, until = (self.name(raw, part, self.fields) for part in ("unit", "from", "until"))
        return Agenda(unit, since, until, self.condition(raw, "when"))

    def _number(self) -> Numbering | None:
        if "number" not in self.document:
            return None
        raw = self.mapping(self.document, "number")
        self.words(raw, "number", _LANGUAGE["number"])
        return Numbering(str(self.required(raw, "format")), self.name(raw, "at", self.actions))

    def _valid(self) -> dict[str, str]:
        raw = self.mapping(self.document, "valid")
        self.words(raw, "validity", _LANGUAGE["validity"])
        self.check_names((self.plain(raw, word) for word in raw), self.fields, self.document.line_of("valid"))
        return {word: self.plain(raw, word) for word in raw}
