"""Fields that hold other cases: they must exist and be seen, and every case knows what points to it."""

from typing import Any

import pytest

from fadu.cases.act import act, open_case, rectify
from fadu.cases.links import pointers
from fadu.cases.models import Case, Link
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World, stored
from tests.cases.tampering import sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corner")]
DAYS = {"objects": ["yz-water"], "starts_on": "2026-10-01", "ends_on": "2026-10-03"}


def line(world: World, name: str = "防汛检查") -> Case:
    return open_case("line", world.people["he"], {"name": name, "year": 2026}, world.units["yz-sup"])


def visit(world: World, **data: Any) -> Case:
    return open_case("visit", world.people["he"], {"name": "汛前检查", **DAYS, **data}, world.units["yz-sup"])


def links(case: Case) -> set[tuple[str, int]]:
    return set(Link.objects.filter(case=case).values_list("kind", "other_id"))


def test_each_field_that_holds_a_case_is_a_link_one_way(world: World):
    one, other = line(world), line(world, "防火检查")
    case = visit(world, line=one.pk, also=[other.pk], drivers=[{"case": other.pk}, {"case": one.pk}])
    assert links(case) == {("line", one.pk), ("also", other.pk), ("drivers.case", other.pk), ("drivers.case", one.pk)}
    assert links(one) == links(other) == set()
    assert verify().fault == ""


def test_a_case_is_named_by_its_number_and_kept_by_its_identity(world: World):
    item = world.approved()
    case = visit(world, also=[item.number, str(item.pk + 0)][:1], drivers=[{"case": str(item.pk)}])
    assert stored(case).state["data"]["also"] == [item.pk]
    assert stored(case).state["data"]["drivers"] == [{"case": item.pk}]


def test_a_link_follows_the_field(world: World):
    one, other = line(world), line(world, "防火检查")
    case = visit(world, line=one.pk, also=[one.pk])
    world.do(case, "staff", "he", line=other.pk)
    assert links(case) == {("line", other.pk), ("also", one.pk)}
    rectify(case, world.people["he"], "填错")
    assert links(case) == {("line", one.pk), ("also", one.pk)}
    assert verify().fault == ""


@pytest.mark.parametrize("given", [1, "计〔2026〕99号", "x", {"id": 1}, True, 2**80, "٣"])
def test_there_must_be_such_a_case(world: World, given: Any):
    with pytest.raises(Refused) as refused:
        visit(world, also=[given])
    assert refused.value.refusals[0].field == "also"
    assert not Case.objects.exists()


def test_a_field_holds_only_cases_of_its_target(world: World):
    item = world.approved()
    with pytest.raises(Refused) as refused:
        visit(world, line=item.pk)
    assert "没有这件事项" in refused.value.refusals[0].text.zh


def test_who_points_to_a_case_must_see_it(world: World):
    """The supervision officer of the district sees nothing of the city."""
    city = line(world)
    with pytest.raises(Refused):
        open_case("visit", world.people["feng"], {"name": "区检查", **DAYS, "line": city.pk}, world.units["yd-gov"])


def test_who_changes_a_list_of_cases_need_not_see_those_that_stand_in_it(world: World):
    """Another bureau's officer, who takes part, sees the visit but not the cases that others put there."""
    one, other = line(world), line(world, "防火检查")
    case = act(visit(world, also=[one.pk], inspectors=[str(world.people["lin"].pk)]), "start", world.people["he"], {})
    lin = world.people["lin"]
    assert act(case, "add", lin, {"also": [one.pk]}).state["data"]["also"] == [one.pk]
    with pytest.raises(Refused):
        act(case, "add", lin, {"also": [one.pk, other.pk]})


@pytest.mark.parametrize("row", ["x", 7, ["y"], None])
def test_a_row_that_is_none_is_refused_by_its_field(world: World, row: Any):
    with pytest.raises(Refused) as refused:
        visit(world, drivers=[row, {"case": str(line(world).pk)}] if row is not None else [row, "x"])
    assert refused.value.refusals[0].field == "drivers"


def test_every_case_knows_what_points_to_it_by_procedure_and_field(world: World):
    one = line(world)
    objects = ["yz-water"], ["yz-parks"], ["yz-roads"]
    cases = [visit(world, objects=named, line=one.pk) for named in objects[:2]]
    visit(world, objects=objects[2], also=[one.pk])
    act(cases[0], "start", world.people["he"], {})
    act(cases[0], "end", world.people["he"], {})
    found = {(item.procedure, item.where): (item.open, item.closed) for item in pointers(one, world.people["he"])}
    assert found == {("visit", "line"): (1, 1), ("visit", "also"): (1, 0)}
    assert pointers(one, world.people["feng"]) == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM cases_link", "UPDATE cases_link SET kind = 'also'", "UPDATE cases_link SET other_id = case_id"],
)
def test_verify_misses_a_link_that_was_changed_by_hand(world: World, statement: str):
    visit(world, line=line(world).pk)
    sql(statement)
    assert "linked" in verify().fault


def test_where_no_field_holds_a_case_or_a_person_no_statement_is_spent(world: World, django_assert_num_queries: Any):
    item = world.underway()
    world.do(item, "report", "shen", progress="首次")
    with django_assert_num_queries(6):
        world.do(item, "report", "shen", progress="再次")
