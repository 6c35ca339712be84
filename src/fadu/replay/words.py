"""The words of a case: titles of matters, papers, firms, drawn from lists and filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from fadu.replay.city import City, lists


@dataclass(slots=True)
class Words:
    """Draws texts for one case after another; `banks` are the lists of a course."""

    city: City
    banks: Mapping[str, Sequence[Any]]
    rng: Random
    papers: int = 0

    def draw(self, bank: str, filled: Mapping[str, str]) -> Any:
        """One value of a list, its {names} filled in; `{n}` counts papers."""
        value = self.rng.choice(self.banks[bank])
        if not isinstance(value, str) or "{" not in value:
            return value
        self.papers += 1
        return value.format(**filled, n=self.papers)

    def matter(self, unit: str, month: int, *, urgent: bool = False) -> str:
        """A plausible title for a unit's matter, in a month of the year."""
        words, key = lists(), unit.removeprefix(f"{self.city.code}-")
        shape = self.rng.choice(words["urgent_shapes" if urgent else "shapes"])
        own = self.city.districts.get(key)
        place = own["short"] if own else self.rng.choice(self.city.places)
        term = words["terms"][(month - 1) // 3]
        return str(shape.format(m=self.rng.choice(self.city.matters[unit]), place=place, term=term))

    def firm(self) -> dict[str, str]:
        """An invented enterprise."""
        number = self.rng.randrange(10_000)
        name = f"{self.city.name}{self.rng.choice(lists()['firms'])}有限公司（模拟）"
        return {"id": f"firm-{number}", "name": name}
