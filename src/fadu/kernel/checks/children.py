"""Children and cases that lead to cases: the procedure exists, gets what it asks for, and gives the outcomes asked about."""

from collections.abc import Iterator, Mapping

from fadu.kernel.checks.reading import Reading, tests
from fadu.kernel.condition import Current, FieldTest, RowTest
from fadu.kernel.definition import CASE, HISTORY, Action, Child, Field, Lead, Procedure
from fadu.kernel.law import Text
from fadu.kernel.source import Fault

NO_COLUMNS: Mapping[str, Field] = {}
_WIDER = {("text", "long_text"), ("date", "moment"), ("person", "party")}  # a value of the first fits the second


def check(reading: Reading) -> Iterator[Fault]:
    opened = {key for action in reading.procedure.actions.values() for key in action.opens}
    for child in reading.procedure.children.values():
        if child.key not in opened:
            yield reading.fault(
                child.line, "unused-child", f"no action opens '{child.key}'; name it in 'opens' or drop it"
            )
        yield from _child(reading, child)
    for action in reading.procedure.actions.values():
        yield from _tells(reading, action)
        yield from _ends(reading, action)
        yield from _leads_to(reading, action)
        if action.by_parent and not action.is_opening:
            yield from _told(reading, action)
    yield from _asked_about(reading)


def found(reading: Reading, key: str) -> Procedure | None:
    return reading.library.in_force(key) if key in reading.library.keys else None


def _child(reading: Reading, child: Child) -> Iterator[Fault]:
    procedure = found(reading, child.procedure)
    if procedure is None:
        yield reading.fault(
            child.line, "unknown-procedure", f"child '{child.key}': there is no procedure '{child.procedure}'"
        )
        return
    opening = next((action for action in procedure.actions.values() if action.is_opening), None)
    if opening is None or not opening.by_parent:
        advice = f"'{child.procedure}' cannot be a child: its opening action is not 'by: parent'"
        yield reading.fault(child.line, "child", advice)
        return
    given = {str(target): source for source, target in {**child.gives, **child.about}.items()}
    columns = reading.procedure.fields[child.rows].rows if child.rows else {}
    yield from _targets(reading, child.line, f"child '{child.key}'", procedure, opening, given, columns)
    yield from _constants(reading, child, procedure)
    yield from _each(reading, child, procedure)
    handed = {*given, *child.constants, *map(str, child.each.values())}
    for asked in opening.takes:
        defined = procedure.fields[asked.field]
        needed = defined.is_typed and not asked.optional and defined.when is None
        if needed and asked.field not in handed and defined.default is None:
            advice = f"child '{child.key}' is not given '{asked.field}', which '{procedure.key}' needs to open"
            yield reading.fault(child.line, "child", advice)


def _targets(
    reading: Reading,
    line: int,
    what: str,
    procedure: Procedure,
    opening: Action,
    given: Mapping[str, str],
    columns: Mapping[str, Field] = NO_COLUMNS,
) -> Iterator[Fault]:
    known = {**reading.procedure.fields, **columns}
    takes = {asked.field for asked in opening.takes}
    for target, source in given.items():
        if target not in takes:
            advice = f"{what} gives '{target}', which '{opening.key}' of '{procedure.key}' does not take"
            yield reading.fault(line, "child", advice)
        elif not _fits(known.get(source), procedure.fields[target]):
            advice = f"{what} gives '{source}' as '{target}', which is a {procedure.fields[target].kind}"
            yield reading.fault(line, "child", advice)


def _fits(source: Field | None, target: Field) -> bool:
    kind = source.kind if source is not None else "unit"  # case_unit: the office where the case was opened
    return kind == target.kind or (kind, target.kind) in _WIDER


def _constants(reading: Reading, child: Child, procedure: Procedure) -> Iterator[Fault]:
    takes = {asked.field for asked in procedure.opening.takes}
    for target, value in child.constants.items():
        if target not in takes:
            yield reading.fault(child.line, "child", f"'{target}' is not taken when '{procedure.key}' opens")
        elif procedure.fields[target].choices and str(value) not in procedure.fields[target].choices:
            yield reading.fault(child.line, "child", f"'{value}' is no choice of '{target}' in '{procedure.key}'")


def _each(reading: Reading, child: Child, procedure: Procedure) -> Iterator[Fault]:
    if child.where is not None and not child.rows:
        yield reading.fault(child.line, "child", f"'where' of '{child.key}' chooses rows: write 'each: a list of rows'")
    if len(child.each) > 1:
        yield reading.fault(child.line, "child", f"'each' of '{child.key}' names one list, not {len(child.each)}")
    for source, target in child.each.items():
        listed, wanted = reading.procedure.fields.get(source), procedure.fields.get(str(target))
        if listed is None or wanted is None or listed.kind != "list" or listed.of != wanted.kind:
            advice = f"'each: {{{source}: {target}}}' of '{child.key}' must pair a list with the field its items fill"
            yield reading.fault(child.line, "child", advice)


def _tells(reading: Reading, action: Action) -> Iterator[Fault]:
    for key, deed in action.tells.items():
        child = reading.procedure.children[key]
        procedure = found(reading, child.procedure)
        if procedure is None:
            continue
        told = procedure.actions.get(deed)
        if told is None or not told.by_parent:
            advice = f"'{action.key}' tells '{deed}', which is no action by the parent in '{procedure.key}'"
            yield reading.fault(action.line, "unknown-action", advice)
        else:
            given = {str(target): source for source, target in child.about.items()}
            yield from _targets(reading, action.line, f"'{action.key}'", procedure, told, given)


