"""What a form does with `when`: a field that cannot apply is left out, one that depends on the form says on what."""

from collections.abc import Mapping
from dataclasses import dataclass

from fadu.kernel.condition import All, AnyOf, Condition, Facts, FieldTest, reads
from fadu.kernel.definition import Field
from fadu.words import say, t


@dataclass(frozen=True, slots=True)
class Applies:
    """`wanted` maps fields of the form to the input values that call the field up; empty when it always applies."""

    wanted: Mapping[str, tuple[str, ...]]
    words: str


ALWAYS = Applies({}, "")


def applies(condition: Condition | None, asked: Mapping[str, Field], facts: Facts | None) -> Applies | None:
    """None when no answer on this form can call the field up. `facts` is the case as it stands (None: a new one)."""
    if condition is None:
        return ALWAYS
    if isinstance(condition, AnyOf):
        return _any(condition, asked, facts)
    wanted: dict[str, tuple[str, ...]] = {}
    for part in condition.parts if isinstance(condition, All) else (condition,):
        if not reads(part) & asked.keys():
            if facts is None or not part.holds(facts):
                return None
        elif isinstance(part, FieldTest) and part.operator == "in":
            wanted[part.name] = tuple(_as_typed(value) for value in part.operand)
        else:
            return ALWAYS  # a rule the browser cannot follow: the field is offered and the kernel decides
    return Applies(wanted, _words(wanted, asked))


def _any(condition: AnyOf, asked: Mapping[str, Field], facts: Facts | None) -> Applies | None:
    """What the case says already decides; else what is left, when that is one thing the form can follow."""
    typed = [part for part in condition.parts if reads(part) & asked.keys()]
    if facts is not None and any(part.holds(facts) for part in condition.parts if part not in typed):
        return ALWAYS
    if len(typed) == 1:
        return applies(typed[0], asked, facts)
    return ALWAYS if typed else None


def _as_typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(wanted: Mapping[str, tuple[str, ...]], asked: Mapping[str, Field]) -> str:
    parts = [_one(asked[name], values) for name, values in wanted.items()]
    return "".join(parts)


def _one(field: Field, values: tuple[str, ...]) -> str:
    names = [_value(field, value) for value in values]
    return t(
        "“{field}”为“{values}”时填写。 | Only when {field} is {values}.",
        field=say(field.title),
        values=" / ".join(names),
    )


def _value(field: Field, value: str) -> str:
    if field.kind == "yes_no":
        return t("是 | yes") if value == "true" else t("否 | no")
    return say(field.choices[value]) if value in field.choices else value
