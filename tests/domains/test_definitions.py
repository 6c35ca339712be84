"""The shipped definitions: without fault as they are, and at fault wherever one place of them is broken."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import fadu
from fadu.check import main
from fadu.definitions import CITIES, SHIPPED, beside, book, documents, functions, library, load_all
from fadu.kernel.checker import check, check_one
from fadu.kernel.definition import Procedure
from fadu.kernel.law import parse_citations
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.source import DefinitionError, Fault, Map, walk

ALL, BESIDE = list(documents()), beside()
SECTIONS = "fields stages actions gates clocks children outcomes letters lights publication".split()
TARGETS = "to from extends expires procedure remedy reason".split()
ROLES = "by not_by turn owner".split()

# Deletions that leave a smaller but sound definition: an action nothing else names and whose fields others take as well,
# and the grey light of a stage that would then count as any other.
UNSEEN = {
    ("dispatch-catalogue", "actions", "change"),
    ("decision-catalogue", "actions", "change"),
    ("decision-catalogue", "actions", "drop"),
    ("major-decision", "actions", "take_back"),
    ("major-decision", "actions", "go_on"),
    ("penalty", "actions", "drop_hearing"),
    ("penalty", "actions", "miss_hearing"),
    ("plan-line", "actions", "refile"),
    ("power-list", "actions", "rebase"),
    ("power-list", "actions", "rename"),
    ("proposal", "actions", "accept_return"),
    ("proposal", "actions", "refuse_return"),
    ("enterprise-reception", "actions", "list_problems"),
    ("enterprise-reception", "actions", "reassign"),
    ("supervision-item", "lights", "grey"),
    ("visit", "actions", "rearrange"),
    ("visit", "actions", "go_back"),
    ("supervision-item", "actions", "join_campaign"),
    ("supervision-item", "actions", "gather"),
    ("after-action-review", "actions", "instruct"),
    ("instruction", "actions", "hand_on"),
    ("campaign", "actions", "add_item"),
    ("campaign", "actions", "revise"),
    ("bulletin", "actions", "pick"),
    ("bulletin", "actions", "send_back"),
    ("bulletin", "actions", "sign_off"),
    ("bulletin", "actions", "approve"),
    ("bulletin", "actions", "add_readers"),
    ("bulletin", "actions", "take_up"),
    ("research-report", "actions", "group"),
    ("research-report", "actions", "add_readers"),
    ("research-report", "actions", "take_up"),
}


@cache
def definitions() -> dict[str, Map]:
    return {str(d.get("procedure", d.get("register"))): d for d in ALL if {"procedure", "register"} & set(d)}


@cache
def loaded() -> dict[str, Procedure]:
    return {key: load(document, book()) for key, document in definitions().items()}


def faults_of(document: Map, key: str) -> list[Fault]:
    """Every fault in the library when one definition is replaced by a broken one."""
    try:
        broken = load(document, book())
    except DefinitionError as error:
        return error.faults
    everything = Library.of(book(), [broken if name == key else procedure for name, procedure in loaded().items()])
    return list(check_one(broken, everything, functions())) or check(everything, BESIDE, functions())


def place(document: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def named(key: str, words: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The place and value of every name that stands under one of the words."""
    for path, value in walk(definitions()[key]):
        word = path[-2] if len(path) > 1 and (path[-1].isdecimal() or path[-2] == "restart") else "".join(path[-1:])
        if word in words and isinstance(value, str) and " | " not in value:
            yield path, value


def put(document: Map, path: tuple[str, ...], value: str) -> None:
    holder, last = place(document, path[:-1]), path[-1]
    holder[int(last) if isinstance(holder, list) else last] = value


def entry_lines(key: str, path: tuple[str, ...]) -> range:
    """The lines of the entry (an action, a clock …) a path lies in; of a single line at the top, that line."""
    document = definitions()[key]
    if not isinstance(document[path[0]], Map):
        return range(document.line_of(path[0]), document.line_of(path[0]) + 1)
    starts = sorted(
        line for section in document.values() if isinstance(section, Map) for line in section.lines.values()
    )
    first = document[path[0]].line_of(path[1])
    return range(first, next((line for line in starts if line > first), first + 40))


