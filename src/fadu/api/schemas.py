"""JSON schemas (2020-12) made from definitions: one for each action, from the fields it takes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fadu.api.words import Json
from fadu.cases import definitions
from fadu.kernel.definition import Action, Field, Procedure
from fadu.kernel.law import Citation, Text
from fadu.kernel.values import LONGEST_TEXT

DOCUMENT = {"$ref": "#/components/schemas/Document"}
MOMENT = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?"
_REFERENCE = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 500}, {"type": "object", "minProperties": 1}]}
_OF_KIND: Mapping[str, Json] = {
    "text": {"type": "string", "maxLength": LONGEST_TEXT["text"]},
    "long_text": {"type": "string", "maxLength": LONGEST_TEXT["long_text"]},
    "number": {"type": "number"},
    "money": {"type": "number", "minimum": 0},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "pattern": MOMENT, "examples": ["2026-10-22", "2026-10-22T18:00"]},
    "yes_no": {"type": "boolean"},
    "unit": {"type": "string", "examples": ["yz-water"]},
    "person": {"type": "string", "pattern": r"^[0-9]+$"},
    "document": DOCUMENT,
    "case": {"type": ["string", "integer"]},
    "item": {"type": ["string", "integer"]},
}
_LIMITS = {"at_least": "minimum", "at_most": "maximum"}


def component_schemas() -> dict[str, Json]:
    """`procedure.action` -> the body of a request that does it, for every action a person may do."""
    return {
        f"{procedure.key}.{action.key}": request_schema(procedure, action)
        for procedure in definitions.everything().values()
        for action in procedure.actions.values()
        if by_person(action)
    }


def by_person(action: Action) -> bool:
    """Not the clock's and not the parent's alone."""
    return any(who.kind not in ("clock", "parent") for who in action.by)


def titled(text: Text) -> str:
    """Both languages, as the definitions write them."""
    return text.zh if text.zh == text.en else f"{text.zh} | {text.en}"


def request_schema(procedure: Procedure, action: Action) -> Json:
    data = data_schema(procedure, action)
    common = OPENING if action.is_opening else DEED
    passed = _overrides(procedure, action)
    return {
        "type": "object",
        "title": titled(action.title),
        "description": _cited(action.cites),
        "properties": {"data": data, **common, **({"overrides": passed} if passed else {})},
        "required": ["data"] if data.get("required") else [],
        "additionalProperties": False,
    }


AT = {
    "type": "string",
    "pattern": MOMENT,
    "title": "办理时间 | When it was done",
    "description": "本地时间，缺省为现在 | local time, now when left out",
}
LEADER = {
    "type": "string",
    "pattern": "^[0-9]+$",
    "title": "代录的领导（人员 id） | The leader for whom it is recorded",
    "description": "仅代录人员 | only for recorders",
}
DEED: Json = {
    "at": AT,
    "on_behalf_of": LEADER,
    "seen": {
        "type": "integer",
        "minimum": 1,
        "title": "已看到的最后一条记录 | The last entry seen",
        "description": "事项若已有更新的记录，答复409 | answered with 409 when there are newer entries",
    },
}
OPENING: Json = {
    "at": AT,
    "on_behalf_of": LEADER,
    "unit": {"type": "string", "title": "登记单位 | The office where it is opened"},
    "source": {
        "type": "object",
        "title": "由哪件事项转来 | The case and its action that led here",
        "properties": {"case": {"type": "string", "pattern": "^[0-9]{1,16}$"}, "action": {"type": "string"}},
        "required": ["case", "action"],
        "additionalProperties": False,
    },
}


def data_schema(procedure: Procedure, action: Action) -> Json:
    asked = {item.field: procedure.fields[item.field] for item in action.takes}
    asked = {key: defined for key, defined in asked.items() if defined.is_typed}
    properties = {key: field_schema(defined) for key, defined in asked.items()}
    required = [item.field for item in action.takes if not item.optional and _always(asked.get(item.field))]
    if len(action.outcomes) > 1 and "outcome" not in properties:
        properties["outcome"] = _outcome(procedure, action)
        required.append("outcome")
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _always(defined: Field | None) -> bool:
    """Asked whatever else is said, and with no value of its own."""
    return defined is not None and defined.when is None and defined.default is None


def _outcome(procedure: Procedure, action: Action) -> Json:
    named = {key: procedure.outcomes[key].title for key in action.outcomes}
    return {"title": "办理结果 | Outcome", **_choice(named)}


def _choice(named: Mapping[str, Text]) -> Json:
    return {"type": "string", "enum": list(named), "x-titles": {key: titled(text) for key, text in named.items()}}


def _overrides(procedure: Procedure, action: Action) -> Json:
    """The gates that only warn: each may be passed with a reason, which is recorded."""
    gates = [procedure.gates[key] for key in action.needs if procedure.gates[key].severity == "warn"]
    if not gates:
        return {}
    reasons = {gate.key: {"type": "string", "minLength": 1, "title": titled(gate.refusal)} for gate in gates}
    return {
        "type": "object",
        "title": "通过提醒的理由 | Reasons for passing a warning",
        "properties": reasons,
        "additionalProperties": False,
    }


def field_schema(defined: Field) -> Json:
    """A value of a field, with its titles, limits and articles."""
    about = [titled(defined.hint) if defined.hint else "", _cited(defined.cites)]
    if defined.when is not None:
        about.append("视其他各项而定 | asked or not according to other fields")
    described = "；".join(filter(None, about))
    found = {"title": titled(defined.title), **_kind(defined)}
    if described:
        found["description"] = described
    if defined.default is not None:
        found["default"] = defined.default
    return found


def _kind(defined: Field) -> Json:
    if defined.choices:
        return _choice(defined.choices)
    if defined.kind == "list":
        return {"type": "array", "items": _item(defined)}
    limits = {_LIMITS[name]: edge for name, edge in defined.limits.items() if name in _LIMITS and _is_number(edge)}
    return {**_OF_KIND.get(defined.kind, _REFERENCE), **limits}


def _item(defined: Field) -> Json:
    if not defined.rows:
        return dict(_OF_KIND.get(defined.of, _REFERENCE))
    columns = {key: field_schema(column) for key, column in defined.rows.items()}
    return {"type": "object", "properties": columns, "additionalProperties": False}


def _is_number(edge: Any) -> bool:
    return isinstance(edge, int | float) and not isinstance(edge, bool)


def _cited(found: Iterable[Citation]) -> str:
    return "；".join(_words(found))


def _words(found: Iterable[Citation]) -> Iterator[str]:
    book = definitions.library().book
    for cite in found:
        yield titled(Text(book.words(cite, "zh"), book.words(cite, "en")))
