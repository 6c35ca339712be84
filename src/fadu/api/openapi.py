"""The OpenAPI 3.1 document: the operations as ninja finds them, the requests as the definitions write them."""

from functools import lru_cache
from typing import Any

from ninja import NinjaAPI

from fadu.api.schemas import DEED, component_schemas
from fadu.api.words import Json
from fadu.cases import definitions
from fadu.cases.moments import now

_TEXT = {
    "type": "object",
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
    "required": ["zh", "en"],
}
_CITES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "law": {"type": "string"},
            "articles": {"type": "string"},
            "tag": {"enum": ["V", "S", "I", "L", "P", "U"]},
            "words": _TEXT,
        },
    },
}
_REFUSAL = {
    "type": "object",
    "properties": {
        "gate": {"type": "string"},
        "text": _TEXT,
        "cites": _CITES,
        "field": {"type": ["string", "null"]},
        "severity": {"enum": ["block", "warn"]},
        "hint": {"anyOf": [_TEXT, {"type": "null"}]},
    },
    "required": ["gate", "text", "cites", "severity"],
}
_ERROR = {"type": "object", "properties": {"place": {"type": "string"}, "text": {"type": "string"}}}
FIXED: Json = {
    "Document": {
        "type": "object",
        "title": "所存文件 | A stored file",
        "description": "照上传所得原样填写 | as POST /files returned it",
        "properties": {
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "name": {"type": "string", "maxLength": 200},
            "size": {"type": "integer", "minimum": 1},
            "type": {"type": "string"},
        },
        "required": ["sha256", "name", "size", "type"],
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "title": "问题 | Problem details (RFC 9457)",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "refusals": {"type": "array", "items": _REFUSAL},
            "errors": {"type": "array", "items": _ERROR},
            "entries": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Case": {
        "type": "object",
        "title": "事项 | Case",
        "properties": {
            "id": {"type": "string", "pattern": "^[0-9]+$"},
            "number": {"type": ["string", "null"]},
            "procedure": {"type": "string"},
            "title": {"type": ["string", "null"]},
            "stage": {"type": "string"},
            "is_open": {"type": "boolean"},
            "turn": {"type": ["string", "null"]},
            "due": {"type": ["string", "null"]},
            "provisional": {"type": "boolean"},
            "light": {"enum": ["red", "yellow", "green", "grey", None]},
            "seq": {"type": "integer"},
        },
        "required": ["id", "procedure", "stage", "is_open", "seq"],
    },
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_FAULTS = {
    "400": "看不懂 | unreadable",
    "401": "未登录 | signed out",
    "403": "无权 | not yours",
    "404": "没有 | not found",
}
_FAULTS_OF_DEEDS = {"409": "现在不能办 | not now", "422": "内容不合要求 | unfit"}


def document(api: NinjaAPI) -> Json:
    """The whole document, for the definitions in force today."""
    return _document(api, *definitions.version(), now().date().isoformat())


@lru_cache(maxsize=2)
def _document(api: NinjaAPI, _city: str, _upto: int, _day: str) -> Json:
    found: Json = dict(api.get_openapi_schema())
    schemas = component_schemas()
    found["components"]["schemas"] = {**found["components"]["schemas"], **FIXED, **schemas}
    for path, operations in found["paths"].items():
        for verb, operation in operations.items():
            _describe(path, verb, operation, schemas)
    return found


def _describe(path: str, verb: str, operation: Json, schemas: dict[str, Json]) -> None:
    faults = {**_FAULTS, **(_FAULTS_OF_DEEDS if verb == "post" else {})}
    answers = {status: {"description": words, "content": _PROBLEM} for status, words in faults.items()}
    operation["responses"] = {**{str(key): value for key, value in operation["responses"].items()}, **answers}
    openings = _openings() & schemas.keys()  # a child is opened by its parent alone
    if verb == "post" and path.endswith("/procedures/{key}/cases"):
        operation["requestBody"] = _body(_any_of(sorted(openings)))
    elif verb == "post" and path.endswith("/actions/{action}"):
        operation["requestBody"] = _body(_any_of(sorted(schemas.keys() - openings)))
    elif verb == "post" and path.endswith("/actions"):
        operation["requestBody"] = _body(_several(sorted(schemas.keys() - openings)))


def _openings() -> set[str]:
    return {f"{key}.{procedure.opening.key}" for key, procedure in definitions.everything().items()}


def _any_of(names: list[str]) -> Json:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}


def _several(names: list[str]) -> Json:
    data = {"anyOf": [{"$ref": f"#/components/schemas/{name}/properties/data"} for name in names]}
    keys = sorted({name.partition(".")[2] for name in names})
    one = {"type": "object", "properties": {"action": {"enum": keys}, "data": data}, "required": ["action"]}
    reasons = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "type": "object",
        "properties": {"actions": {"type": "array", "minItems": 1, "items": one}, "overrides": reasons, **DEED},
        "required": ["actions"],
    }


def _body(schema: Json) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}
