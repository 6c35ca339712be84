"""Fields: each gets its value from somewhere, what it names exists, and what is private is not shown to the public."""

import re
from collections.abc import Collection, Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import CASE, LINKED, Field, Publication
from fadu.kernel.source import Fault


def check(reading: Reading, functions: Collection[str]) -> Iterator[Fault]:
    for field in reading.procedure.fields.values():
        yield from _source(reading, field, functions)
        yield from _names(reading, field)
    yield from _shows(reading)
    yield from _number(reading)
    yield from _views(reading)
    yield from _tracking(reading)
    if reading.procedure.is_register:
        yield from _register(reading)


def _source(reading: Reading, field: Field, functions: Collection[str]) -> Iterator[Fault]:
    taken = bool(reading.takers[field.key])
    if not taken and not field.is_derived:
        advice = f"no action takes '{field.key}' and nothing derives it; let an action take it or drop the field"
        yield reading.fault(field.line, "unused-field", advice)
    if taken and field.is_derived:
        yield reading.fault(field.line, "derived-field", f"'{field.key}' is derived; no action may take it")
    if field.computed and field.computed not in functions:
        known = ", ".join(sorted(functions)) or "none"
        advice = f"'{field.computed}' is no registered function (known: {known}); see docs/definition-language.md"
        yield reading.fault(field.line, "computed", advice)


def _names(reading: Reading, field: Field) -> Iterator[Fault]:
    for rule, advice in (*_unknown(reading, field), *_contradictions(field)):
        yield reading.fault(field.line, rule, advice)


def _unknown(reading: Reading, field: Field) -> Iterator[tuple[str, str]]:
    for role in set(field.seen_by) - set(reading.library.book.roles):
        yield "unknown-role", f"'{role}' in 'seen_by' is no role of laws.yaml"
    if field.post and field.post not in reading.library.book.roles:
        yield "unknown-role", f"'{field.post}', the post that '{field.key}' asks for, is no role of laws.yaml"
    if field.post and field.holds != "person":
        yield "post", f"'{field.key}' is a {field.holds}; only a person holds a post"
    if field.target and field.target not in reading.library.keys:
        yield "unknown-procedure", f"'{field.target}' is no procedure or register of the library"
    if field.target and field.holds not in ("case", "item"):
        yield (
            "target",
            f"'{field.key}' is a {field.holds}, which points to nothing; only a case or an item has a target",
        )


def _contradictions(field: Field) -> Iterator[tuple[str, str]]:
    if field.holds == CASE and field.key in LINKED:
        yield "target", f"a field that holds cases cannot be called '{field.key}': cases are linked by that word"
    if field.private and field.public:
        yield "private", f"'{field.key}' is both private and public; choose one"


def _shows(reading: Reading) -> Iterator[Fault]:
    """Every list has a title, a unit, tabs and a main clock; the definition says which fields fill them."""
    procedure, shows, line = reading.procedure, reading.procedure.shows, reading.line_of("shows")
    if not shows.title:
        yield reading.fault(
            line, "shows", "no 'shows: {title: …}'; name the field that is the title of a case in lists"
        )
        return
    opening = {asked.field for action in procedure.actions.values() if action.is_opening for asked in action.takes}
    wanted = {"title": ("text", "long_text"), "unit": ("unit",), "kind": ("choice",)}
    for column, kinds in wanted.items():
        name = getattr(shows, column)
        if name and procedure.fields[name].kind not in kinds:
            advice = f"'{name}' cannot be the {column} of a list: it is a {procedure.fields[name].kind}"
            yield reading.fault(line, "shows", advice)
    yield from _agenda(reading, line)
    if shows.title not in opening:
        yield reading.fault(
            line, "shows", f"the title '{shows.title}' is not taken when a case is opened; lists would be blank"
        )


