"""Every administrative act is one line of a chain that the database itself does not let anybody change."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from fadu.administration import units
from fadu.administration.models import AdministrationEntry
from fadu.administration.record import fault, record
from fadu.units.models import Unit
from tests.cases.tampering import sql, undone, unguarded

pytestmark = pytest.mark.django_db
TABLE = "administration_administrationentry"


def test_an_act_says_who_did_what_before_and_after(city):
    water = city.units["yz-water"]
    water.name_zh = "云州市水利局"
    units.change(city.people["sys"], water)
    entry = AdministrationEntry.objects.get()
    assert (entry.act, entry.subject, entry.by) == ("change_unit", "unit:yz-water", city.people["sys"])
    assert entry.content["before"] == {"name_zh": "云州市水务局"}
    assert entry.content["after"] == {"name_zh": "云州市水利局"}


def test_an_act_that_changes_nothing_is_no_act(city):
    units.change(city.people["sys"], city.units["yz-water"])
    assert not AdministrationEntry.objects.exists()


def test_what_is_refused_leaves_no_line(city):
    with pytest.raises(PermissionDenied):
        units.add(city.people["sec"], Unit(code="yz-new", name_zh="新局", kind="bureau", parent=city.units["yz"]))
    assert not AdministrationEntry.objects.exists()
    assert not Unit.objects.filter(code="yz-new").exists()


@pytest.mark.parametrize(
    "statement", [f"UPDATE {TABLE} SET act = 'nothing'", f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET body = '{{}}'"]
)
def test_the_database_refuses_to_change_or_remove_a_line(city, statement):
    record(city.people["sys"], "add_unit", "unit:yz-x")
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert AdministrationEntry.objects.get().act == "add_unit"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET body = replace(body, 'yz-b', 'yz-z') WHERE seq = 2",
        f"DELETE FROM {TABLE} WHERE seq = 2",
        f"UPDATE {TABLE} SET seq = 9 WHERE seq = 3",
    ],
)
def test_a_line_changed_behind_the_triggers_is_found(city, statement):
    for code in "abc":
        record(city.people["sys"], "add_unit", f"unit:yz-{code}")
    assert fault() is None
    with undone():
        with unguarded(TABLE):
            assert sql(statement) == 1
        assert fault() is not None
