"""An item of a register is named by its key: of those in force in a government, no two bear the same."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from fadu.cases.found import reserve
from fadu.cases.known import Known
from fadu.cases.models import Case
from fadu.kernel import values
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused

Holder = tuple[int, Text]  # the item, and how it is called
KIND = "key"


def check_key(
    procedure: Procedure, data: Mapping[str, Any], government: str, known: Known, own: int | None = None
) -> None:
    """Raises Refused when another item in force bears the key these data would give. `own` is the item that changes.

    Until the deed is stored nobody else looks for a key in the same register.
    """
    key = key_of(procedure, data)
    if key is None:
        return
    reserve(government, [procedure.key])
    text = repr(key)
    holder: Holder | None = known.get(KIND, {text}, lambda _: {text: _bearing(procedure, key, government)})[text]
    if holder is not None and holder[0] != own:
        raise Refused((_refusal(procedure, key, holder[1]),))


def learn_keys(procedure: Procedure, government: str, known: Known) -> None:
    """Every key in force, in one question: for an import, which asks for each of its rows."""
    if not procedure.is_register or not procedure.keys:
        return
    paths = [f"state__data__{name}" for name in procedure.keys]
    rows = _in_force(procedure, government).values_list("pk", "number", "title", *paths)
    known.learn(KIND, {repr(tuple(key)): _holder(pk, number, title) for pk, number, title, *key in rows.iterator(2000)})


def key_of(procedure: Procedure, data: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The key as it is stored; None where a part is missing or unfit, or where there is no key."""
    if not procedure.is_register or not procedure.keys:
        return None
    try:
        key = tuple(_part(procedure, data.get(name), name) for name in procedure.keys)
    except values.Unfit:
        return None
    return None if any(values.is_empty(part) for part in key) else key


def _part(procedure: Procedure, raw: Any, name: str) -> Any:
    return None if values.is_empty(raw) else values.read(procedure.fields[name], raw)


def _in_force(procedure: Procedure, government: str) -> "QuerySet[Case]":
    return Case.objects.filter(Q(procedure=procedure.key, government=government, is_open=True))


def _bearing(procedure: Procedure, key: tuple[Any, ...], government: str) -> Holder | None:
    parts = {f"state__data__{name}": part for name, part in zip(procedure.keys, key, strict=True)}
    row = _in_force(procedure, government).filter(**parts).values_list("pk", "number", "title").first()
    return _holder(*row) if row else None


def _holder(pk: int, number: str, title: str) -> Holder:
    called = " ".join(part for part in (number, title) if part) or str(pk)
    return pk, Text(f"“{called}”", f"'{called}'")


def _refusal(procedure: Procedure, key: tuple[Any, ...], holder: Text) -> Refusal:
    fields = [procedure.fields[name] for name in procedure.keys]
    pairs = list(zip(fields, key, strict=True))
    zh = "、".join(f"{one.title.zh} {part}" for one, part in pairs)
    en = ", ".join(f"{one.title.en} {part}" for one, part in pairs)
    text = Text(f"{zh} 已用过，见{holder.zh}", f"{en} is already used, see {holder.en}")
    return Refusal("key", text, procedure.basis, field=fields[0].key)
