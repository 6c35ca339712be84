"""A small named world for every test of stored cases: the city of 云州, a district of it, their people, and the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fadu.cases.act import Occasion, act, open_case
from fadu.cases.models import Case, File
from fadu.units.models import Delegation, Person, Post, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAPER = {"sha256": "a" * 64, "name": "会议纪要.pdf", "size": 1024, "type": "application/pdf"}

# code, name, parent, kind
UNITS = (
    ("yz", "云州市", None, "government"),
    ("yz-gov", "云州市人民政府办公室", "yz", "office"),
    ("yz-sup", "督查室", "yz-gov", "section"),
    ("yz-water", "云州市水务局", "yz", "bureau"),
    ("yz-parks", "云州市园林局", "yz", "bureau"),
    ("yz-roads", "云州市公路局", "yz", "bureau"),
    ("yd", "云东区", "yz", "government"),
    ("yd-gov", "云东区人民政府办公室", "yd", "office"),
    ("yd-water", "云东区水务局", "yd", "bureau"),
)
# username, name, then role@unit
PEOPLE = (
    ("he", "何以宁", "supervision_officer@yz-sup"),
    ("luo", "罗清", "supervision_officer@yz-sup"),
    ("gu", "顾长川", "leader@yz-gov"),
    ("zhou", "周启明", "chief@yz-gov"),
    ("ji", "纪录", "recorder@yz-gov"),
    ("shen", "沈知远", "unit_officer@yz-water"),
    ("tao", "陶然", "unit_officer@yz-water"),
    ("lin", "林晚舟", "unit_officer@yz-parks"),
    ("qin", "秦路", "unit_officer@yz-roads"),
    ("feng", "冯督", "supervision_officer@yd-gov"),
    ("bai", "白区长", "leader@yd-gov"),
    ("hai", "海宁", "unit_officer@yd-water"),
    ("mo", "莫相识", ""),
    ("xi", "系统管理员", "system_admin@yz-gov"),
    ("an", "安全管理员", "security_admin@yz-water"),
    ("shi", "审计管理员", "audit_admin@yz-sup"),
)


@dataclass
class World:
    """Units and people by their short names; `set` moves the clock, `do` acts at its present."""

    monkeypatch: pytest.MonkeyPatch
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    present: datetime = datetime(2026, 9, 8, 9, 0)

    def set(self, moment: str) -> None:
        """The present local moment, for everything that asks Django for it."""
        self.present = datetime.fromisoformat(moment)
        aware = self.present.replace(tzinfo=SHANGHAI)
        self.monkeypatch.setattr(timezone, "now", lambda: aware)

    def unit(self, code: str, name: str = "", parent: str | None = "yz", kind: str = "bureau") -> Unit:
        above = self.units[parent] if parent else None
        self.units[code] = Unit.objects.create(code=code, name_zh=name or code, parent=above, kind=kind)
        return self.units[code]

    def person(self, username: str, name: str = "", *posts: str, **validity: date) -> Person:
        person = Person.objects.create_user(username, name=name or username)
        self.people[username] = person
        for post in posts:
            self.post(username, post, **validity)
        return person

    def post(self, username: str, key: str, **validity: date) -> Post:
        role, _, unit = key.partition("@")
        given = {"since": date(2020, 1, 1), **validity}
        return Post.objects.create(person=self.people[username], role=role, unit=self.units[unit], **given)

    def delegate(self, absent: str, deputy: str, since: date, until: date, *roles: str) -> Delegation:
        people = {"absent": self.people[absent], "deputy": self.people[deputy]}
        return Delegation.objects.create(**people, since=since, until=until, reason="出差", roles=list(roles))

    # -- supervised items

    def propose(self, matter: str = "城区积水点整治", by: str = "he", unit: str = "yz-sup", **data: Any) -> Case:
        given = {
            "matter": matter,
            "source": "meeting",
            "source_document": PAPER,
            "lead_unit": "yz-water",
            "result_required": "整治方案和验收材料",
            "urgent": False,
        }
        return open_case("supervision-item", self.people[by], {**given, **data}, self.units[unit])

    def approved(self, matter: str = "城区积水点整治", due: str = "", **data: Any) -> Case:
        case = self.propose(matter, **data)
        return self.do(case, "approve", "gu", due=due or self._in(days=44))

    def underway(self, matter: str = "城区积水点整治", due: str = "", **data: Any) -> Case:
        return self.do(self.approved(matter, due, **data), "sign", "shen")

    def asked_to_close(self, **data: Any) -> Case:
        return self.do(self.underway(**data), "ask_closing", "shen", evidence=PAPER)

    def approving(self, **data: Any) -> Case:
        return self.verified(self.asked_to_close(**data))

    def verified(self, case: Case) -> Case:
        return self.do(case, "verify", "he", verified_how="papers", remark="材料齐全")

    def struck_off(self, **data: Any) -> Case:
        return self.do(self.approving(**data), "strike_off", "gu", outcome="done")

    def do(self, case: Case, action: str, by: str, occasion: Occasion | None = None, **data: Any) -> Case:
        return act(case, action, self.people[by], data, occasion or Occasion())

    def _in(self, days: int) -> str:
        return (self.present.date() + timedelta(days=days)).isoformat()


def build(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(monkeypatch)
    world.set("2026-09-08T09:00")
    for code, name, parent, kind in UNITS:
        world.unit(code, name, parent, kind)
    for username, name, post in PEOPLE:
        world.person(username, name, *([post] if post else []))
    _hand_out_paper(world)
    return world


def _hand_out_paper(world: World) -> None:
    """Everybody has uploaded the same paper; its bytes are not needed here."""
    paper = {"sha256": PAPER["sha256"], "size": 1024, "media_type": PAPER["type"], "name": PAPER["name"]}
    file = File.objects.create(**paper, uploaded_by=world.people["he"])
    file.holders.set(world.people.values())


def stored(case: Case) -> Case:
    """The case as the database has it now."""
    return Case.objects.get(pk=case.pk)


def columns_of(case: Case) -> Mapping[str, Any]:
    """Every stored column by name."""
    return Case.objects.filter(pk=case.pk).values().get()


def local(text: str) -> datetime:
    """A local moment as a column holds it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