def test_nothing_that_ships_is_at_fault() -> None:
    assert check(library(), BESIDE, functions()) == []


@pytest.mark.parametrize("city", sorted(path.name for path in CITIES.iterdir()))
def test_no_city_is_at_fault(city: str) -> None:
    assert check(library(city), BESIDE, functions()) == []


@pytest.mark.parametrize("key", sorted(definitions()))
def test_every_deleted_entry_is_seen(key: str) -> None:
    unseen = set()
    for section in SECTIONS:
        for entry in definitions()[key].get(section, {}):
            broken = copy.deepcopy(definitions()[key])
            del broken[section][entry]
            if not faults_of(broken, key):
                unseen.add((key, section, entry))
    assert unseen == {exception for exception in UNSEEN if exception[0] == key}


@pytest.mark.parametrize("key", sorted(definitions()))
def test_every_misspelt_target_and_role_is_seen_at_its_line(key: str) -> None:
    for path, value in named(key, TARGETS + ROLES):
        if path == ("procedure",):
            continue  # another name makes another definition
        broken = copy.deepcopy(definitions()[key])
        put(broken, path, value[:2] + "zq" + value[2:])
        faults = faults_of(broken, key)
        lines = entry_lines(key, path)
        assert any(fault.file == broken.file and fault.line in lines for fault in faults), (path, value, faults)


@pytest.mark.parametrize("key", sorted(definitions()))
def test_every_misspelt_citation_is_seen_at_its_line(key: str) -> None:
    for path, value in named(key, ["cites", "basis", "restart"]):
        broken = copy.deepcopy(definitions()[key])
        put(broken, path, "Zq" + value)
        faults = faults_of(broken, key)
        assert any(fault.rule in ("unknown-law", "citation") for fault in faults), (path, value, faults)
        assert all(fault.line for fault in faults)


@pytest.mark.parametrize("key", sorted(definitions()))
def test_a_verified_citation_of_an_article_nobody_read_is_seen(key: str) -> None:
    for path, value in named(key, ["cites", "basis"]):
        invented = re.sub(r" \d[^(]*(\(\d+\))? \(([VS])\)", r" 998 (\2)", value)
        if invented == value:
            continue
        broken = copy.deepcopy(definitions()[key])
        put(broken, path, invented)
        assert any(fault.rule == "unread-article" for fault in faults_of(broken, key)), (path, value)


def test_only_verified_articles_are_cited_as_verified() -> None:
    """The book says which articles were read; it says so for every instrument that a definition cites as verified."""
    for document in definitions().values():
        for path, value in walk(document):
            if path and path[-1] in ("cites", "basis"):
                cited = [cite for cite in parse_citations(str(value)) if cite.tag in "VS" and cite.articles]
                assert all(book().laws[cite.law].articles for cite in cited), (document.file, path, value)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("fields", "invited", "post"), "nobody", "unknown-role"),
        (("fields", "people_met", "post"), "invited_inspector", "post"),
        (("shows", "calendar", "unit"), "name", "shows"),
        (("shows", "calendar", "from"), "name", "shows"),
        (("shows", "calendar", "from"), "nothing", "unknown-name"),
        (("shows", "calendar", "when"), {"nothing": "filled"}, "unknown-name"),
        (("children", "rectification", "where"), {"nothing": "filled"}, "unknown-name"),
    ],
)
def test_a_post_a_calendar_and_a_choice_of_rows_that_cannot_be_are_seen(
    path: tuple[str, ...], value: Any, rule: str
) -> None:
    broken = copy.deepcopy(definitions()["visit"])
    place(broken, path[:-1])[path[-1]] = mapped(value) if isinstance(value, dict) else value
    assert rule in {fault.rule for fault in faults_of(broken, "visit")}


# -- the deadline registry -------------------------------------------------------------------------------------------

REGISTRY = next(document for document in ALL if "deadlines" in document)


