from collections.abc import Iterable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fadu.units.models import Unit


def codes(units: Iterable[Unit]) -> set[str]:
    return {unit.code for unit in units}


def government_of(code: str) -> str:
    return Unit.objects.values_list("government__code", flat=True).get(code=code)


@pytest.fixture
def city(unit):
    """云州: a government, its office and bureau; a district with a government of its own."""
    yz = unit("yz", kind="government")
    unit("yz-office", yz, "office")
    water = unit("yz-water", yz)
    unit("yz-water-flood", water, "section")
    east = unit("yz-east", yz, "district")
    gov = unit("yz-east-gov", east, "government")
    unit("yz-east-water", gov)
    return {each.code: each for each in Unit.objects.all()}


def test_a_path_lists_the_codes_from_the_root_down(city):
    assert city["yz-water-flood"].path == "/yz/yz-water/yz-water-flood/"


def test_a_subtree_is_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert codes(city["yz-water"].subtree) == {"yz-water", "yz-water-flood"}


def test_a_sibling_whose_code_begins_alike_is_not_below(city, unit):
    unit("yz-water2", city["yz"])
    assert "yz-water2" not in codes(city["yz-water"].subtree)


def test_ancestors_run_from_the_root_down(city):
    assert [each.code for each in city["yz-east-water"].ancestors] == ["yz", "yz-east", "yz-east-gov"]


def test_the_government_is_the_nearest_one_upwards_itself_included(city):
    assert {code: each.government and each.government.code for code, each in city.items()} == {
        "yz": "yz",
        "yz-office": "yz",
        "yz-water": "yz",
        "yz-water-flood": "yz",
        "yz-east": "yz",
        "yz-east-gov": "yz-east-gov",
        "yz-east-water": "yz-east-gov",
    }


def test_a_unit_outside_every_government_has_none(unit):
    assert unit("court", kind="outside").government is None


def test_a_move_takes_the_subtree_along(city):
    water = city["yz-water"]
    water.parent = city["yz-east-gov"]
    water.save()
    flood = Unit.objects.get(code="yz-water-flood")
    assert flood.path == "/yz/yz-east/yz-east-gov/yz-water/yz-water-flood/"
    assert flood.government == water.government == city["yz-east-gov"]


def test_a_move_leaves_a_government_inside_the_subtree_in_place(city, unit):
    east = city["yz-east"]
    east.parent = unit("province", kind="government")
    east.save()
    assert government_of("yz-east") == "province"
    assert government_of("yz-east-water") == "yz-east-gov"


def test_what_stops_being_a_government_hands_its_units_upwards(city):
    gov = city["yz-east-gov"]
    gov.kind = "office"
    gov.save()
    assert government_of("yz-east-water") == "yz"


def test_a_move_goes_by_the_stored_parent_not_by_an_old_copy(city):
    old_copy = Unit.objects.get(code="yz-water")
    moved = Unit.objects.get(code="yz-water")
    moved.parent = city["yz-east"]
    moved.save()
    section = Unit.objects.create(code="yz-water-law", name_zh="法规处", kind="section", parent=old_copy)
    assert section.path == "/yz/yz-east/yz-water/yz-water-law/"


@pytest.mark.parametrize("target", ["yz-water", "yz-water-flood"])
def test_a_unit_cannot_move_below_itself(city, target):
    water = city["yz-water"]
    water.parent = city[target]
    with pytest.raises(ValidationError, match="下级"):
        water.save()
    assert Unit.objects.get(code="yz-water").path == "/yz/yz-water/"


def test_a_code_never_changes(city):
    water = city["yz-water"]
    water.code = "yz-rivers"
    with pytest.raises(ValidationError, match="不能更改"):
        water.save()


def test_messages_are_in_the_language_of_the_reader(city):
    city["yz-water"].code = "yz-rivers"
    with translation.override("en"), pytest.raises(ValidationError, match="cannot change"):
        city["yz-water"].save()


@pytest.mark.parametrize(
    "code", ["YZ", "yz water", "yz/water", "yz@water", "yz_water", "-yz", "yz-", "", "yz\n", "云州"]
)
def test_a_code_that_would_break_paths_or_turns_is_refused(unit, code):
    with pytest.raises(ValidationError) as caught:
        unit(code)
    assert "code" in caught.value.message_dict


@pytest.mark.parametrize(
    ("field", "value"),
    [("division", "160000"), ("uscc", "91350100M000100Y44"), ("kind", "palace"), ("name_zh", "")],
)
def test_a_wrong_field_is_named(unit, field, value):
    with pytest.raises(ValidationError) as caught:
        Unit.objects.create(**{"code": "yz", "name_zh": "云州市", "kind": "bureau", field: value})
    assert list(caught.value.message_dict) == [field]


def test_a_unit_ends_after_it_begins(unit):
    with pytest.raises(ValidationError, match="不得早于"):
        unit("yz", since=date(2026, 2, 1), until=date(2026, 1, 31))
    whole_day = unit("yz", since=date(2026, 2, 1), until=date(2026, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=whole_day.pk).update(until=date(2026, 1, 31))


def test_many_units_may_have_no_credit_code_but_no_two_the_same(unit):
    unit("a", uscc="")
    unit("b", uscc="")
    unit("c", uscc="91350100M000100Y43")
    with pytest.raises(ValidationError) as caught:
        unit("d", uscc="91350100M000100Y43")
    assert "uscc" in caught.value.message_dict


class RandomTrees(TestCase):
    """Whatever is moved where, paths and governments are those one would work out by walking up."""

    @settings(max_examples=25)
    @given(
        kinds=st.lists(st.sampled_from(["government", "bureau"]), min_size=6, max_size=6),
        moves=st.lists(
            st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5)), st.booleans()), max_size=8
        ),
    )
    def test_stored_paths_and_governments_are_what_walking_up_gives(self, kinds, moves):
        for number, kind in enumerate(kinds):
            Unit.objects.create(code=f"u{number}", name_zh="单位", kind=kind)
        for number, target, turns in moves:
            move(f"u{number}", None if target is None else f"u{target}", turns=turns)
        everything = {each.pk: each for each in Unit.objects.all()}
        for each in everything.values():
            line = walk_up(each, everything)
            assert each.path == "/" + "".join(f"{above.code}/" for above in reversed(line))
            assert each.government_id == next((above.pk for above in line if above.kind == "government"), None)


def move(code: str, target: str | None, *, turns: bool) -> None:
    unit = Unit.objects.get(code=code)
    unit.parent = Unit.objects.filter(code=target).first()
    if turns:
        unit.kind = "bureau" if unit.kind == "government" else "government"
    refused = unit.parent is not None and unit.parent.within(unit)
    try:
        unit.save()
    except ValidationError:
        assert refused
    else:
        assert not refused


def walk_up(unit: Unit, everything: dict[int, Unit]) -> list[Unit]:
    line = [unit]
    while (above := line[-1].parent_id) is not None:
        line.append(everything[above])
    return line
