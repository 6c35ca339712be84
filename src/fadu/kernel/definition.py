"""What a procedure is once loaded: frozen values, in the order a regulation would list them.

Nothing here reads a file or looks at a case. `loader` makes these values, `checker` looks for faults in them,
`decide` asks them what may be done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from fadu.kernel.condition import Condition
from fadu.kernel.law import Citation, Severity, Text
from fadu.kernel.period import Period

START = "start"  # the `from` of an opening action
ANY = "any"  # the `from` of an action allowed in every open stage
PREVIOUS = "previous"  # the `to` of an action that resumes
STAY = "stay"
CASE, HISTORY = "case", "history"  # beside its fields, what a case gives: itself, its timeline as text
RELATED, LED_TO, CAME_FROM = LINKED = ("related", "led_to", "came_from")  # how entries link two cases
PARENT_CASE = "parent"
# beside its fields, what other cases are sought by
OF_A_CASE = ("stage", "outcome", "open", "unit", "number", "case", PARENT_CASE)

Kind = Literal[
    "text", "long_text", "number", "money", "date", "moment", "yes_no", "choice",
    "unit", "person", "party", "document", "list", "item", "case",
]  # fmt: skip
LetterForm = Literal["slip", "letter", "document", "bulletin"]
LETTER_WORDS = frozenset({"number", "organ", "addressee", "day"})  # the letter's own, beside fields and clocks
Table = tuple[tuple[Any, Condition | None], ...]  # first match wins; the last condition is None ("otherwise")


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who may act: a role anywhere, a role of the unit in a field, whoever set a field, a party, parent, clock."""

    kind: Literal["role", "setter", "party", "parent", "clock", "member", "doer", "listed"]
    name: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.name} of {self.of}" if self.of else self.name


@dataclass(frozen=True, slots=True)
class Sought:
    """One test on the cases looked for: given values, or a comparison with a field of the case that looks."""

    name: str  # a field of theirs, or one of OF_A_CASE
    how: Literal["in", "same_as", "differs_from", "shares", "covers", "not_after", "not_before"]
    operand: Any  # the values, or the own field; `case` is the case that looks


