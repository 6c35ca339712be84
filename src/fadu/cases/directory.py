"""From what people type (names of units and persons) to what entries hold (codes and ids)."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

from fadu.kernel.law import Text
from fadu.search.tokens import folded
from fadu.units.models import Person, Unit
from fadu.words import both


class Unknown(ValueError):
    """A typed name that fits nothing; the text says what would."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


class Directory:
    """All units and people that may be named in a form."""

    @cached_property
    def _unit_rows(self) -> list[tuple[str, str, str, str]]:
        return list(Unit.objects.filter(until=None).values_list("code", "name_zh", "short_zh", "name_en"))

    @cached_property
    def unit_names(self) -> list[str]:
        return [zh for _, zh, _, _ in self._unit_rows]

    @cached_property
    def _unit_codes(self) -> Mapping[str, str]:
        return {folded(name): row[0] for row in reversed(self._unit_rows) for name in row if name}

    @cached_property
    def _people(self) -> list[tuple[int, str, str]]:
        return list(Person.objects.filter(is_active=True).values_list("pk", "name", "username"))

    @cached_property
    def person_names(self) -> list[str]:
        return [f"{name}（{username}）" for _, name, username in self._people]

    def unit_name(self, code: str) -> str:
        return next((zh for known, zh, _, _ in self._unit_rows if known == code), code)

    def person_name(self, key: str) -> str:
        number = key.removeprefix("person:")
        return next((f"{name}（{user}）" for pk, name, user in self._people if str(pk) == number), key)

    def unit(self, typed: str) -> str:
        """The code. Raises Unknown."""
        found = self._unit_codes.get(folded(typed.strip()))
        if found:
            return found
        near = get_close_matches(folded(typed), self.unit_names, n=1, cutoff=0.4)
        if near:
            raise Unknown(
                both(
                    "单位表中没有“{typed}”。是不是“{near}”？ | No unit '{typed}'. Did you mean '{near}'?",
                    typed=typed,
                    near=near[0],
                )
            )
        raise Unknown(both("单位表中没有“{typed}” | No unit '{typed}'", typed=typed))

    def person(self, typed: str) -> str:
        """The id, as entries hold it. Raises Unknown."""
        plain = folded(typed.strip())
        fits = [
            pk for pk, name, user in self._people if plain in (folded(name), folded(user), folded(f"{name}（{user}）"))
        ]
        if len(fits) == 1:
            return str(fits[0])
        if fits:
            raise Unknown(
                both(
                    "“{typed}”有重名，请填用户名 | Several people are called '{typed}': give the user name", typed=typed
                )
            )
        raise Unknown(both("人员表中没有“{typed}” | No person '{typed}'", typed=typed))