def _ends(reading: Reading, action: Action) -> Iterator[Fault]:
    if action.ends_children and not reading.procedure.children:
        yield reading.fault(action.line, "child", f"'{action.key}' ends children, but this procedure has none")
    for child in reading.procedure.children.values() if action.ends_children else ():
        procedure = found(reading, child.procedure)
        ending = procedure.actions.get(action.ends_children) if procedure else None
        if procedure is not None and (ending is None or not ending.by_parent):
            advice = (
                f"'{action.key}' ends '{child.key}' with '{action.ends_children}', which its parent cannot do there"
            )
            yield reading.fault(action.line, "unknown-action", advice)


def _told(reading: Reading, action: Action) -> Iterator[Fault]:
    """An action by the parent is done by somebody's `tells` or `ends_children`."""
    for parent in reading.library.versions.values():
        mine = {child.key for child in parent.children.values() if child.procedure == reading.procedure.key}
        for deed in parent.actions.values():
            if mine and action.key in (deed.ends_children, *(deed.tells.get(key, "") for key in mine)):
                return
    advice = f"no parent ever does '{action.key}'; let one tell it, or drop it"
    yield reading.fault(action.line, "unused-action", advice)


def _leads_to(reading: Reading, action: Action) -> Iterator[Fault]:
    """`leads_to`: a root case prefilled from this one; the clerk may add to it, so nothing need be complete."""
    for key, lead in action.leads_to.items():
        procedure = found(reading, key)
        if procedure is None:
            yield reading.fault(action.line, "leads-to", f"'{action.key}' leads to '{key}', which is no procedure")
            continue
        if procedure.opening.by_parent:
            yield reading.fault(action.line, "leads-to", f"'{key}' opens as a child only; nothing can lead to it")
        for advice in (*_led(reading, lead, procedure), *_missing(lead, procedure)):
            yield reading.fault(action.line, "leads-to", f"'{action.key}' {advice}")
    if action.by_clock and any(lead.each for lead in action.leads_to.values()):
        yield reading.fault(action.line, "leads-to", f"'{action.key}' is done by the clock, which can open no case")


def _led(reading: Reading, lead: Lead, procedure: Procedure) -> Iterator[str]:
    """The opening takes what it is given, and it fits."""
    takes = {asked.field for asked in procedure.opening.takes if procedure.fields[asked.field].is_typed}
    yield from (
        f"gives '{target}', which the opening of '{procedure.key}' does not ask for"
        for target in (*lead.gives, *lead.constants)
        if target not in takes
    )
    for target, source in lead.gives.items():
        wanted = procedure.fields.get(target)
        if wanted is not None and not _may_become(_source(reading, lead, source), wanted):
            yield f"gives '{source}' as '{target}', which is a {wanted.kind}"
    for target, value in lead.constants.items():
        wanted = procedure.fields.get(target)
        if wanted is not None and wanted.choices and str(value) not in wanted.choices:
            yield f"gives '{value}', which is no choice of '{target}' in '{procedure.key}'"
    if lead.each and HISTORY in lead.gives.values():
        yield "opens a case for each row; only a case that a person completes is given the history"


def _source(reading: Reading, lead: Lead, name: str) -> Field:
    """What stands behind a source: a column of the row, a field, or one of the special ones."""
    columns = reading.procedure.fields[lead.each].rows if lead.each else {}
    special = {CASE: "case", HISTORY: "long_text", "case_unit": "unit"}
    found = columns.get(name) or reading.procedure.fields.get(name)
    return found or Field(name, Text(name, name), special[name], target=reading.procedure.key)  # type: ignore[arg-type]  # the loader knows the names


def _may_become(source: Field, wanted: Field) -> bool:
    """A long text may be given as a short one: the opening says when it is too long."""
    kinds = (source.kind, wanted.kind)
    if kinds not in {*_WIDER, ("long_text", "text")} and source.kind != wanted.kind:
        return False
    if source.kind == "list" and (source.of, source.rows.keys()) != (wanted.of, wanted.rows.keys()):
        return False
    return not (source.target and wanted.target and source.target != wanted.target)


def _missing(lead: Lead, procedure: Procedure) -> Iterator[str]:
    """Cases opened at once, which nobody completes, are given all that their opening needs."""
    for asked in procedure.opening.takes if lead.each else ():
        wanted = procedure.fields[asked.field]
        free = asked.optional or wanted.when is not None or wanted.default is not None or not wanted.is_typed
        if not free and asked.field not in {*lead.gives, *lead.constants}:
            yield f"does not give '{asked.field}', which '{procedure.key}' needs to open"


def _asked_about(reading: Reading) -> Iterator[Fault]:
    for what, line, condition in reading.conditions:
        for test in tests(condition):
            if isinstance(test, RowTest) and test.name in reading.procedure.children:
                yield from _asks_of(reading, what, line, test)


def _asks_of(reading: Reading, what: str, line: int, test: RowTest) -> Iterator[Fault]:
    child = reading.procedure.children[test.name]
    procedure = found(reading, child.procedure)
    for inner in tests(test.of):
        if isinstance(inner, Current) and not child.about:
            yield reading.fault(line, "child", f"{what} asks whether '{child.key}' is current, but it is about no text")
        if not isinstance(inner, FieldTest):
            continue
        if inner.name == "stage":
            yield reading.fault(
                line, "child", f"{what} asks for the stage of '{child.key}'; a parent knows open and outcome"
            )
        if inner.name == "outcome" and procedure is not None:
            for value in set(inner.operand) - set(procedure.outcomes):
                advice = f"{what} asks for the outcome '{value}' of '{child.key}', which '{procedure.key}' never has"
                yield reading.fault(line, "unknown-outcome", advice)