@dataclass(frozen=True, slots=True)
class Found:
    """What a field is filled with from other cases of the same government, when an action takes it."""

    how: Literal["count", "value", "values", "sum", "cases"]
    procedure: str
    field: str = ""  # of `value`, `values` and `sum`
    where: tuple[Sought, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """The own fields it compares with."""
        return frozenset(test.operand for test in self.where if test.how != "in") - {CASE}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What a field says of the rows of a list, counted anew at every entry."""

    how: Literal["sum", "count", "share", "earliest", "latest"]  # share: of a hundred rows
    rows: str
    column: str = ""
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a case knows: what it is called, what it may hold, who may see it."""

    key: str
    title: Text
    kind: Kind
    line: int = 0
    choices: Mapping[str, Text] = field(default_factory=dict)
    rows: Mapping[str, "Field"] = field(default_factory=dict)  # of a list of rows
    of: str = ""  # of a list of plain values: their kind
    private: bool = False
    public: bool = False
    statistics: bool = False
    seen_by: tuple[str, ...] = ()
    default: Any = None
    limits: Mapping[str, Any] = field(default_factory=dict)  # range: not_before, not_after, at_least, at_most
    when: Condition | None = None
    derived: Table = ()  # `is`: from a first-match table
    aggregate: Aggregate | None = None  # `derived`: from the rows of a list
    found: Found | None = None  # from other cases
    computed: str = ""
    about: str = ""
    hint: Text | None = None
    cites: tuple[Citation, ...] = ()
    target: str = ""  # the procedure or register that a `case` or `item` points to
    post: str = ""  # the role that a person named must hold on the day, in office
    draws_from: str = ""  # of a list of rows: the long text whose paragraphs its form offers as rows
    read_from: str = ""  # of a long text left empty: the document whose words are taken
    unchangeable: bool = False

    @property
    def is_derived(self) -> bool:
        return bool(self.derived) or self.aggregate is not None

    @property
    def is_typed(self) -> bool:
        """Whether a person fills it in; what is derived or found, nobody types."""
        return not self.is_derived and self.found is None

    @property
    def holds(self) -> str:
        """The kind of its value, or of each in its list."""
        return self.of if self.kind == "list" else self.kind


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case stands, and whose turn it is there."""

    key: str
    title: Text
    turn: Who | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A field an action takes; optional when written with a question mark."""

    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """A root case that an action leads to, and what it is given: its field -> own field, column, `case`, `history`."""

    procedure: str
    gives: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    each: str = ""  # a list of rows: one case a row, opened at once


@dataclass(frozen=True, slots=True)
class Action:
    """Who may do what, from where to where, taking which fields, under which article."""

    key: str
    title: Text
    line: int
    sources: tuple[str, ...]
    by: tuple[Who, ...]
    cites: tuple[Citation, ...]
    to: str | Table = STAY
    not_by: tuple[Who, ...] = ()
    takes: tuple[Asked, ...] = ()
    needs: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    outcome_table: Table = ()
    times: int = 0
    extends: str = ""
    opens: tuple[str, ...] = ()
    tells: Mapping[str, str] = field(default_factory=dict)
    ends_children: str = ""
    issues: tuple[str, ...] = ()
    leads_to: Mapping[str, Lead] = field(default_factory=dict)
    followed_by: str = ""

    @property
    def is_opening(self) -> bool:
        return self.sources == (START,)

    @property
    def by_clock(self) -> bool:
        return any(who.kind == "clock" for who in self.by)

    @property
    def by_parent(self) -> bool:
        return any(who.kind == "parent" for who in self.by)

    def targets(self) -> tuple[str, ...]:
        """Every stage (or `stay`, `previous`) this action can lead to."""
        return (self.to,) if isinstance(self.to, str) else tuple(value for value, _ in self.to)


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold before an action, and what is said when it does not."""

    key: str
    line: int
    that: Condition
    refusal: Text
    cites: tuple[Citation, ...]
    severity: Severity
    when: Condition | None = None
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """What starts a clock: an action (its last or its first occurrence) or the day in a field."""

    name: str
    kind: Literal["action", "field"]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """How a clock may be extended: by a period, to a total from the start, or (on an `until`) by moving the date."""

    times: int = 1
    up_to: Period | None = None
    total: Period | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A running period. Five shapes: within, at_least, at_least … before, until, every."""

    key: str
    title: Text
    line: int
    shape: Literal["within", "at_least", "before", "until", "every"]
    cites: tuple[Citation, ...]
    period: Period | None = None  # fixed length
    length_field: str = ""  # or the field that holds the number, with `length_unit`
    length_unit: str = ""
    begins: tuple[Begin, ...] = ()
    until: str = ""  # the date field of `until` and `before`
    yearly: str = ""  # `until: 01-31` – the next such day after the start
    ends_with: tuple[str, ...] = ()
    done_by: tuple[str, ...] = ()  # of `every`: keeps one period; of `before`: the deed that must come in time
    lapses_with: tuple[str, ...] = ()
    reopens_with: tuple[str, ...] = ()
    restart: Mapping[str, tuple[Citation, ...]] = field(default_factory=dict)
    pause: tuple[str, ...] = ()  # stages and child keys
    extension: Extension | None = None
    expires: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A sub-case of another unit: which procedure, what it is given, which text it is about."""

    key: str
    title: Text
    line: int
    procedure: str
    each: Mapping[str, str] = field(default_factory=dict)  # a list -> the field its items fill: one child an item
    rows: str = ""  # or a list of rows: one child a row, whose columns win over fields in `gives`
    where: Condition | None = None  # the rows that get one
    gives: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry of the closed list of results."""

    key: str
    title: Text
    line: int
    cites: tuple[Citation, ...]
    row: str = ""
    remedy: str = ""
    letter: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A document an action issues. Its words may hold `{field}`, `{clock}` and what LETTER_WORDS names."""

    key: str
    title: Text
    line: int
    to: tuple[Who, ...]
    form: LetterForm = "slip"
    mark: Text | None = None  # the red words at its head, when they are not the organ and the title
    heading: Text | None = None  # the title over its text
    text: tuple[Text, ...] = ()  # paragraphs; one with a placeholder that has no value is left out
    copies: tuple[Who, ...] = ()
    number: str = ""
    shows: tuple[str, ...] = ()
    when: Condition | None = None
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """A public view of a case: to whom, when, which fields."""

    key: str
    line: int
    shows: tuple[str, ...]
    to: str = ""
    when: Condition | None = None
    cites: tuple[Citation, ...] = ()
    choice_of: str = ""
    result_of: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """One colour and the condition under which it shines; the first that holds wins."""

    colour: Literal["grey", "red", "yellow", "green"]
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a calendar of units shows: whose day it takes, from when until when, and which cases."""

    unit: str
    since: str
    until: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Shows:
    """Which fields fill the columns every list has: title, handling unit, kind (tabs) and the main clock; and the
    calendar, where there is one.
    """

    title: str = ""
    unit: str = ""
    kind: str = ""
    due: tuple[str, ...] = ()
    calendar: Agenda | None = None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number a case is given and the action that gives it."""

    format: str
    at: str


@dataclass(frozen=True)
class Procedure:
    """A versioned definition. A register is a procedure whose cases are items: it adds `keys` and `valid`."""

    key: str
    title: Text
    file: str
    version: int
    in_force: str
    basis: tuple[Citation, ...]
    owner: Who
    fields: Mapping[str, Field]
    stages: Mapping[str, Stage]
    ends_in: frozenset[str]
    actions: Mapping[str, Action]
    gates: Mapping[str, Gate] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    children: Mapping[str, Child] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    lights: tuple[Light, ...] = ()
    letters: Mapping[str, Letter] = field(default_factory=dict)
    publication: Mapping[str, Publication] = field(default_factory=dict)
    shows: Shows = field(default_factory=Shows)
    number: Numbering | None = None
    keys: tuple[str, ...] = ()
    valid: Mapping[str, str] = field(default_factory=dict)
    is_register: bool = False
    overlays: tuple[str, ...] = ()
    digest: str = ""
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)  # the composed source, kept with the cases

    @property
    def name(self) -> str:
        """`appeal@1+yunzhou@1`: what a case stores of the definition it began under."""
        return "+".join((f"{self.key}@{self.version}", *self.overlays))

    @property
    def domain(self) -> str:
        """The folder of its file; empty for a definition that lies in none."""
        return self.file.rpartition("/")[0].rpartition("/")[2]

    @cached_property
    def opening(self) -> Action:
        return next(action for action in self.actions.values() if action.is_opening)

    @cached_property
    def derived(self) -> tuple[Field, ...]:
        """Those from rows first: the tables may ask for them."""
        found = (item for item in self.fields.values() if item.is_derived)
        return tuple(sorted(found, key=lambda item: item.aggregate is None))

    @cached_property
    def pointing(self) -> tuple[Field, ...]:
        """The fields that hold other cases, themselves or in a column."""
        return self._holding(CASE)

    @cached_property
    def naming(self) -> tuple[Field, ...]:
        """The fields that name persons, themselves or in a column."""
        return self._holding("person")

    def _holding(self, kind: str) -> tuple[Field, ...]:
        fields = self.fields.values()
        return tuple(one for one in fields if kind in (one.holds, *(column.holds for column in one.rows.values())))

    @cached_property
    def standing(self) -> Mapping[str, tuple[Action, ...]]:
        """The actions that leave each stage, in the order written."""
        return {
            stage: tuple(
                action
                for action in self.actions.values()
                if stage in action.sources or (ANY in action.sources and stage not in self.ends_in)
            )
            for stage in self.stages
        }

    @cached_property
    def touches(self) -> Mapping[str, frozenset[str]]:
        """The actions and fields that can end, start or begin a clock anew, by clock."""
        return {key: frozenset(_touching(clock)) for key, clock in self.clocks.items()}

    @cached_property
    def lengths(self) -> Mapping[str, tuple[Clock, ...]]:
        """The clocks whose length is a number in a field, by field."""
        fields = {clock.length_field for clock in self.clocks.values()} - {""}
        return {
            field: tuple(clock for clock in self.clocks.values() if clock.length_field == field) for field in fields
        }

    @cached_property
    def can_expire(self) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks.values() if clock.expires)

    def is_closed(self, stage: str) -> bool:
        return stage in self.ends_in


def _touching(clock: Clock) -> set[str]:
    actions = {*clock.ends_with, *clock.done_by, *clock.lapses_with, *clock.reopens_with, *clock.restart, clock.expires}
    return {*actions, *(begin.name for begin in clock.begins), clock.until, clock.length_field} - {""}
