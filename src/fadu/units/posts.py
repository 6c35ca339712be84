"""The posts somebody may act in on a given day: their own, and those of people they stand in for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from fadu.units.models import Person, Unit
from fadu.units.roles import ADMINISTRATORS

# Every deed and every page asks this, so it is written once by hand: one statement, a tenth of the query builder's time.
_HELD = """
SELECT p.id, p.role, p.title, u.id, u.code, u.name_zh, u.name_en, u.short_zh, u.kind, u.path, u."order", u.parent_id,
       g.id, g.code, g.name_zh, g.name_en, g.short_zh, g.kind, g.path, a.id, a.username, a.name, d.roles
  FROM units_post p
  JOIN units_unit u ON u.id = p.unit_id
  LEFT JOIN units_unit g ON g.id = u.government_id
  LEFT JOIN units_delegation d ON d.absent_id = p.person_id AND d.deputy_id = %(person)s AND p.person_id <> %(person)s
       AND d.since <= %(on)s AND d.until >= %(on)s AND (d.revoked IS NULL OR d.revoked > %(on)s)
  LEFT JOIN units_person a ON a.id = d.absent_id
 WHERE (p.person_id = %(person)s OR d.id IS NOT NULL)
   AND p.since <= %(on)s AND (p.until IS NULL OR p.until >= %(on)s)
 ORDER BY d.id IS NOT NULL, u."order", u.code, p.role, p.id
"""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One role in one unit. `delegated_from` is the absent person when it is held as their deputy."""

    role: str
    unit: Unit
    title: str
    delegated_from: Person | None

    @property
    def key(self) -> str:
        """How turns and entries name it: role@unit."""
        return f"{self.role}@{self.unit.code}"


def posts_of(person: Person, on: date) -> tuple[HeldPost, ...]:
    """Own posts first, then delegated ones, each in the order of the units; one query.

    Nobody whose account is closed holds a post. A delegated post is not passed on, and an administrator's never is.
    """
    if not person.is_active:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": person.pk, "on": on.isoformat()})
        rows = cursor.fetchall()
    return tuple(_held(row) for row in _lent_once(rows))


def _lent_once(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Two delegations may cover the same post; it is held once, and only in the roles that were lent."""
    seen = set()
    for row in rows:
        post, role, absent, lent = row[0], row[1], row[19], row[22]
        named = json.loads(lent) if isinstance(lent, str) else lent or []
        is_lent = role not in ADMINISTRATORS and (not named or role in named)
        if post not in seen and (absent is None or is_lent):
            seen.add(post)
            yield row


def _held(row: tuple[Any, ...]) -> HeldPost:
    government = None
    if row[12] is not None:
        government = Unit(
            id=row[12], code=row[13], name_zh=row[14], name_en=row[15], short_zh=row[16], kind=row[17], path=row[18]
        )
    unit = Unit(
        id=row[3], code=row[4], name_zh=row[5], name_en=row[6], short_zh=row[7], kind=row[8], path=row[9], order=row[10]
    )
    unit.parent_id = row[11]
    unit.government = government
    absent = Person(id=row[19], username=row[20], name=row[21]) if row[19] is not None else None
    return HeldPost(row[1], unit, row[2], absent)
