"""Many cases decided without a lock and written together: the same rows, one by one refused, numbers without gaps."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from fadu.cases import definitions
from fadu.cases.act import Occasion, begin, open_case
from fadu.cases.bulk import BulkDocket
from fadu.cases.known import Known
from fadu.cases.models import Case, Entry, NumberSeries
from fadu.cases.spooled import Moved, SpooledDocket
from fadu.cases.verify import verify
from fadu.kernel.refusal import Refused
from tests.cases.cast import World
from tests.cases.test_bulk import columns

APPEAL = {"channel": "phone", "content": "路灯不亮", "place": "人民路"}


@pytest.fixture
def hotline(world: World) -> World:
    world.unit("yz-hot", "云州市热线办")
    world.person("re", "热线", "hotline_officer@yz-hot")
    return world


def appeal(world: World, **data: Any) -> dict[str, Any]:
    taken = definitions.in_force("appeal", "2026-09-08")
    given: dict[str, Any] = {}
    for asked in taken.opening.takes:
        one = taken.fields[asked.field]
        if asked.optional or not one.is_typed or one.when is not None:
            continue
        given[one.key] = next(iter(one.choices), None) or {
            "yes_no": False, "date": "2026-09-08", "moment": "2026-09-08T09:00", "unit": "yz-water",
            "party": {"name": "张三", "phone": "13800000000"},
        }.get(one.kind, "路灯不亮")  # fmt: skip
    return {**given, **data}


def spooled(world: World, tmp_path: Path) -> SpooledDocket:
    person = world.people["re"]
    return SpooledDocket(definitions.calendar(), "yz", person_id=person.pk, folder=tmp_path)


def begun(world: World, docket: BulkDocket, known: Known, **data: Any) -> str:
    with docket.trying():
        folder = begin(
            docket, "appeal", world.people["re"], appeal(world, **data), world.units["yz-hot"], Occasion(), known
        )
    return folder.state.number


def test_the_rows_are_those_of_one_opening_after_another(hotline: World, tmp_path: Path) -> None:
    singly = open_case("appeal", hotline.people["re"], appeal(hotline), hotline.units["yz-hot"])
    with spooled(hotline, tmp_path) as docket:
        known = Known()
        numbers = []
        for _ in range(3):
            numbers += [begun(hotline, docket, known) for _ in range(2)]
            docket.spool()
            assert not docket.held
        assert Case.objects.count() == 1, "nothing is written while it is decided"
        with transaction.atomic():
            docket.write()
    assert numbers == [f"诉〔2026〕{n}号" for n in range(2, 8)]
    one, other = columns(singly), columns(Case.objects.get(number=numbers[-1]))
    for row in (one, other):
        row.pop("tokens")  # hold the number
    assert one == other
    assert Entry.objects.count() == 7
    assert not verify().fault
    after = open_case("appeal", hotline.people["re"], appeal(hotline), hotline.units["yz-hot"])
    assert after.number == "诉〔2026〕8号"


def test_a_row_that_is_refused_takes_back_only_itself(hotline: World, tmp_path: Path) -> None:
    with spooled(hotline, tmp_path) as docket:
        known = Known()
        first = begun(hotline, docket, known)
        with pytest.raises(Refused):
            begun(hotline, docket, known, no_such_field="x")
        with pytest.raises(Refused):
            begun(hotline, docket, known, channel="no such channel")
        second = begun(hotline, docket, known)
        assert len(docket.held) == len(docket.entries) == 2
        docket.spool()
        with transaction.atomic():
            docket.write()
    assert [first, second] == ["诉〔2026〕1号", "诉〔2026〕2号"]
    assert NumberSeries.objects.get(form__startswith="诉").last == 2
    assert not verify().fault


def test_when_somebody_took_a_number_meanwhile_nothing_is_written(hotline: World, tmp_path: Path) -> None:
    with spooled(hotline, tmp_path) as docket:
        begun(hotline, docket, Known())
        docket.spool()
        other = open_case("appeal", hotline.people["re"], appeal(hotline), hotline.units["yz-hot"])
        with pytest.raises(Moved), transaction.atomic():
            docket.write()
    assert list(Case.objects.all()) == [other]
    assert NumberSeries.objects.get(form__startswith="诉").last == 1


def test_what_is_known_is_not_asked_for_again(
    hotline: World, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    with spooled(hotline, tmp_path) as docket:
        known = Known()
        begun(hotline, docket, known)
        with django_assert_max_num_queries(0):
            for _ in range(5):
                begun(hotline, docket, known)
