"""The key of a register's item: of those in force, no two bear the same; what has ended gives it free."""

from typing import Any

import pytest

from fadu.cases.act import act, open_case
from fadu.cases.models import Case
from fadu.kernel.refusal import Refused
from tests.cases.cast import World

ITEM = {"year": 2026, "number": 7, "name": "中心城区停车收费调整", "unit": "yz-roads", "category": "policy"}


@pytest.fixture
def office(world: World) -> World:
    world.person("wei", "魏然", "general_officer@yz-gov")
    world.person("dong", "董区", "general_officer@yd-gov")
    return world


def nominated(world: World, by: str = "wei", office_of: str = "yz-gov", **data: Any) -> Case:
    return open_case("decision-catalogue", world.people[by], {**ITEM, **data}, world.units[office_of])


@pytest.mark.parametrize("number", [7, "7", "7.0"])
def test_a_key_in_force_is_not_given_twice_however_it_is_written(office: World, number: Any) -> None:
    nominated(office)
    with pytest.raises(Refused) as refused:
        nominated(office, number=number, name="另一项")
    (refusal,) = refused.value.refusals
    assert refusal.text.zh == "年度 2026、序号 7 已用过，见“中心城区停车收费调整”"
    assert refusal.text.en == "Year 2026, Number 7 is already used, see '中心城区停车收费调整'"
    assert [str(cite) for cite in refusal.cites]
    assert Case.objects.count() == 1


def test_another_key_another_government_and_an_ended_item_stand_in_nobodys_way(office: World) -> None:
    first = nominated(office)
    nominated(office, number=8)
    nominated(office, "dong", "yd-gov", unit="yd-water")
    act(first, "drop", office.people["wei"], {"why": "条件不成熟"})
    assert nominated(office).pk != first.pk


def test_a_change_keeps_its_own_key(office: World) -> None:
    first = nominated(office)
    act(first, "publish", office.people["wei"], {"consent": "云委〔2026〕1号", "published_on": "2026-09-08"})
    act(
        first,
        "change",
        office.people["wei"],
        {"name": "新名称", "unit": "yz-roads", "consent": "云委〔2026〕2号", "why": "机构调整"},
    )
