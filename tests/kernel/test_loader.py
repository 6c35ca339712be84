"""Reading a definition: every fault by file, line, rule and advice; nothing crashes, nothing is guessed."""

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.definitions import SHIPPED, book, documents
from fadu.kernel.definition import START, Asked, Begin, Who
from fadu.kernel.loader import digest_of, load
from fadu.kernel.period import Period
from fadu.kernel.source import DefinitionError, Map, walk
from tests.kernel.small import BOOK, MATTER, procedure, read


def line_of(text: str, snippet: str) -> int:
    return text[: text.index(snippet)].count("\n") + 1


def faults(old: str, new: str) -> list[str]:
    """The faults after one change; each names the file and a line."""
    text = MATTER.replace(old, new, 1)
    assert text != MATTER, f"'{old}' does not stand in the definition"
    with pytest.raises(DefinitionError) as error:
        load(read(text), BOOK)
    assert all(fault.file == "matter.yaml" and fault.line and fault.advice for fault in error.value.faults)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "rule", "advice"),
    [
        # words
        ("basis: ACT 1 (V)", "basis: ACT 1 (V)\ncolour: red", "unknown-word", "'colour' is no word of a head; known: procedure, register"),
        ("kind: text}\n  unit", "kind: text, size: 3}\n  unit", "unknown-word", "'size' is no word of a field"),
        ("times: 1, not_by: [write", "count: 1, not_by: [write", "unknown-word", "'count' is no word of a action"),
        ("else: 协办未回", "otherwise: 协办未回", "unknown-word", "'otherwise' is no word of a gate"),
        ("title: 退回 | Back, from", "title: 退回, 重办 | Back, from", "empty-value", "a key has no value"),
        ("at_least: 3 workdays", "atleast: 3 workdays", "unknown-word", "'atleast' is no word of a clock"),
        ("extension: {times: 1}", "extension: {time: 1}", "unknown-word", "'time' is no word of a extension"),
        # what is missing
        ("version: 1\n", "", "missing", "'version' is missing; add it"),
        ("in_force: 2026-01-01\n", "", "missing", "'in_force' is missing"),
        ("cites: ACT 5 (V)}\n  later", "}\n  later", "missing", "'cites' is missing"),
        ("{that: {part: {open: none}}, ", "{", "missing", "'that' is missing"),
        ("procedure: part, each", "each", "missing", "'procedure' is missing"),
        # small formats
        ("title: 事项 | Matter", "title: 事项", "bilingual", "'事项' has one language; write '中文 | English'"),
        ("good: 好 | good", "good: 好", "bilingual", "'好' has one language"),
        ("else: 协办未回 | A part is not back", "else: 协办未回", "bilingual", "has one language"),
        ("version: 1", "version: one", "number", "'version' must be a whole number, not 'one'"),
        ("times: 1, not_by", "times: -1, not_by", "number", "must be a whole number"),
        ("in_force: 2026-01-01", "in_force: soon", "date", "'soon' is no date such as 2026-01-31"),
        ("basis: ACT 1 (V)", "basis: ACT one (V)", "citation", "is not a citation such as 'GKI 33 (V)'"),
        ("basis: ACT 1 (V)", "basis: BCT 1 (V)", "unknown-law", "'BCT' is not in laws.yaml; add it there or correct the key"),
        ("within: 10 workdays", "within: 10 workday", "period", "'10 workday' is no period; write '20 workdays'"),
        ("within: 10 workdays", "within: ten workdays", "unknown-field", "'ten' is neither a number nor a number field"),
        ("every: months months", "every: name months", "unknown-field", "'name' is neither a number nor a number field"),
        ("{up_to: 5 workdays, times: 1}", "{up_to: 5 hours, times: 1}", "period", "hours extend hours, days days"),
        ("until: due", "until: name", "unknown-field", "ends by 'name', which is no date or moment"),
        ("until: due", "until: 02-29", "unknown-field", "ends by '02-29'"),
        ("from: begin, ends", "from: name, ends", "period", "starts from 'name', which is no date or moment"),
        ("at_least: 3 workdays, from", "at_least: 3 workdays, within: 3 workdays, from", "clock", "exactly one of within, at_least, until, every"),
        ("within: 2 hours", "within: 2 hours, before: due", "clock", "only 'at_least' can stand with 'before'"),
        # names
        ("owner: officer", "owner: oficer", "unknown-role", "'oficer' is neither a role of laws.yaml nor a field"),
        ("by: officer of unit, takes: [text]", "by: officer of unti, takes: [text]", "unknown-name", "'unti' is not defined here"),
        ("by: setter of due", "by: setter of deu", "unknown-name", "'deu' is not defined here"),
        ("by: setter of due", "by: setter", "unknown-name", "'' is not defined here"),
        ("from: checking, to: working", "from: cheking, to: working", "unknown-name", "'cheking' is not defined here; known: any, checking, closed"),
        ("to: checking, by", "to: cheking, by", "unknown-name", "'cheking' is not defined here"),
        ("ends_in: [closed]", "ends_in: [shut]", "unknown-name", "'shut' is not defined here"),
        ("takes: [text]", "takes: [txt]", "unknown-field", "takes 'txt', which is no field"),
        ("needs: [text_good,", "needs: [text_god,", "unknown-name", "'text_god' is not defined here"),
        ("outcome: [done, dropped]", "outcome: [done, droped]", "unknown-name", "'droped' is not defined here"),
        ("extends: term", "extends: trem", "unknown-name", "'trem' is not defined here"),
        ("opens: [part]", "opens: [prat]", "unknown-name", "'prat' is not defined here"),
        ("issues: [slip]", "issues: [slap]", "unknown-name", "'slap' is not defined here"),
        ("ends_with: [finish]", "ends_with: [finsh]", "unknown-name", "'finsh' is not defined here"),
        ("expires: remind", "expires: rewind", "unknown-name", "'rewind' is not defined here"),
        ("restart: {again:", "restart: {agian:", "unknown-name", "'agian' is not defined here"),
        ("pause: [waiting, part]", "pause: [wating, part]", "unknown-name", "'wating' is not defined here"),
        ("each: {helpers: unit}", "each: {helper: unit}", "unknown-name", "'helper' is not defined here"),
        ("letter: result}\n  dropped", "letter: resul}\n  dropped", "unknown-name", "'resul' is not defined here"),
        ("reason: remark", "reason: remarks", "unknown-name", "'remarks' is not defined here"),
        ("about: text", "about: txt", "unknown-field", "'txt' is no field"),
        ("not_by: [write, team]", "not_by: [write, reviewer]", "not-by", "'reviewer' bars nobody"),
        ("{that: {part: {open: none}}", "{that: {prat: {open: none}}", "unknown-name", "'prat' is neither a child nor a list"),
        ("slip:   {title: 交办单 | Slip", "slip:   {form: memo, title: 交办单 | Slip", "unknown-word", "'memo' is no form of a letter; one of slip, letter, document, bulletin"),
        ("slip:   {title: 交办单 | Slip", "slip:   {text: 请办理, title: 交办单 | Slip", "bilingual", "'请办理' has one language"),
        ("slip:   {title: 交办单 | Slip", "slip:   {text: ['请办理 | act', 请办理], title: 交办单 | Slip", "bilingual", "'请办理' has one language"),
        ("slip:   {title: 交办单 | Slip", "slip:   {copies: nobody, title: 交办单 | Slip", "unknown-role", "'nobody' is neither a role"),
        # values and shapes
        ("kind: document}", "kind: paper}", "kind", "'paper' is no kind of field; one of text, long_text"),
        ("of: unit}", "of: thing}", "kind", "a list cannot hold 'thing'"),
        ("default: false}", "default: perhaps}", "default", "'perhaps' does not fit 'urgent': must be yes or no"),
        ("{at_most: 1000}", "{most: 1000}", "unknown-word", "'most' is no word of a range"),
        ("{at_most: 1000}", "{at_most: today}", "range", "'at_most: today' is no limit of 'amount'"),
        ("{not_before: today}", "{not_before: name}", "range", "'not_before: name' is no limit of 'due'"),
        ("kind: text}\n  unit", "kind: text, range: {at_least: 1}}\n  unit", "range", "only numbers and dates have a range"),
        ("{title: 文稿 | Text, kind: document}", "{title: 文稿 | Text, kind: document, private: maybe}", "flag", "'private' is true or false, not 'maybe'"),
        ("takes: [text]", "takes: {text: yes}", "shape", "'takes' lists names, not"),
        ("takes: [text]", "takes: [[text]]", "shape", "'takes' lists names, not"),
        ("gates:\n", "gates: none\nothers:\n", "shape", "'gates' must be a mapping, not 'none'"),
        ("to: previous, by", "to: {previous: otherwise}, by", "unknown-name", "'previous' is not defined here"),
        ("to: checking, by", "to: {checking: {stage: new}}, by", "first-match", "the table of 'to' must end in 'otherwise'"),
        ("from: start, to: new", "from: new, to: new", "start", "exactly one action must be 'from: start'"),
        ("cites: practice (P), else: 金额", "severity: block, cites: practice (P), else: 金额", "severity", "blocks, but nothing it cites is verified"),
        ("cites: practice (P), else: 金额", "severity: maybe, cites: practice (P), else: 金额", "severity", "'maybe' is neither 'block' nor 'warn'"),
        ("cites: ACT 8 (V), letter: result}\n  dropped", "cites: ACT 8 (V), remedy: sue}\n  dropped", "unknown-name", "'sue' is not defined here; known: review"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_named_with_its_rule_and_what_to_do(old: str, new: str, rule: str, advice: str) -> None:
    found = faults(old, new)
    assert any(f": {rule}: " in fault and advice in fault for fault in found), found


def test_a_fault_names_the_line_it_stands_in() -> None:
    (only,) = faults("takes: [text]", "takes: [txt]")
    assert only.startswith(f"matter.yaml:{line_of(MATTER, 'write:   {title')}: ")
    (only,) = faults("basis: ACT 1 (V)", "basis: BCT 1 (V)")
    assert only.startswith(f"matter.yaml:{line_of(MATTER, 'basis')}: ")


def test_all_faults_are_told_at_once() -> None:
    text = (
        MATTER.replace("takes: [text]", "takes: [txt]")
        .replace("within: 10 workdays", "within: 10")
        .replace("owner: officer", "owner: x")
    )
    with pytest.raises(DefinitionError) as error:
        load(read(text), BOOK)
    assert {fault.rule for fault in error.value.faults} == {"unknown-field", "period", "unknown-role"}


def test_what_is_written_is_what_is_read() -> None:
    found = procedure()
    assert (found.key, found.version, found.name, found.is_register) == ("matter", 1, "matter@1", False)
    assert found.opening.sources == (START,)
    assert found.actions["begin"].by == (Who("role", "officer"), Who("role", "leader"))
    assert found.actions["begin"].takes == (
        Asked("name"),
        Asked("unit"),
        Asked("helpers", True),
        Asked("urgent", True),
        Asked("why"),
    )
    assert found.actions["judge"].not_by == (Who("doer", "write"), Who("listed", "team"))
    assert found.actions["later"].by == (Who("setter", "setter", "due"),)
    assert found.clocks["whole"].period == Period(10, "workday")
    assert found.clocks["whole"].begins == (Begin("begin", "action"),)
    assert (found.clocks["reports"].length_field, found.clocks["reports"].length_unit) == ("months", "month")
    assert found.gates["thrifty"].severity == "warn"
    assert found.gates["text_good"].severity == "block"
    assert found.stages["working"].turn == Who("role", "leader"), "by default whoever can move the case on first"


def test_first_and_previous_and_tables_are_read() -> None:
    text = MATTER.replace("from: begin, ends", "from: first assign, ends").replace(
        "from: working, to: checking", "from: working, to: {checking: {urgent: true}, waiting: otherwise}"
    )
    found = procedure(text)
    assert found.clocks["whole"].begins == (Begin("assign", "action", True),)
    assert found.actions["hand_in"].targets() == ("checking", "waiting")
    assert found.actions["resume"].to == "previous"


def test_the_digest_is_of_the_content_not_of_its_layout() -> None:
    assert digest_of(read(MATTER)) == digest_of(read("# another comment\n" + MATTER))
    assert digest_of(read(MATTER)) != digest_of(read(MATTER.replace("10 workdays", "11 workdays")))


# -- whatever stands in a definition

DOCUMENTS = [document for document in documents(SHIPPED) if "procedure" in document or "register" in document]
PLACES = [(number, path) for number, document in enumerate(DOCUMENTS) for path, _ in walk(document) if path]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        10**12,
        "",
        "x",
        "未知",
        "a | b",
        "today",
        "otherwise",
        "start",
        "9 moons",
        [],
        ["x"],
        [[]],
        [{}],
        {"x": 1},
        {"x": {"y": "z"}},
    ]
) | st.text(max_size=8)


def as_map(value: Any) -> Any:
    """Junk in the shape the reader would give it."""
    if isinstance(value, dict):
        found = Map.empty("junk", 1)
        found.update({key: as_map(inner) for key, inner in value.items()})
        return found
    return [as_map(item) for item in value] if isinstance(value, list) else value


@given(place=st.sampled_from(PLACES), junk=JUNK, how=st.sampled_from(["replace", "drop", "rename"]))
def test_a_definition_broken_anywhere_is_read_or_told_what_is_wrong(
    place: tuple[int, tuple[str, ...]], junk: Any, how: str
) -> None:
    number, path = place
    broken: Any = copy.deepcopy(DOCUMENTS[number])
    owner = broken
    for step in path[:-1]:
        owner = owner[int(step)] if isinstance(owner, list) else owner[step]
    key: Any = int(path[-1]) if isinstance(owner, list) else path[-1]
    if how == "replace":
        owner[key] = as_map(junk)
    else:
        value = owner.pop(key)
        if how == "rename" and isinstance(owner, dict):
            owner[str(junk)] = value
    with suppress(DefinitionError):
        load(broken, book())
