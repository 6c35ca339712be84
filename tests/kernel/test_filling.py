"""What `fadu check` says of fields that fill themselves, of cases that point and lead to cases, and of words with values."""

import pytest

from fadu.definitions import book
from fadu.definitions import library as shipped
from fadu.kernel.checker import check_one
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.source import DefinitionError, Fault, Source
from tests.kernel.yearly import TEXTS


def faults(name: str, old: str, new: str) -> list[Fault]:
    """The faults of the corner with one of its texts changed."""
    assert old in TEXTS[name], old
    texts = {**TEXTS, name: TEXTS[name].replace(old, new, 1)}
    try:
        ours = [load(Source(f"{key}.yaml").read(text), book()) for key, text in texts.items()]
    except DefinitionError as error:
        return error.faults
    library = Library.of(book(), [*shipped("").versions.values(), *ours])
    return [fault for key in texts for fault in check_one(library.in_force(key), library)]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        # found
        ("line", "found: {count: line,", "found: {count: lines,", "unknown-procedure"),
        ("line", "found: {count: line,", "found: {count: line.points,", "found"),
        ("line", "found: {count: line,", "found: {many: line,", "unknown-word"),
        ("line", "found: {count: line, where", "found: {count: line, sum: line.points, where", "found"),
        ("line", "sum: line.points", "sum: line", "found"),
        ("line", "sum: line.points", "sum: line.name", "found"),
        ("line", "sum: line.points", "sum: line.pints", "unknown-field"),
        ("line", "value: cap.cap", "value: cap.name", "found"),
        ("line", "value: cap.cap", "values: cap.cap", "found"),
        ("line", "{year: {same_as: year}, stage: [approved]}", "{yeer: {same_as: year}, stage: [approved]}", "unknown-field"),
        ("line", "{year: {same_as: year}, stage: [approved]}", "{year: {same_as: yeer}, stage: [approved]}", "unknown-name"),
        ("line", "{year: {same_as: year}, stage: [approved]}", "{year: {alike: year}, stage: [approved]}", "found"),
        ("line", "{year: {same_as: year}, stage: [approved]}", "{year: {same_as: name}, stage: [approved]}", "found"),
        ("line", "{year: {same_as: year}, stage: [approved]}", "{year: {same_as: cap}, stage: [approved]}", "found"),
        ("line", "stage: [approved]}", "stage: [approval]}", "unknown-value"),
        ("line", "open: false", "open: 3", "unknown-value"),
        ("line", "{line: {same_as: case}", "{name: {same_as: case}", "found"),
        ("line", "Points so far, kind: number", "Points so far, kind: text", "found"),
        ("line", "kind: number, found: {count: line", "kind: number, default: 3, found: {count: line", "found"),
        ("line", "takes: [approved, weight, cap]", "takes: [weight, cap]", "unused-field"),
        ("visit", "kind: list, of: case,\n               found", "kind: list, of: unit,\n               found", "found"),
        ("visit", "objects: {shares: objects}", "objects: {same_as: objects}", "found"),
        ("visit", "objects: {shares: objects}", "objects: {shares: inspectors}", "found"),
        ("visit", "objects: {shares: objects}", "drivers: {shares: objects}", "found"),
        ("visit", "starts_on: {not_after: ends_on}", "name: {not_after: name}", "found"),
        # derived from rows
        ("task", "sum: steps.weight", "sum: steps.wait", "derived"),
        ("task", "sum: steps.weight", "sum: unit.weight", "derived"),
        ("task", "sum: steps.weight", "sum: steps.what", "derived"),
        ("task", "sum: steps.weight", "average: steps.weight", "unknown-word"),
        ("task", "count: steps}", "count: steps.what}", "derived"),
        ("task", "earliest: steps.due", "earliest: steps.weight", "derived"),
        ("task", "where: {reached_on: filled}", "where: {reached: filled}", "unknown-name"),
        ("task", "kind: date, derived: {latest", "kind: number, derived: {latest", "derived"),
        ("task", "takes: [steps]", "takes: [steps, percent]", "derived-field"),
        # words with values
        ("line", "{year}年已批准", "{years}年已批准", "placeholder"),
        ("line", "{approved} approved", "{aproved} approved", "placeholder"),
        ("visit", "已有检查：{earlier}", "已有检查：{drivers}", "placeholder"),
        # pointing
        ("visit", "kind: case, target: line", "kind: case, target: lines", "unknown-procedure"),
        ("visit", "kind: unit}\n  objects", "kind: unit, target: line}\n  objects", "target"),
        ("visit", "  also:       {title", "  related: {title: 相关 | Related, kind: case}\n  also:       {title", "target"),
        # listed
        ("visit", "[listed of inspectors, listed of drivers]", "[listed of objects]", "nobody-may"),
        ("visit", "[listed of inspectors, listed of drivers]", "[listed of nobody]", "unknown-name"),
        # paragraphs
        ("paper", "draws_from: text", "draws_from: name", "draws-from"),
        ("paper", "kind: number}, text: {title", "kind: text}, text: {title", "draws-from"),
        # leading
        ("paper", "{task: {each: tasks", "{tusk: {each: tasks", "leads-to"),
        ("paper", "each: tasks, matter: text", "each: text, matter: text", "unknown-name"),
        ("paper", "matter: text, unit: unit", "matter: texts, unit: unit", "unknown-name"),
        ("paper", "matter: text, unit: unit", "unit: unit", "leads-to"),
        ("paper", "matter: text, unit: unit", "matter: text, unit: name", "leads-to"),
        ("paper", "matter: text, unit: unit", "matter: text, percent: paragraph", "leads-to"),
        ("paper", "from_paper: case, paragraph", "matter_of: case, paragraph", "leads-to"),
        ("paper", "with: {urgent: true}", "story: history", "leads-to"),
        ("paper", "with: {urgent: true}", "with: {urgency: true}", "leads-to"),
        ("paper", "story: history", "unit: history", "leads-to"),
        ("task", "target: paper}", "target: line}", "leads-to"),
    ],
)  # fmt: skip
def test_a_broken_place_is_a_fault(name: str, old: str, new: str, rule: str) -> None:
    found = faults(name, old, new)
    assert (rule, f"{name if name != 'task' or rule != 'leads-to' else 'paper'}.yaml") in {
        (one.rule, one.file) for one in found
    }, found
