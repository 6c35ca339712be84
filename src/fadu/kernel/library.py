"""All definitions a city works with, by key and by the exact version a case began under."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fadu.kernel.definition import Procedure
from fadu.kernel.law import Book


@dataclass(frozen=True, slots=True)
class Library:
    """The book of laws and every loaded version of every procedure and register."""

    book: Book
    versions: Mapping[str, Procedure] = field(default_factory=dict)  # name -> procedure

    @classmethod
    def of(cls, book: Book, procedures: Iterable[Procedure]) -> "Library":
        return cls(book, {procedure.name: procedure for procedure in procedures})

    def in_force(self, key: str, day: str = "9999-12-31") -> Procedure:
        """The latest version of a procedure in force on a day, with the local rules then in force; KeyError if none."""
        found = [item for item in self.versions.values() if item.key == key and item.in_force <= day]
        if not found:
            raise KeyError(key)
        bases = [item for item in found if not item.overlays] or found
        version = max(bases, key=lambda item: (item.in_force, item.version)).version
        return max(
            (item for item in found if item.version == version), key=lambda item: (item.in_force, len(item.overlays))
        )

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.key for item in self.versions.values()))
