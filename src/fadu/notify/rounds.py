"""One round of telling: what is new in the ledger, which lights have turned, what is to be mailed and delivered."""

from collections.abc import Sequence

from fadu.cases.models import Entry
from fadu.notify import hooks, mail, reading


def tell_all() -> int:
    """Everything that is due now; the number of entries read. Several may run at once: each row is taken by one."""
    read = 0
    while batch := reading.read_ledger(_told):
        read += batch
    reading.read_lights()
    mail.write()
    mail.send()
    hooks.deliver()
    return read


def _told(entries: Sequence[Entry]) -> None:
    reading.tell(entries)
    hooks.note_down(entries)
