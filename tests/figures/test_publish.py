"""A published figure is frozen with its records; corrections show as a difference, never as another number."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from fadu.cases.act import act, open_case, rectify
from fadu.cases.models import Case
from fadu.figures.declared import find
from fadu.figures.measure import value
from fadu.figures.models import Snapshot, SnapshotRecord
from fadu.figures.publish import NotPublishable, difference, is_intact, publish, records_of, sealed
from fadu.figures.span import Span
from fadu.kernel.figure import Figure
from fadu.units.models import Person, Unit
from tests.figures.test_measure import one
from tests.figures.walks import PAPER

YEAR = Span.parse("2026")
OPENED, RATE = "supervision-item-opened", "supervision-item-on_time_rate"


def reported() -> Figure:
    return one("count: supervision-item, over: report")


@pytest.fixture
def case(officers: dict[str, Person], city: Unit) -> Case:
    return proposed(officers, city)


def proposed(officers: dict[str, Person], city: Unit) -> Case:
    data = {
        "matter": "甲",
        "source": "meeting",
        "source_document": PAPER,
        "lead_unit": "yz-water",
        "result_required": "乙",
        "urgent": False,
    }
    case = open_case("supervision-item", officers["he"], data, city.children.get(code="yz-sup"))
    approved: Case = act(case, "approve", officers["gu"], {"due": "2026-12-01"})
    return approved


def test_the_same_records_give_no_difference(case: Case, officers: dict[str, Person]):
    snapshot = publish(find(OPENED), YEAR, officers["gu"])
    assert (snapshot.value["value"], snapshot.records, snapshot.period) == (1, 1, "2026")
    assert records_of(snapshot) == {case.pk: Case.objects.get().head}
    found = difference(snapshot)
    assert found.is_none
    assert not found.changed


def test_a_record_that_moved_on_is_changed_but_counts_the_same(case: Case, officers: dict[str, Person]):
    snapshot = publish(find(OPENED), YEAR, officers["gu"])
    act(case, "sign", officers["shen"], {})
    found = difference(snapshot)
    assert found.changed == (case.pk,)
    assert found.is_none


def test_a_later_case_came(case: Case, officers: dict[str, Person], city: Unit):
    snapshot = publish(find(OPENED), YEAR, officers["gu"])
    later = proposed(officers, city)
    found = difference(snapshot)
    assert (found.came, found.went) == ((later.pk,), ())
    assert (found.then["value"], found.now["value"]) == (1, 2)
    assert not found.is_none


def test_a_voided_action_leaves_the_figure_and_the_snapshot_stays(case: Case, officers: dict[str, Person]):
    done = reported()
    act(case, "sign", officers["shen"], {})
    act(case, "report", officers["shen"], {"progress": "已完成一半"})
    assert value(done, YEAR).value == 1
    rectify(case, officers["he"], "填错事项")
    assert value(done, YEAR).value == 0
    assert not value(done, YEAR).cases.exists()


def test_a_record_voided_after_publication_went(
    case: Case, officers: dict[str, Person], monkeypatch: pytest.MonkeyPatch
):
    figure = reported()
    monkeypatch.setattr("fadu.figures.publish.find", lambda key: figure)
    act(case, "sign", officers["shen"], {})
    act(case, "report", officers["shen"], {"progress": "已完成一半"})
    snapshot = publish(figure, YEAR, officers["gu"])
    rectify(case, officers["he"], "填错事项")
    found = difference(snapshot)
    assert (found.went, found.came) == ((case.pk,), ())
    snapshot.refresh_from_db()
    assert snapshot.value["value"] == 1
    assert is_intact(snapshot)


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [Snapshot, SnapshotRecord])
def test_the_database_refuses_to_change_or_remove_what_was_published(
    case: Case, officers: dict[str, Person], statement: str, model: type[Model]
):
    publish(find(OPENED), YEAR, officers["gu"])
    table, column = model._meta.db_table, "id"
    with (
        pytest.raises(DatabaseError, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))


def test_the_digest_covers_value_and_records(case: Case, officers: dict[str, Person], city: Unit):
    snapshot = publish(find(OPENED), YEAR, officers["gu"])
    figure, records = find(OPENED), records_of(snapshot)
    assert snapshot.digest == sealed(OPENED, figure.digest, "2026", snapshot.value, records)
    assert is_intact(snapshot)
    assert snapshot.digest != sealed(OPENED, figure.digest, "2026", snapshot.value, {case.pk: "f" * 64})
    assert snapshot.digest != sealed(OPENED, "f" * 64, "2026", snapshot.value, records)
    assert snapshot.digest != sealed(OPENED, figure.digest, "2025", snapshot.value, records)
    SnapshotRecord.objects.create(snapshot=snapshot, case=proposed(officers, city), head="f" * 64)
    assert not is_intact(snapshot)
    snapshot.value = {**snapshot.value, "value": 2}
    assert snapshot.digest != sealed(OPENED, figure.digest, "2026", snapshot.value, records)


def test_a_rate_without_cases_cannot_be_published(officers: dict[str, Person]):
    with pytest.raises(NotPublishable, match="按时办结率"):
        publish(find(RATE), YEAR, officers["gu"])
    assert not Snapshot.objects.exists()


def test_what_happens_later_does_not_move_what_was_carried_out(
    case: Case, officers: dict[str, Person], clock: Callable[[datetime], None]
):
    """Carried out of 2026, read in 2027 after the case moved on: the same record, as it stood."""
    out = find("supervision-item-in_hand")
    clock(datetime(2027, 1, 5, 9))
    snapshot = publish(out, YEAR, officers["gu"])
    act(case, "sign", officers["shen"], {})
    clock(datetime(2027, 2, 5, 9))
    assert value(out, YEAR).value == snapshot.value["value"] == 1
    assert value(find("supervision-item-overdue"), YEAR).value == 1
    assert value(find("supervision-item-overdue"), Span.parse("2026-11")).value == 0
    assert difference(snapshot).is_none


def test_a_voided_action_does_not_count_at_a_past_moment_either(
    case: Case, officers: dict[str, Person], clock: Callable[[datetime], None]
):
    reported_by_then = one("count: supervision-item, over: carried_out, where: {report: done}")
    act(case, "sign", officers["shen"], {})
    act(case, "report", officers["shen"], {"progress": "已完成一半"})
    rectify(case, officers["he"], "填错事项")
    clock(datetime(2027, 1, 5, 9))
    act(case, "report", officers["shen"], {"progress": "已完成一半"})
    assert value(reported_by_then, YEAR).value == 0
    assert value(reported_by_then, Span.parse("2027")).value == 1


def test_one_record_for_another_is_a_difference_though_the_number_is_the_same(
    case: Case, officers: dict[str, Person], city: Unit, monkeypatch: pytest.MonkeyPatch
):
    figure, other = reported(), proposed(officers, city)
    monkeypatch.setattr("fadu.figures.publish.find", lambda key: figure)
    for one_of_them in (case, other):
        act(one_of_them, "sign", officers["shen"], {})
    act(case, "report", officers["shen"], {"progress": "已完成一半"})
    snapshot = publish(figure, YEAR, officers["gu"])
    rectify(case, officers["he"], "填错事项")
    act(other, "report", officers["shen"], {"progress": "已完成一半"})
    found = difference(snapshot)
    assert (found.came, found.went, found.now) == ((other.pk,), (case.pk,), found.then)
    assert not found.is_none