def _agenda(reading: Reading, line: int) -> Iterator[Fault]:
    agenda, fields = reading.procedure.shows.calendar, reading.procedure.fields
    if agenda is None:
        return
    if fields[agenda.unit].holds != "unit":
        yield reading.fault(line, "shows", f"'{agenda.unit}' names no units; a calendar is kept for each unit")
    for name in (agenda.since, agenda.until):
        if fields[name].kind not in ("date", "moment"):
            yield reading.fault(line, "shows", f"'{name}' is a {fields[name].kind}; a calendar needs days")


def _number(reading: Reading) -> Iterator[Fault]:
    procedure, line = reading.procedure, reading.line_of("number")
    series = [(letter.number, letter.line) for letter in procedure.letters.values() if letter.number]
    if procedure.number is not None:
        series.append((procedure.number.format, line))
        if not procedure.number.at or procedure.number.at not in reading.doable:
            yield reading.fault(line, "number", "no action that can be done gives the number; name it in 'at'")
    seen: set[str] = set()
    for form, where in series:
        if form in seen:
            yield reading.fault(
                where, "number", f"the series '{form}' is used twice and would have gaps in both places"
            )
        seen.add(form)
        if not re.fullmatch(r"[^\W\d_]+〔year〕(n号|第n期)", form):
            advice = f"'{form}' is no number such as 督〔year〕n号, or 督查〔year〕第n期 of an issue (year in 〔〕, no leading zeros: DOC 9)"
            yield reading.fault(where, "number", advice)


def _views(reading: Reading) -> Iterator[Fault]:
    """The public list shows what is marked public; a view `to` a party may show that party its own matter."""
    procedure = reading.procedure
    for view in procedure.publication.values():
        yield from _view_names(reading, view)
        for name in view.shows:
            field = procedure.fields.get(name)
            if field is not None and not view.to and not field.public:
                advice = f"'{name}' is shown to the public but not marked 'public: true'"
                yield reading.fault(view.line, "publication", advice)
    shown = reading.shown | set(procedure.valid.values())
    for field in procedure.fields.values():
        if field.public and field.key not in shown:
            yield reading.fault(field.line, "publication", f"'{field.key}' is marked public but shown nowhere")


def _view_names(reading: Reading, view: Publication) -> Iterator[Fault]:
    fields = reading.procedure.fields
    if view.to and (view.to not in fields or fields[view.to].kind not in ("party", "person")):
        yield reading.fault(view.line, "publication", f"'{view.to}' is no field with a party")
    if view.result_of and (view.result_of not in fields or fields[view.result_of].kind != "case"):
        yield reading.fault(view.line, "publication", f"'result_of: {view.result_of}' must name a field with a case")
    if view.choice_of and view.choice_of not in reading.library.book.roles:
        yield reading.fault(view.line, "unknown-role", f"'choice_of: {view.choice_of}' is no role of laws.yaml")


def _tracking(reading: Reading) -> Iterator[Fault]:
    """Whoever may open a case from outside may follow it."""
    views = {view.to for view in reading.procedure.publication.values()}
    for action in reading.procedure.actions.values():
        for who in action.by if action.is_opening else ():
            if who.kind == "party" and who.name not in views:
                advice = f"'{who.name}' may open a case but no publication 'to: {who.name}' lets it follow the case"
                yield reading.fault(action.line, "publication", advice)


def _register(reading: Reading) -> Iterator[Fault]:
    procedure = reading.procedure
    if not procedure.keys:
        yield reading.fault(reading.line_of("key"), "key", "a register needs a 'key': the fields that name an item")
    for end in ("from", "until"):
        name = procedure.valid.get(end, "")
        if name not in procedure.fields or procedure.fields[name].kind != "date":
            yield reading.fault(reading.line_of("valid"), "valid", f"'valid: {{{end}: …}}' must name a date field")
        elif not reading.is_ever_set(name):
            yield reading.fault(
                reading.line_of("valid"), "valid", f"no action sets '{name}', so no item would ever change"
            )
