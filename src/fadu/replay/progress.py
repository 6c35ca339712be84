"""Progress of long work: one line that updates on a terminal, a plain line now and then elsewhere."""

import sys
from dataclasses import dataclass, field
from time import monotonic

BAR = 24


@dataclass(slots=True)
class Progress:
    """`tell(n)` says how far the work is; `done()` ends the line."""

    title: str
    total: int
    started: float = field(default_factory=monotonic)
    shown: float = 0.0
    tenth: int = 0

    def tell(self, number: int) -> None:
        if sys.stderr.isatty():
            self._update(number)
        elif number * 4 // max(self.total, 1) > self.tenth:
            self.tenth = number * 4 // self.total
            sys.stderr.write(f"{self.title} {number:,} / {self.total:,}\n")

    def _update(self, number: int) -> None:
        now = monotonic()
        if now - self.shown < 0.1 and number < self.total:
            return
        self.shown = now
        filled = BAR * number // max(self.total, 1)
        left = (now - self.started) / max(number, 1) * (self.total - number)
        sys.stderr.write(
            f"\r{self.title} {'█' * filled}{'░' * (BAR - filled)} {number:,} / {self.total:,}  {left:3.0f} s \033[K"
        )
        sys.stderr.flush()

    def done(self, words: str = "") -> None:
        end = "\r\033[K" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{end}{self.title} {words or f'{self.total:,}'}  {monotonic() - self.started:.1f} s\n")
