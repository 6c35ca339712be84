"""Letters: what their words name exists, and a series is numbered as its form of document is."""

from collections.abc import Iterator

from fadu.kernel.checks.reading import Reading
from fadu.kernel.definition import LETTER_WORDS, Letter
from fadu.kernel.saying import placeholders
from fadu.kernel.source import Fault


def check(reading: Reading) -> Iterator[Fault]:
    for letter in reading.procedure.letters.values():
        yield from _words(reading, letter)
        yield from _number(reading, letter)


def _words(reading: Reading, letter: Letter) -> Iterator[Fault]:
    procedure = reading.procedure
    known = {*procedure.fields, *procedure.clocks, *LETTER_WORDS}
    written = [text for text in (letter.mark, letter.heading, *letter.text) if text is not None]
    for name in sorted({name for text in written for name in placeholders(text)} - known):
        advice = f"'{{{name}}}' in the words of '{letter.key}' is no field and no clock, nor one of {', '.join(sorted(LETTER_WORDS))}"
        yield reading.fault(letter.line, "placeholder", advice)


def _number(reading: Reading, letter: Letter) -> Iterator[Fault]:
    """A bulletin has issues (期), everything else numbers (号)."""
    own = letter.number or (reading.procedure.number.format if reading.procedure.number else "")
    if own and letter.number.endswith("期") and letter.form != "bulletin":
        yield reading.fault(
            letter.line, "number", f"'{letter.key}' is numbered by issues (期); make it 'form: bulletin'"
        )
    if letter.form == "bulletin" and not own.endswith("期"):
        advice = f"the bulletin '{letter.key}' has no issue number; number it (or its cases) as '简报〔year〕第n期'"
        yield reading.fault(letter.line, "number", advice)