@pytest.mark.parametrize("row", sorted(REGISTRY["deadlines"]))
def test_every_registered_deadline_is_missed_when_its_clock_goes(row: str) -> None:
    raw = REGISTRY["deadlines"][row]
    broken = copy.deepcopy(definitions()[raw["procedure"]])
    del broken["clocks"][raw["clock"]]
    assert faults_of(broken, raw["procedure"])


@pytest.mark.parametrize("row", sorted(REGISTRY["deadlines"]))
def test_a_deadline_of_another_length_or_unit_is_seen(row: str) -> None:
    raw = REGISTRY["deadlines"][row]
    clock = definitions()[raw["procedure"]]["clocks"][raw["clock"]]
    shape = next(word for word in ("within", "at_least") if word in clock)
    for length in (f"{raw['n'] + 1} {raw['unit']}", f"{raw['n']} {'days' if raw['unit'] != 'days' else 'workdays'}"):
        broken = copy.deepcopy(definitions()[raw["procedure"]])
        broken["clocks"][raw["clock"]][shape] = length
        found = faults_of(broken, raw["procedure"])
        assert any(fault.rule == "deadline" and row in fault.advice for fault in found), (length, found)


@pytest.mark.parametrize(
    ("key", "clock", "extension"),
    [
        ("disclosure-request", "reply", {"up_to": "21 workdays", "times": 1}),
        ("disclosure-request", "reply", {"up_to": "20 workdays", "times": 2}),
        ("disclosure-request", "reply", {"up_to": "1 months", "times": 1}),
        ("proposal", "reply", {"total": "9 months", "times": 1}),
        ("proposal", "reply", {"up_to": "6 months", "times": 1}),  # never three and six
    ],
)
def test_the_longest_lawful_path_stays_within_the_law(key: str, clock: str, extension: dict[str, Any]) -> None:
    broken = copy.deepcopy(definitions()[key])
    broken["clocks"][clock]["extension"] = mapped(extension)
    assert [fault.rule for fault in faults_of(broken, key)] == ["deadline"]


def test_the_ninety_days_of_a_penalty_know_no_pause() -> None:
    broken = copy.deepcopy(definitions()["penalty"])
    broken["clocks"]["deciding_term"]["pause"] = ["hearing"]
    assert "paused by hearing" in str(faults_of(broken, "penalty"))


# -- overlays ----------------------------------------------------------------------------------------------------------


def mapped(value: dict[str, Any]) -> Map:
    """A mapping as if it stood in line 7 of a local file."""
    result = Map(value)
    result.file, result.line, result.lines = "local.yaml", 7, dict.fromkeys(value, 7)
    return result


def overlay(change: dict[str, Any], over: dict[str, int] | None = None) -> Map:
    head = {"overlay": "here", "title": "此地 | Here", "version": 1, "in_force": "2026-07-01"}
    return mapped({**head, "over": mapped(over or {"disclosure-request": 1}), "changes": [mapped(change)]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"at": "disclosure-request.clocks.nothing.within", "is": "5 workdays"}, "no such place"),
        ({"at": "disclosure-request.clocks.reply.within", "was": "15 workdays", "is": "10 workdays"}, "moved on"),
        ({"at": "disclosure-request.clocks.reply.within", "is": "10 workdays"}, "state it as 'was'"),
        ({"at": "disclosure-request.clocks.reply.within", "was": "20 workdays", "is": "25 workdays"}, "lengthened"),
        ({"at": "disclosure-request.gates.reviewed.severity", "is": "warn"}, "lowered to a warning"),
        (
            {"at": "disclosure-request.clocks.correction_window.at_least", "was": "7 workdays", "is": "5 workdays"},
            "shortened",
        ),
    ],
)
def test_an_overlay_that_matches_nothing_or_weakens_the_law_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said) as caught:
        load_all(ALL, [overlay({**change, "cites": "Weifang 20 (L)"})])
    assert {(fault.file, fault.line) for fault in caught.value.faults} == {("local.yaml", 7)}


