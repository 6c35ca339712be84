"""A refusal says what cannot be done, why, under which article, and what would help."""

from dataclasses import dataclass

from fadu.kernel.law import Citation, Severity, Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """`gate` is a gate of the definition or one of the kernel's own checks: stage, by, not_by, times, extend_times,
    extend_before_expiry, unknown, not_asked, kind, required, range, unchangeable, reason, outcome, children_open, order.
    """

    gate: str
    text: Text
    cites: tuple[Citation, ...] = ()
    severity: Severity = "block"
    field: str = ""
    hint: Text | None = None

    def __str__(self) -> str:
        cites = "；".join(str(cite) for cite in self.cites)
        return f"{self.text.zh}（{cites}）" if cites else self.text.zh


class Refused(Exception):
    """A deed that was not done. Nothing was written."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__("；".join(str(refusal) for refusal in refusals))
