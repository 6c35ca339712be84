"""Fields that fill themselves: what is sought elsewhere exists and compares, rows are added up, paragraphs have rows."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.condition import ORDERED
from fadu.kernel.definition import CASE, OF_A_CASE, PARENT_CASE, Field, Found, Procedure, Sought
from fadu.kernel.saying import placeholders
from fadu.kernel.source import Fault

_SUMMED = ("number", "money")
_DATES = ("date", "moment")
_COMPARABLE = frozenset({*ORDERED, "text", "choice", "yes_no", "unit", "person", "item", "case"})
_OF_LISTS = ("shares", "covers")
_KINDS_OF_A_CASE = {"unit": "unit", "number": "text", "case": "case", PARENT_CASE: CASE}
_UNSPEAKABLE = frozenset({"document", "party"})  # what no sentence can hold


def check(reading: Reading) -> Iterator[Fault]:
    for field in reading.procedure.fields.values():
        for looks in (_found, _aggregate, _paragraphs, _documents):
            for rule, advice in looks(reading, field):
                yield reading.fault(field.line, rule, advice)
    yield from _placeholders(reading)


# -- found in other cases ----------------------------------------------------------------------------------------------


def _found(reading: Reading, field: Field) -> Iterator[tuple[str, str]]:
    found = field.found
    if found is None:
        return
    if field.is_derived or field.computed or field.default is not None:
        yield "found", f"'{field.key}' is found; it cannot be derived, computed or have a default as well"
    if found.procedure not in reading.library.keys:
        yield "unknown-procedure", f"'{field.key}' looks for '{found.procedure}', which is no procedure of the library"
        return
    theirs = reading.library.in_force(found.procedure)
    yield from _fits(field, found, theirs)
    for test in found.where:
        yield from _sought(reading, field, test, theirs)


def _fits(field: Field, found: Found, theirs: Procedure) -> Iterator[tuple[str, str]]:
    """The field can hold what is found."""
    if found.how == "cases" and (field.kind, field.of) != ("list", "case"):
        yield "found", f"'{field.key}' finds cases; make it 'kind: list, of: case'"
    if found.how in ("count", "sum") and field.kind not in _SUMMED:
        yield "found", f"'{field.key}' finds a {found.how}, which is a number, not a {field.kind}"
    if not found.field:
        return
    sought = theirs.fields.get(found.field)
    if sought is None:
        yield "unknown-field", f"'{found.field}' is no field of '{theirs.key}'"
    elif found.how == "sum" and sought.kind not in _SUMMED:
        yield "found", f"'{theirs.key}.{sought.key}' is a {sought.kind} and cannot be added up"
    elif found.how == "value" and (sought.kind, sought.of) != (field.kind, field.of):
        yield "found", f"'{field.key}' is a {field.kind}; '{theirs.key}.{sought.key}', its value, is a {sought.kind}"
    elif found.how == "values" and (field.kind != "list" or field.of != sought.kind or sought.kind not in _COMPARABLE):
        yield "found", f"'{field.key}' finds values; make it 'kind: list, of: {sought.kind}'"


def _sought(reading: Reading, field: Field, test: Sought, theirs: Procedure) -> Iterator[tuple[str, str]]:
    sought = theirs.fields.get(test.name)
    if sought is None and test.name not in OF_A_CASE:
        known = ", ".join(sorted([*theirs.fields, *OF_A_CASE]))
        yield "unknown-field", f"'{test.name}' is nothing a case of '{theirs.key}' is found by; known: {known}"
    elif test.how == "in":
        yield from _literals(field, test, sought, theirs)
    else:
        yield from _compared(reading, field, test, sought)


def _literals(field: Field, test: Sought, sought: Field | None, theirs: Procedure) -> Iterator[tuple[str, str]]:
    known: dict[str, object] = {"stage": theirs.stages, "outcome": theirs.outcomes, "open": (True, False)}
    allowed = sought.choices if sought is not None else known.get(test.name)
    if sought is not None and sought.kind not in _COMPARABLE:
        yield "found", f"'{sought.key}' is a {sought.kind}, which is sought by 'shares' only"
    for value in test.operand:
        if allowed and value not in allowed:  # type: ignore[operator]  # mappings and a pair
            yield "unknown-value", f"'{value}' is not among the values of '{test.name}' of '{theirs.key}' ({field.key})"


def _compared(reading: Reading, field: Field, test: Sought, sought: Field | None) -> Iterator[tuple[str, str]]:
    own = reading.procedure.fields.get(test.operand)
    if test.operand == CASE and own is None:
        if test.name != PARENT_CASE and (sought is None or sought.holds != CASE):
            yield "found", f"'{test.name}: {{{test.how}: case}}' needs a field of theirs that holds cases"
        return
    if own is None:
        return  # the loader said so
    if own.found is not None:
        yield (
            "found",
            f"'{field.key}' is sought by '{own.key}', which is itself found; compare with a field of the case",
        )
    elif not reading.is_ever_set(own.key):
        yield "found", f"'{field.key}' is sought by '{own.key}', which is never set"
    kind = sought.holds if sought is not None else _KINDS_OF_A_CASE.get(test.name, "choice")
    listed = "list" in (own.kind, sought.kind if sought is not None else "")
    ordered = test.how in ("not_after", "not_before")
    alike = own.holds == kind or (own.holds in _DATES and kind in _DATES)
    if (
        not alike
        or (listed and test.how not in _OF_LISTS)
        or (ordered and kind not in ORDERED)
        or kind not in _COMPARABLE
    ):
        yield "found", f"'{test.name}: {{{test.how}: {own.key}}}' of '{field.key}' compares a {kind} with a {own.holds}"


# -- added up from rows ------------------------------------------------------------------------------------------------


def _aggregate(reading: Reading, field: Field) -> Iterator[tuple[str, str]]:
    aggregate = field.aggregate
    if aggregate is None:
        return
    if field.derived or field.computed or field.default is not None:
        yield "derived", f"'{field.key}' is derived from rows; it cannot be derived otherwise or have a default as well"
    column = reading.procedure.fields[aggregate.rows].rows.get(aggregate.column)
    kind = column.kind if column is not None else "number"
    wanted = _DATES if aggregate.how in ("earliest", "latest") else _SUMMED
    if kind not in wanted or field.kind not in wanted or (field.kind == "date" and kind == "moment"):
        yield "derived", f"'{field.key}' is a {field.kind} and cannot be the {aggregate.how} of a {kind}"


# -- paragraphs --------------------------------------------------------------------------------------------------------


def _paragraphs(reading: Reading, field: Field) -> Iterator[tuple[str, str]]:
    if not field.draws_from:
        return
    text = reading.procedure.fields.get(field.draws_from)
    if text is None or text.kind != "long_text":
        yield "draws-from", f"'{field.key}' draws from '{field.draws_from}', which is no long text of this procedure"
    kinds = {key: column.kind for key, column in field.rows.items()}
    if kinds.get("paragraph") != "number" or kinds.get("text") not in ("text", "long_text"):
        advice = f"'{field.key}' draws from paragraphs and needs the columns 'paragraph' (number) and 'text'"
        yield "draws-from", advice


def _documents(reading: Reading, field: Field) -> Iterator[tuple[str, str]]:
    source = reading.procedure.fields.get(field.read_from)
    if field.read_from and (field.kind != "long_text" or source is None or source.kind != "document"):
        yield (
            "read-from",
            f"'{field.key}' reads from '{field.read_from}': a long text reads from a document of this procedure",
        )


# -- sentences ---------------------------------------------------------------------------------------------------------


def _placeholders(reading: Reading) -> Iterator[Fault]:
    fields = reading.procedure.fields
    for gate in reading.procedure.gates.values():
        for name in sorted(placeholders(gate.refusal)):
            if name not in fields:
                yield reading.fault(gate.line, "placeholder", f"'{{{name}}}' in the words of '{gate.key}' is no field")
            elif fields[name].rows or fields[name].holds in _UNSPEAKABLE:
                advice = f"'{{{name}}}' of '{gate.key}' is a {fields[name].kind}, which no sentence can hold"
                yield reading.fault(gate.line, "placeholder", advice)