def test_an_overlay_for_another_version_is_refused() -> None:
    change = {"at": "appeal.clocks.reply.within", "was": "5 workdays", "is": "3 workdays", "cites": "Weifang 20 (L)"}
    with pytest.raises(DefinitionError, match="made for appeal version 2"):
        load_all(ALL, [overlay(change, {"appeal": 2})])


def test_a_stricter_local_deadline_passes() -> None:
    change = {"at": "disclosure-request.clocks.reply.within", "was": "20 workdays", "is": "15 workdays"}
    local = load_all(ALL, [overlay({**change, "cites": "Weifang 20 (L)"})])
    assert check(local, BESIDE, functions()) == []


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_finds_nothing_wrong_in_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert re.fullmatch(r"checked \d+ definitions, 0 faults\n", capsys.readouterr().out)


def test_the_command_names_file_line_rule_and_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SHIPPED / "reception/enterprise-reception.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "visits.yaml"
    broken.write_text(text.replace("by: unit_officer of unit", "by: unit_offcer of unit"), encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "answer_it: {title" in row)
    assert main([str(broken)]) == 1
    out = capsys.readouterr().out
    assert f"{broken}:{line}: unknown-role: 'unit_offcer' is neither a role" in out
    assert out.endswith(" faults\n")


def test_the_command_checks_a_folder_beside_what_ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SHIPPED / "reception/enterprise-reception.yaml").read_text(encoding="utf-8")
    (tmp_path / "visits.yaml").write_text(text.replace("enterprise-reception", "visits", 1), encoding="utf-8")
    assert main([str(tmp_path), "--city", "yunzhou"]) == 0
    assert "0 faults" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "rule"), [("a: [", "yaml"), ("note: 随手记", "unknown-document"), ("a: 1\na: 2", "double-key")]
)
def test_a_file_that_is_no_definition_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, rule: str
) -> None:
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert f": {rule}: " in capsys.readouterr().out


def test_a_path_that_is_not_there_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no/such.yaml"]) == 2
    assert capsys.readouterr().err == "fadu check: no/such.yaml: No such file or directory\n"
    assert main(["--city", "nowhere"]) == 2


# -- the schema for editors --------------------------------------------------------------------------------------------

SCHEMA = json.loads((Path(fadu.__path__[0]) / "schema/procedure.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("document", [*ALL, *documents(CITIES)], ids=lambda document: document.file)
def test_every_shipped_file_fits_the_schema(document: Map) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), "只有中文"),
        (("version",), "一"),
        (("basis",), "GKI 33"),
        (("fields", "matter", "kind"), "sentence"),
        (("fields", "matter", "colour"), "red"),
        (("actions", "sign", "by"), "Unit Officer"),
        (("actions", "sign", "cites"), "practice"),
        (("actions", "strike_off", "outcome"), []),
        (("gates", "was_asked", "that"), {}),
        (("gates", "was_asked", "that"), {"ask_later_date": {"after": "sign"}}),
        (("gates", "was_asked", "severity"), "block it"),
        (("clocks", "signing", "within"), "one day"),
        (("clocks", "signing", "until"), "due"),
        (("clocks", "item", "extension"), {}),
        (("children", "co_part", "each"), {"co_units": "unit", "lead_unit": "unit"}),
        (("lights", "green"), {"stage": "closed"}),
        (("number", "format"), "督2026-1"),
        (("shows", "subtitle"), "matter"),
    ],
)
def test_a_broken_definition_does_not_fit_the_schema(path: tuple[str, ...], value: Any) -> None:
    broken = copy.deepcopy(definitions()["supervision-item"])
    holder = place(broken, path[:-1])
    holder[path[-1]] = value
    assert list(VALIDATOR.iter_errors(broken))


def test_the_schema_knows_the_words_the_loader_knows() -> None:
    """Every key that stands in a shipped definition is known to both; here: each concept of the schema names its words."""
    for concept in ("field", "action", "gate", "clock", "child", "outcome", "letter", "view", "procedure", "register"):
        assert SCHEMA["$defs"][concept]["additionalProperties"] is False
