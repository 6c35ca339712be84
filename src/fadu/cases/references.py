"""Values that point to something stored must point to something that is there: units, people, files, other cases."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fadu.cases.documents import document_fault, usable
from fadu.cases.known import Known
from fadu.cases.mentions import Mentions
from fadu.cases.moments import now
from fadu.kernel.asking import party_id
from fadu.kernel.definition import Field, Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.values import inside
from fadu.units.models import Person, Post, Unit

DIGEST = re.compile(r"[0-9a-f]{64}\Z")
NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")  # as JSON writes it; a backslash that was typed is doubled


def check_references(
    procedure: Procedure, data: Mapping[str, Any], by: Person, known: Known | None = None
) -> Mapping[str, Any]:
    """The data, with cases named by their number turned into those cases. Raises Refused naming each field that points
    to nothing; one query a kind of thing pointed to, and none for what is known already.
    """
    check_storable(data)
    known = known or Known()
    named = [(procedure.fields[key], value) for key, value in data.items() if key in procedure.fields]
    units = {str(unit): field for field, value in named for _, unit in inside(field, value, "unit")}
    people = {party_id(person): field for field, value in named for _, person in inside(field, value, "person")}
    documents = [(field, document) for field, value in named for _, document in inside(field, value, "document")]
    mentions = Mentions.of(named, by, known)
    faults = [
        *_missing_units(units, known),
        *_missing_people(people, known),
        *_not_in_office(named, known),
        *_unfit_documents(documents, by, known),
        *mentions.faults,
    ]
    if faults:
        raise Refused(tuple(faults))
    return {**data, **mentions.told()} if mentions.fields else data


def check_storable(texts: Mapping[str, Any]) -> None:
    """Raises Refused naming each value with a sign or number that no database and no JSON can hold."""
    zh, en = "含有不可用的字符", "contains a character that cannot be stored"
    faults = [Refusal("kind", Text(zh, en), field=key) for key, value in texts.items() if not _storable([key, value])]
    if faults:
        raise Refused(tuple(faults))


def _storable(value: Any) -> bool:
    try:
        return not NUL.search(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError, RecursionError):  # a lone surrogate, NaN, an object of Python's own
        return False


def _missing_units(named: Mapping[str, Field], known: Known) -> list[Refusal]:
    there = known.get("unit", named, _units_there)
    return [_fault(field, f"没有单位“{code}”", f"no unit '{code}'") for code, field in named.items() if not there[code]]


def _units_there(codes: set[str]) -> Mapping[str, bool]:
    return dict.fromkeys(Unit.objects.filter(code__in=codes).values_list("code", flat=True), True)


def _missing_people(named: Mapping[str, Field], known: Known) -> list[Refusal]:
    names = known.get("person", named, _names)
    return [_fault(field, f"没有人员“{pk}”", f"no person '{pk}'") for pk, field in named.items() if names[pk] is None]


def _names(ids: set[str]) -> Mapping[str, str]:
    found = Person.objects.filter(pk__in=[int(one) for one in ids if one.isdecimal()])
    return {str(pk): name for pk, name in found.values_list("pk", "name")}


def _not_in_office(named: Iterable[tuple[Field, Any]], known: Known) -> list[Refusal]:
    """A field that names the holders of a post names them while they hold it: an invited inspector within the term."""
    asked = {
        (party_id(person), field.post): field
        for field, value in named
        if field.post
        for _, person in inside(field, value, "person")
    }
    held = known.get("holders", {role for _, role in asked}, _holders)
    names = known.get("person", {pk for pk, _ in asked}, _names)
    return [
        _fault(field, f"“{names[pk]}”不在聘期内", f"'{names[pk]}' does not hold that post now")
        for (pk, role), field in asked.items()
        if names[pk] is not None and pk not in (held[role] or ())
    ]


def _holders(roles: set[str]) -> Mapping[str, set[str]]:
    """Who holds a role today, by the role."""
    today, found = now().date(), defaultdict[str, set[str]](set)
    posts = Post.objects.filter(role__in=roles, since__lte=today).exclude(until__lt=today)
    for person, role in posts.values_list("person_id", "role"):
        found[role].add(str(person))
    return found


def _unfit_documents(named: list[tuple[Field, Any]], by: Person, known: Known) -> list[Refusal]:
    given = {str(document.get("sha256")) for _, document in named if isinstance(document, Mapping)}
    files = known.get("file", {digest for digest in given if DIGEST.match(digest)}, lambda missing: usable(by, missing))
    faults = ((field, document_fault(document, files)) for field, document in named)
    return [_fault(field, *fault) for field, fault in faults if fault is not None]


def _fault(field: Field, zh: str, en: str) -> Refusal:
    return Refusal("kind", Text(f"{field.title.zh}：{zh}", f"{field.title.en}: {en}"), field.cites, field=field.key)
