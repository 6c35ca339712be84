"""What a form knows beside its definition: names of units, people and cases, and the paragraphs it may draw from."""

from dataclasses import dataclass, field

from fadu.cases.directory import Directory
from fadu.desk.answers import Clerk
from fadu.desk.paragraphs import Paragraph
from fadu.desk.pickers import CaseFinder
from fadu.desk.values import Names

MOST_LISTED = 300  # names put into a page; beyond, an input asks for them as somebody types


@dataclass
class Known:
    directory: Directory = field(default_factory=Directory)
    names: Names = field(default_factory=Names)
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def clerk(self) -> Clerk:
        return Clerk(self.directory, CaseFinder(self.names.seen))

    def list_of(self, kind: str) -> str:
        """The id of the list on the page that suggests names of a kind; empty where there is none."""
        if kind == "unit":
            return "units"
        return "people" if kind == "person" and len(self.directory.person_names) <= MOST_LISTED else ""

    def name_of(self, kind: str, value: str) -> str:
        """A stored code or id as an input shows it; what was typed stays as it is."""
        if kind == "unit":
            return self.directory.unit_name(value)
        if kind == "person":
            return self.directory.person_name(value)
        return self.names.called(value) if value.isdecimal() else value
