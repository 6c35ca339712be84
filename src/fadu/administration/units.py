"""Keeping the tree of units: the models judge what is possible, this writes it down."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from fadu.administration.record import insist, record
from fadu.cases.models import Case
from fadu.units.models import Person, Post, Unit
from fadu.units.roles import SYSTEM_ADMIN
from fadu.units.wording import both

KEPT = ("name_zh", "name_en", "short_zh", "kind", "division", "uscc", "order")


def told(unit: Unit) -> dict[str, Any]:
    """A unit as the record shows it."""
    found: dict[str, Any] = {name: getattr(unit, name) for name in KEPT}
    found["parent"] = unit.parent.code if unit.parent else ""
    return found | {name: day.isoformat() if (day := getattr(unit, name)) else "" for name in ("since", "until")}


def subject(unit: Unit) -> str:
    return f"unit:{unit.code}"


@transaction.atomic
def add(by: Person | None, unit: Unit) -> Unit:
    """Raises ValidationError, PermissionDenied."""
    insist(by, SYSTEM_ADMIN)
    unit.save(force_insert=True)
    record(by, "add_unit", subject(unit), after=told(unit))
    return unit


@transaction.atomic
def change(by: Person | None, unit: Unit) -> Unit:
    """Everything but its code. Raises ValidationError, PermissionDenied."""
    insist(by, SYSTEM_ADMIN)
    before = told(Unit.objects.select_related("parent").get(pk=unit.pk))
    unit.save()
    after = told(unit)
    if after != before:
        record(by, "change_unit", subject(unit), before, after)
    return unit


@transaction.atomic
def close(by: Person | None, unit: Unit, last: date) -> Unit:
    """`last` is the last day it stands. Refused (ValidationError) while something still hangs on it."""
    insist(by, SYSTEM_ADMIN)
    if reasons := list(_holding(unit, last)):
        raise ValidationError({"until": reasons})
    before = told(unit)
    unit.until = last
    unit.save()
    record(by, "close_unit", subject(unit), before, told(unit))
    return unit


@transaction.atomic
def reopen(by: Person | None, unit: Unit) -> Unit:
    """Raises ValidationError when the unit above is closed."""
    insist(by, SYSTEM_ADMIN)
    if unit.parent is not None and unit.parent.until is not None:
        raise ValidationError(both("上级单位已撤销，先恢复上级单位", "the unit above is closed; reopen that first"))
    before = told(unit)
    unit.until = None
    unit.save()
    record(by, "reopen_unit", subject(unit), before, told(unit))
    return unit


def _holding(unit: Unit, last: date) -> list[str]:
    """What stands in the way of closing it: units below, people in post, matters in hand."""
    beyond = Q(until=None) | Q(until__gt=last)
    below = Unit.objects.filter(beyond, parent=unit).count()
    held = Post.objects.filter(beyond, unit=unit).count()
    cases = Case.objects.filter(Q(handling=unit) | Q(unit=unit), is_open=True).count()
    found = []
    if below:
        found.append(both(f"还有 {below} 个下级单位未撤销或划转", f"{below} units below it are not closed or moved"))
    if held:
        found.append(both(f"该日以后还有 {held} 个岗位在任，先终止", f"{held} posts run on after that day; end them"))
    if cases:
        found.append(both(f"还有 {cases} 件在办事项，先改派或办结", f"{cases} matters are open there; reassign them"))
    return [str(text) for text in found]
