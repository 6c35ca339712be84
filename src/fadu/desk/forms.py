"""The form of an action, made from the definition alone: its fields, its faults, the warnings that may be passed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fadu.desk.answers import Answers, Keep, NoFiles, Posted, Sent, never, read, reshaped
from fadu.desk.answers import Files as SentFiles
from fadu.desk.conditions import applies
from fadu.desk.controls import PREFILLED, Control, control
from fadu.desk.known import MOST_LISTED, Known
from fadu.kernel.decide import asked_fields
from fadu.kernel.definition import Action, Field, Procedure
from fadu.kernel.facts import CaseFacts
from fadu.kernel.law import Book, Citation, Text
from fadu.kernel.refusal import Refusal
from fadu.words import language, say

OUTCOME = "outcome"
NO_FILES = NoFiles()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it was not done; `anchor` is the field to go to."""

    text: str
    cites: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A gate that only warns: it may be passed with a reason, which is recorded."""

    gate: str
    text: str
    cites: str
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    cites: str
    controls: tuple[Control, ...]
    seen: int
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Warned, ...] = ()
    bound: bool = False
    happened: str = ""
    lists: tuple["Names", ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)  # what is known of it so far, for what the system finds


@dataclass(frozen=True, slots=True)
class Names:
    """Suggestions for the inputs that name a unit or a person; one list serves them all."""

    id: str
    values: list[str]


@dataclass
class Maker:
    """Makes the form of one action for one reader. `facts` is the case as it stands, None for a new one."""

    procedure: Procedure
    action: Action
    book: Book
    known: Known = field(default_factory=Known)
    facts: CaseFacts | None = None

    @property
    def fields(self) -> dict[str, tuple[Field, bool]]:
        """Key -> (field, whether it must be filled)."""
        asked = {
            item.field: (defined, not item.optional) for item, defined in asked_fields(self.procedure, self.action)
        }
        if len(self.action.outcomes) > 1 and OUTCOME not in asked:
            asked[OUTCOME] = (self._outcome(), True)
        return asked

    def read(self, posted: Posted, files: SentFiles = NO_FILES, keep: Keep = never) -> Answers:
        """What the form says; `keep` stores an uploaded file and gives the document that stands for it."""
        return read([defined for defined, _ in self.fields.values()], Sent(posted, files, keep), self.known.clerk)

    def blank(self, given: Mapping[str, Any] | None = None) -> Form:
        """`given` is what another case hands over to this one."""
        data = {**self._stored(), **(given or {})}
        return replace(self._form(data, {}, (), {}), data=data)

    def again(self, posted: Posted, answers: Answers, refusals: Iterable[Refusal], seen: int | None = None) -> Form:
        """What was typed, with what stands against it; `seen` when the reader is shown newer entries beside it."""
        form = replace(self._form(answers.typed, answers.errors, tuple(refusals), posted), data=answers.data)
        return form if seen is None else replace(form, seen=seen)

    def resumed(self, posted: Posted, files: SentFiles = NO_FILES, keep: Keep = never) -> Form:
        """What was typed so far, without judging it; `rows` in it asks for a row more or less."""
        answers = self.read(posted, files, keep)
        typed = reshaped(answers.typed, posted.get("rows", ""))
        return replace(self._form(typed, {}, (), posted), data=answers.data)

    def _form(
        self, data: Mapping[str, Any], errors: Mapping[str, str], refusals: tuple[Refusal, ...], posted: Any
    ) -> Form:
        by_field = {refusal.field: say(refusal.text) for refusal in refusals if refusal.field} | dict(errors)
        controls = tuple(self._controls(data, by_field))
        shown = {made.name for made in controls}
        warnings = [
            refusal for refusal in refusals if refusal.severity == "warn" and refusal.gate in self.procedure.gates
        ]
        return Form(
            title=say(self.action.title),
            cites=self._cite(self.action.cites),
            controls=controls,
            seen=self.facts.state.seq if self.facts else 0,
            faults=(
                *_unread(errors),
                *(self._fault(refusal, shown) for refusal in refusals if refusal not in warnings),
            ),
            warnings=tuple(self._warned(refusal, posted) for refusal in warnings),
            bound=bool(posted),
            happened=posted.get("happened", ""),
            lists=tuple(self._lists(controls)),
        )

    def _stored(self) -> dict[str, Any]:
        """The case's own values where they are what one would change, else the definition's defaults."""
        stored = self.facts.state.data if self.facts else {}
        return {
            key: stored[key] if key in stored and _is_said_on(defined) else defined.default
            for key, (defined, _) in self.fields.items()
        }

    def _controls(self, data: Mapping[str, Any], errors: Mapping[str, str]) -> Iterator[Control]:
        asked = {key: defined for key, (defined, _) in self.fields.items()}
        for key, (defined, required) in self.fields.items():
            when = applies(defined.when, asked, self.facts)
            if when is None:
                continue
            made = control(
                defined, data.get(key), self.known, required=required, when=when, cites=self._cite(defined.cites)
            )
            yield made.with_error(errors[key]) if key in errors else made

    def _lists(self, controls: Iterable[Control]) -> Iterator[Names]:
        cells = {cell.list for made in controls for row in made.rows for cell in row.cells}
        wanted = cells | {made.list for made in controls}
        if "units" in wanted:
            yield Names("units", self.known.directory.unit_names)
        if "people" in wanted:
            yield Names("people", self.known.directory.person_names[:MOST_LISTED])

    def _fault(self, refusal: Refusal, shown: set[str]) -> Fault:
        anchor = f"f-{refusal.field}" if refusal.field in shown | {"at"} else ""
        return Fault(say(refusal.text), self._cite(refusal.cites), anchor)

    def _warned(self, refusal: Refusal, posted: Any) -> Warned:
        return Warned(
            refusal.gate,
            say(refusal.text),
            self._cite(refusal.cites),
            passed=bool(posted.get(f"pass-{refusal.gate}", "")),
            reason=posted.get(f"why-{refusal.gate}", ""),
        )

    def _outcome(self) -> Field:
        titles = {key: self.procedure.outcomes[key].title for key in self.action.outcomes}
        return Field(OUTCOME, Text.parse("办理结果 | Outcome"), "choice", choices=titles)

    def _cite(self, cites: tuple[Citation, ...]) -> str:
        return ("; " if language() == "en" else "；").join(self.book.words(cite, language()) for cite in cites)


def overrides(procedure: Procedure, posted: Posted) -> dict[str, str]:
    """The warnings somebody decided to pass, each with the reason given."""
    passed = (gate for gate in procedure.gates if posted.get(f"pass-{gate}", ""))
    return {gate: posted.get(f"why-{gate}", "").strip() for gate in passed}


def _is_said_on(defined: Field) -> bool:
    """What one would change stands in its input; words, and what is drawn from paragraphs, are said anew."""
    return defined.kind in PREFILLED and not defined.draws_from


def _unread(errors: Mapping[str, str]) -> Iterator[Fault]:
    return (Fault(text, "", f"f-{key}") for key, text in errors.items())
