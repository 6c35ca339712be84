"""Who may see which case, said again slowly and without the query: read off the YAML, the posts and the ledgers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from fadu.cases.models import Case, Entry
from fadu.definitions import documents
from fadu.units.models import Delegation, Person, Post, Unit

ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}
YAML = {document["procedure"]: document for document in documents() if "procedure" in document}


def sees(person: Person, case: Case, on: date) -> bool:
    posts = [post for post in standing_posts(person, on) if post.role not in ADMINISTRATORS]
    if not posts:
        return False
    if {post.unit.code for post in posts if post.role != "invited_inspector"} & units_named(case):
        return True
    if str(person.pk) in persons_named(case):
        return True
    if case.is_open and turn_by_name(case) in {str(person.pk), *(str(post.person_id) for post in posts)}:
        return True
    here = {post.role for post in posts if government_of(post.unit) == case.government_id}
    return bool(here & roles_at_work(case.procedure))


def standing_posts(person: Person, on: date) -> list[Post]:
    if not person.is_active:
        return []
    found = list(posts_in_force(person, on))
    for row in Delegation.objects.filter(deputy=person):
        if row.since <= on <= row.until and (row.revoked is None or on < row.revoked):
            lent = [post for post in posts_in_force(row.absent, on) if not row.roles or post.role in row.roles]
            found += [post for post in lent if post.role not in ADMINISTRATORS]
    return found


def posts_in_force(person: Person, on: date) -> list[Post]:
    return [
        post
        for post in Post.objects.filter(Q(person=person)).select_related("unit")
        if post.since <= on and (post.until is None or on <= post.until)
    ]


def government_of(unit: Unit | None) -> str | None:
    while unit is not None and unit.kind != "government":
        unit = unit.parent
    return unit.code if unit is not None else None


def units_named(case: Case) -> set[str]:
    """Every unit that any entry of the case ever put into a field for units, and the office that opened it."""
    fields = YAML[case.procedure]["fields"]
    found = set()
    for entry in Entry.objects.filter(case=case):
        body = entry.content
        found.add(body.get("unit", ""))
        for key, value in body.get("data", {}).items():
            if "seen_by" in fields[key]:
                continue  # a unit that may not see the field learns nothing by it
            if fields[key].get("kind") == "unit":
                found.add(str(value))
            elif fields[key].get("kind") == "list" and fields[key].get("of") == "unit":
                found.update(value)
    return found


def persons_named(case: Case) -> set[str]:
    """Every person in a field for persons, a list of them or a column for them, as the last entry left it."""
    fields, data = YAML[case.procedure]["fields"], dict[str, Any]()
    for entry in Entry.objects.filter(case=case).order_by("seq"):
        body = entry.content
        data = dict(body["state"]["data"]) if "state" in body else {**data, **body.get("data", {})}
    return {person for key, value in data.items() for person in _persons(fields[key], value)}


def _persons(defined: Mapping[str, Any], value: Any) -> list[str]:
    kind, of = defined.get("kind"), defined.get("of")
    if kind == "person":
        return [str(value)]
    if kind != "list" or not value:
        return []
    if isinstance(of, dict):
        columns = [name for name, column in of.items() if column.get("kind") == "person"]
        return [str(row[name]) for row in value for name in columns if name in row]
    return [str(one) for one in value] if of == "person" else []


def turn_by_name(case: Case) -> str:
    """Whoever set the field that the stage names (`turn: setter of due`), or who its first way on is for."""
    who = _turn(YAML[case.procedure], case.stage)
    if not who.startswith("setter of "):
        return ""
    field = who.removeprefix("setter of ")
    setter = ""
    for entry in Entry.objects.filter(case=case).order_by("seq"):
        if field in entry.content.get("data", {}):
            body = entry.content
            setter = body.get("setters", {}).get(field, body.get("for", body["by"]))
    return setter


def _turn(document: Mapping[str, Any], stage: str) -> str:
    written = document["stages"][stage]
    if isinstance(written, dict) and "turn" in written:
        return str(written["turn"])
    for action in document["actions"].values():
        if "to" in action and stage in _listed(action["from"]):
            first = _listed(action["by"])[0]
            if first not in ("parent", "clock") and first not in document["fields"]:
                return str(first)
    return ""


def roles_at_work(procedure: str) -> set[str]:
    document = YAML[procedure]
    named = [document["owner"], *(who for action in document["actions"].values() for who in _listed(action["by"]))]
    return {str(who) for who in named if " of " not in str(who) and who not in ("parent", "clock", *document["fields"])}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
