"""What figures add up and group by, as SQL and from a folded state: field values as text, days between two actions."""

from typing import Any

from django.db.models import F, FloatField, Func
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from fadu.kernel import clock
from fadu.kernel.figure import Figure
from fadu.kernel.state import State

Number = int | float


def text_of(name: str) -> Any:
    """The value of a field as text; NULL for the cases without one."""
    return KeyTextTransform(name, KeyTransform("data", F("state")))


def word(value: Any) -> str:
    """A value as the text that names its group, as `text_of` gives it; empty for no value."""
    if value is None or isinstance(value, list | dict):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def amount(figure: Figure) -> Any:
    """The expression a figure adds up over its cases, or None."""
    if figure.kind == "sum":
        return Cast(text_of(figure.of), FloatField())
    if figure.kind == "average":
        first, last = (_Days(_last_day(name)) for name in figure.days)
        return last - first
    return None


def amount_of(figure: Figure, state: State) -> Number:
    """The same of one folded state."""
    if figure.kind == "sum":
        return float(state.data[figure.of])
    if figure.kind != "average":
        return 0
    first, last = (clock.moment(state.done[name].day).date() for name in figure.days)
    return (last - first).days


def tidy(number: Number) -> Number:
    """Whole numbers as such; others to four places, so that both databases give the same."""
    rounded = round(float(number), 4)
    return int(rounded) if rounded.is_integer() else rounded


def _last_day(action: str) -> Any:
    return KeyTextTransform(
        "3", KeyTransform(action, KeyTransform("done", F("state")))
    )  # [times, first, last, day, by]


class _Days(Func):
    """A legal day or moment as a number of days."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="JULIANDAY(SUBSTR(%(expressions)s, 1, 10))", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SUBSTR(%(expressions)s, 1, 10)::date - DATE '2000-01-01')::double precision"
        return self.as_sql(compiler, connection, template=template, **context)
