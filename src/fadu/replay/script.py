"""A script: what happens in one case and its children, deed by deed, each on its legal moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a role at the unit that a field of the case names when the deed is done."""

    role: str
    field: str


@dataclass(frozen=True, slots=True)
class Step:
    """One deed by a member of the cast. `child` is (key, place) of the child it is done in, or (procedure, place) of a
    case that this one led to; None: in the case itself. A deed in one that was never opened is left out.
    """

    at: datetime
    by: str | Holder
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    child: tuple[str, int] | None = None
    because: Mapping[str, str] = field(default_factory=dict)  # the reasons for passing warnings
    maybe: bool = False  # left out when it is refused


@dataclass(frozen=True, slots=True)
class Script:
    """A case from its opening on; `unit` is where one without a post opens it, `name` what other scripts call it."""

    procedure: str
    unit: str
    steps: tuple[Step, ...]
    name: str = ""
