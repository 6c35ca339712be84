"""The form fields of the administration: a unit, a person or a day, as people type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fadu.units.models import Person, Unit
from fadu.units.wording import both


class Day(forms.DateField):
    """A day, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
        super().__init__(**{"widget": picker, **kwargs})


class _Named(forms.CharField):
    """Something by its key or its name, offered from a list of the page as `名称（代码）`."""

    offered = ""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": self.offered, "class": "mid", "autocomplete": "off"})
        super().__init__(**{"widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        key = typed.rpartition("（")[2].rstrip("）") if typed.endswith("）") else typed
        found = self.found(key, typed)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(both(f"“{typed}”不止一个，请填代码", f"several are called '{typed}'; give the code"))
        raise ValidationError(both(f"没有找到“{typed}”", f"there is no '{typed}'"))

    def found(self, key: str, name: str) -> list[Any]:
        """By key, else by name."""
        raise NotImplementedError


class UnitField(_Named):
    """A unit by its code or its name."""

    offered = "units"

    def found(self, key: str, name: str) -> list[Unit]:
        units = Unit.objects.select_related("parent")
        return list(units.filter(code=key)) or list(units.filter(name_zh=name)[:2])

    def prepare_value(self, value: Any) -> Any:
        """A bound instance hands over its number."""
        unit = Unit.objects.filter(pk=value).first() if isinstance(value, int) else value
        return f"{unit.name_zh}（{unit.code}）" if isinstance(unit, Unit) else value


class PersonField(_Named):
    """A person by username or by name."""

    offered = "people"

    def found(self, key: str, name: str) -> list[Person]:
        return list(Person.objects.filter(username=key.lower())) or list(Person.objects.filter(name=name)[:2])


def unit_names() -> list[str]:
    """What the list `units` offers."""
    return [f"{name}（{code}）" for code, name in Unit.objects.filter(until=None).values_list("code", "name_zh")]


def person_names() -> list[str]:
    """What the list `people` offers."""
    people = Person.objects.filter(is_active=True).values_list("name", "username")
    return [f"{name}（{username}）" for name, username in people]
