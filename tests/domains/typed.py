"""Values a person might type: fitting a field, or broken."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from fadu.kernel.definition import Field, Procedure

UNITS = ("office", "water", "parks")
JUNK: tuple[Any, ...] = (
    None, "", "  ", [], {}, [[]], [{}], [None, "x"], True, -1, 0.5, 10**20, float("nan"), float("inf"), "nan", "\x00", "\ud800",
    "0001-01-01", "9999-12-31", "9999-12-31T23:59:59+14:00", "2026-02-30", {"id": ["x"]}, {"sha256": 5}, {1: 2}, "x" * 60_000,
    [{"name": "x", "no_such": 1}], ["water", "water"], [5, {"a": {"b": 1}}],
)  # fmt: skip


class Typist:
    """Fills in fields of one procedure, with what the case already knows in mind."""

    def __init__(self, procedure: Procedure, data: Mapping[str, Any], today: date, chance: Random) -> None:
        self.procedure, self.data, self.today, self.chance = procedure, data, today, chance

    def value(self, field: Field) -> Any:
        """Something that fits; often what another field of the same kind already says."""
        kin = [self.data[key] for key, other in self.procedure.fields.items() if self._is_kin(field, other)]
        if kin and field.kind != "yes_no" and self.chance.random() < 0.4:
            return self.chance.choice(kin)
        if field.kind == "list":
            return self._list(field)
        return getattr(self, f"_{field.kind}", self._thing)(field)

    def _is_kin(self, field: Field, other: Field) -> bool:
        value = self.data.get(other.key)
        if value is None or other.kind != field.kind or other.of != field.of or other.rows != field.rows:
            return False
        return field.kind != "choice" or (isinstance(value, str) and value in field.choices)

    def _thing(self, field: Field) -> str:
        return f"{field.kind}-{self.chance.randrange(4)}"

    def _text(self, field: Field) -> str:
        return self.chance.choice(("理由甲", "reason b", "第三项 “引文”", "0"))

    _long_text = _text

    def _unit(self, field: Field) -> str:
        return self.chance.choice(UNITS)

    def _person(self, field: Field) -> str:
        return f"p{self.chance.randrange(7)}"

    def _case(self, field: Field) -> int:
        return self.chance.randint(1, 4)

    def _party(self, field: Field) -> Any:
        return self.chance.choice(("party-0", {"id": "party-1", "name": "某某"}))

    def _document(self, field: Field) -> Any:
        return self.chance.choice(("稿一", "稿二", {"sha256": "ab" * 32, "name": "稿.docx"}))

    def _yes_no(self, field: Field) -> bool:
        return self.chance.random() < 0.4

    def _choice(self, field: Field) -> str:
        return self.chance.choice(list(field.choices))

    def _number(self, field: Field) -> int:
        least = field.limits.get("at_least", 0)
        return self.chance.randint(least, min(field.limits.get("at_most", least + 40), least + 40))

    def _money(self, field: Field) -> float:
        return self.chance.choice((0, 0, 100, 4999.99, 50_000, 200_000))

    def _date(self, field: Field) -> str:
        low, high = -30, 60
        if field.limits.get("not_after") == "today":
            high = 0
        if field.limits.get("not_before") == "today":
            low = 0
        far = self.chance.random() < 0.15
        return (self.today + timedelta(days=self.chance.randint(low * (30 if far else 1), high))).isoformat()

    def _moment(self, field: Field) -> str:
        hour = f"T{self.chance.randrange(24):02}:30" if self.chance.random() < 0.3 else ""
        return self._date(field) + hour

    def _list(self, field: Field) -> list[Any]:
        number = self.chance.choice((1, 2, 2, 3))
        if field.rows:
            return [self._row(field) for _ in range(number)]
        items = [self.value(Field(field.key, field.title, field.of or "text")) for _ in range(number)]  # type: ignore[arg-type]
        return [item for place, item in enumerate(items) if item not in items[:place]]

    def _row(self, field: Field) -> dict[str, Any]:
        row = {key: self.value(column) for key, column in field.rows.items() if self.chance.random() < 0.9}
        if field.draws_from and "paragraph" in row and self.chance.random() < 0.9:
            row["paragraph"] = 1  # the texts typed here have one line
        return row
