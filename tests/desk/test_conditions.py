"""A field that is called up by one of several things: what the case says already, or an answer on the form."""

from fadu.definitions import library
from fadu.desk.conditions import ALWAYS, applies
from fadu.kernel.condition import Names, parse
from fadu.kernel.definition import Field
from fadu.kernel.predicate import RowFacts

VISIT = library().in_force("visit")
FINDINGS = VISIT.fields["findings"]


class Planned(RowFacts):
    def times_done(self, action: str) -> int:
        return 1 if action == "plan" else 0


def asked(*names: str) -> dict[str, Field]:
    return {name: VISIT.fields[name] for name in names}


def test_a_new_visit_asks_for_findings_only_when_it_is_a_revisit() -> None:
    found = applies(FINDINGS.when, asked("sort", "findings"), None)
    assert found is not None
    assert found.wanted == {"sort": ("revisit",)}


def test_once_planned_every_visit_asks_for_findings() -> None:
    assert applies(FINDINGS.when, asked("findings"), Planned({"sort": "site"})) == ALWAYS


def test_what_neither_the_case_nor_the_form_calls_up_is_left_out() -> None:
    assert applies(FINDINGS.when, asked("findings"), None) is None


def test_two_answers_that_could_call_it_up_leave_the_choice_to_the_kernel() -> None:
    when = parse({"any": [{"sort": "revisit"}, {"name": "filled"}]}, Names(VISIT.fields))
    assert applies(when, asked("sort", "name"), None) == ALWAYS
