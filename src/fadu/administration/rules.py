"""One change more in a city's local rules: written into the text of its draft, with the old value and the basis."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from fadu.administration import editions as keeping
from fadu.administration.texts import Kind, newest
from fadu.cases import definitions
from fadu.cases.models import Edition
from fadu.kernel.source import DefinitionError, Map, Source, walk
from fadu.units.models import Person
from fadu.units.wording import both

_OVER = re.compile(r"(?m)^over:.*\n?(?:[ \t]+.*\n?)*")
_CHANGES = re.compile(r"(?m)^changes:[ \t]*(?P<rest>.*)\n?(?P<body>(?:(?:[ \t#-].*)?\n?)*)")


def add_change(by: Person, rules: str, place: str, value: str, cites: str) -> Edition:
    """The draft of the local rules with this change in it. Raises ValidationError, PermissionDenied."""
    made = Edition.objects.filter(kind=Kind.OVERLAY, key=rules, state=Edition.State.DRAFT).first()
    before = made.text if made else _begun(rules)
    key = place.partition(".")[0]
    if key not in definitions.library().keys:
        raise ValidationError({"place": both(f"没有程序“{key}”", f"there is no procedure '{key}'")})
    text = _changed(before, place, value, cites)
    if made:
        return keeping.change(by, made, text)
    return keeping.draft(by, Kind.OVERLAY, rules, text)


def own_rules() -> list[str]:
    """The local rules there are, by key; the city's own when there are none yet."""
    found = Edition.objects.filter(kind=Kind.OVERLAY).exclude(state=Edition.State.WITHDRAWN)
    keys = {*found.values_list("key", flat=True), *([settings.FADU_CITY] if settings.FADU_CITY else [])}
    return sorted(keys) or ["local"]


def value_at(place: str) -> Any:
    """What the national text of the latest version says at a place; None when it says nothing."""
    key, *path = place.split(".")
    found: Any = base_of(key)
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def base_of(key: str) -> Mapping[str, Any]:
    """The latest version of a procedure without local rules."""
    versions = [item for item in definitions.library().versions.values() if item.key == key and not item.overlays]
    return max(versions, key=lambda item: item.version).document if versions else {}


def places(key: str) -> dict[str, str]:
    """Every place of a procedure that holds a single value, with that value."""
    words = ("fields", "stages", "actions", "gates", "clocks", "outcomes", "lights", "letters", "children")
    return {
        ".".join((key, *path)): str(value)
        for path, value in walk(base_of(key))
        if len(path) > 1 and path[0] in words and not isinstance(value, dict | list) and not path[-1].isdecimal()
    }


def _begun(rules: str) -> str:
    last = newest(Kind.OVERLAY, rules)
    today = timezone.localdate().isoformat()
    if last is not None:
        return keeping.next_text(last)
    head = f"overlay: {rules}\ntitle: 本市地方规则 | Local rules of the city\n"
    return f"{head}version: 1\nin_force: {today}\nover: {{}}\nchanges: []\n"


def _changed(text: str, place: str, value: str, cites: str) -> str:
    try:
        document = Source("draft").read(text)
    except DefinitionError as error:
        words = both("草案文本有错，先在文本里改好", "the text of the draft has faults; mend it first")
        raise ValidationError(words) from error
    was = value_at(place)
    change = {"at": place, **({} if was is None else {"was": _plain(was)}), "is": _read(value), "cites": cites}
    key = place.partition(".")[0]
    over = {**_plain(document.get("over") or {}), key: base_of(key)["version"]}
    text = _OVER.sub(lambda _: f"over: {_flow(over)}\n", text, count=1)
    return _with(text, document, place, f"  - {_flow(change)}\n")


def _with(text: str, document: Map, place: str, line: str) -> str:
    """The line among the changes; one of the same place gives way, when it stands on a line of its own."""
    for change in document.get("changes") or []:
        if isinstance(change, Map) and change.get("at") == place:
            lines = text.splitlines(keepends=True)
            if not lines[change.line - 1].strip().startswith("- {") or not lines[change.line - 1].strip().endswith("}"):
                words = both("这一处已经改过，请在文本里改", "this place is changed already; edit the text")
                raise ValidationError({"place": words})
            lines[change.line - 1] = line
            return "".join(lines)
    found = _CHANGES.search(text)
    if found is None:
        return f"{text.rstrip()}\nchanges:\n{line}"
    body = (
        "" if found["rest"].strip() in ("[]", "") and not found["body"].strip() else found["body"].rstrip("\n") + "\n"
    )
    return f"{text[: found.start()]}changes:\n{body}{line}{text[found.end() :]}"


def _read(value: str) -> Any:
    """As it would be read in a definition: a number, a list, or words."""
    try:
        return _plain(Source("value").read(f"value: {value}")["value"])
    except DefinitionError:
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _flow(value: Mapping[str, Any]) -> str:
    dumped = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return str(dumped).strip()
