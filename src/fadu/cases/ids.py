"""Identities of cases: ordered in time, unique over processes, and small enough for JavaScript (53 bits)."""

import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01 UTC
_BITS = 12
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """41 bits of milliseconds, 12 random bits counted upwards within one; a clash between processes is refused by the
    primary key and the deed is done again.
    """
    global _last  # noqa: PLW0603  # one process, one sequence
    with _lock:
        now = (int(time.time() * 1000) - _EPOCH_MS) << _BITS | secrets.randbits(_BITS)
        _last = max(_last + 1, now)
        return _last
