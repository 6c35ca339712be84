"""Outcomes and letters: every one can be given or issued, none is promised that is not written."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import Action, Outcome
from fadu.kernel.source import Fault


def check(reading: Reading) -> Iterator[Fault]:
    procedure = reading.procedure
    given = {key for action in procedure.actions.values() for key in outcomes_of(action)}
    for outcome in procedure.outcomes.values():
        if outcome.key not in given:
            advice = f"no action gives the outcome '{outcome.key}'; let one give it or drop it"
            yield reading.fault(outcome.line, "unused-outcome", advice)
        yield from _reason(reading, outcome)
    yield from _letters(reading)


def outcomes_of(action: Action) -> set[str]:
    return {*action.outcomes, *(value for value, _ in action.outcome_table)}


def _reason(reading: Reading, outcome: Outcome) -> Iterator[Fault]:
    """A reason is wanted in the action that gives the outcome, so that action must take the field."""
    for action in reading.procedure.actions.values():
        takes = {asked.field for asked in action.takes}
        if outcome.reason and outcome.key in action.outcomes and outcome.reason not in takes:
            advice = f"'{outcome.key}' wants '{outcome.reason}', which '{action.key}' does not take"
            yield reading.fault(outcome.line, "reason", advice)


def _letters(reading: Reading) -> Iterator[Fault]:
    procedure = reading.procedure
    issued = {key for action in procedure.actions.values() for key in action.issues}
    for action in procedure.actions.values():
        if "by_outcome" in action.issues:
            letters = {procedure.outcomes[key].letter for key in outcomes_of(action)}
            issued |= letters
            if letters <= {""}:
                yield reading.fault(
                    action.line, "letters", f"'{action.key}' issues by outcome, but no outcome has a letter"
                )
        else:
            yield from _unissued(reading, action)
    for letter in procedure.letters.values():
        if letter.key not in issued:
            advice = f"no action issues the letter '{letter.key}'; name it in 'issues' or drop it"
            yield reading.fault(letter.line, "unused-letter", advice)


def _unissued(reading: Reading, action: Action) -> Iterator[Fault]:
    for key in outcomes_of(action):
        if reading.procedure.outcomes[key].letter:
            advice = f"'{action.key}' gives '{key}', whose letter is only issued with 'issues: [by_outcome]'"
            yield reading.fault(action.line, "letters", advice)
